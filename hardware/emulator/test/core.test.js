/** The quick loop does to registers, flags, memory and time what the package's own core does. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { RP2040 } from 'rp2040js';
import { Chip, Surroundings } from '../chip.js';

const CODE = 0x20000100;
const DATA = 0x20008000;
const CASES = 60_000;

/** Numbers that repeat. @param {number} seed */
function random(seed) {
  let last = seed;
  return () => {
    last = (Math.imul(last, 1664525) + 1013904223) >>> 0;
    return last;
  };
}

const EDGES = [0, 1, 2, 31, 32, 33, 255, 0x7fffffff, 0x80000000, 0xffffffff];

/** An instruction that both know, or null. @param {number} op */
function comparable(op) {
  const top = op >> 11;
  if (top === 29 || top === 30 || top === 31) return false; // 32-bit ones have a test of their own
  if (op >> 8 === 0xde || op >> 8 === 0xdf || op >> 8 === 0xbe || op >> 8 === 0xbf) return false;
  if (top === 22 && ![0, 2, 4, 5].includes((op >> 8) & 7)) return false;
  if (top === 23 && ![2, 4, 5].includes((op >> 8) & 7)) return false;
  if (op >> 6 === 0b1011101010) return false; // not an instruction
  if ((top === 24 || top === 25) && (op & 255) === 0) return false; // an empty list
  if (top === 24 && op & (1 << ((op >> 8) & 7))) return false; // storing the base: unpredictable
  if ((op >> 9 === 0b1011010 || op >> 9 === 0b1011110) && (op & 0x1ff) === 0) return false;
  if (op >> 8 === 0x47 && (op & 7) !== 0) return false;
  // High registers: the program counter and the stack pointer as operands stay out.
  if (op >> 10 === 0x11 && (((op >> 3) & 15) > 12 || ((op & 7) | ((op >> 4) & 8)) > 12)) return false;
  return true;
}

/** @param {any} mcu @param {number} op @param {number[]} registers @param {number} flags */
function prepare(mcu, op, registers, flags) {
  mcu.sram.fill(0);
  for (let i = 0; i < 4096; i += 4) mcu.writeUint32(DATA - 2048 + i, Math.imul(i + 1, 0x9e3779b1) >>> 0);
  mcu.writeUint16(CODE, op);
  const { core } = mcu;
  registers.forEach((value, i) => {
    core.registers[i] = value;
  });
  core.registers[13] = DATA;
  core.registers[14] = CODE + 0x21;
  core.registers[15] = CODE;
  core.N = !!(flags & 8);
  core.Z = !!(flags & 4) && !core.N; // no result is both
  core.C = !!(flags & 2);
  core.V = !!(flags & 1);
}

/** @param {any} mcu */
function state(mcu) {
  const { core } = mcu;
  const memory = mcu.sram.subarray(0x7000, 0x9000);
  let sum = 0;
  for (let i = 0; i < memory.length; i++) sum = (Math.imul(sum, 31) + memory[i]) | 0;
  return [...core.registers, core.N, core.Z, core.C, core.V, sum].join();
}

/** The address of a load or store, null for other instructions. @param {number} op @param {number[]} r */
function reached(op, r) {
  const base = r[(op >> 3) & 7];
  switch (op >> 12) {
    case 5: return (base + r[(op >> 6) & 7]) >>> 0;
    case 6: return base + ((op >> 4) & 0x7c);
    case 7: return base + ((op >> 6) & 31);
    case 8: return base + ((op >> 5) & 0x3e);
    case 12: return r[(op >> 8) & 7];
    default: return null;
  }
}

/** What the package gets wrong, by its own source. @param {number} op @param {number[]} r */
function packageErrs(op, r) {
  const kind = op >> 6;
  const by = r[(op >> 3) & 7] & 255;
  if (kind === 0b0100000111) return by === 0; // RORS by 0 leaves the carry
  if (kind === 0b0100000010) return by > 32; // LSLS by more than 32 clears it
  if (kind === 0b0100000011) return by === 0; // LSRS by 0 leaves it
  if (kind === 0b0100000100) return by === 0; // ASRS by 0 too
  return kind === 0b0100000101 || kind === 0b0100000110; // ADCS, SBCS: tested below
}

test('random instructions leave the same state and take the same time', () => {
  const theirs = /** @type {any} */ (new RP2040());
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  const next = random(1);
  let compared = 0;
  for (let i = 0; i < CASES; i++) {
    const op = next() >>> 16;
    if (!comparable(op)) continue;
    const registers = Array.from({ length: 13 }, () => {
      const kind = next() >>> 30;
      if (kind === 0) return EDGES[(next() >>> 8) % EDGES.length];
      if (kind === 1) return next();
      return kind === 2 ? (DATA + (next() >>> 26)) & ~3 : next() >>> 28;
    });
    if (packageErrs(op, registers)) continue;
    const address = reached(op, registers);
    // In RAM, and aligned: the processor faults elsewhere.
    if (address !== null && (address & 3 || address < DATA - 256 || address > DATA + 512)) continue;
    const flags = next() >>> 28;
    prepare(theirs, op, registers, flags);
    prepare(chip.mcu, op, registers, flags);
    const before = theirs.core.cycles;
    theirs.core.executeInstruction();
    const cycles = chip.loop(1000, 1001) - 1000;
    const name = `${op.toString(16)} with ${registers.map((x) => x.toString(16))}, flags ${flags}`;
    assert.equal(state(chip.mcu), state(theirs), name);
    const extra = op >> 9 === 0b1011010 && op & 0x100 ? 1 : 0; // PUSH of the link register
    assert.equal(cycles, theirs.core.cycles - before + extra, `cycles of ${name}`);
    compared++;
  }
  assert.ok(compared > CASES / 8, `${compared} compared`);
});

test('adding and subtracting with carry are those of the manual', () => {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  for (const x of EDGES) {
    for (const y of EDGES) {
      for (const carry of [0, 1]) {
        for (const [op, other] of [[0x4148, y], [0x4188, ~y >>> 0]]) { // ADCS, SBCS r0, r1
          prepare(chip.mcu, op, [x, y], carry << 1);
          chip.loop(0, 1);
          const { core } = chip.mcu;
          const unsigned = BigInt(x) + BigInt(other) + BigInt(carry);
          const signed = BigInt(x | 0) + BigInt(other | 0) + BigInt(carry);
          const result = Number(BigInt.asUintN(32, unsigned));
          const seen = [core.registers[0], core.N, core.Z, core.C, core.V];
          const wanted = [
            result, result > 0x7fffffff, result === 0, unsigned > 0xffffffffn,
            signed !== BigInt.asIntN(32, signed),
          ];
          assert.deepEqual(seen, wanted, `${op.toString(16)} ${x} ${y} ${carry}`);
        }
      }
    }
  }
});

test('shifts by a register set the carry as the manual says', () => {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  const x = 0x80000001;
  // op, shift, result, carry before and after
  const cases = [
    [0x4088, 0, x, 1, 1], [0x4088, 32, 0, 0, 1], [0x4088, 33, 0, 1, 0], // LSLS r0, r1
    [0x40c8, 0, x, 1, 1], [0x40c8, 32, 0, 0, 1], [0x40c8, 33, 0, 1, 0], // LSRS
    [0x4108, 0, x, 1, 1], [0x4108, 32, 0xffffffff, 0, 1], [0x4108, 200, 0xffffffff, 0, 1], // ASRS
    [0x41c8, 0, x, 1, 1], [0x41c8, 1, 0xc0000000, 0, 1], [0x41c8, 32, x, 0, 1], // RORS
  ];
  for (const [op, by, result, before, after] of cases) {
    prepare(chip.mcu, op, [x, by], before << 1);
    chip.loop(0, 1);
    const name = `${op.toString(16)} by ${by}`;
    assert.equal(chip.core.registers[0], result, name);
    assert.equal(chip.core.C, !!after, name);
  }
});

test('a call far back and far ahead lands where the package lands', () => {
  const theirs = /** @type {any} */ (new RP2040());
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  const next = random(7);
  for (let i = 0; i < 2000; i++) {
    const first = 0xf000 | (next() >>> 21);
    const second = 0xd000 | (next() >>> 20 & 0x2fff);
    for (const mcu of [theirs, chip.mcu]) {
      prepare(mcu, first, [], 0);
      mcu.writeUint16(CODE + 2, second);
    }
    theirs.core.executeInstruction();
    chip.loop(0, 1);
    assert.equal(chip.core.PC, theirs.core.PC);
    assert.equal(chip.core.LR, theirs.core.LR);
  }
});
