"""The bench: a plant, a twin of the firmware, the cable to the host, and the only clock.

Owns virtual time, in steps of exactly one millisecond, and with it the whole run: the same seed
and the same calls give the same bytes, on every twin. What a millisecond is:

    1. the plant moves on for 1 ms with the outputs as they are,
    2. a STEP shows the firmware what its pins see now and the bytes that came from the host,
    3. the firmware handles its tick and one pass of its main loop,
    4. its DRIVE sets the outputs for the next millisecond and carries bytes to the host.

A firmware that dies stays dead: its last outputs stand until drive-enable expires in the plant,
and `firmware_error` says why. A flash operation is the one thing that takes longer: the plant
moves on for its 45 ms while the firmware waits, so that step ends later.
"""

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Self

from firmware.hal.pin_layout import (
    CALL_BOOT_LOADER,
    DRIVE_SIZE,
    HOLD_ALL,
    HOLD_MAIN,
    HOLD_TICK,
    KIND_STEP,
    SERIAL_IN_MAX,
    STEP_FORMAT,
    STEP_SIZE,
)
from hardware.board import rev_a as board
from hardware.plant.bridge import COAST
from hardware.plant.parameters import Parameters
from hardware.plant.pen import Pen
from hardware.simulator.boot_loader import BootLoader
from hardware.simulator.calls import (
    NO_SCRATCH,
    RESET_POWER_ON,
    RESET_REQUESTED,
    SIZE,
    START,
    Calls,
    PowerLost,
)
from hardware.simulator.cartridges import make_cartridge
from hardware.simulator.flash_file import FlashFile
from hardware.simulator.host_port import HostPort
from hardware.simulator.observer import Observer
from hardware.simulator.outputs import put_out
from hardware.simulator.twin import Twin
from hardware.simulator.twins import make_twin
from protocol import hello

# From reset to the firmware's first message: 14 ms to the interpreter's first statement, measured
# on an emulated board, and about 1 ms for each of the 90 modules it then runs. At construction the
# pen has this behind it.
BOOT_MS = 100

BOOTS_MAX = 3  # in a row without a single message: the firmware is broken

_SIMULATED = bytes.fromhex(hello.SIMULATED)  # how the chip's number begins
_WRAP = (1 << 30) - 1
_pack_step = struct.Struct(STEP_FORMAT).pack_into

Trace = list[tuple[str, bytes]]


class Bench:
    """One simulated pen. Close it, or use it as a context manager."""

    def __init__(
        self,
        twin: Twin | str = "cpython",
        parameters: Parameters | None = None,
        seed: int = 1,
        *,
        flash_file: Path | None = None,
        cartridge_pins: int | None = 12,
        boot_disk: Path | None = None,
        trace: Trace | None = None,
    ) -> None:
        """Build the pen and switch it on.

        `twin` is "cpython", "micropython" or a Twin; `cartridge_pins` None leaves the nose empty;
        `boot_disk` is the folder that plays the boot loader's disk;
        `trace` is filled with every message if given. Raises TwinError, ValueError.
        """
        self.twin = make_twin(twin) if isinstance(twin, str) else twin
        self.plant = pen = Pen(parameters, seed)
        self.person = pen.person
        self.faults = pen.faults
        self.host = HostPort(seed)
        self.truth = pen.truth
        self.observer = Observer(pen)
        self.trace = trace
        self.hold_main = False  # the main loop hangs, the tick goes on
        self.hold_tick = False  # the tick's interrupt is lost, the main loop goes on
        self.hold_all = False  # the interpreter hangs
        self._in_flash = False  # it waits for an operation
        self._file = FlashFile(flash_file, pen.flash, START, SIZE) if flash_file else None
        self.unique_id = _SIMULATED + hashlib.sha256(f"pen {seed}".encode()).digest()[:5]
        self._calls = Calls(pen, self.unique_id, self._let_time_pass, self._file)
        self.boot_loader = BootLoader(pen.flash.content, boot_disk, self.twin.firmware)
        self._step_buffer = bytearray(STEP_SIZE + SERIAL_IN_MAX)
        self._flash_us = 0  # time that flash operations took beyond whole milliseconds
        self._alive = False
        self._powered = True
        self._boot_us = 0  # the firmware counts time, pulses and index marks from its reset
        self._boot_tach = 0
        self._boot_index = 0
        self.boots = 0
        self._idle_boots = 0  # that ended before the firmware's first message
        pen.vbus = True
        if cartridge_pins is None:
            pen.remove()
        else:
            pen.insert(make_cartridge(cartridge_pins))
        self._boot(RESET_POWER_ON)

    # ---- time ----

    @property
    def now_ms(self) -> int:
        """Simulated milliseconds since the beginning."""
        return self.plant.t_us // 1000

    def advance(self, milliseconds: int = 1) -> None:
        """Let so many milliseconds pass (a flash operation in the last one may add its time)."""
        pen = self.plant
        end_us = pen.t_us + milliseconds * 1000
        step = self._step
        while pen.t_us < end_us:
            step()

    def advance_until(self, predicate: Callable[[], object], limit_ms: int) -> int:
        """Let time pass until `predicate()` is true after a step; return how many ms it took.

        Raises TimeoutError after `limit_ms`.
        """
        pen = self.plant
        start_us = pen.t_us
        end_us = start_us + limit_ms * 1000
        step = self._step
        while not predicate():
            if pen.t_us >= end_us:
                why = f" The firmware died: {self.firmware_error}" if self.firmware_error else ""
                raise TimeoutError(f"It did not happen within {limit_ms} ms.{why}")
            step()
        return (pen.t_us - start_us) // 1000

    def advance_to_bytes(self, limit_ms: int) -> int:
        """Let time pass until bytes from the pen can be read, or `limit_ms`; return how many ms."""
        pen = self.plant
        to_host = self.host.to_host
        start_us = pen.t_us
        end_us = start_us + limit_ms * 1000
        step = self._step
        while pen.t_us < end_us and not (to_host.busy and to_host.arrived(pen.t_us // 1000)):
            step()
        return (pen.t_us - start_us) // 1000

    @property
    def ticks(self) -> bool:
        """The firmware ticks in this millisecond: neither held nor in a flash operation."""
        return not (self.hold_tick or self.hold_all or self._in_flash)

    # ---- host ----

    def host_write(self, data: bytes) -> None:
        """Send bytes to the pen; they arrive with the next step."""
        if self.host.plugged:
            self.host.to_pen.put(data, self.now_ms)

    def host_read(self) -> bytes:
        """Return all bytes that have come from the pen."""
        return self.host.to_host.take(1 << 30, self.now_ms)

    def unplug(self) -> None:
        """Pull the cable, VBUS included."""
        self.host.unplug()
        self.plant.vbus = False

    def plug(self) -> None:
        """Put the cable back."""
        self.host.plug()
        self.plant.vbus = True

    # ---- power and firmware ----

    @property
    def firmware_error(self) -> str | None:
        """Why the firmware died; None while it lives, or is off."""
        return self.twin.error

    @property
    def misuses(self) -> list[str]:
        """What the firmware did that the hardware cannot do."""
        return self._calls.misuses

    def restart(self, cause: int = RESET_REQUESTED) -> None:
        """Reset the processor: pins fall to their rest, and after `BOOT_MS` the firmware boots."""
        self._halt()
        self._start_up(cause)

    def power_off(self) -> None:
        """Take the supply away."""
        self.faults.supply_cut = True
        self._follow_supply()

    def power_on(self) -> None:
        """Give the supply back; the firmware boots after `BOOT_MS`."""
        self.faults.supply_cut = False
        self._follow_supply()

    def power_cut(self, off_ms: int = 500) -> None:
        """Take the supply away for a time: motor and stage run out, then the pen boots."""
        self.power_off()
        self.advance(off_ms)
        self.power_on()

    def close(self) -> None:
        """End the firmware and let go of the flash file."""
        self._alive = False
        self.boot_loader.close()
        self.twin.stop()
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- inside ----

    def _start_up(self, cause: int) -> None:
        """Let the processor start: only the plant moves on."""
        self.host.to_pen.drop_all()  # a port that is not there yet takes nothing
        for _ in range(BOOT_MS):
            self.plant.step_ms()
            self.observer.look()
        self._boot(cause)

    def _boot(self, cause: int) -> None:
        pen = self.plant
        if not self.boot_loader.starts():
            return
        self.boots += 1
        self._boot_us = pen.t_us
        self._boot_tach = pen.tach_count
        self._boot_index = pen.index_count
        self._flash_us = 0
        self._calls.reset_cause = cause
        if cause == RESET_POWER_ON:
            self._calls.scratch = NO_SCRATCH
        self._calls.left_for = 0
        self._calls.reset_requested = 0
        self._alive = True
        try:
            self._take(self.twin.start(self._answer))
        except PowerLost:
            self.power_off()

    def _halt(self) -> None:
        """Stop the firmware; the pins fall to what their pull resistors say."""
        self.twin.stop()
        self.twin.error = None
        self._alive = False
        pen = self.plant
        pen.duty = 0
        pen.bridge = COAST
        pen.boost = False
        pen.light = (0, 0, 0)
        pen.buzzer_hz = 0
        pen.coils(board.COIL_OFF, 1)
        pen.cut()

    def _step(self) -> None:
        """One millisecond."""
        pen = self.plant
        pen.step_ms()
        self.observer.look()
        if pen.faults.supply_cut == self._powered:
            self._follow_supply()
        if self.boot_loader.looks(pen.t_us // 1000):
            self.twin.flash(self.boot_loader.area)
            self._start_up(RESET_POWER_ON)
        if not self._alive or (self.hold_all and not self.twin.has_hardware):
            return
        boot_us = self._boot_us
        buffer = self._step_buffer
        arrived = b""
        to_pen = self.host.to_pen
        if to_pen.busy:
            arrived = to_pen.take(SERIAL_IN_MAX, pen.t_us // 1000)
            buffer[STEP_SIZE : STEP_SIZE + len(arrived)] = arrived
        pins = (
            pen.seat
            | pen.home << 1
            | pen.button << 2
            | pen.bridge_stall << 3
            | pen.enable_level << 4
            | pen.index_level << 5
            | pen.vbus << 6
        )
        if self.hold_main:
            pins |= HOLD_MAIN
        if self.hold_tick:
            pins |= HOLD_TICK
        if self.hold_all:
            pins |= HOLD_ALL
        _pack_step(
            buffer,
            0,
            KIND_STEP,
            pen.t_us - boot_us & _WRAP,
            pen.tach_count - self._boot_tach & 0xFFFF,
            pen.tach_edge_us - boot_us & _WRAP,
            pen.index_count - self._boot_index & 0xFFFF,
            pen.index_edge_us - boot_us & _WRAP,
            pen.adc_current,
            pen.adc_hall,
            pen.adc_ntc,
            pen.adc_battery,
            pins,
            len(arrived),
        )
        count = STEP_SIZE + len(arrived)
        if self.trace is not None:
            self.trace.append(("step", bytes(buffer[:count])))
        try:
            self._take(self.twin.step(buffer, count))
        except PowerLost:
            self.power_off()

    def _take(self, drive: bytes | bytearray) -> None:
        """Set the outputs and pass on the bytes of a DRIVE; an empty one is a death."""
        if not drive:
            self._ended()
            return
        self._idle_boots = 0
        tail = put_out(self.plant, drive)
        if self.trace is not None:
            self.trace.append(("drive", bytes(drive[: DRIVE_SIZE + tail])))
        if tail and self.host.plugged:
            self.host.to_host.put(bytes(drive[DRIVE_SIZE : DRIVE_SIZE + tail]), self.now_ms)

    def _answer(self, call: bytes | bytearray, count: int) -> bytes:
        """Answer a CALL, whose outputs hold from now on."""
        put_out(self.plant, call)
        request = bytes(call[DRIVE_SIZE:count])
        answer = self._calls.answer(request)
        if self.trace is not None:
            self.trace.append(("call", request))
            self.trace.append(("answer", answer))
        return answer

    def _let_time_pass(self, microseconds: int) -> None:
        """The firmware waits: only the plant moves on."""
        self._flash_us += microseconds
        self._in_flash = True
        while self._flash_us >= 1000:
            self._flash_us -= 1000
            self.plant.step_ms()
            self.observer.look()
        self._in_flash = False

    def _ended(self) -> None:
        """The twin has stopped: by its own request, or it has died."""
        self._alive = False
        if self._calls.left_for:
            self._halt()
            if self._calls.left_for == CALL_BOOT_LOADER:
                self.boot_loader.enter()
            return
        if self._calls.reset_requested:
            self._idle_boots += 1
            if self._idle_boots > BOOTS_MAX:
                self.twin.error = "The firmware asks for a reset whenever it boots."
                return
            self.restart(self._calls.reset_requested)

    def _follow_supply(self) -> None:
        """Bring the firmware in step with the plant's `supply_cut`, which anyone may set."""
        if self.faults.supply_cut == self._powered:
            self._powered = not self._powered
            self._halt()
            self.boot_loader.power_off()
            if self._powered:
                self._start_up(RESET_POWER_ON)
