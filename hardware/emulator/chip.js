/**
 * One RP2040 with 2 MB of flash and an image in it, run by the cycle.
 *
 * Purpose: put the package's chip, the quick instruction loop, the PIO in simulated time, the boot
 * ROM and the remedies together. Owns time: `cycles` of 8 ns since reset.
 */

import { ConsoleLogger, LogLevel, RP2040 } from 'rp2040js';
import { makeRun } from './core.js';
import { Pios } from './pio.js';
import { answerCore1, identifyFlash, loopOutputsBack, makeHost, triggerOnce } from './remedies.js';
import { makeRom, serveRom } from './rom.js';

export const HZ = 125_000_000;
export const CYCLES_PER_MS = HZ / 1000;
export const CYCLES_PER_US = HZ / 1_000_000;
const NS = 8; // a cycle
export const FLASH_BYTES = 0x200000;
const VECTORS = 0x10000100; // behind the second-stage boot loader, whose work is done already
const EXCEPTION_ENTRY_CYCLES = 15;
const ERASE_MS = 45; // a sector of 4096 bytes
const PROGRAM_MS = 0.4; // a page of 256 bytes
const REASON = 0x40058;

/** What the chip asks of its surroundings. */
export class Surroundings {
  /** @param {Uint8Array} _data from the console */
  onConsole(_data) {}
  /** A flash operation begins. @param {number} _address @param {number} _bytes */
  onErase(_address, _bytes) {}
  /** @param {number} _address @param {Uint8Array} _data */
  onProgram(_address, _data) {}
  /** A reset: 1 the watchdog ran out, 2 it was asked for. @param {number} _reason */
  onReset(_reason) {}
  onBootLoader() {}
  /** A PIO block's pins have changed. @param {number} _block @param {number} _cycles */
  onPioPins(_block, _cycles) {}
}

/**
 * @typedef {object} Bus what the instruction loop needs of the chip
 * @property {any} core the package's CortexM0Core
 * @property {any} mcu the package's RP2040
 * @property {Uint8Array} flash
 * @property {Uint8Array} sram
 * @property {(cycles: number) => void} sync told the time before anything outside is touched
 * @property {() => number} now the time after it
 * @property {((pc: number, sp: number, lr: number, cycles: number) => void) | null} onCall
 * @property {((pc: number, sp: number, cycles: number) => void) | null} onReturn
 */

export class Chip {
  /**
   * @param {Uint8Array} flash 2 MB, or an image that lies at its start
   * @param {Surroundings} around
   * @param {{reason?: number, id?: Uint8Array}} [options] why it was reset; the flash chip's id
   */
  constructor(flash, around, options = {}) {
    this.around = around;
    this.cycles = 0;
    this.stopped = false; // for good: reset, or in the boot loader
    this.held = false; // the processor stands still, the rest goes on
    this.heldThread = false; // only interrupts are served
    /** @type {{at: number, what: () => void}[]} */
    this.events = [];
    const mcu = /** @type {any} */ (new RP2040());
    this.mcu = mcu;
    mcu.logger = new ConsoleLogger(LogLevel.Error, false);
    mcu.flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    mcu.flash16 = new Uint16Array(mcu.flash.buffer);
    mcu.flashView = new DataView(mcu.flash.buffer);
    mcu.loadBootrom(makeRom());
    mcu.flash.set(flash);
    this.core = mcu.core;
    this.pios = new Pios(mcu, () => this.cycles, (block, now) => around.onPioPins(block, now));
    answerCore1(mcu);
    loopOutputsBack(mcu);
    identifyFlash(mcu, options.id ?? new Uint8Array(8));
    this.host = makeHost(mcu, (data) => around.onConsole(data));
    triggerOnce(mcu, (reason) => this.stop(() => around.onReset(reason)));
    mcu.peripherals[REASON].reason = options.reason ?? 0;
    serveRom(mcu, this.flashPort(), (cycles) => this.charge(cycles));
    this.quietPwm();
    this.countEntries();
    /** @type {Bus} */
    this.bus = {
      core: mcu.core,
      mcu,
      flash: mcu.flash,
      sram: mcu.sram,
      sync: (/** @type {number} */ cycles) => {
        this.cycles = cycles;
        mcu.clock.nanosCounter = cycles * NS;
      },
      now: () => this.cycles,
      onCall: null,
      onReturn: null,
    };
    this.loop = makeRun(this.bus);
    this.core.VTOR = VECTORS;
    this.core.reset();
  }

  get nanos() {
    return this.cycles * NS;
  }

  /** Call `what` at a cycle. */
  at(/** @type {number} */ cycles, /** @type {() => void} */ what) {
    const { events } = this;
    let i = events.length;
    while (i > 0 && events[i - 1].at > cycles) i--;
    events.splice(i, 0, { at: cycles, what });
  }

  /** Run until a cycle; an instruction may end a little later. */
  run(/** @type {number} */ end) {
    const { core, mcu, pios, events } = this;
    const { clock } = mcu;
    while (this.cycles < end && !this.stopped) {
      while (events.length && events[0].at <= this.cycles) events.shift()?.what();
      if (core.interruptsUpdated && !this.held && core.checkForInterrupts()) core.waiting = false;
      let limit = Math.min(end, pios.next);
      if (events.length) limit = Math.min(limit, events[0].at);
      const alarm = clock.nextAlarm;
      if (alarm) limit = Math.min(limit, Math.ceil(alarm.nanos / NS));
      if (core.waiting || this.held || (this.heldThread && core.currentMode === 0)) {
        this.cycles = Math.max(this.cycles + 1, Math.ceil(limit));
      } else if (limit > this.cycles) this.cycles = this.loop(this.cycles, limit);
      this.pass();
    }
  }

  /** Let alarms and machines catch up with the processor. */
  pass() {
    const { clock } = this.mcu;
    clock.tick(Math.max(0, this.nanos - clock.nanosCounter));
    this.pios.advance(this.cycles);
  }

  /** The processor does something that takes time, with interrupts served afterwards. */
  charge(/** @type {number} */ cycles) {
    const end = this.cycles + cycles;
    while (this.cycles < end) {
      const alarm = this.mcu.clock.nextAlarm;
      let next = Math.min(end, this.pios.next);
      if (this.events.length) next = Math.min(next, this.events[0].at);
      if (alarm) next = Math.min(next, Math.ceil(alarm.nanos / NS));
      this.cycles = Math.max(this.cycles + 1, Math.ceil(next));
      this.pass();
      while (this.events.length && this.events[0].at <= this.cycles) this.events.shift()?.what();
    }
  }

  stop(/** @type {() => void} */ tell) {
    this.stopped = true;
    tell();
  }

  /** Level of a pin from outside. */
  setPin(/** @type {number} */ pin, /** @type {boolean} */ level) {
    const gpio = this.mcu.gpio[pin];
    if (gpio.rawInputValue === level) return;
    this.pios.settle(this.cycles);
    gpio.setInputValue(level);
    this.pios.settle(this.cycles);
  }

  /** Whether a pin is driven high. */
  driven(/** @type {number} */ pin) {
    const gpio = this.mcu.gpio[pin];
    return gpio.outputEnable && gpio.outputValue;
  }

  /** Erasing and programming change the flash and take their time. */
  flashPort() {
    return {
      erase: (/** @type {number} */ address, /** @type {number} */ bytes) => {
        this.around.onErase(address, bytes);
        this.mcu.flash.fill(0xff, address, address + bytes);
        this.charge((bytes / 4096) * ERASE_MS * CYCLES_PER_MS);
      },
      program: (/** @type {number} */ address, /** @type {Uint8Array} */ data) => {
        if (address & 255 || data.length & 255) throw new Error('flash: not a whole page');
        this.around.onProgram(address, data);
        for (let i = 0; i < data.length; i++) this.mcu.flash[address + i] &= data[i];
        this.charge(Math.round((data.length / 256) * PROGRAM_MS * CYCLES_PER_MS));
      },
      bootLoader: () => this.stop(() => this.around.onBootLoader()),
    };
  }

  /** The PWM slices' edges are not simulated one by one; `pwm.js` reads the levels they hold. */
  quietPwm() {
    for (const slice of this.mcu.pwm.channels) {
      slice.alarmA.enable = false;
      slice.alarmB.enable = false;
      slice.alarmBottom.enable = false;
    }
  }

  /** The package charges nothing for entering an exception. */
  countEntries() {
    const { core } = this;
    const enter = core.exceptionEntry.bind(core);
    core.exceptionEntry = (/** @type {number} */ number) => {
      enter(number);
      this.cycles += EXCEPTION_ENTRY_CYCLES;
      this.onException?.(number);
    };
  }

  /** @type {((number: number) => void) | null} */
  onException = null;
}
