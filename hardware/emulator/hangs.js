/**
 * Hangs the interpreter in many ways and looks how long drive-enable stays up.
 *
 * Purpose: the countdown is real: from one running pen, again and again, let a random time pass, break
 * the processor in one of the ways below, and watch the pin. Owns nothing.
 */

import { CYCLES_PER_MS, CYCLES_PER_US } from './chip.js';
import { StillPlant } from './still_plant.js';

const LOOP = 0xe7fe; // branch to itself
const LOOP_AT = 0x20040100; // in the stack of the second core, which is never started
const WATCH_MS = 12;
const TICK = 16 + 7; // exception of PIO0_IRQ_0
const IN_TICK_US = 15; // behind its entry, before its end

/** The ways, each with the sentence that the evidence tells. */
export const WAYS = {
  main: 'endless loop in the main loop, interrupts off',
  tick: 'endless loop in the tick',
  masked: 'the interrupt switched off in its register',
  exception: 'a function of the tick raises',
  collection: 'a collection within the tick, then a loop',
  erase: 'a sector erased while running',
};

export class Hangs {
  /** @param {import('./pen_board.js').PenBoard} pen @param {import('./profile.js').Symbols} symbols */
  constructor(pen, symbols) {
    this.pen = pen;
    this.symbols = symbols;
    this.plant = new StillPlant(pen);
  }

  /** One hang, `us` after the snapshot; the line has to fall within 5 ms of the last grant. */
  one(/** @type {keyof typeof WAYS} */ way, /** @type {number} */ us) {
    const { plant } = this;
    plant.begin(us, 2 * WATCH_MS);
    const { enabled } = plant;
    this.strike(way);
    return { way, us, enabled, took_us: plant.untilLow(WATCH_MS, () => plant.granted) };
  }

  /** Break it. @param {keyof typeof WAYS} way */
  strike(way) {
    const { chip } = this.pen;
    const { core } = chip;
    const inTick = () => core.IPSR === TICK;
    const inMain = () => core.currentMode === 0 && !core.waiting;
    if (way === 'main' || way === 'erase') this.until(inMain);
    else if (way !== 'masked') {
      this.until(() => !inTick()); // from the beginning of one, not its end
      this.until(inTick);
      chip.run(chip.cycles + IN_TICK_US * CYCLES_PER_US);
    }
    switch (way) {
      case 'main':
        core.PM = true;
        this.goTo(LOOP_AT);
        break;
      case 'tick':
        this.goTo(LOOP_AT);
        break;
      case 'masked':
        core.enabledInterrupts &= ~(1 << (TICK - 16));
        break;
      case 'exception': // in place of the next function of the firmware that is called
        this.until(() => inTick() && this.begins(core.PC));
        core.registers[0] = 0; // no message
        this.goTo(this.symbols.address('mp_raise_ValueError'));
        break;
      case 'collection':
        core.LR = LOOP_AT | 1;
        this.goTo(this.symbols.address('gc_collect'));
        break;
      case 'erase': // the port does it with interrupts off, from RAM
        core.PM = true;
        chip.charge(WATCH_MS * CYCLES_PER_MS);
        core.PM = false;
        break;
    }
  }

  /** Whether a function of the firmware begins here. @param {number} pc */
  begins(pc) {
    return this.symbols.frozen.has(pc) || pc === this.symbols.interpreter;
  }

  /** Go on where the processor never returns from. @param {number} address */
  goTo(address) {
    const { mcu, core } = this.pen.chip;
    mcu.writeUint16(LOOP_AT, LOOP);
    core.PC = address;
  }

  /** Instruction by instruction until something holds. @param {() => boolean} wanted */
  until(wanted) {
    const { chip } = this.pen;
    const end = chip.cycles + 3 * CYCLES_PER_MS;
    while (!wanted()) {
      if (chip.cycles > end) throw new Error('the instant for a hang did not come');
      chip.run(chip.cycles + 1);
    }
  }
}
