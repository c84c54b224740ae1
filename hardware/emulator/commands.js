/**
 * What the bench may ask of the emulator between two steps, as JSON.
 *
 * Purpose: measurements; nothing here changes what the firmware sees. Owns the running profile.
 */

import fs from 'node:fs';
import { CYCLES_PER_US } from './chip.js';
import { CutOffs } from './cut_offs.js';
import { Hangs, WAYS } from './hangs.js';
import { Heap } from './heap.js';
import { Profile, Symbols } from './profile.js';

export class Commands {
  /** @param {import('./pen_board.js').PenBoard} pen */
  constructor(pen) {
    this.pen = pen;
    /** @type {Profile | null} */
    this.profile = null;
    /** @type {Symbols | null} */
    this.known = null;
    /** @type {Heap | null} */
    this.found = null;
  }

  /** @param {any} words @returns {any} */
  answer(words) {
    const { chip, ticks } = this.pen;
    switch (words.do) {
      case 'ticks':
        return ticks.report();
      case 'reset ticks':
        ticks.reset();
        return {};
      case 'profile': {
        this.profile = new Profile(chip, this.symbols(words));
        return {};
      }
      case 'end profile': {
        const { profile } = this;
        if (!profile) throw new Error('no profile is running');
        profile.end();
        this.profile = null;
        return { functions: profile.functions(), folded: profile.folded() };
      }
      case 'ways to hang':
        return WAYS;
      case 'hangs': { // the last command of a run: nothing is as it was afterwards
        const hangs = new Hangs(this.pen, this.symbols(words));
        return { hangs: words.hangs.map((/** @type {any} */ one) => hangs.one(one[0], one[1])) };
      }
      case 'cut-offs': { // the last command of a run, too
        const cutOffs = new CutOffs(this.pen);
        return { cut_offs: words.cut_offs.map((/** @type {any} */ one) => cutOffs.one(one)) };
      }
      case 'heap':
        return this.heap(words).free();
      case 'filled': { // bytes of a symbol, up to the last that is not 0
        const at = this.symbols(words).place(words.name) - 0x20000000;
        const bytes = chip.mcu.sram.subarray(at, at + words.bytes);
        return { bytes: bytes.findLastIndex((/** @type {number} */ one) => one !== 0) + 1 };
      }
      case 'collect':
        return { begun: this.heap(words).collect() };
      case 'collected': {
        const heap = this.heap(words);
        return { running: heap.kept !== null, took_us: heap.took / CYCLES_PER_US };
      }
      case 'time':
        return { us: chip.cycles / CYCLES_PER_US, said_us: this.pen.saidAt / CYCLES_PER_US };
      case 'said': // packets that left since the last time this was asked
        return {
          said: this.pen.said.splice(0).map(({ at, data }) => [
            at / CYCLES_PER_US,
            data.toString('hex'),
          ]),
        };
      case 'hear': // the host's bytes come so long after the start of a millisecond
        this.pen.hearsAt = words.us * CYCLES_PER_US;
        return {};
      default:
        throw new Error(`there is no command ${words.do}`);
    }
  }

  /** @param {any} words */
  heap(words) {
    this.found ??= new Heap(this.pen.chip, this.symbols(words));
    return this.found;
  }

  /** @param {any} words */
  symbols(words) {
    this.known ??= new Symbols(fs.readFileSync(words.symbols, 'latin1'));
    return this.known;
  }
}
