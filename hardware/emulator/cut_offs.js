/**
 * From an edge on a pin to a bridge that does not drive and to drive-enable low, in microseconds.
 *
 * Purpose: break one thing of a running pen at an exact instant and time the answer. Owns nothing.
 */

import { GPIO } from './pen_board.js';
import { StillPlant } from './still_plant.js';

const LIMIT_MS = 400;
const CHANNEL = { current: 0, hall: 1 };

/** @typedef {{cause: string, us: number, value?: number}} CutOff */

export class CutOffs {
  /** @param {import('./pen_board.js').PenBoard} pen */
  constructor(pen) {
    this.plant = new StillPlant(pen);
    this.pen = pen;
  }

  /** @param {CutOff} what */
  one(what) {
    const { plant } = this;
    const { chip } = this.pen;
    const turning = what.cause === 'tachometer' ? 0 : LIMIT_MS;
    plant.begin(what.us, turning);
    const { enabled } = plant;
    const struck = chip.cycles;
    switch (what.cause) {
      case 'cartridge':
        chip.setPin(GPIO.seat, true); // open: pulled up
        break;
      case 'current':
        this.setCode(CHANNEL.current, what.value);
        break;
      case 'hall':
        this.setCode(CHANNEL.hall, what.value);
        break;
      case 'tachometer': // no more pulses: the last one is what the time counts from
        break;
      case 'stall':
        chip.setPin(GPIO.stall, false);
        break;
      default:
        throw new Error(`no cause called ${what.cause}`);
    }
    const { tachLast, tachPeriod } = this.pen;
    const turns = Math.floor((struck - tachLast) / tachPeriod);
    const since = what.cause === 'tachometer' ? tachLast + turns * tachPeriod : struck;
    const off_us = plant.untilOff(LIMIT_MS, since);
    return { ...what, enabled, off_us, low_us: plant.untilLow(LIMIT_MS, () => since) };
  }

  /** @param {number} channel @param {number | undefined} code */
  setCode(channel, code) {
    if (code === undefined) throw new Error('a cause on an analogue input needs a code');
    this.plant.adc[channel] = code;
    this.pen.chip.mcu.adc.channelValues[channel] = code;
  }
}
