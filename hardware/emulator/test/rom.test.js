/** The boot ROM: tables as documented, functions, floats as IEEE 754, flash operations with their time. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chip, CYCLES_PER_MS, Surroundings } from '../chip.js';
import { float } from '../soft_float.js';

const CODE = 0x20000100;

/** Call a ROM function by its two letters. @param {Chip} chip @param {string} name @param {number[]} args */
function call(chip, name, args) {
  const { core, mcu } = chip;
  const lookup = mcu.readUint16(0x18);
  const ask = (/** @type {number} */ address, /** @type {number[]} */ words) => {
    words.forEach((word, i) => {
      core.registers[i] = word;
    });
    mcu.writeUint16(CODE, 0xe7fe);
    core.LR = CODE | 1;
    core.PC = address & ~1;
    while (core.PC !== CODE) chip.run(chip.cycles + 1);
    return core.registers[0];
  };
  const code = name.charCodeAt(0) | (name.charCodeAt(1) << 8);
  const address = ask(lookup, [mcu.readUint16(0x14), code]);
  assert.notEqual(address, 0, name);
  return ask(address, args);
}

test('the header is the documented one', () => {
  const { mcu } = new Chip(new Uint8Array(1024), new Surroundings());
  assert.equal(mcu.readUint8(0x10), 'M'.charCodeAt(0));
  assert.equal(mcu.readUint8(0x11), 'u'.charCodeAt(0));
  assert.equal(mcu.readUint8(0x12), 1);
});

test('bits are counted and memory is moved', () => {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  assert.equal(call(chip, 'P3', [0xf0f00001]), 9);
  assert.equal(call(chip, 'L3', [0x00010000]), 15);
  assert.equal(call(chip, 'T3', [0x00010000]), 16);
  assert.equal(call(chip, 'R3', [0x00000003]), 0xc0000000);
  call(chip, 'MS', [0x20001000, 0xab, 8]);
  call(chip, 'MC', [0x20002000, 0x20001000, 6]);
  assert.equal(chip.mcu.readUint32(0x20002000), 0xabababab);
  assert.equal(chip.mcu.readUint32(0x20002004), 0xabab);
});

test('erasing takes 45 ms and leaves ones, programming 0.4 ms and only clears bits', () => {
  /** @type {string[]} */
  const told = [];
  const around = new Surroundings();
  around.onErase = (at, bytes) => told.push(`erase ${at} ${bytes}`);
  around.onProgram = (at, data) => told.push(`program ${at} ${data.length}`);
  const chip = new Chip(new Uint8Array(0x3000).fill(0x0f), around);
  let before = chip.cycles;
  call(chip, 'RE', [0x1000, 0x1000, 0x1000, 0xd8]);
  assert.ok(Math.abs((chip.cycles - before) / CYCLES_PER_MS - 45) < 0.1);
  assert.equal(chip.mcu.flash[0x0fff], 0x0f);
  assert.equal(chip.mcu.flash[0x1fff], 0xff);
  for (let i = 0; i < 256; i++) chip.mcu.writeUint8(0x20003000 + i, i);
  before = chip.cycles;
  call(chip, 'RP', [0x2000, 0x20003000, 256]);
  assert.ok(Math.abs((chip.cycles - before) / CYCLES_PER_MS - 0.4) < 0.1);
  assert.equal(chip.mcu.flash[0x20ff], 0x0f & 0xff);
  assert.equal(chip.mcu.flash[0x20f0], 0);
  assert.deepEqual(told, ['erase 4096 4096', 'program 8192 256']);
});

test('floats are those of IEEE 754', () => {
  const bits = (/** @type {number} */ x) => new Uint32Array(new Float32Array([x]).buffer)[0];
  const core = { registers: new Uint32Array(16), N: false, Z: false, C: false, V: false };
  const one = (/** @type {number} */ index, /** @type {number} */ a, /** @type {number} */ b) => {
    core.registers[0] = bits(a);
    core.registers[1] = bits(b);
    float(core, index);
    return core.registers[0];
  };
  assert.equal(one(0, 0.1, 0.2), bits(Math.fround(0.1) + Math.fround(0.2)));
  assert.equal(one(1, 1, 3), bits(-2));
  assert.equal(one(2, 1e20, 1e20), bits(Infinity));
  assert.equal(one(3, 1, 3), bits(1 / 3));
  assert.equal(one(6, 2, 0), bits(Math.SQRT2));
  assert.equal(one(7, -1.5, 0) | 0, -2); // the ROM rounds downwards
  assert.equal(one(9, -1, 0), 0);
  one(5, 1, 2);
  assert.deepEqual([core.N, core.Z, core.C], [true, false, false]);
});
