/** The PIO on the chip's clock: dividers, delays, and loops that are skipped but not lost. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chip, CYCLES_PER_MS, CYCLES_PER_US, Surroundings } from '../chip.js';

const PIO0 = 0x50200000;
const CTRL = 0;
const TXF1 = 0x14;
const INSTRUCTIONS = 0x48;
const MACHINE = 0x18; // bytes of registers of a machine
const CLKDIV = 0xc8;
const EXECCTRL = 0xcc;
const SHIFTCTRL = 0xd0;
const PINCTRL = 0xdc;
const PIN = 4;
const COUNTDOWN = [ // as firmware/hal/rp2040/programs.py assembles it, at address 0
  0xe000, // set(pins, 0)
  0x80a0, // pull(block)
  0x602d, // out(x, 13)
  0x0020, // jmp(not_x, 0)
  0xe001, // set(pins, 1)
  0x8080, // pull(noblock)
  0x602d, // out(x, 13)
  0x0245, // jmp(x_dec, 5)[2]
];

/** A chip that only counts. */
function counting() {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  chip.held = true;
  const { mcu } = chip;
  COUNTDOWN.forEach((code, i) => mcu.writeUint32(PIO0 + INSTRUCTIONS + 4 * i, code));
  const at = PIO0 + MACHINE;
  mcu.writeUint32(at + CLKDIV, 25 << 16);
  mcu.writeUint32(at + EXECCTRL, 7 << 12);
  mcu.writeUint32(at + SHIFTCTRL, 3 << 18);
  mcu.writeUint32(at + PINCTRL, (1 << 26) | (PIN << 5));
  mcu.writeUint32(at + 0xd8, 0xe081); // set(pindirs, 1), at once
  mcu.writeUint32(0x40014000 + 8 * PIN + 4, 6);
  mcu.writeUint32(PIO0 + CTRL, 2);
  return chip;
}

/** Time of each change of the pin. @param {Chip} chip */
function watched(chip) {
  /** @type {[number, boolean][]} */
  const seen = [];
  chip.mcu.gpio[PIN].addListener(() => seen.push([chip.cycles, chip.driven(PIN)]));
  return seen;
}

for (const us of [4998, 100, 3]) {
  test(`a grant of ${us} us holds the line for as long, to a microsecond`, () => {
    const chip = counting();
    const seen = watched(chip);
    chip.run(CYCLES_PER_MS);
    chip.mcu.writeUint32(PIO0 + TXF1, us);
    const granted = chip.cycles;
    chip.run(granted + 20 * CYCLES_PER_MS);
    assert.deepEqual(seen.map(([, level]) => level), [true, false]);
    const held = (seen[1][0] - granted) / CYCLES_PER_US;
    assert.ok(Math.abs(held - us - 2) < 1.5, `${held} us`);
  });
}

test('a new grant at any microsecond of the count begins it anew', () => {
  for (const after of [0.5, 1, 17.3, 999.9, 4990]) {
    const chip = counting();
    const seen = watched(chip);
    chip.run(CYCLES_PER_MS);
    chip.mcu.writeUint32(PIO0 + TXF1, 4998);
    chip.run(chip.cycles + Math.round(after * CYCLES_PER_US));
    chip.mcu.writeUint32(PIO0 + TXF1, 4998);
    const granted = chip.cycles;
    chip.run(granted + 20 * CYCLES_PER_MS);
    assert.equal(seen.length, 2);
    const held = (seen[1][0] - granted) / CYCLES_PER_US;
    assert.ok(Math.abs(held - 5000) < 1.5, `${held} us after ${after}`);
  }
});

test('a zero ends the count at once', () => {
  const chip = counting();
  const seen = watched(chip);
  chip.run(CYCLES_PER_MS);
  chip.mcu.writeUint32(PIO0 + TXF1, 4998);
  chip.run(chip.cycles + 2 * CYCLES_PER_MS);
  chip.mcu.writeUint32(PIO0 + TXF1, 0);
  const cut = chip.cycles;
  chip.run(cut + CYCLES_PER_MS);
  assert.ok((seen[1][0] - cut) / CYCLES_PER_US <= 3);
});

test('skipping a loop gives the same as stepping through it', () => {
  const skipped = counting();
  const stepped = counting();
  stepped.pios.skipLoop = () => {};
  const [one, other] = [watched(skipped), watched(stepped)];
  for (const chip of [skipped, stepped]) {
    for (let i = 0; i < 30; i++) {
      chip.run(chip.cycles + ((i * 7919) % 1300) * CYCLES_PER_US + i);
      if (i % 7 !== 3) chip.mcu.writeUint32(PIO0 + TXF1, (i * 613) % 5000);
    }
    chip.run(chip.cycles + 10 * CYCLES_PER_MS);
  }
  assert.ok(one.length > 4);
  assert.deepEqual(one, other);
});

test('a machine that is switched off does nothing', () => {
  const chip = counting();
  chip.mcu.writeUint32(PIO0 + CTRL, 0);
  chip.mcu.writeUint32(PIO0 + TXF1, 4998);
  const seen = watched(chip);
  chip.run(10 * CYCLES_PER_MS);
  assert.deepEqual(seen, []);
});

for (const divider of [1, 12.5, 25, 125.25]) {
  test(`a machine divided by ${divider} takes a step each ${divider} cycles, delays and all`, () => {
    const chip = counting();
    const { mcu } = chip;
    const blink = [0xe301, 0xe200]; // set(pins, 1)[3], set(pins, 0)[2]: 7 steps a turn
    blink.forEach((code, i) => mcu.writeUint32(PIO0 + INSTRUCTIONS + 4 * i, code));
    mcu.writeUint32(PIO0 + MACHINE + EXECCTRL, 1 << 12);
    mcu.writeUint32(PIO0 + MACHINE + CLKDIV, divider * 65536);
    mcu.writeUint32(PIO0 + MACHINE + 0xd8, 0x0000); // jmp(0)
    const seen = watched(chip);
    chip.run(chip.cycles + Math.round(70_000 * divider));
    const rises = seen.filter(([, level]) => level).map(([at]) => at);
    assert.ok(rises.length > 9_900);
    const turn = (rises[rises.length - 1] - rises[0]) / (rises.length - 1);
    assert.ok(Math.abs(turn - 7 * divider) < 0.001 * divider, `${turn} cycles`);
  });
}
