/**
 * The emulated pen as a subprocess of the bench: `node main.js`. Owns the process.
 *
 * After the calls of its boot it sends a DRIVE; then every STEP is answered by a DRIVE. It ends when
 * the bench closes the pipe, and when the chip is reset, which it has told the bench before.
 */

import { Commands } from './commands.js';
import { Link } from './link.js';
import { PenBoard } from './pen_board.js';

const link = new Link();
const pen = new PenBoard(link);
const commands = new Commands(pen);
pen.boot();
while (!pen.ended) {
  link.drive(pen.outputs(), pen.serial());
  const step = link.step((words) => commands.answer(words));
  if (step === null) break;
  pen.step(step);
}
