/**
 * A running pen whose plant stands still for a moment: the start of many short experiments.
 *
 * Purpose: go back to one instant again and again, let the cam turn on at the pace it had while all
 * else stays as it is, and watch drive-enable to the microsecond. Owns the snapshot. The bench waits
 * for the answer to a command meanwhile, so nobody on the other end can be asked.
 */

import { CYCLES_PER_MS, CYCLES_PER_US } from './chip.js';
import { GPIO } from './pen_board.js';
import { Snapshot } from './snapshot.js';

const MARKS = 4; // of the tachometer in a revolution
const PULSE_US = 400; // of the index mark
const BRIDGE_SLICE = 1; // of the PWM
const COMPARE = 0xc; // its register of both levels: equal ones do not drive

export class StillPlant {
  /** @param {import('./pen_board.js').PenBoard} pen */
  constructor(pen) {
    this.pen = pen;
    this.chip = pen.chip;
    this.fell = -1; // cycle at which drive-enable fell
    this.braked = -1; // cycle at which the bridge was first told to brake or to let go
    this.granted = 0; // cycle of the last grant
    const { chip } = pen;
    const { mcu } = chip;
    mcu.gpio[GPIO.enable].addListener(() => {
      if (!chip.driven(GPIO.enable) && this.fell < 0) this.fell = chip.cycles;
    });
    const countdown = mcu.pio[0].machines[1];
    const write = countdown.writeFIFO.bind(countdown);
    countdown.writeFIFO = (/** @type {number} */ value) => {
      if (value) this.granted = chip.cycles;
      write(value);
    };
    const slice = mcu.pwm.channels[BRIDGE_SLICE];
    const set = slice.writeRegister.bind(slice);
    slice.writeRegister = (/** @type {number} */ offset, /** @type {number} */ value) => {
      const same = value >>> 16 === (value & 0xffff);
      if (offset === COMPARE && same && this.braked < 0) this.braked = chip.cycles;
      set(offset, value);
    };
    pen.ask = () => null;
    /** @type {number[]} */
    this.adc = [...mcu.adc.channelValues];
    this.snapshot = new Snapshot([pen, this.adc]);
  }

  /** From the beginning for `us`, with the cam turning for `turning` ms. @param {number} us @param {number} turning */
  begin(us, turning) {
    const { chip } = this;
    this.snapshot.restore();
    this.turn(chip.cycles + us * CYCLES_PER_US + turning * CYCLES_PER_MS);
    chip.run(chip.cycles + us * CYCLES_PER_US);
    this.fell = -1;
    this.braked = -1;
  }

  /** Marks of tachometer and index until a cycle. @param {number} end */
  turn(end) {
    const { pen, chip } = this;
    const period = pen.tachPeriod;
    for (let at = chip.cycles, n = 0; at < end; at += CYCLES_PER_MS, n++) {
      chip.at(at, () => this.tremble(n));
    }
    if (!period) return;
    for (let at = pen.tachLast + period; at < end; at += period) {
      if (at > chip.cycles) pen.pulses(GPIO.tach, 1, at);
    }
    for (let at = pen.indexLast + MARKS * period; at < end; at += MARKS * period) {
      if (at > chip.cycles) {
        chip.at(at, () => chip.setPin(GPIO.index, true));
        chip.at(at + PULSE_US * CYCLES_PER_US, () => chip.setPin(GPIO.index, false));
      }
    }
  }

  /** The converter's noise: a code that stands still would be taken for a broken one. @param {number} n */
  tremble(n) {
    const { channelValues } = this.chip.mcu.adc;
    this.adc.forEach((code, i) => {
      channelValues[i] = Math.max(0, Math.min(4095, code + ((n * (i + 3)) % 5) - 2));
    });
  }

  /** Go on until drive-enable falls, at most so many ms; microseconds since a cycle, -1 for never. */
  untilLow(/** @type {number} */ limitMs, /** @type {() => number} */ since) {
    const { chip } = this;
    const end = chip.cycles + limitMs * CYCLES_PER_MS;
    while (this.fell < 0 && chip.cycles < end && !chip.stopped) {
      chip.run(Math.min(end, chip.cycles + CYCLES_PER_MS));
    }
    return this.fell < 0 ? -1 : Math.round((10 * (this.fell - since())) / CYCLES_PER_US) / 10;
  }

  /** Go on until nothing drives any more: the bridge brakes, or drive-enable is low. */
  untilOff(/** @type {number} */ limitMs, /** @type {number} */ since) {
    const { chip } = this;
    const end = chip.cycles + limitMs * CYCLES_PER_MS;
    const off = () => (this.braked >= 0 ? this.braked : this.fell);
    while (off() < 0 && chip.cycles < end && !chip.stopped) {
      chip.run(Math.min(end, chip.cycles + CYCLES_PER_MS));
    }
    return off() < 0 ? -1 : Math.round((10 * (off() - since)) / CYCLES_PER_US) / 10;
  }

  get enabled() {
    return this.chip.driven(GPIO.enable);
  }
}
