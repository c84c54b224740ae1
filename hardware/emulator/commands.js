/**
 * What the bench may ask of the emulator between two steps, as JSON.
 *
 * Purpose: measurements; nothing here changes what the firmware sees. Owns the running profile.
 */

import fs from 'node:fs';
import { Profile, Symbols } from './profile.js';

export class Commands {
  /** @param {import('./pen_board.js').PenBoard} pen */
  constructor(pen) {
    this.pen = pen;
    /** @type {Profile | null} */
    this.profile = null;
    /** @type {Symbols | null} */
    this.known = null;
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
        this.known ??= new Symbols(fs.readFileSync(words.symbols, 'latin1'));
        this.profile = new Profile(chip, this.known);
        return {};
      }
      case 'end profile': {
        const { profile } = this;
        if (!profile) throw new Error('no profile is running');
        profile.end();
        this.profile = null;
        return { functions: profile.functions(), folded: profile.folded() };
      }
      case 'time':
        return { us: chip.cycles / 125 };
      default:
        throw new Error(`there is no command ${words.do}`);
    }
  }
}
