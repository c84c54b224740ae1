/** Transfers as the chip's controller makes them become calls of the pin link. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chip, CYCLES_PER_US, Surroundings } from '../chip.js';
import { I2cBus } from '../i2c_bus.js';

const HERE = 0x50;
const WRITE = 0;
const READ = 1;

/** A bus with one memory on it, and what was asked of it. */
function bus() {
  const chip = new Chip(new Uint8Array(1024), new Surroundings());
  chip.held = true;
  /** @type {string[]} */
  const asked = [];
  /** @type {any[]} */
  const completed = [];
  const took = (/** @type {string} */ what) => (/** @type {any[]} */ ...words) =>
    completed.push([what, ...words, chip.cycles / CYCLES_PER_US]);
  /** @type {any} */
  const controller = {
    completeStart: took('start'),
    completeConnect: took('connect'),
    completeWrite: took('write'),
    completeRead: took('read'),
    completeStop: took('stop'),
  };
  new I2cBus(chip, controller, {
    write: (address, data) => {
      asked.push(`write ${address} [${data}]`);
      return address === HERE ? new Uint8Array(0) : null;
    },
    read: (address, register, count) => {
      asked.push(`read ${address} ${register} ${count}`);
      return address === HERE ? Uint8Array.from([register + 100]) : null;
    },
  });
  const next = () => {
    chip.run(chip.cycles + 100 * CYCLES_PER_US);
    return completed.pop();
  };
  return { controller, asked, next };
}

test('bytes are written with the stop, each takes nine clocks', () => {
  const { controller, asked, next } = bus();
  controller.onStart(false);
  next();
  controller.onConnect(HERE, WRITE);
  assert.deepEqual(next().slice(0, 2), ['connect', true]);
  for (const value of [7, 1, 2]) {
    controller.onWriteByte(value);
    assert.deepEqual(next().slice(0, 2), ['write', true]);
  }
  assert.deepEqual(asked, [`write ${HERE} []`]); // who is there is asked without a byte
  controller.onStop();
  const [what, at] = next();
  assert.equal(what, 'stop');
  assert.ok(Math.abs(at - (500 + 22.5)) < 0.1, `${at} us`); // five steps of 100 us, and its own
  assert.deepEqual(asked.slice(1), [`write ${HERE} [7,1,2]`]);
});

test('a register is read on from the byte written before, after a repeated start', () => {
  const { controller, asked, next } = bus();
  controller.onStart(false);
  controller.onConnect(HERE, WRITE);
  controller.onWriteByte(30);
  controller.onStart(true);
  controller.onConnect(HERE, READ);
  next();
  for (const expected of [130, 131, 132]) {
    controller.onReadByte();
    assert.deepEqual(next().slice(0, 2), ['read', expected]);
  }
  controller.onStop();
  next();
  assert.ok(!asked.some((one) => one.startsWith('write') && one !== `write ${HERE} []`));
});

test('nobody answers to another address, written or read', () => {
  for (const mode of [WRITE, READ]) {
    const { controller, next } = bus();
    controller.onStart(false);
    next();
    controller.onConnect(HERE + 1, mode);
    assert.deepEqual(next().slice(0, 2), ['connect', false]);
  }
});
