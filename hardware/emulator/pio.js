/**
 * The PIO blocks in simulated time.
 *
 * Purpose: step the package's state machines by the chip's clock, honouring clock dividers and
 * delays, and at next to no cost while one counts: a loop that does nothing but count X down is
 * skipped as a whole and unrolled again when something may look at it. Owns when each machine is due.
 *
 * The package steps its machines from a timer of the host, ignores dividers and steps machines that
 * are switched off.
 */

/** Reasons of a jump that depend on more than X running out. */
const JUMPS_THAT_SKIP = [true, false, true, false, false, false, true, true];
const JMP = 0;
const LOOP_MAX = 8; // instructions

/** One state machine on the chip's clock. */
class Machine {
  /** @param {any} machine the package's StateMachine */
  constructor(machine) {
    this.m = machine;
    this.due = 0; // cycle at which its next instruction begins
    this.running = false;
    this.changes = 0; // of pins and interrupts, by this machine's block
    /** @type {{from: number, x: number, period: number} | null} */
    this.skip = null;
    /** @type {{pc: number, key: string, x: number, at: number, changes: number} | null} */
    this.mark = null;
  }

  /** @returns {number} chip cycles of one of its own */
  get period() {
    return (this.m.clockDivInt || 65536) + this.m.clockDivFrac / 256;
  }

  /** Everything but X that the next pass of a loop could depend on. */
  key() {
    const m = this.m;
    return [
      m.y, m.inputShiftReg, m.inputShiftCount, m.outputShiftReg, m.outputShiftCount,
      m.rxFIFO.used, m.txFIFO.used, m.pio.irq,
    ].join();
  }

  /** Take the machine out of a skipped loop, at the last whole pass before `now`. */
  unroll(/** @type {number} */ now) {
    if (!this.skip) return;
    const { from, x, period } = this.skip;
    const passes = Math.max(0, Math.floor((now - from) / period));
    const left = Math.min(passes, x - 1);
    this.m.x = x - left;
    this.due = from + left * period;
    this.skip = null;
  }
}

/** All eight machines. */
export class Pios {
  /**
   * @param {any} mcu the package's RP2040
   * @param {() => number} now the chip's cycles
   * @param {(block: number, now: number) => void} onPins called when a block's pins have changed
   */
  constructor(mcu, now, onPins) {
    this.mcu = mcu;
    this.onPins = onPins;
    /** @type {Machine[]} */
    this.machines = [];
    this.next = Infinity; // the earliest cycle at which a machine has something to do
    for (const pio of mcu.pio) {
      pio.run = () => {};
      const mine = pio.machines.map((/** @type {any} */ m) => new Machine(m));
      this.machines.push(...mine);
      count(pio, 'pinValuesChanged', mine);
      count(pio, 'pinDirectionsChanged', mine);
      count(pio, 'irqUpdated', mine);
      const read = pio.readUint32.bind(pio);
      const write = pio.writeUint32.bind(pio);
      pio.readUint32 = (/** @type {number} */ offset) => {
        this.settle(now());
        return read(offset);
      };
      pio.writeUint32 = (/** @type {number} */ offset, /** @type {number} */ value) => {
        this.settle(now());
        write(offset, value);
        this.tell(pio, now());
        this.settle(now());
      };
    }
  }

  /** Bring every machine to `now`, out of any loop that is being skipped. */
  settle(/** @type {number} */ now) {
    for (const machine of this.machines) {
      machine.unroll(now);
      machine.mark = null;
    }
    this.next = 0;
    this.advance(now);
  }

  /** Run what is due until `now`. */
  advance(/** @type {number} */ now) {
    if (this.next > now) return;
    let next = Infinity;
    for (const machine of this.machines) {
      const m = machine.m;
      if (!m.enabled) {
        machine.running = false;
        machine.skip = null;
        continue;
      }
      if (!machine.running) {
        machine.running = true;
        machine.mark = null;
        machine.due = now;
      }
      while (machine.due <= now && this.step(machine, now));
      if (!m.waiting && machine.due < next) next = machine.due;
    }
    this.next = next;
  }

  /** One instruction of a machine that is due; false when it waits for something outside. */
  step(/** @type {Machine} */ machine, /** @type {number} */ now) {
    const m = machine.m;
    const at = machine.due;
    const before = m.cycles;
    if (m.waiting) {
      m.checkWait();
      const { period } = machine;
      const passed = m.waiting ? Math.floor((now - at) / period) : m.cycles - before;
      machine.due = at + (1 + passed) * period;
      return !m.waiting;
    }
    if (machine.skip) machine.unroll(at);
    const from = m.pc;
    const instruction = m.pio.instructions[from];
    m.step();
    machine.due = at + Math.max(1, m.cycles - before) * machine.period;
    this.tell(m.pio, at);
    if (m.waiting) return false;
    if (instruction >>> 13 === JMP) {
      if (!JUMPS_THAT_SKIP[(instruction >> 5) & 7]) machine.mark = null;
      else if (m.pc <= from && from - m.pc < LOOP_MAX) this.skipLoop(machine);
    }
    return true;
  }

  /** A machine is at the head of a loop: if the last pass only counted X down, skip the rest. */
  skipLoop(/** @type {Machine} */ machine) {
    const m = machine.m;
    const { mark } = machine;
    const key = machine.key();
    const now = { pc: m.pc, key, x: m.x >>> 0, at: machine.due, changes: machine.changes };
    machine.mark = now;
    if (
      mark === null || mark.pc !== now.pc || mark.key !== key || mark.changes !== now.changes ||
      mark.x !== now.x + 1 || now.x < 2
    ) {
      return;
    }
    const period = now.at - mark.at;
    machine.skip = { from: now.at, x: now.x, period };
    machine.due = now.at + (now.x - 1) * period;
  }

  /** Pass on what a block did to its pins. */
  tell(/** @type {any} */ pio, /** @type {number} */ now) {
    if (pio.oldPinValues !== pio.pinValues || pio.oldPinDirections !== pio.pinDirections) {
      pio.checkChangedPins();
      this.onPins(pio.index, now);
    }
  }
}

/** Count calls of a block's method that may change something others see. */
function count(/** @type {any} */ pio, /** @type {string} */ name, /** @type {Machine[]} */ mine) {
  const inner = pio[name].bind(pio);
  pio[name] = (/** @type {any[]} */ ...words) => {
    inner(...words);
    for (const machine of mine) machine.changes++;
  };
}
