/** The levels that are read from a slice are those that its edges would give. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chip, CYCLES_PER_MS, Surroundings } from '../chip.js';
import { frequency, level } from '../pwm.js';

const PWM = 0x40050000;
const PIN = 2; // slice 1, A

/** @param {boolean} edges whether the package simulates each edge */
function slice(edges) {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  chip.held = true;
  if (edges) {
    const one = chip.mcu.pwm.channels[1];
    one.alarmA.enable = true;
    one.alarmB.enable = true;
    one.alarmBottom.enable = true;
  }
  for (const pin of [PIN, PIN + 1]) chip.mcu.writeUint32(0x40014000 + 8 * pin + 4, 4);
  chip.mcu.writeUint32(PWM + 0x14 + 4, 1 << 4);
  chip.mcu.writeUint32(PWM + 0x14 + 0x10, 4999);
  return chip;
}

test('the share of time is the compare level over the period', () => {
  for (const [a, b] of [[0, 5000], [1250, 4000], [4999, 1], [2500, 0]]) {
    const chip = slice(true);
    chip.mcu.writeUint32(PWM + 0x14 + 0xc, (b << 16) | a);
    chip.mcu.writeUint32(PWM + 0x14, 1);
    chip.run(CYCLES_PER_MS);
    let high = 0;
    let since = chip.cycles;
    const end = chip.cycles + 10 * CYCLES_PER_MS;
    const begin = chip.cycles;
    let before = chip.driven(PIN);
    chip.mcu.gpio[PIN].addListener(() => {
      if (before) high += chip.cycles - since;
      since = chip.cycles;
      before = chip.driven(PIN);
    });
    chip.run(end);
    if (before) high += chip.cycles - since;
    const measured = (5000 * high) / (chip.cycles - begin);
    assert.ok(Math.abs(measured - level(chip, PIN, 5000)) < 25, `${measured} for ${a}`);
    assert.equal(level(chip, PIN, 5000), a);
    assert.equal(level(chip, PIN + 1, 5000), b);
  }
});

test('a slice that is stopped is low, one that does not change has no frequency', () => {
  const chip = slice(false);
  chip.mcu.writeUint32(PWM + 0x14 + 0xc, 2500);
  assert.equal(level(chip, PIN, 255), 0);
  assert.equal(frequency(chip, PIN), 0);
  chip.mcu.writeUint32(PWM + 0x14, 1);
  assert.equal(level(chip, PIN, 255), 128);
  assert.equal(frequency(chip, PIN), 25000);
  chip.mcu.writeUint32(PWM + 0x14 + 0xc, 5000);
  assert.equal(frequency(chip, PIN), 0);
});
