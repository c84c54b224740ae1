/**
 * The emulated pen as a subprocess of the bench: `node main.js IMAGE`. Owns the process.
 *
 * After the calls of its boot it sends a DRIVE; then every STEP is answered by a DRIVE. It ends when
 * the bench closes the pipe, and when the chip is reset, which it has told the bench before.
 */

import fs from 'node:fs';
import { Commands } from './commands.js';
import { Link } from './link.js';
import { PenBoard } from './pen_board.js';

const [image] = process.argv.slice(2);
if (image === undefined) {
  process.stderr.write('usage: node main.js IMAGE.bin\n');
  process.exit(2);
}
const link = new Link();
const pen = new PenBoard(link, fs.readFileSync(image));
const commands = new Commands(pen);
pen.boot();
while (!pen.ended) {
  link.drive(pen.outputs(), pen.serial());
  const step = link.step((words) => commands.answer(words));
  if (step === null) break;
  pen.step(step);
}
