"""Pens whose pins lie: each of them has one bug, and with it breaks one promise of the campaign.

See `lying_twin.py`. Times are those of the firmware's own clock. Owns what each liar remembers.
"""

import struct

from firmware.hal import pin_layout
from hardware.board.rev_a import COIL_PATTERNS
from hardware.simulator.calls import SIZE
from hardware.simulator.twin import Answer
from tests.campaign.lying_twin import LyingTwin

_OUTPUTS = slice(1, 10)  # duty, bridge, enable, coils, how many, lines: see DRIVE_FORMAT
_ENABLE_AT = 4  # of a DRIVE
_COILS_AT = 5
_TAIL_AT = 14
_TIMES_AT = (1, 7, 13)  # of a STEP: now, tachometer, index
_HALL_AT = 19
_NTC_AT = 21
_PINS_AT = 25
_OK = struct.pack(pin_layout.ANSWER_FORMAT, pin_layout.KIND_ANSWER, 0, 0)


class ButtonSeen(LyingTwin):
    """The firmware sees its button pressed, whatever the thumb does."""

    def see(self, step: bytearray) -> None:
        step[_PINS_AT] |= pin_layout.PIN_BUTTON


class ButtonUnseen(LyingTwin):
    """The firmware sees its button open."""

    def see(self, step: bytearray) -> None:
        step[_PINS_AT] &= ~pin_layout.PIN_BUTTON & 0xFF


class SeatSeen(LyingTwin):
    """The firmware sees a cartridge, whatever is fitted."""

    def see(self, step: bytearray) -> None:
        step[_PINS_AT] |= pin_layout.PIN_SEAT


class Sleeps(LyingTwin):
    """Its processor and its clock stand still, at rest, and nobody has noticed when they go on."""

    def __init__(self, from_ms: int, until_ms: int) -> None:
        super().__init__(from_ms, until_ms)
        self._last = b""

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        now_us = struct.unpack_from("<I", step, 1)[0]
        if self._from_ms * 1000 <= now_us < self._until_ms * 1000:
            asleep = bytearray(self._last[: pin_layout.DRIVE_SIZE])
            asleep[_ENABLE_AT] = pin_layout.ENABLE_CUT
            struct.pack_into("<H", asleep, _TAIL_AT, 0)
            return asleep
        if now_us >= self._until_ms * 1000:
            for at in _TIMES_AT:
                time_us = struct.unpack_from("<I", step, at)[0]
                slept_us = (self._until_ms - self._from_ms) * 1000
                struct.pack_into("<I", step, at, max(0, time_us - slept_us))
        drive = self._inner.step(step, count)
        self._last = bytes(drive)
        return drive


class NtcSeen(LyingTwin):
    """The firmware sees this code of its thermistor, whatever the plant's says."""

    def __init__(self, from_ms: int, until_ms: int, code: int) -> None:
        super().__init__(from_ms, until_ms)
        self._code = code

    def see(self, step: bytearray) -> None:
        struct.pack_into("<H", step, _NTC_AT, self._code)


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


class Resumes(LyingTwin):
    """Does later what it did once: the outputs of `recorded_ms` come again from `from_ms` on."""

    def __init__(self, from_ms: int, until_ms: int, recorded_ms: int) -> None:
        super().__init__(from_ms, until_ms)
        self._recorded_ms = recorded_ms
        self._lasts_ms = until_ms - from_ms
        self._outputs: list[bytes] = []

    def do(self, drive: bytearray) -> None:
        since_ms = self.t_ms - self._recorded_ms
        if 0 <= since_ms < self._lasts_ms:
            self._outputs.append(bytes(drive[_OUTPUTS]))
        if self.lies:
            number = min(self.t_ms - self._from_ms, len(self._outputs) - 1)
            drive[_OUTPUTS] = self._outputs[number]


class KeepsLineUp(LyingTwin):
    """Grants drive-enable at rest."""

    def do(self, drive: bytearray) -> None:
        if self.lies:
            drive[_ENABLE_AT] = pin_layout.ENABLE_GRANT


class PushesOut(LyingTwin):
    """Its stage goes out step by step, by so many times eight half steps; it sees nothing of it."""

    def __init__(self, from_ms: int, until_ms: int, wells: int) -> None:
        super().__init__(from_ms, until_ms)
        self._steps = len(COIL_PATTERNS) * wells
        self._phase = 0  # of the latest pattern
        self._hall = 0
        self._pins = 0

    def see(self, step: bytearray) -> None:
        if self._hall == 0:
            (self._hall,) = struct.unpack_from("<H", step, _HALL_AT)
            self._pins = step[_PINS_AT]
        noise = self.t_ms * 7 % 5 - 2
        struct.pack_into("<H", step, _HALL_AT, self._hall + noise)
        step[_PINS_AT] &= ~pin_layout.PIN_HOME & 0xFF
        step[_PINS_AT] |= self._pins & pin_layout.PIN_HOME

    def do(self, drive: bytearray) -> None:
        coils, count = struct.unpack_from("<HB", drive, _COILS_AT)
        if not self.lies or self._steps == 0:
            last = coils >> 4 * (count - 1) & 0xF if count else 0
            if last in COIL_PATTERNS:
                self._phase = COIL_PATTERNS.index(last)
            return
        self._steps -= 1
        self._phase = (self._phase + 1) % len(COIL_PATTERNS)
        struct.pack_into("<HB", drive, _COILS_AT, COIL_PATTERNS[self._phase], 1)


class Forgets(LyingTwin):
    """Nothing that it writes to its flash is kept."""

    def calls(self, answer: Answer, call: bytes | bytearray, count: int) -> bytes:
        request = call[pin_layout.DRIVE_SIZE]
        writes = request in (pin_layout.CALL_FLASH_PROGRAM, pin_layout.CALL_FLASH_ERASE)
        return _OK if writes else answer(call, count)


class WritesBeyond(LyingTwin):
    """Writes where there is no memory, before each thing that it writes."""

    def calls(self, answer: Answer, call: bytes | bytearray, count: int) -> bytes:
        if call[pin_layout.DRIVE_SIZE] == pin_layout.CALL_FLASH_PROGRAM:
            beyond = struct.pack(pin_layout.FLASH_FORMAT, pin_layout.CALL_FLASH_PROGRAM, SIZE)
            wrong = bytes(call[: pin_layout.DRIVE_SIZE]) + beyond + b"\0"
            answer(wrong, len(wrong))
        return answer(call, count)


class Dies(LyingTwin):
    """Its program ends in an exception."""

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        drive = super().step(step, count)
        if not self.lies:
            return drive
        self._inner.stop()
        self.error = "Traceback\nMemoryError: the heap is full"
        return b""
