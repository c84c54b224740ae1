/** Each remedy, on a chip without a program. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chip, CYCLES_PER_MS, Surroundings } from '../chip.js';

const SIO = 0xd0000000;
const WATCHDOG = 0x40058000;
const PSM_SET = 0x40012000;
const PSM_CLEAR = 0x40013000;
const SSI_DATA = 0x18000060;
const SELECT = 0x4001800c;
const OUT_ENDPOINT = 2;

/** @param {Surroundings} [around] @param {object} [options] */
function idle(around = new Surroundings(), options = {}) {
  const chip = new Chip(new Uint8Array(1024), around, options);
  chip.held = true;
  return chip;
}

test('the other core answers what it is sent, and is silent otherwise', () => {
  const { mcu } = idle();
  assert.equal(mcu.readUint32(SIO + 0x50) & 1, 0);
  mcu.writeUint32(SIO + 0x54, 0x1234);
  assert.equal(mcu.readUint32(SIO + 0x50) & 3, 3);
  assert.equal(mcu.readUint32(SIO + 0x58), 0x1234);
  assert.equal(mcu.readUint32(SIO + 0x58), 0);
});

test('the other core says 0 when it is let out of its reset', () => {
  const { mcu } = idle();
  mcu.writeUint32(PSM_SET + 4, 1 << 16);
  assert.equal(mcu.readUint32(SIO + 0x50) & 1, 0);
  mcu.writeUint32(PSM_CLEAR + 4, 1 << 16);
  assert.equal(mcu.readUint32(SIO + 0x50) & 1, 1);
  assert.equal(mcu.readUint32(SIO + 0x58), 0);
  assert.equal(mcu.readUint32(SIO + 0x50) & 1, 0);
});

test('a driven output is seen on its own input', () => {
  const { mcu } = idle();
  mcu.writeUint32(0x4001c000 + 4 + 4 * 8, 0x56); // pad: input enabled
  mcu.writeUint32(0x40014000 + 8 * 8 + 4, 5); // function: SIO
  mcu.writeUint32(SIO + 0x24, 1 << 8); // output enabled
  mcu.writeUint32(SIO + 0x14, 1 << 8);
  assert.equal((mcu.readUint32(SIO + 4) >>> 8) & 1, 1);
  mcu.writeUint32(SIO + 0x18, 1 << 8);
  assert.equal((mcu.readUint32(SIO + 4) >>> 8) & 1, 0);
});

test('a pin that nobody drives follows its pull', () => {
  const { mcu } = idle();
  const pad = 0x4001c000 + 4 + 4 * 8;
  for (const [pull, level] of [[0x5a, 1], [0x56, 0], [0x5a, 1]]) { // input enabled; up, down
    mcu.writeUint32(pad, pull);
    assert.equal((mcu.readUint32(SIO + 4) >>> 8) & 1, level);
  }
});

test('the watchdog resets once, when it runs out, and says so', () => {
  /** @type {number[]} */
  const reasons = [];
  const around = new Surroundings();
  around.onReset = (reason) => reasons.push(reason);
  const chip = idle(around);
  chip.mcu.writeUint32(WATCHDOG + 4, 20_000); // 10 ms, two counts per microsecond
  chip.mcu.writeUint32(WATCHDOG, 1 << 30);
  chip.run(9 * CYCLES_PER_MS);
  assert.deepEqual(reasons, []);
  chip.run(100 * CYCLES_PER_MS);
  assert.deepEqual(reasons, [1]);
  assert.ok(chip.stopped);
});

test('the flash chip tells its id behind the command and four dummies', () => {
  const id = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  const { mcu } = idle(new Surroundings(), { id });
  for (let turn = 0; turn < 2; turn++) {
    mcu.writeUint32(SELECT, 0x200);
    const seen = [0x4b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].map((byte) => {
      mcu.writeUint32(SSI_DATA, byte);
      return mcu.readUint32(SSI_DATA);
    });
    mcu.writeUint32(SELECT, 0x300);
    assert.deepEqual(seen.slice(5), [...id]);
  }
});

test('an endpoint that is armed waits for the host, which sends when it has something', () => {
  const chip = idle();
  const usb = chip.mcu.usbCtrl;
  const cdc = chip.mcu.remedies.find((/** @type {any} */ one) => one.cdc).cdc;
  cdc.outEndpoint = OUT_ENDPOINT;
  /** @type {Uint8Array[]} */
  const packets = [];
  usb.finishRead = (/** @type {number} */ _, /** @type {Uint8Array} */ data) => packets.push(data);
  usb.onEndpointRead(OUT_ENDPOINT, 64);
  chip.run(5 * CYCLES_PER_MS);
  assert.deepEqual(packets, []);
  assert.equal(chip.host.send(Uint8Array.from([7, 8])), 2);
  chip.run(10 * CYCLES_PER_MS);
  assert.deepEqual(packets, [Uint8Array.from([7, 8])]);
});

test('a host that has gone takes nothing until it is back', () => {
  const chip = idle();
  const usb = chip.mcu.usbCtrl;
  /** @type {number[]} */
  const sent = [];
  usb.onEndpointWrite = (/** @type {number} */ endpoint) => sent.push(endpoint);
  chip.host.plug(false);
  chip.mcu.writeUint32(0x50100090, 0x400 | 4);
  chip.run(5 * CYCLES_PER_MS);
  assert.deepEqual(sent, []);
  chip.host.plug(true);
  chip.run(10 * CYCLES_PER_MS);
  assert.deepEqual(sent, [2]);
});
