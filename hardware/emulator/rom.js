/**
 * A boot ROM of our own: the documented tables, and functions that are done in JavaScript.
 *
 * Purpose: the image calls the ROM through two-letter tables only. Each entry here is one BKPT that
 * names the function and a BX LR. Flash functions go to `flash`, which takes the time they need.
 * Owns nothing: no byte of the maker's ROM is in here.
 */

import { float } from './soft_float.js';

const CODE = 0x200; // first function: four bytes each
const FUNCTIONS = 0x100; // table of functions
const DATA = 0x180; // table of tables
const LOOKUP = 0;
const NAMES = ['P3', 'R3', 'L3', 'T3', 'MS', 'MC', 'S4', 'C4', 'IF', 'EX', 'RE', 'RP', 'FC', 'CX', 'UB'];
const FLOAT_TABLE = 0x700;
const DOUBLE_TABLE = 0x800;
const FLOAT_CODE = 0x40;
const DOUBLE_CODE = 0x80;

/**
 * @typedef {object} FlashPort
 * @property {(address: number, bytes: number) => void} erase
 * @property {(address: number, data: Uint8Array) => void} program
 * @property {() => void} bootLoader
 */

/** @returns {Uint32Array} 16 KB */
export function makeRom() {
  const rom = new Uint8Array(16384);
  const view = new DataView(rom.buffer);
  const half = (/** @type {number} */ at, /** @type {number} */ value) => view.setUint16(at, value, true);
  const entry = (/** @type {number} */ n) => (CODE + 4 * n) | 1;
  view.setUint32(0, 0x20041f00, true);
  view.setUint32(4, CODE | 1, true);
  rom.set([0x4d, 0x75, 0x01, 0x03], 0x10); // "Mu", 1, version 3
  half(0x14, FUNCTIONS);
  half(0x16, DATA);
  half(0x18, entry(LOOKUP));
  for (let n = 0; n < 256; n++) {
    half(CODE + 4 * n, 0xbe00 | n); // BKPT n
    half(CODE + 4 * n + 2, 0x4770); // BX LR
  }
  const code = (/** @type {string} */ name) => name.charCodeAt(0) | (name.charCodeAt(1) << 8);
  NAMES.forEach((name, i) => {
    half(FUNCTIONS + 4 * i, code(name));
    half(FUNCTIONS + 4 * i + 2, entry(1 + i));
  });
  [['SF', FLOAT_TABLE, FLOAT_CODE], ['SD', DOUBLE_TABLE, DOUBLE_CODE]].forEach(([name, table, first], i) => {
    half(DATA + 4 * i, code(String(name)));
    half(DATA + 4 * i + 2, Number(table));
    rom[Number(table) - 2] = 32; // entries
    for (let n = 0; n < 32; n++) view.setUint32(Number(table) + 4 * n, entry(Number(first) + n), true);
  });
  return new Uint32Array(rom.buffer);
}

/**
 * Answer the ROM's functions on `mcu`.
 * @param {any} mcu the package's RP2040
 * @param {FlashPort} flash
 * @param {(cycles: number) => void} charge for the time a function takes
 */
export function serveRom(mcu, flash, charge) {
  const { core } = mcu;
  const R = core.registers;
  mcu.onBreak = (/** @type {number} */ code) => {
    const [a, b, c] = R;
    if (code === LOOKUP) R[0] = lookUp(mcu, a, b & 0xffff);
    else if (code >= FLOAT_CODE && code < FLOAT_CODE + 32) float(core, code - FLOAT_CODE);
    else {
      const name = NAMES[code - 1];
      switch (name) {
        case 'P3': R[0] = ones(a); break;
        case 'L3': R[0] = Math.clz32(a); break;
        case 'T3': R[0] = a ? 31 - Math.clz32(a & -a) : 32; break;
        case 'R3': R[0] = reversed(a); break;
        case 'MS':
        case 'S4':
          for (let i = 0; i < c; i++) mcu.writeUint8(a + i, b & 255);
          charge(c >> 2);
          break;
        case 'MC':
        case 'C4':
          for (let i = 0; i < c; i++) mcu.writeUint8(a + i, mcu.readUint8(b + i));
          charge(c >> 1); // a load and a store for each word
          break;
        case 'RE': flash.erase(a, b); break;
        case 'RP': {
          const data = new Uint8Array(c);
          for (let i = 0; i < c; i++) data[i] = mcu.readUint8(b + i);
          flash.program(a, data);
          break;
        }
        case 'UB': flash.bootLoader(); break;
        case 'IF':
        case 'EX':
        case 'FC':
        case 'CX':
          break; // the flash is always connected
        default:
          throw new Error(`BKPT ${code} at ${core.PC.toString(16)}`);
      }
    }
  };
}

/** @param {any} mcu @param {number} table @param {number} wanted */
function lookUp(mcu, table, wanted) {
  for (let at = table; ; at += 4) {
    const code = mcu.readUint16(at);
    if (code === 0) return 0;
    if (code === wanted) return mcu.readUint16(at + 2);
  }
}

/** @param {number} value */
function ones(value) {
  let n = 0;
  for (let v = value; v; v >>>= 1) n += v & 1;
  return n;
}

/** @param {number} value */
function reversed(value) {
  let out = 0;
  for (let i = 0; i < 32; i++) out = (out << 1) | ((value >>> i) & 1);
  return out >>> 0;
}
