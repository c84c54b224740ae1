"""The board behind the pin link: every port of `hal/ports.py`, answered by a simulated bench.

Purpose: let the same firmware run in a CPython process next to the bench, or in a MicroPython
process connected by a pipe. Owns: the message buffers and the bytes to and from the host.

A tick costs no message and allocates nothing; messages pass between ticks. Two ways to run:

* `ticker.wait()` exchanges messages itself through `exchange.step` (a subprocess).
* The bench calls `accept(step)`, then one pass of the main loop, then `outgoing()` (in-process).
"""

import struct

from firmware.hal import ports
from firmware.hal.pin_calls import Caller, Exchange, PinFlash, PinI2c
from firmware.hal.pin_image import PinImage, leave_for_boot_loader, leave_for_service
from firmware.hal.pin_layout import (
    CALL_RESET,
    CALL_RESET_CAUSE,
    CALL_UNIQUE_ID,
    DRIVE_SIZE,
    HOLD_MAIN,
    HOLD_TICK,
    KIND_DRIVE,
    KIND_STEP,
    PIN_BRIDGE_STALL,
    PIN_BUTTON,
    PIN_HOME,
    PIN_SEAT,
    PIN_VBUS,
    SEEN_PINS,
    SEEN_SERIAL_LEN,
    SERIAL_IN_MAX,
    SERIAL_OUT_MAX,
    STEP_FORMAT,
    STEP_SIZE,
)
from firmware.hal.pin_ports import (
    PinAdc,
    PinBoost,
    PinBridge,
    PinBuzzer,
    PinClock,
    PinCoils,
    PinEnable,
    PinIn,
    PinLight,
    PinPulses,
    PinWatchdog,
    Wires,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_RX_SIZE = 4096  # bytes from the host that wait for the main loop; what does not fit is lost


class PinSerial(ports.ByteLink):
    """The serial port: outgoing bytes are collected in the tail of the next DRIVE."""

    def __init__(self, drive: bytearray) -> None:
        self._drive = drive
        self._room = memoryview(drive)
        self.out_len = 0
        # What waits for the main loop is [begin, end). It moves as views: a copy in between would
        # need a hole of its size in a heap that is in pieces by then.
        self._rx = memoryview(bytearray(_RX_SIZE))
        self._begin = 0
        self._end = 0

    def read_into(self, buffer: bytearray) -> int:
        """Move what has arrived into `buffer`."""
        begin = self._begin
        have = self._end - begin
        if have == 0:
            return 0
        count = min(have, len(buffer))
        buffer[:count] = self._rx[begin : begin + count]
        if count == have:
            self._begin = self._end = 0
        else:
            self._begin = begin + count
        return count

    def write(self, data: bytearray, count: int) -> int:
        """Queue `count` bytes for the next DRIVE, all or nothing."""
        end = self.out_len + count
        if end > SERIAL_OUT_MAX:
            return 0
        self._room[DRIVE_SIZE + self.out_len : DRIVE_SIZE + end] = memoryview(data)[:count]
        self.out_len = end
        return count

    def arrive(self, step: "bytes | bytearray", count: int) -> None:
        """Take the `count` bytes behind the STEP record; what finds no room is lost."""
        rx = self._rx
        have = self._end - self._begin
        if count > _RX_SIZE - self._end and self._begin:
            rx[:have] = rx[self._begin : self._end]
            self._begin = 0
            self._end = have
        count = min(count, _RX_SIZE - self._end)
        end = self._end + count
        rx[self._end : end] = memoryview(step)[STEP_SIZE : STEP_SIZE + count]
        self._end = end


class PinTicker(ports.Ticker):
    """One tick per STEP."""

    def __init__(self, board: "PinLinkBoard") -> None:
        self._board = board
        self.handler: "object" = None

    def start(self, handler: "object") -> None:
        """Call `handler()` once in every step from the next on."""
        self.handler = handler

    def wait(self) -> bool:
        """Send the outputs, wait for the next step, handle its tick; False when none comes."""
        return self._board.exchange_step()


class PinLinkBoard(ports.Board):
    """A board of which the bench plays the hardware."""

    def __init__(self, exchange: Exchange) -> None:
        wires = Wires()
        self._wires = wires
        self._exchange = exchange
        self._caller = Caller(wires, exchange)
        self._step = bytearray(STEP_SIZE + SERIAL_IN_MAX)
        self._drive = bytearray(DRIVE_SIZE + SERIAL_OUT_MAX)
        self._serial = PinSerial(self._drive)
        self._ticker = PinTicker(self)
        self.clock = PinClock(wires)
        self.ticker = self._ticker
        self.bridge = PinBridge(wires)
        self.enable = PinEnable(wires)
        self.pulses = PinPulses(wires)
        self.adc = PinAdc(wires)
        self.coils = PinCoils(wires)
        self.seat = PinIn(wires, PIN_SEAT)
        self.home = PinIn(wires, PIN_HOME)
        self.button = PinIn(wires, PIN_BUTTON)
        self.bridge_stall = PinIn(wires, PIN_BRIDGE_STALL)
        self.vbus = PinIn(wires, PIN_VBUS)
        self.boost = PinBoost(wires)
        self.light = PinLight(wires)
        self.buzzer = PinBuzzer(wires)
        self.i2c = PinI2c(self._caller)
        self.flash = PinFlash(self._caller)
        self.image = PinImage(self._caller)
        self.watchdog = PinWatchdog(wires)
        self.link = self._serial

    def look(self, words: "Words") -> None:
        """Hand over what the latest STEP has brought."""
        self._wires.look(words)

    def act(self, words: "Words") -> None:
        """Take over what the next DRIVE shall say."""
        self._wires.act(words)

    def accept(self, step: "bytes | bytearray") -> bool:
        """Take a STEP (record and host bytes), run the tick once; True = now the main loop."""
        seen = struct.unpack_from(STEP_FORMAT, step, 0)
        if seen[0] != KIND_STEP:
            raise SystemExit("pin link: not a step")
        self._wires.seen = seen
        if seen[SEEN_SERIAL_LEN]:
            self._serial.arrive(step, seen[SEEN_SERIAL_LEN])
        handler = self._ticker.handler
        if handler is not None and not seen[SEEN_PINS] & HOLD_TICK:
            handler()  # type: ignore[operator]
        return not seen[SEEN_PINS] & HOLD_MAIN

    def outgoing(self) -> int:
        """Pack the DRIVE into `drive_buffer()`; its length. The serial queue is then empty."""
        serial = self._serial
        count = serial.out_len
        serial.out_len = 0
        self._wires.pack(self._drive, KIND_DRIVE, count)
        return DRIVE_SIZE + count

    def drive_buffer(self) -> bytearray:
        """Return the buffer that `outgoing` fills; valid until the next main loop pass."""
        return self._drive

    def exchange_step(self) -> bool:
        """Send the DRIVE, take the next STEP; False when there is none."""
        while self._exchange.step(self._drive, self.outgoing(), self._step):
            if self.accept(self._step):
                return True
        return False

    def unique_id(self) -> bytes:
        """Eight bytes from the bench."""
        return self._caller.ask(bytes((CALL_UNIQUE_ID,)))

    def reset_cause(self) -> int:
        """0 power-on, 1 watchdog, 2 requested."""
        return self._caller.ask(bytes((CALL_RESET_CAUSE,)))[0]

    def outputs_wrong(self) -> int:
        """0: the link has no registers that could change."""
        return 0

    def reset(self) -> None:
        """Ask the bench for a reset and end this run."""
        self._caller.ask(bytes((CALL_RESET,)))
        raise SystemExit("reset")

    def enter_boot_loader(self) -> None:
        """Leave for the boot loader that the bench plays."""
        leave_for_boot_loader(self._caller)

    def enter_service(self) -> None:
        """Leave for the prompt, which on a bench is silent."""
        leave_for_service(self._caller)
