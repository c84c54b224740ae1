/** A snapshot brings back a whole running chip: the same run from it, again and again. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chip, CYCLES_PER_MS, Surroundings } from '../chip.js';
import { Snapshot } from '../snapshot.js';

const CODE = 0x20000200;
const PROGRAM = [ // counts in RAM and mixes the timer in, for ever
  0x4803, // ldr r0, timer
  0x6801, // ldr r1, [r0]
  0x1849, // adds r1, r1, r1
  0x18d3, // adds r3, r2, r3
  0x3207, // adds r2, #7
  0x4059, // eors r1, r3
  0x60e9, // str r1, [r5, #12]
  0xe7f7, // b back to the load
];

test('the same milliseconds follow the same instant', () => {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  PROGRAM.forEach((op, i) => chip.mcu.writeUint16(CODE + 2 * i, op));
  chip.mcu.writeUint32(CODE + 16, 0x40054028);
  const { registers } = chip.core;
  registers[5] = 0x20001000;
  chip.core.PC = CODE;
  chip.run(3 * CYCLES_PER_MS);
  const snapshot = new Snapshot([chip]);
  const state = () => [chip.cycles, ...registers, chip.mcu.readUint32(0x2000100c)].join();
  const begin = state();
  /** @type {string[]} */
  const ends = [];
  for (let i = 0; i < 3; i++) {
    chip.at(chip.cycles + 1000, () => chip.setPin(3, i % 2 === 0));
    chip.run(chip.cycles + 5 * CYCLES_PER_MS);
    ends.push(state());
    snapshot.restore();
    assert.equal(state(), begin);
    assert.equal(chip.events.length, 0);
  }
  assert.notEqual(ends[0], begin);
  assert.equal(new Set(ends).size, 1);
});

test('arrays, maps and sets get their old length and content', () => {
  const inner = { n: 1 };
  const root = { list: [1, 2, inner], map: new Map([['a', inner]]), set: new Set([3]), bytes: new Uint8Array([5]) };
  const snapshot = new Snapshot([root]);
  root.list.push(9);
  root.list.shift();
  root.map.clear();
  root.set.add(4);
  root.bytes[0] = 6;
  inner.n = 2;
  snapshot.restore();
  assert.deepEqual(root, {
    list: [1, 2, { n: 1 }], map: new Map([['a', { n: 1 }]]), set: new Set([3]), bytes: new Uint8Array([5]),
  });
  assert.equal(root.list[2], inner);
});
