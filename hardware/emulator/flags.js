/**
 * Conditions and shifts of the instruction set, for the loop in `core.js`. Owns nothing.
 *
 * `nz` is the last result: its sign is N, its being zero is Z.
 */

/** Whether a branch's condition holds. @param {number} condition @param {number} nz @param {number} c @param {number} v */
export function holds(condition, nz, c, v) {
  switch (condition) {
    case 0: return nz === 0;
    case 1: return nz !== 0;
    case 2: return c !== 0;
    case 3: return c === 0;
    case 4: return nz < 0;
    case 5: return nz >= 0;
    case 6: return v !== 0;
    case 7: return v === 0;
    case 8: return c !== 0 && nz !== 0;
    case 9: return c === 0 || nz === 0;
    case 10: return nz >>> 31 === v;
    case 11: return nz >>> 31 !== v;
    case 12: return nz !== 0 && nz >>> 31 === v;
    default: return nz === 0 || nz >>> 31 !== v;
  }
}

/** A shift by 0..255: 0 left, 1 right, 2 arithmetic. @param {number} kind @param {number} x @param {number} s */
export function shifted(kind, x, s) {
  if (kind === 2) return x >> (s < 32 ? s : 31);
  if (s > 31) return 0;
  return kind === 0 ? x << s : x >>> s;
}

/** The last bit that such a shift, of at least 1, puts out. @param {number} kind @param {number} x @param {number} s */
export function shiftedOut(kind, x, s) {
  if (kind === 2) return (x >> (s < 32 ? s - 1 : 31)) & 1;
  if (s > 32) return 0;
  return (kind === 1 ? x >>> (s - 1) : s < 32 ? x >>> (32 - s) : x) & 1;
}

/** REV, REV16, REVSH. @param {number} which @param {number} x */
export function reversed(which, x) {
  const swapped = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  if (which === 0) return (swapped >>> 16) | (swapped << 16);
  return which === 1 ? swapped : (swapped << 16) >> 16;
}
