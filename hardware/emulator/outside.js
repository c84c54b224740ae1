/**
 * What the instruction loop reaches outside RAM and flash: registers of peripherals.
 *
 * Purpose: keep the package's time right before it is asked, count what an access costs, and say when
 * the loop has to let the rest of the chip catch up. Owns the time of the access.
 */

export const RAM = 0x20000000;
// What a load or store does: bits 9 to 11 of the form with two registers.
export const STR = 0;
export const STRH = 1;
export const STRB = 2;
export const LDRSB = 3;
export const LDR = 4;
export const LDRH = 5;
export const LDRB = 6;
export const LDRSH = 7;
const APB = 4; // top four bits of an address
const SIO = 13; // single-cycle: no extra cycle, and nothing else changes by a read

export class Outside {
  /** @param {import('./chip.js').Bus} bus */
  constructor(bus) {
    this.bus = bus;
    this.touched = false; // something may have changed: leave the loop
    this.now = 0; // cycles after the access
  }

  /** @param {number} address @param {number} now */
  read(address, now) {
    const region = address >>> 28;
    this.now = now + (region === APB ? 2 : region === SIO ? -1 : 0);
    if (region !== SIO && region !== 2 && region !== 1) this.touched = true;
    this.bus.sync(this.now);
    return this.bus.mcu.readUint32(address) | 0;
  }

  /** @param {number} address @param {number} value @param {number} bytes @param {number} now */
  write(address, value, bytes, now) {
    const region = address >>> 28;
    this.now = now + (region === APB ? 3 : region === SIO ? -1 : 0);
    if (region !== 2) this.touched = true;
    this.bus.sync(this.now);
    const { mcu } = this.bus;
    if (bytes === 4) mcu.writeUint32(address >>> 0, value >>> 0);
    else if (bytes === 2) mcu.writeUint16(address >>> 0, value & 0xffff);
    else mcu.writeUint8(address >>> 0, value & 0xff);
  }

  /** The loop leaves: hand back the time. */
  settle(/** @type {number} */ now) {
    this.touched = false;
    return Math.max(now, this.now);
  }
}

/** One memory as bytes, halves and words. @param {Uint8Array} bytes */
export function views(bytes) {
  const { buffer } = bytes;
  return { bytes, halves: new Uint16Array(buffer), words: new Int32Array(buffer) };
}

/** @param {number} op @param {number} at */
export function unknown(op, at) {
  return new Error(`instruction ${op.toString(16)} at ${(at >>> 0).toString(16)} is none`);
}
