/**
 * What the package does not do as the chip does, put right from outside. A test for each.
 *
 * Owns nothing: each function changes one RP2040 object and hands back what the chip needs of it.
 * The two remedies that are more than a few lines have files of their own: `pio.js` and `rom.js`.
 */

import { GPIOPinState, USBCDC } from 'rp2040js';

const FIFO_STATUS = 0x50;
const FIFO_WRITE = 0x54;
const FIFO_READ = 0x58;
const ROOM = 2;
const FILLED = 1;
const IN_CONTROL = 0x90; // buffer control of endpoint 2 IN, the console's
const AVAILABLE = 0x400;
const POWER_ON = 0x40010; // power-on state machine
const CORE_1 = 1 << 16;
const SSI = 0x18000;
const DATA = 0x60;
const QSPI_PINS = 0x40018;
const SELECT = 0x0c;
const UNIQUE_ID = 0x4b;
const ID_AT = 5; // bytes of command and dummies before it

/**
 * No core 1: its FIFO would read all ones. What is sent comes straight back, as the boot ROM's
 * handshake on the other core does, and a 0 comes when that core is let out of its reset (which the
 * interpreter's soft reset waits for); nothing more is there, so the second core must not be used.
 */
export function answerCore1(/** @type {any} */ mcu) {
  const read = mcu.sio.readUint32.bind(mcu.sio);
  const write = mcu.sio.writeUint32.bind(mcu.sio);
  /** @type {number[]} */
  const words = state(mcu, []);
  mcu.sio.readUint32 = (/** @type {number} */ offset) => {
    if (offset === FIFO_STATUS) return ROOM | (words.length ? FILLED : 0);
    if (offset === FIFO_READ) return words.shift() ?? 0;
    return read(offset);
  };
  mcu.sio.writeUint32 = (/** @type {number} */ offset, /** @type {number} */ value) => {
    if (offset === FIFO_WRITE) words.push(value);
    else if (offset !== FIFO_STATUS) write(offset, value);
  };
  const psm = mcu.peripherals[POWER_ON];
  const force = psm.writeUint32.bind(psm);
  psm.writeUint32 = (/** @type {number} */ offset, /** @type {number} */ value) => {
    const off = psm.frceOff;
    force(offset, value);
    if (off & ~psm.frceOff & CORE_1) words.splice(0, words.length, 0);
  };
}

/** A driven output is not seen on the pin's input: loop it back. An idle pin follows its pull. */
export function loopOutputsBack(/** @type {any} */ mcu) {
  for (const pin of mcu.gpio) {
    pin.addListener((/** @type {number} */ level) => {
      if (level === GPIOPinState.High) pin.setInputValue(true);
      else if (level === GPIOPinState.Low) pin.setInputValue(false);
      else if (level === GPIOPinState.InputPullUp) pin.setInputValue(true);
      else if (level === GPIOPinState.InputPullDown) pin.setInputValue(false);
    });
  }
}

/** The watchdog's trigger repeats for ever: stop its alarm and say once why. */
export function triggerOnce(/** @type {any} */ mcu, /** @type {(reason: number) => void} */ reset) {
  const watchdog = mcu.peripherals[0x40058];
  watchdog.onWatchdogTrigger = () => {
    watchdog.alarm.enable = false;
    reset(watchdog.reason);
  };
}

/** The SSI answers nothing but the status: give the flash chip its unique id. */
export function identifyFlash(/** @type {any} */ mcu, /** @type {Uint8Array} */ id) {
  const ssi = mcu.peripherals[SSI];
  const read = ssi.readUint32.bind(ssi);
  const write = ssi.writeUint32.bind(ssi);
  const now = state(mcu, { sent: 0, command: 0, answer: 0 });
  ssi.readUint32 = (/** @type {number} */ offset) =>
    offset === DATA && now.command === UNIQUE_ID ? now.answer : read(offset);
  ssi.writeUint32 = (/** @type {number} */ offset, /** @type {number} */ value) => {
    if (offset === DATA) {
      if (now.sent === 0) now.command = value & 255;
      now.answer = now.sent >= ID_AT ? (id[now.sent - ID_AT] ?? 0) : 0;
      now.sent++;
    }
    write(offset, value);
  };
  // The chip select: each time it is forced, a command begins.
  /** @type {Map<number, number>} */
  const pins = state(mcu, new Map());
  const qspi = mcu.peripherals[QSPI_PINS];
  qspi.readUint32 = (/** @type {number} */ offset) => pins.get(offset) ?? 0;
  qspi.writeUint32 = (/** @type {number} */ offset, /** @type {number} */ value) => {
    pins.set(offset, value);
    if (offset === SELECT) {
      now.sent = 0;
      now.command = 0;
    }
  };
}

/**
 * The package's host fills every armed OUT endpoint at once, with an empty packet if it has nothing,
 * which is an endless storm of interrupts. A real host's NAK leaves it armed. And a host that has
 * gone takes no packet: IN stays armed until it is back.
 * @param {any} mcu
 * @param {(data: Uint8Array) => void} onData bytes from the chip
 */
export function makeHost(mcu, onData) {
  const usb = mcu.usbCtrl;
  const cdc = /** @type {any} */ (new USBCDC(usb));
  const fill = usb.onEndpointRead;
  const update = usb.DPRAMUpdated.bind(usb);
  /** @type {{armed: number[] | null, held: number[] | null, here: boolean, cdc: any}} */
  const now = state(mcu, { armed: null, held: null, here: true, cdc });
  usb.onEndpointRead = (/** @type {number} */ endpoint, /** @type {number} */ size) => {
    if (endpoint === cdc.outEndpoint && cdc.txFIFO.empty) now.armed = [endpoint, size];
    else fill(endpoint, size);
  };
  cdc.onSerialData = onData;
  usb.DPRAMUpdated = (/** @type {number} */ offset, /** @type {number} */ value) => {
    if (!now.here && offset === IN_CONTROL && value & AVAILABLE) now.held = [offset, value];
    else update(offset, value);
  };
  return {
    /** Send bytes to the chip; the number taken, the rest has to come again. */
    send(/** @type {Uint8Array} */ bytes) {
      let n = 0;
      while (n < bytes.length && !cdc.txFIFO.full) cdc.sendSerialByte(bytes[n++]);
      if (now.armed && n) {
        const [endpoint, size] = now.armed;
        now.armed = null;
        fill(endpoint, size);
      }
      return n;
    },
    /** The cable: a host that is not there fetches nothing. */
    plug(/** @type {boolean} */ present) {
      now.here = present;
      if (present && now.held) {
        const [offset, value] = now.held;
        now.held = null;
        update(offset, value);
      }
    },
  };
}

/**
 * Hang a remedy's state on the chip, where a snapshot finds it.
 * @template {object} T @param {any} mcu @param {T} mine @returns {T}
 */
function state(mcu, mine) {
  mcu.remedies ??= [];
  mcu.remedies.push(mine);
  return mine;
}
