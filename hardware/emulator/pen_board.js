/**
 * The pen's board around the chip: which pin is what, for one millisecond after the other.
 *
 * Purpose: put a STEP on the chip's pins, run it for a millisecond, and read a DRIVE from its pins.
 * Owns the chip and what has happened on its pins since the last message. Pins as in
 * `hardware/board/rev_a.py`; a Python test compares.
 */

import { Chip, CYCLES_PER_MS, CYCLES_PER_US, FLASH_BYTES, Surroundings } from './chip.js';
import { I2cBus } from './i2c_bus.js';
import { BRIDGE, CALL, ENABLE, HOLD, LINE, PIN, SERIAL_OUT_MAX } from './link.js';
import * as pwm from './pwm.js';
import { Ticks } from './ticks.js';

export const GPIO = {
  in1: 2, in2: 3, enable: 4, enableSense: 5, stall: 6, sleep: 7, boost: 8, kick: 9, tach: 10, index: 11,
  coils: 12, sda: 16, scl: 17, button: 18, seat: 19, home: 20, buzzer: 21, red: 22, green: 23, vbus: 24,
  blue: 25,
};
export const RECORDS_AT = 0x180000;
export const RECORDS_BYTES = 0x80000;
export const IMAGE_BYTES = 0xc0000;
const READ_BYTES = 0x8000; // of the flash in one call
const FILLED = [[CALL.imageRead, 0, IMAGE_BYTES], [CALL.flashRead, RECORDS_AT, RECORDS_BYTES]];
const TOP = 5000; // counts of the bridge's PWM
const PULSE = 100 * CYCLES_PER_US; // a mark of the tachometer
const TICK_IRQ = 7; // PIO0_IRQ_0
const PIO1 = 7; // function of a pin
const COIL_BLOCK = 1;
const BOOT_LIMIT_MS = 3000;
const SAID_MOST = 64; // packets to the host that are remembered
const TO_PROMPT = 0x1e5e41ce; // in the scratch register, as hal/rp2040/leaving.py leaves it
const ERASE_US = 45_000; // of a sector
const PROGRAM_US = 400; // of a page
const PROMPT_MS = 200; // from reset to MicroPython's prompt, with a disk made on the way
const WATCHDOG = 0x40058; // place of the peripheral whose registers outlast a reset
// Where in each millisecond of the bench the tick begins: late enough to have seen most of its edges,
// early enough that the main loop's answer to it leaves in the same one.
export const TICK_AT = 350 * CYCLES_PER_US;

export class PenBoard extends Surroundings {
  /** @param {import('./link.js').Link} link */
  constructor(link) {
    super();
    this.link = link;
    /** @type {number[]} */
    this.coils = [];
    this.kicked = false;
    /** @type {Buffer[]} */
    this.toHost = [];
    this.fromHost = Buffer.alloc(0);
    this.saidAt = 0; // cycle at which the last bytes left for the host
    /** @type {{at: number, data: Buffer}[]} */
    this.said = []; // the latest of them
    this.hearsAt = 0; // cycles from the start of a millisecond to the host's bytes
    this.end = 0; // of the current millisecond
    this.flashUs = 0; // that the flash took beyond whole milliseconds
    this.tachCount = 0;
    this.indexCount = 0;
    this.tachLast = 0; // cycle of the last pulse, and from the one before
    this.tachPeriod = 0;
    this.indexLast = 0;
    this.tickHeld = false;
    this.ended = false;
    const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    this.chip = new Chip(flash, this); // so that outputs() can be told with a call
    const id = this.ask([CALL.uniqueId]);
    const cause = this.ask([CALL.resetCause]);
    for (const [call, start, bytes] of FILLED) {
      for (let at = 0; at < bytes; at += READ_BYTES) {
        const data = this.ask(request(call, at, READ_BYTES));
        if (data === null) throw new Error(`the bench's flash cannot be read at ${start + at}`);
        flash.set(data, start + at);
      }
    }
    this.chip = new Chip(flash, this, { reason: cause?.[0], id: id ?? undefined });
    this.scratch = Buffer.from(cause ?? []).subarray(1, 5);
    if (this.scratch.length) watchdog(this.chip).scratchData[0] = this.scratch.readUInt32LE();
    this.ticks = new Ticks(this.chip);
    this.wire();
  }

  /** Connect everything that listens to the chip. */
  wire() {
    const { chip } = this;
    const { mcu } = chip;
    mcu.gpio[GPIO.kick].addListener(() => {
      this.kicked = true;
    });
    const raise = mcu.core.setInterrupt.bind(mcu.core);
    mcu.core.setInterrupt = (/** @type {number} */ irq, /** @type {boolean} */ value) =>
      raise(irq, value && !(this.tickHeld && irq === TICK_IRQ));
    new I2cBus(chip, mcu.i2c[0], {
      write: (address, data) => this.ask([CALL.i2cWrite, address, ...data]),
      read: (address, register, count) => this.ask([CALL.i2cRead, address, register, count]),
    });
    for (const pin of [GPIO.stall, GPIO.sda, GPIO.scl, GPIO.button, GPIO.seat, GPIO.home]) {
      chip.setPin(pin, true);
    }
  }

  /** Run from reset until the firmware has started its tick. */
  boot() {
    const { chip } = this;
    const ticker = chip.mcu.pio[0].machines[0];
    if (this.scratch.length && this.scratch.readUInt32LE() === TO_PROMPT) { // no tick will come
      this.end = chip.cycles + PROMPT_MS * CYCLES_PER_MS;
      chip.run(this.end);
      return;
    }
    for (let ms = 0; !ticker.enabled; ms++) {
      if (chip.stopped) return;
      if (ms === BOOT_LIMIT_MS) {
        const said = Buffer.concat(this.toHost).toString('latin1');
        throw new Error(`the firmware did not start its tick within ${BOOT_LIMIT_MS} ms. ${said}`);
      }
      chip.run(chip.cycles + CYCLES_PER_MS);
    }
    // A tick begins whenever the machine has a millisecond behind it; the bench's clock starts here.
    const due = chip.pios.machines[0].due;
    const phase = (((due - TICK_AT) % CYCLES_PER_MS) + CYCLES_PER_MS) % CYCLES_PER_MS;
    const now = chip.cycles % CYCLES_PER_MS;
    this.end = chip.cycles + ((phase - now + CYCLES_PER_MS) % CYCLES_PER_MS);
    chip.run(this.end);
  }

  /** One millisecond. @param {import('./link.js').Step} step */
  step(step) {
    const { chip } = this;
    const begin = this.end;
    this.show(step, begin);
    this.end = begin + CYCLES_PER_MS;
    this.listen(step);
    while (chip.cycles < this.end && !chip.stopped) chip.run(this.end);
  }

  /** Put the inputs on the pins. @param {import('./link.js').Step} step @param {number} begin */
  show(step, begin) {
    const { chip } = this;
    const { pins } = step;
    chip.mcu.adc.channelValues = [...step.adc, 0];
    chip.setPin(GPIO.seat, !(pins & PIN.seat));
    chip.setPin(GPIO.home, !(pins & PIN.home));
    chip.setPin(GPIO.button, !(pins & PIN.button));
    chip.setPin(GPIO.stall, !(pins & PIN.stall));
    chip.setPin(GPIO.enableSense, !!(pins & PIN.enable));
    chip.setPin(GPIO.vbus, !!(pins & PIN.vbus));
    chip.host.plug(!!(pins & PIN.vbus));
    chip.held = !!(pins & HOLD.all);
    chip.heldThread = !!(pins & HOLD.main);
    if (this.tickHeld !== !!(pins & HOLD.tick)) {
      this.tickHeld = !this.tickHeld;
      chip.mcu.pio[0].checkInterrupts();
    }
    const edges = (step.tachCount - this.tachCount) & 0xffff;
    this.tachCount = step.tachCount;
    if (edges) {
      const at = begin + offset(step.tUs, step.tachEdgeUs);
      this.pulses(GPIO.tach, edges, at);
      this.tachPeriod = (at - this.tachLast) / edges;
      this.tachLast = at;
    }
    const marks = (step.indexCount - this.indexCount) & 0xffff;
    this.indexCount = step.indexCount;
    const inView = !!(pins & PIN.index);
    if (marks) {
      const at = begin + offset(step.tUs, step.indexEdgeUs);
      this.indexLast = at;
      this.chip.at(begin, () => chip.setPin(GPIO.index, false));
      this.chip.at(at, () => chip.setPin(GPIO.index, true));
      if (!inView) this.chip.at(at + PULSE, () => chip.setPin(GPIO.index, false));
    } else chip.setPin(GPIO.index, inView);
  }

  /** Rising edges, the last one at a cycle. */
  pulses(/** @type {number} */ pin, /** @type {number} */ count, /** @type {number} */ last) {
    const { chip } = this;
    for (let i = Math.min(count, 4) - 1; i >= 0; i--) {
      const at = Math.max(chip.cycles, last - 2 * i * PULSE);
      chip.at(at, () => chip.setPin(pin, true));
      chip.at(at + PULSE, () => chip.setPin(pin, false));
    }
  }

  /** Bytes from the host. @param {import('./link.js').Step} step */
  listen(step) {
    if (step.serial.length) this.fromHost = Buffer.concat([this.fromHost, step.serial]);
    if (!this.fromHost.length) return;
    const hear = () => {
      this.fromHost = this.fromHost.subarray(this.chip.host.send(this.fromHost));
    };
    if (this.hearsAt) this.chip.at(this.chip.cycles + this.hearsAt, hear);
    else hear();
  }

  /** What the pins do; what happens once is then done. @returns {import('./link.js').Outputs} */
  outputs() {
    const { chip } = this;
    const forward = pwm.level(chip, GPIO.in1, TOP);
    const backward = pwm.level(chip, GPIO.in2, TOP);
    const awake = chip.driven(GPIO.sleep);
    const duty = awake ? forward - backward : 0;
    let bridge = BRIDGE.coast;
    if (awake && duty) bridge = BRIDGE.drive;
    else if (awake && forward === TOP) bridge = BRIDGE.brake;
    let coils = 0;
    this.coils.forEach((pattern, i) => {
      coils |= pattern << (4 * i);
    });
    const lines = (chip.driven(GPIO.boost) ? LINE.boost : 0) | (this.kicked ? LINE.watchdog : 0);
    const out = {
      duty,
      bridge,
      enable: chip.driven(GPIO.enable) ? ENABLE.grant : ENABLE.cut,
      coils,
      coilCount: this.coils.length,
      lines,
      light: [GPIO.red, GPIO.green, GPIO.blue].map((pin) => pwm.level(chip, pin, 255)),
      buzzerHz: pwm.frequency(chip, GPIO.buzzer),
    };
    this.coils = [];
    this.kicked = false;
    return out;
  }

  /** Bytes for the host, as many as a message takes. */
  serial() {
    const all = Buffer.concat(this.toHost);
    this.toHost = all.length > SERIAL_OUT_MAX ? [all.subarray(SERIAL_OUT_MAX)] : [];
    return all.subarray(0, SERIAL_OUT_MAX);
  }

  /** @param {number[] | Uint8Array} words */
  ask(words) {
    return this.link.call(this.outputs(), Uint8Array.from(words));
  }

  /** @param {Uint8Array} data */
  onConsole(data) {
    const copy = Buffer.from(data);
    this.toHost.push(copy);
    this.saidAt = this.chip.cycles;
    this.said.push({ at: this.saidAt, data: copy });
    if (this.said.length > SAID_MOST) this.said.shift();
  }

  /** @param {number} block */
  onPioPins(block) {
    const { mcu } = this.chip;
    if (block !== COIL_BLOCK || mcu.gpio[GPIO.coils].functionSelect !== PIO1) return;
    const pattern = (mcu.pio[COIL_BLOCK].pinValues >> GPIO.coils) & 15;
    if (this.coils.length === 4) this.coils.shift();
    this.coils.push(pattern);
  }

  /** @param {number} address @param {number} bytes */
  onErase(address, bytes) {
    for (let at = address; at < address + bytes; at += 4096) {
      this.ask(request(CALL.flashErase, at - RECORDS_AT));
    }
    this.spend((bytes / 4096) * ERASE_US);
  }

  /** @param {number} address @param {Uint8Array} data */
  onProgram(address, data) {
    for (let at = 0; at < data.length; at += 256) {
      const page = data.subarray(at, at + 256);
      this.ask([...request(CALL.flashProgram, address + at - RECORDS_AT), ...page]);
    }
    this.spend((data.length / 256) * PROGRAM_US);
  }

  /**
   * The flash takes its time. The bench lets whole milliseconds pass, so the tick keeps its place in
   * each: at its border an output would come late by one, or twice. @param {number} us
   */
  spend(us) {
    this.flashUs += us;
    const whole = Math.floor(this.flashUs / 1000);
    this.flashUs -= whole * 1000;
    this.end += whole * CYCLES_PER_MS;
  }

  /** @param {number} reason */
  onReset(reason) {
    this.ended = true;
    const scratch = Buffer.alloc(4);
    scratch.writeUInt32LE(watchdog(this.chip).scratchData[0]);
    this.ask([CALL.reset, reason === 1 ? 1 : 2, ...scratch]);
  }

  onBootLoader() {
    this.ended = true;
    this.ask([CALL.bootLoader]);
  }
}

/** @param {Chip} chip @returns {{scratchData: Uint32Array}} */
function watchdog(chip) {
  return /** @type {any} */ (chip.mcu.peripherals[WATCHDOG]);
}

/** Cycles from the start of a step to an edge in it. @param {number} tUs @param {number} edgeUs */
function offset(tUs, edgeUs) {
  const age = (tUs - edgeUs) & 0x3fffffff;
  return (1000 - Math.min(age, 1000)) * CYCLES_PER_US;
}

/** A call with a 32-bit address and perhaps a count. */
function request(
  /** @type {number} */ call,
  /** @type {number} */ address,
  /** @type {number | undefined} */ count = undefined,
) {
  const bytes = Buffer.alloc(count === undefined ? 5 : 7);
  bytes[0] = call;
  bytes.writeUInt32LE(address >>> 0, 1);
  if (count !== undefined) bytes.writeUInt16LE(count, 5);
  return bytes;
}
