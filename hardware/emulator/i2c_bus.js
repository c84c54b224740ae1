/**
 * The chips on the I2C bus, which live on the bench: each transfer becomes one of the pin link's calls.
 *
 * Purpose: bytes at 400 kHz between the chip's controller and `ask`. Owns the transfer in progress.
 */

import { CYCLES_PER_US } from './chip.js';

const BYTE_US = 22.5; // nine clocks of 400 kHz

/**
 * @typedef {object} Asked answers null when nobody acknowledges
 * @property {(address: number, data: Uint8Array) => Uint8Array | null} write
 * @property {(address: number, register: number, count: number) => Uint8Array | null} read
 */

export class I2cBus {
  /** @param {import('./chip.js').Chip} chip @param {any} i2c the package's controller @param {Asked} ask */
  constructor(chip, i2c, ask) {
    this.ask = ask;
    this.address = 0;
    /** @type {number[]} */
    this.written = [];
    this.place = 0; // register of the next byte that is read
    this.reading = false;
    const after = (/** @type {() => void} */ done) => chip.at(chip.cycles + BYTE_US * CYCLES_PER_US, done);
    i2c.onStart = (/** @type {boolean} */ repeated) => {
      if (!repeated) this.written = [];
      after(() => i2c.completeStart());
    };
    i2c.onConnect = (/** @type {number} */ address, /** @type {number} */ mode) => {
      const ack = this.connect(address, mode === 1);
      after(() => i2c.completeConnect(ack));
    };
    i2c.onWriteByte = (/** @type {number} */ value) => {
      this.written.push(value);
      after(() => i2c.completeWrite(true));
    };
    i2c.onReadByte = () => {
      const data = ask.read(this.address, this.place & 255, 1);
      this.place++;
      after(() => i2c.completeRead(data === null ? 255 : data[0]));
    };
    i2c.onStop = () => {
      this.finish();
      after(() => i2c.completeStop());
    };
  }

  /** Whether somebody answers to the address. */
  connect(/** @type {number} */ address, /** @type {boolean} */ reading) {
    this.address = address;
    this.reading = reading;
    if (!reading) return this.ask.write(address, new Uint8Array(0)) !== null;
    this.place = this.written.length ? this.written[this.written.length - 1] : 0;
    this.written = [];
    return this.ask.read(address, this.place, 1) !== null;
  }

  /** A stop: what was written takes effect. */
  finish() {
    if (!this.reading && this.written.length) {
      this.ask.write(this.address, Uint8Array.from(this.written));
    }
    this.written = [];
  }
}
