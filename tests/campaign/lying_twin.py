"""A twin that lies on the pin link: what a pen with a bug in it would do, without touching the pen.

The firmware runs as it is; between its pins and the bench sits somebody who changes what it sees,
what it does or what becomes of its calls, from a time on. The lies themselves stand in
`lying_pens.py` and `lying_words.py`. Owns the inner twin and the lie's clock.
"""

import struct
from collections.abc import Callable

from hardware.simulator.twin import Answer, Twin
from hardware.simulator.twin_cpython import CpythonTwin


class LyingTwin(Twin):
    """Lies from `from_ms` to `until_ms` of the firmware's own time, which begins at its boot."""

    name = "lying"
    interpreter = "cpython"

    def __init__(self, from_ms: int, until_ms: int) -> None:
        self._inner = CpythonTwin()
        self._from_ms = from_ms
        self._until_ms = until_ms
        self.lies = False
        self.t_ms = 0

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
        self.t_ms = struct.unpack_from("<I", step, 1)[0] // 1000
        self.lies = self._from_ms <= self.t_ms < self._until_ms
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


Liar = Callable[[], Twin]
