/**
 * What a PWM slice puts on its pin, from the slice's registers.
 *
 * Purpose: the share of time a pin is high, and its frequency, without simulating each edge. Owns
 * nothing. A level above the counter's last value is always high; a stopped slice holds its pin low.
 */

import { HZ } from './chip.js';

const FUNCTION_PWM = 4;
const ENABLE = 1;

/** @param {import('./chip.js').Chip} chip @param {number} pin */
function sliceOf(chip, pin) {
  const gpio = chip.mcu.gpio[pin];
  return gpio.functionSelect === FUNCTION_PWM ? chip.mcu.pwm.channels[(pin >> 1) & 7] : null;
}

/** Share of time the pin is high, times `full`, rounded. */
export function level(
  /** @type {import('./chip.js').Chip} */ chip,
  /** @type {number} */ pin,
  /** @type {number} */ full,
) {
  const slice = sliceOf(chip, pin);
  if (slice === null) return chip.driven(pin) ? full : 0;
  if (!(slice.csr & ENABLE)) return 0;
  const compare = pin & 1 ? slice.cc >>> 16 : slice.cc & 0xffff;
  return Math.round((full * Math.min(compare, slice.top + 1)) / (slice.top + 1));
}

/** Frequency of the pin in Hz, 0 while it does not change. */
export function frequency(/** @type {import('./chip.js').Chip} */ chip, /** @type {number} */ pin) {
  const slice = sliceOf(chip, pin);
  if (slice === null || !(slice.csr & ENABLE)) return 0;
  const compare = pin & 1 ? slice.cc >>> 16 : slice.cc & 0xffff;
  if (compare === 0 || compare > slice.top) return 0;
  return Math.round(HZ / slice.timer.prescaler / (slice.top + 1));
}
