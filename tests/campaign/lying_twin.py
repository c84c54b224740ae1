"""A twin that lies on the pin link: what a pen with a bug in it would do, without touching the pen.

The firmware runs as it is; between its pins and the bench sits somebody who changes what it sees,
what it does or what becomes of its calls, from a time on. Owns the inner twin and the lie's clock.
"""

import struct
from collections.abc import Callable

from firmware.hal import pin_layout
from hardware.simulator.twin import Answer, Twin
from hardware.simulator.twin_cpython import CpythonTwin

_OUTPUTS = slice(1, 10)  # duty, bridge, enable, coils, how many, lines: see DRIVE_FORMAT
_PINS_AT = 25  # of a STEP
_OK = struct.pack(pin_layout.ANSWER_FORMAT, pin_layout.KIND_ANSWER, 0, 0)


class LyingTwin(Twin):
    """Lies from `from_ms` to `until_ms` of the firmware's own time, which begins at its boot."""

    name = "lying"
    interpreter = "cpython"

    def __init__(self, from_ms: int, until_ms: int) -> None:
        self._inner = CpythonTwin()
        self._from_ms = from_ms
        self._until_ms = until_ms
        self.lies = False

    @property
    def error(self) -> str | None:  # type: ignore[override]
        """Why the firmware is dead."""
        return self._inner.error

    @error.setter
    def error(self, said: str | None) -> None:
        self._inner.error = said

    def start(self, answer: Answer) -> bytes | bytearray:
        """Boot the firmware; its calls pass by us."""
        self.lies = False
        return self._inner.start(lambda call, count: self._call(answer, call, count))

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        """One tick, with the lie before and after it."""
        t_ms = struct.unpack_from("<I", step, 1)[0] // 1000
        self.lies = self._from_ms <= t_ms < self._until_ms
        if self.lies:
            self.see(step)
        drive = self._inner.step(step, count)
        if drive:
            drive = bytearray(drive)
            self.do(drive)
        return drive

    def stop(self) -> None:
        """Power off."""
        self._inner.stop()

    def _call(self, answer: Answer, call: bytes | bytearray, count: int) -> bytes:
        return self.calls(answer, call, count) if self.lies else answer(call, count)

    # ---- the lies: each pen has one ----

    def see(self, step: bytearray) -> None:
        """Change what the pins show."""

    def do(self, drive: bytearray) -> None:
        """Change what the firmware does; called in every tick, to remember, or to lie."""

    def calls(self, answer: Answer, call: bytes | bytearray, count: int) -> bytes:
        """Answer a call."""
        return answer(call, count)


class ButtonSeen(LyingTwin):
    """The firmware sees its button pressed, whatever the thumb does."""

    def see(self, step: bytearray) -> None:
        step[_PINS_AT] |= pin_layout.PIN_BUTTON


class RunsOn(LyingTwin):
    """The motor's outputs stay as they were, and drive-enable is granted, whatever it decides."""

    def __init__(self, from_ms: int, until_ms: int) -> None:
        super().__init__(from_ms, until_ms)
        self._kept = b""

    def do(self, drive: bytearray) -> None:
        if self.lies and self._kept:
            drive[_OUTPUTS] = self._kept
        else:
            self._kept = bytes(drive[_OUTPUTS])


class Forgets(LyingTwin):
    """Nothing that it writes to its flash is kept."""

    def calls(self, answer: Answer, call: bytes | bytearray, count: int) -> bytes:
        request = call[pin_layout.DRIVE_SIZE]
        writes = request in (pin_layout.CALL_FLASH_PROGRAM, pin_layout.CALL_FLASH_ERASE)
        return _OK if writes else answer(call, count)


Liar = Callable[[], Twin]
