/**
 * How long the firmware's tick takes and how punctual it is, seen from the processor's exceptions.
 *
 * Purpose: each entry into and return from the tick's interrupt, against the machine that asks for it.
 * Owns the counts since `reset`.
 */

import { CYCLES_PER_MS, CYCLES_PER_US } from './chip.js';

const TICK = 16 + 7; // exception of PIO0_IRQ_0
const BIN_US = 10;

export class Ticks {
  /** @param {import('./chip.js').Chip} chip */
  constructor(chip) {
    this.chip = chip;
    this.inside = 0; // cycle of the entry, 0 outside
    this.asked = 0; // cycle at which the machine asked
    this.raised = 0; // whether it asks now
    this.count = 0;
    this.missed = 0;
    this.sum = 0;
    this.longest = 0;
    this.shortest = Infinity;
    this.latest = 0;
    this.earliest = Infinity;
    /** @type {number[]} */
    this.bins = [];
    const { core, pio } = chip.mcu;
    const enter = core.exceptionEntry.bind(core);
    core.exceptionEntry = (/** @type {number} */ number) => {
      if (number === TICK) this.enter(chip.cycles);
      enter(number);
    };
    const back = core.exceptionReturn.bind(core);
    core.exceptionReturn = (/** @type {number} */ value) => {
      if (core.IPSR === TICK && this.inside) this.leave(chip.cycles);
      back(value);
    };
    const block = pio[0];
    const update = block.irqUpdated.bind(block);
    block.irqUpdated = () => {
      const raised = block.irq & 1;
      if (raised) {
        if (this.raised) this.missed++; // the one before was not even begun
        this.asked = chip.pios.machines[0].due;
      }
      this.raised = raised;
      update();
    };
  }

  reset() {
    this.count = 0;
    this.missed = 0;
    this.sum = 0;
    this.longest = 0;
    this.shortest = Infinity;
    this.latest = 0;
    this.earliest = Infinity;
    this.bins = [];
  }

  /** @param {number} cycles */
  enter(cycles) {
    this.inside = cycles;
    const late = (((cycles - this.asked) % CYCLES_PER_MS) + CYCLES_PER_MS) % CYCLES_PER_MS;
    if (late > this.latest) this.latest = late;
    if (late < this.earliest) this.earliest = late;
  }

  /** @param {number} cycles */
  leave(cycles) {
    const took = cycles - this.inside;
    this.inside = 0;
    this.count++;
    this.sum += took;
    if (took > this.longest) this.longest = took;
    if (took < this.shortest) this.shortest = took;
    const bin = Math.floor(took / CYCLES_PER_US / BIN_US);
    this.bins[bin] = (this.bins[bin] ?? 0) + 1;
  }

  /** Everything in microseconds. */
  report() {
    const us = (/** @type {number} */ cycles) => Math.round((10 * cycles) / CYCLES_PER_US) / 10;
    return {
      ticks: this.count,
      missed: this.missed,
      min_us: this.count ? us(this.shortest) : 0,
      mean_us: this.count ? us(this.sum / this.count) : 0,
      max_us: us(this.longest),
      late_min_us: this.count ? us(this.earliest) : 0,
      late_max_us: us(this.latest),
      bins_10_us: Array.from(this.bins, (n) => n ?? 0),
    };
  }
}
