/**
 * The instruction loop of a Cortex-M0+, several times as quick as the package's own.
 *
 * Purpose: run instructions until a limit or until something outside the processor was touched. The
 * package's core stays the owner of registers, flags and exceptions; this loop borrows them and hands
 * them back, so exception entry and return, NVIC and special registers are the package's. A test runs
 * random instructions on both and compares everything.
 *
 * Cycles are the package's: 1, memory +1, peripherals of the APB +2 to reads and +3 to writes, a taken
 * branch +1; and two that it leaves out: the link register in a PUSH, and the return from an exception.
 * The flash cache is not modelled. Cases that reach memory end with `break` and meet behind the switch.
 */

import { holds, reversed, shifted, shiftedOut } from './flags.js';
import {
  LDR, LDRB, LDRH, LDRSB, LDRSH, Outside, RAM, STR, STRB, STRH, unknown, views,
} from './outside.js';

const RETURN_CYCLES = 13;
/**
 * Make the loop of one chip.
 * @param {import('./chip.js').Bus} bus
 * @returns {(cycles: number, limit: number) => number} runs from `cycles`, returns the cycles then
 */
export function makeRun(bus) {
  const { core, mcu } = bus;
  const R = new Int32Array(core.registers.buffer);
  const { bytes: flash8, halves: flash16, words: flash32 } = views(bus.flash);
  const { bytes: ram8, halves: ram16, words: ram32 } = views(bus.sram);
  const mask = flash8.length - 1;
  const ramBytes = ram8.length;
  const outside = new Outside(bus);

  return function run(cycles, limit) {
    let now = cycles;
    let until = limit;
    let pc = R[15];
    let nz = core.Z ? 0 : core.N ? -1 : 1; // the last result: its sign is N, its being zero is Z
    let c = core.C ? 1 : 0;
    let v = core.V ? 1 : 0;
    let a = 0; // address of a load or store, its register, and what it is
    let e = 0;
    let kind = 0;
    let target = 0; // of a branch that may be an exception return

    while (now < until) {
      const at = pc;
      let op;
      if (at >>> 26 === 4) op = flash16[(at & mask) >> 1];
      else if (at >>> 0 >= RAM) op = ram16[(at - RAM) >> 1];
      else op = mcu.readUint16(at);
      pc = at + 2;
      now++;
      const d = op & 7;
      const n = (op >> 3) & 7;
      switch (op >> 11) {
        case 0: // LSLS (immediate), MOVS
        case 1: // LSRS (immediate)
        case 2: { // ASRS (immediate)
          const s = (op >> 6) & 31 || (op < 0x800 ? 0 : 32);
          const x = R[n];
          if (s) c = shiftedOut(op >> 11, x, s);
          nz = R[d] = shifted(op >> 11, x, s);
          continue;
        }
        case 3: { // ADDS, SUBS of a register or three bits
          const x = R[n];
          const y = op & 0x400 ? (op >> 6) & 7 : R[(op >> 6) & 7];
          if (op & 0x200) {
            nz = (x - y) | 0;
            c = x >>> 0 >= y >>> 0 ? 1 : 0;
            v = ((x ^ y) & (x ^ nz)) >>> 31;
          } else {
            nz = (x + y) | 0;
            c = nz >>> 0 < x >>> 0 ? 1 : 0;
            v = ((x ^ nz) & (y ^ nz)) >>> 31;
          }
          R[d] = nz;
          continue;
        }
        case 4: nz = R[(op >> 8) & 7] = op & 255; continue; // MOVS (immediate)
        case 5: { // CMP (immediate)
          const x = R[(op >> 8) & 7];
          const y = op & 255;
          nz = (x - y) | 0;
          c = x >>> 0 >= y ? 1 : 0;
          v = (x & ~nz) >>> 31;
          continue;
        }
        case 6: { // ADDS (immediate)
          e = (op >> 8) & 7;
          const x = R[e];
          nz = (x + (op & 255)) | 0;
          c = nz >>> 0 < x >>> 0 ? 1 : 0;
          v = (~x & nz) >>> 31;
          R[e] = nz;
          continue;
        }
        case 7: { // SUBS (immediate)
          e = (op >> 8) & 7;
          const x = R[e];
          const y = op & 255;
          nz = (x - y) | 0;
          c = x >>> 0 >= y ? 1 : 0;
          v = (x & ~nz) >>> 31;
          R[e] = nz;
          continue;
        }
        case 8: {
          if (op < 0x4400) {
            const x = R[d];
            const y = R[n];
            switch ((op >> 6) & 15) {
              case 0: nz = R[d] = x & y; continue; // ANDS
              case 1: nz = R[d] = x ^ y; continue; // EORS
              case 2: // LSLS
              case 3: // LSRS
              case 4: // ASRS
                kind = ((op >> 6) & 15) - 2;
                if (y & 255) c = shiftedOut(kind, x, y & 255);
                nz = R[d] = shifted(kind, x, y & 255);
                continue;
              case 5: // ADCS
                nz = (x + y + c) | 0;
                v = ((x ^ nz) & (y ^ nz)) >>> 31;
                c = (x >>> 0) + (y >>> 0) + c > 0xffffffff ? 1 : 0;
                R[d] = nz;
                continue;
              case 6: // SBCS
                nz = (x - y - 1 + c) | 0;
                v = ((x ^ y) & (x ^ nz)) >>> 31;
                c = x >>> 0 >= (y >>> 0) + 1 - c ? 1 : 0;
                R[d] = nz;
                continue;
              case 7: // RORS: the processor takes shifts modulo 32
                nz = R[d] = (x >>> y) | (x << (32 - y));
                if (y & 255) c = nz >>> 31;
                continue;
              case 8: nz = x & y; continue; // TST
              case 9: nz = -y | 0; c = y === 0 ? 1 : 0; v = (y & nz) >>> 31; R[d] = nz; continue; // RSBS
              case 10: // CMP
                nz = (x - y) | 0;
                c = x >>> 0 >= y >>> 0 ? 1 : 0;
                v = ((x ^ y) & (x ^ nz)) >>> 31;
                continue;
              case 11: // CMN
                nz = (x + y) | 0;
                c = nz >>> 0 < x >>> 0 ? 1 : 0;
                v = ((x ^ nz) & (y ^ nz)) >>> 31;
                continue;
              case 12: nz = R[d] = x | y; continue; // ORRS
              case 13: nz = R[d] = Math.imul(x, y); continue; // MULS
              case 14: nz = R[d] = x & ~y; continue; // BICS
              default: nz = R[d] = ~y; continue; // MVNS
            }
          }
          const m = (op >> 3) & 15;
          e = d | ((op >> 4) & 8);
          const y = m === 15 ? at + 4 : R[m];
          switch ((op >> 8) & 3) {
            case 0: // ADD
              if (e !== 15) R[e] = e === 13 ? (R[13] + y) & ~3 : R[e] + y;
              else { pc = (at + 4 + y) & ~1; now++; }
              continue;
            case 1: { // CMP
              const x = R[e];
              nz = (x - y) | 0;
              c = x >>> 0 >= y >>> 0 ? 1 : 0;
              v = ((x ^ y) & (x ^ nz)) >>> 31;
              continue;
            }
            case 2: // MOV
              if (e !== 15) { R[e] = e === 13 ? y & ~3 : y; continue; }
              now++;
              target = y | 1;
              kind = -1;
              break;
            default: // BX, BLX
              now++;
              if (op & 0x80) {
                R[14] = pc | 1;
                pc = y & ~1;
                if (bus.onCall) bus.onCall(pc, R[13], R[14], now);
                continue;
              }
              target = y;
              kind = -1;
          }
          break;
        }
        case 9: // LDR (literal)
          e = (op >> 8) & 7;
          a = ((at + 4) & ~3) + ((op & 255) << 2);
          kind = LDR;
          break;
        case 10:
        case 11: // loads and stores at a register plus a register
          e = d;
          a = (R[n] + R[(op >> 6) & 7]) | 0;
          kind = (op >> 9) & 7;
          break;
        case 12: e = d; a = (R[n] + ((op >> 4) & 0x7c)) | 0; kind = STR; break;
        case 13: e = d; a = (R[n] + ((op >> 4) & 0x7c)) | 0; kind = LDR; break;
        case 14: e = d; a = (R[n] + ((op >> 6) & 31)) | 0; kind = STRB; break;
        case 15: e = d; a = (R[n] + ((op >> 6) & 31)) | 0; kind = LDRB; break;
        case 16: e = d; a = (R[n] + ((op >> 5) & 0x3e)) | 0; kind = STRH; break;
        case 17: e = d; a = (R[n] + ((op >> 5) & 0x3e)) | 0; kind = LDRH; break;
        case 18: e = (op >> 8) & 7; a = (R[13] + ((op & 255) << 2)) | 0; kind = STR; break;
        case 19: e = (op >> 8) & 7; a = (R[13] + ((op & 255) << 2)) | 0; kind = LDR; break;
        case 20: R[(op >> 8) & 7] = ((at + 4) & ~3) + ((op & 255) << 2); continue; // ADR
        case 21: R[(op >> 8) & 7] = R[13] + ((op & 255) << 2); continue; // ADD SP
        case 22:
          switch ((op >> 8) & 7) {
            case 0: R[13] += op & 0x80 ? -((op & 127) << 2) : (op & 127) << 2; continue; // ADD, SUB SP
            case 2: // SXTH, SXTB, UXTH, UXTB
              if (op & 0x80) R[d] = op & 0x40 ? R[n] & 0xff : R[n] & 0xffff;
              else R[d] = op & 0x40 ? (R[n] << 24) >> 24 : (R[n] << 16) >> 16;
              continue;
            case 4:
            case 5: // PUSH: the stack is in RAM
              a = (R[13] - RAM) >> 2;
              if (op & 0x100) {
                ram32[--a] = R[14];
                now++;
              }
              for (let i = 7, bits = (op << 24) | 0; bits !== 0; i--, bits <<= 1) {
                if (bits < 0) {
                  ram32[--a] = R[i];
                  now++;
                }
              }
              R[13] = RAM + (a << 2);
              continue;
            case 6: // CPSIE, CPSID
              core.PM = (op & 0x10) !== 0;
              if (!core.PM) { core.interruptsUpdated = true; until = now; }
              continue;
            default:
              throw unknown(op, at);
          }
        case 23:
          switch ((op >> 8) & 7) {
            case 2: R[d] = reversed((op >> 6) & 3, R[n]); continue; // REV, REV16, REVSH
            case 4:
            case 5: // POP
              a = (R[13] - RAM) >> 2;
              for (let i = 0, bits = op & 255; bits !== 0; i++, bits >>= 1) {
                if (bits & 1) {
                  R[i] = ram32[a++];
                  now++;
                }
              }
              if (op & 0x100) {
                target = ram32[a++];
                kind = -1;
                now += 2;
              } else kind = -2;
              R[13] = RAM + (a << 2);
              if (kind === -2) continue;
              break;
            case 6: // BKPT: a function of the boot ROM
              R[15] = pc;
              bus.sync(now);
              mcu.onBreak(op & 255);
              now = until = bus.now();
              pc = R[15];
              if (core.flagsChanged) {
                core.flagsChanged = false;
                nz = core.Z ? 0 : core.N ? -1 : 1;
                c = core.C ? 1 : 0;
                v = core.V ? 1 : 0;
              }
              continue;
            case 7: // hints
              if (op === 0xbf20 && core.eventRegistered) core.eventRegistered = false; // WFE
              else if (op === 0xbf20 || op === 0xbf30) core.waiting = true; // WFI
              else if (op === 0xbf40) core.eventRegistered = true; // SEV
              if (op === 0xbf20 || op === 0xbf30) now++;
              if (core.waiting) until = now;
              continue;
            default:
              throw unknown(op, at);
          }
          break;
        case 24: // STMIA
        case 25: { // LDMIA
          e = (op >> 8) & 7;
          a = R[e];
          for (let i = 0, bits = op & 255; bits !== 0; i++, bits >>= 1) {
            if (bits & 1) {
              if (op & 0x800) R[i] = outside.read(a, now);
              else outside.write(a, R[i], 4, now);
              a += 4;
              now++;
            }
          }
          if (outside.touched) now = until = outside.settle(now);
          if (!(op & 0x800) || !(op & (1 << e))) R[e] = a;
          continue;
        }
        case 26:
        case 27: // B with a condition, SVC
          if ((op & 0xf00) === 0xf00) {
            core.pendingSVCall = true;
            core.interruptsUpdated = true;
            until = now;
          } else if (holds((op >> 8) & 15, nz, c, v)) {
            pc = at + 4 + ((op << 24) >> 23);
            now++;
          }
          continue;
        case 28: pc = at + 4 + ((op << 21) >> 20); now++; continue; // B
        case 30: { // BL, MSR, MRS, barriers
          const low = pc >>> 26 === 4 ? flash16[(pc & mask) >> 1] : ram16[(pc - RAM) >> 1];
          pc += 2;
          now += 2;
          if ((low & 0xd000) === 0xd000) {
            const sign = (op << 21) >> 31; // S, in all bits
            const i1 = ~((low >> 13) ^ sign) & 1;
            const i2 = ~((low >> 11) ^ sign) & 1;
            R[14] = pc | 1;
            pc += (sign << 24) | (i1 << 23) | (i2 << 22) | ((op & 0x3ff) << 12) | ((low & 0x7ff) << 1);
            if (bus.onCall) bus.onCall(pc, R[13], R[14], now);
          } else if (op === 0xf3ef) { // MRS
            core.N = nz < 0;
            core.Z = nz === 0;
            core.C = c !== 0;
            core.V = v !== 0;
            R[(low >> 8) & 15] = core.readSpecialRegister(low & 255);
          } else if ((op & 0xfff0) === 0xf380) { // MSR
            core.writeSpecialRegister(low & 255, core.registers[op & 15]);
            if ((low & 255) < 4) {
              nz = core.Z ? 0 : core.N ? -1 : 1;
              c = core.C ? 1 : 0;
              v = core.V ? 1 : 0;
            }
            until = now;
          } else if (op !== 0xf3bf) throw unknown(op, at);
          continue;
        }
        default:
          throw unknown(op, at);
      }
      if (kind < 0) { // BX, POP PC
        if (target >>> 28 === 15 && core.currentMode === 1) {
          bus.sync(now);
          core.BXWritePC(target >>> 0);
          pc = R[15];
          nz = core.Z ? 0 : core.N ? -1 : 1;
          c = core.C ? 1 : 0;
          v = core.V ? 1 : 0;
          now += RETURN_CYCLES;
          until = now;
        } else pc = target & ~1;
        if (bus.onReturn) bus.onReturn(pc, R[13], now);
        continue;
      }
      now++;
      const o = a - RAM;
      if (o >= 0 && o < ramBytes) {
        switch (kind) {
          case STR: ram32[o >> 2] = R[e]; continue;
          case LDR: R[e] = ram32[o >> 2]; continue;
          case LDRB: R[e] = ram8[o]; continue;
          case STRB: ram8[o] = R[e]; continue;
          case STRH: ram16[o >> 1] = R[e]; continue;
          case LDRSB: R[e] = (ram8[o] << 24) >> 24; continue;
          case LDRH: R[e] = ram16[o >> 1]; continue;
          default: R[e] = (ram16[o >> 1] << 16) >> 16; continue;
        }
      }
      if (a >>> 26 === 4 && kind >= LDRSB) {
        const f = a & mask;
        switch (kind) {
          case LDRSB: R[e] = (flash8[f] << 24) >> 24; continue;
          case LDR: R[e] = flash32[f >> 2]; continue;
          case LDRH: R[e] = flash16[f >> 1]; continue;
          case LDRB: R[e] = flash8[f]; continue;
          default: R[e] = (flash16[f >> 1] << 16) >> 16; continue;
        }
      }
      if (kind < LDRSB) outside.write(a, R[e], 4 >> kind, now);
      else {
        const word = outside.read(a & ~3, now) >> (8 * (a & 3));
        if (kind === LDR) R[e] = word;
        else if (kind === LDRH) R[e] = word & 0xffff;
        else if (kind === LDRB) R[e] = word & 0xff;
        else R[e] = kind === LDRSH ? (word << 16) >> 16 : (word << 24) >> 24;
      }
      now = outside.now;
      if (outside.touched) now = until = outside.settle(now);
    }
    R[15] = pc;
    core.N = nz < 0;
    core.Z = nz === 0;
    core.C = c !== 0;
    core.V = v !== 0;
    return now;
  };
}
