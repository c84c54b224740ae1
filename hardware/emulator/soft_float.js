/**
 * The ROM's single-precision functions, done with the host's numbers.
 *
 * Purpose: the same results as IEEE 754 gives; the image calls them for every float operation.
 * Owns two words to convert with.
 */

const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);
const LARGEST = 2 ** 31 - 1;

/** @param {number} pattern */
function value(pattern) {
  u32[0] = pattern;
  return f32[0];
}

/** @param {number} number */
function bits(number) {
  f32[0] = number;
  return u32[0];
}

/**
 * Function `index` of the table, on the registers of `core`.
 * @param {any} core @param {number} index
 */
export function float(core, index) {
  const R = core.registers;
  const x = value(R[0]);
  const y = value(R[1]);
  switch (index) {
    case 0: R[0] = bits(x + y); break;
    case 1: R[0] = bits(x - y); break;
    case 2: R[0] = bits(x * y); break;
    case 3: R[0] = bits(x / y); break;
    case 5: // compare: the flags, as CMP would leave them
      core.N = x < y;
      core.Z = x === y;
      core.C = x >= y;
      core.V = false;
      core.flagsChanged = true; // tells the instruction loop
      break;
    case 6: R[0] = bits(Math.sqrt(x)); break;
    case 7: R[0] = Math.max(-LARGEST - 1, Math.min(LARGEST, Math.floor(x))) >>> 0; break; // downwards
    case 9: R[0] = Math.max(0, Math.min(2 ** 32 - 1, Math.floor(x))) >>> 0; break;
    case 11: R[0] = bits(R[0] | 0); break;
    case 13: R[0] = bits(R[0] >>> 0); break;
    case 21: R[0] = x < y ? 0xffffffff : x > y ? 1 : 0; break;
    default:
      throw new Error(`float function ${index} of the ROM`);
  }
}
