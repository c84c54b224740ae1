/**
 * The interpreter's heap, from outside: how much of it is free, and a collection at any instant.
 *
 * Purpose: measure without asking the firmware. The heap lies between two symbols of the linker; its
 * table has two bits for each block of 16 bytes, 0 for a free one. A collection is a call that the
 * program did not make: registers go onto its stack, so that the collector sees them, and come back.
 * Owns the registers meanwhile.
 */

const BLOCK = 16;
const BLOCKS_PER_BYTE = 4;
const FINALISERS_PER_BYTE = 8; // blocks that one byte of the table of finalisers stands for
const RETURN = 0xfe; // BKPT at the end of the call
const STUB_AT = 0x20040110; // in the stack of the second core, which is never started

export class Heap {
  /** @param {import('./chip.js').Chip} chip @param {import('./profile.js').Symbols} symbols */
  constructor(chip, symbols) {
    this.chip = chip;
    this.symbols = symbols;
    this.start = symbols.place('__GcHeapStart');
    this.bytes = symbols.place('__GcHeapEnd') - this.start;
    const share = 1 + BLOCKS_PER_BYTE / FINALISERS_PER_BYTE + BLOCKS_PER_BYTE * BLOCK;
    this.table = Math.floor((this.bytes - 1) / share);
    /** @type {number[] | null} */
    this.kept = null;
    this.begun = 0;
    this.took = 0; // cycles of the last collection, interrupts included
    const { mcu } = chip;
    const serve = mcu.onBreak;
    mcu.onBreak = (/** @type {number} */ code) => {
      if (code === RETURN && this.kept) this.back();
      else serve(code);
    };
  }

  /** Blocks as the table has them; what is garbage counts as used until it is collected. */
  free() {
    const { sram } = this.chip.mcu;
    const at = this.start - 0x20000000;
    let free = 0;
    for (let i = 0; i < this.table; i++) {
      const four = sram[at + i];
      for (let shift = 0; shift < 8; shift += 2) if (((four >> shift) & 3) === 0) free++;
    }
    const blocks = this.table * BLOCKS_PER_BYTE;
    return { free_bytes: free * BLOCK, heap_bytes: blocks * BLOCK, free_pct: (100 * free) / blocks };
  }

  /** Call the collector while the main loop sleeps, where it holds nothing; false if it does not. */
  collect() {
    const { chip } = this;
    const { core, mcu } = chip;
    if (this.kept || core.currentMode !== 0 || !core.waiting) return false;
    const registers = [...core.registers];
    this.kept = [...registers, core.N, core.Z, core.C, core.V, core.waiting];
    registers.forEach((value, i) => mcu.writeUint32(core.SP - 4 * (i + 1), value));
    core.SP -= 4 * (registers.length + 2);
    core.SP &= ~7;
    mcu.writeUint16(STUB_AT, 0xbe00 | RETURN);
    core.LR = STUB_AT | 1;
    core.PC = this.symbols.address('gc_collect');
    core.waiting = false;
    this.begun = chip.cycles;
    return true;
  }

  /** The collector has returned: go on as if nothing had been. */
  back() {
    const { core } = this.chip;
    const kept = /** @type {any[]} */ (this.kept);
    core.registers.set(kept.slice(0, 16));
    [core.N, core.Z, core.C, core.V, core.waiting] = kept.slice(16);
    core.flagsChanged = true;
    this.kept = null;
    this.took = this.chip.cycles - this.begun;
  }
}
