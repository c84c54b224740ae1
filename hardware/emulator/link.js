/**
 * The pin link's messages on standard input and output, in lockstep and synchronously.
 *
 * Purpose: the bytes of `firmware/hal/pin_layout.py` for this end. A Python test compares the numbers.
 * Owns the two streams; nothing else may write to standard output.
 */

import fs from 'node:fs';

export const KIND = { step: 1, answer: 2, drive: 3, call: 4, command: 5 };
export const STEP_SIZE = 29;
export const DRIVE_SIZE = 16;
const ANSWER_SIZE = 4;
const COMMAND_SIZE = 5; // kind and length
export const PIN = { seat: 1, home: 2, button: 4, stall: 8, enable: 16, index: 32, vbus: 64 };
export const HOLD = { main: 0x80, tick: 0x100, all: 0x200 };
export const SERIAL_OUT_MAX = 1024;
export const BRIDGE = { coast: 0, drive: 1, brake: 2 };
export const ENABLE = { cut: 0, grant: 1 };
export const LINE = { boost: 1, watchdog: 2 };
export const CALL = {
  i2cWrite: 1, i2cRead: 2, flashSize: 3, flashRead: 4, flashErase: 5, flashProgram: 6,
  uniqueId: 7, resetCause: 8, reset: 9, imageRead: 10, bootLoader: 11,
};

/**
 * @typedef {object} Step what the pins see
 * @property {number} tUs @property {number} tachCount @property {number} tachEdgeUs
 * @property {number} indexCount @property {number} indexEdgeUs
 * @property {number[]} adc @property {number} pins @property {Uint8Array} serial
 *
 * @typedef {object} Outputs what the pins do
 * @property {number} duty @property {number} bridge @property {number} enable @property {number} coils
 * @property {number} coilCount @property {number} lines @property {number[]} light
 * @property {number} buzzerHz
 */

export class Link {
  /** @param {number} input @param {number} output file descriptors */
  constructor(input = 0, output = 1) {
    this.input = input;
    this.output = output;
  }

  /** The next STEP, COMMANDs before it answered; null when the bench has gone. @returns {Step | null} */
  step(/** @type {(words: any) => any} */ command) {
    let head = this.read(COMMAND_SIZE);
    while (head !== null && head[0] === KIND.command) {
      const words = this.read(head.readUInt32LE(1));
      if (words === null) return null;
      this.answer(command(JSON.parse(words.toString())));
      head = this.read(COMMAND_SIZE);
    }
    const rest = this.read(STEP_SIZE - COMMAND_SIZE);
    if (head === null || rest === null) return null;
    if (head[0] !== KIND.step) throw new Error('pin link: not a step');
    head = Buffer.concat([head, rest]);
    const serial = this.read(head.readUInt16LE(27));
    if (serial === null) return null;
    return {
      tUs: head.readUInt32LE(1),
      tachCount: head.readUInt16LE(5),
      tachEdgeUs: head.readUInt32LE(7),
      indexCount: head.readUInt16LE(11),
      indexEdgeUs: head.readUInt32LE(13),
      adc: [17, 19, 21, 23].map((at) => head.readUInt16LE(at)),
      pins: head.readUInt16LE(25),
      serial,
    };
  }

  /** @param {Outputs} outputs @param {Uint8Array} serial */
  drive(outputs, serial) {
    this.send(KIND.drive, outputs, serial);
  }

  /** Ask the bench; the answer's bytes, or null when it answered with an error. */
  call(/** @type {Outputs} */ outputs, /** @type {Uint8Array} */ request) {
    this.send(KIND.call, outputs, request);
    const head = this.read(ANSWER_SIZE);
    if (head === null) return process.exit(0);
    if (head[0] !== KIND.answer) throw new Error('pin link: not an answer');
    const tail = this.read(head.readUInt16LE(2));
    if (tail === null) return process.exit(0);
    return head[1] ? null : tail;
  }

  /** @param {number} kind @param {Outputs} o @param {Uint8Array} tail */
  send(kind, o, tail) {
    const bytes = Buffer.alloc(DRIVE_SIZE + tail.length);
    bytes[0] = kind;
    bytes.writeInt16LE(o.duty, 1);
    bytes[3] = o.bridge;
    bytes[4] = o.enable;
    bytes.writeUInt16LE(o.coils, 5);
    bytes[7] = o.coilCount;
    bytes[8] = o.lines;
    bytes.set(o.light, 9);
    bytes.writeUInt16LE(o.buzzerHz, 12);
    bytes.writeUInt16LE(tail.length, 14);
    bytes.set(tail, DRIVE_SIZE);
    this.write(bytes);
  }

  /** The answer to a COMMAND. @param {any} words */
  answer(words) {
    const text = Buffer.from(JSON.stringify(words));
    const head = Buffer.alloc(COMMAND_SIZE);
    head[0] = KIND.command;
    head.writeUInt32LE(text.length, 1);
    this.write(Buffer.concat([head, text]));
  }

  /** @param {Buffer} bytes */
  write(bytes) {
    for (let sent = 0; sent < bytes.length; ) {
      sent += fs.writeSync(this.output, bytes, sent);
    }
  }

  /** Exactly `count` bytes; null at the end of the stream. @param {number} count */
  read(count) {
    const bytes = Buffer.alloc(count);
    for (let got = 0; got < count; ) {
      const n = fs.readSync(this.input, bytes, got, count - got, null);
      if (n === 0) return null;
      got += n;
    }
    return bytes;
  }
}
