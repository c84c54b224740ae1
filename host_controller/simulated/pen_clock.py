"""The clock of a simulated pen, which on a busy computer is slower than the wall's.

Time-outs that count its milliseconds do not take a slow computer for a silent pen: for an update
and for single questions. A look costs a question, too much for a conversation that holds a lease.
Owns the connection to the simulator's control port.
"""

import contextlib

from host_controller import errors
from host_controller.client import ClockMs, monotonic_ms
from host_controller.simulated import announcements
from host_controller.simulated.control_link import ControlLink


class PenClock:
    """Milliseconds of the simulated pen at a control port; once it has ended, the wall's."""

    def __init__(self, control: str) -> None:
        """Connect to HOST:PORT; raises SimulatorFailed."""
        self._link: ControlLink | None = ControlLink(control)
        self._last_ms = 0
        self._ended_ms = 0  # by the wall, when the pen's clock ended

    def __call__(self) -> int:
        """Now; never less than before."""
        if self._link is not None:
            try:
                self._last_ms = max(self._last_ms, int(self._link.ask(status=True)["now_ms"]))
                return self._last_ms
            except errors.SimulatorFailed:
                self.close()
                self._ended_ms = monotonic_ms()
        return self._last_ms + monotonic_ms() - self._ended_ms

    def close(self) -> None:
        """Let go of the control port."""
        if self._link is not None:
            self._link.close()
            self._link = None


def clock_of(url: str = "") -> ClockMs:
    """The clock that time-outs of the pen at `url` count: its own if it is an announced one.

    Without a URL it is that of the only pen that is announced.
    """
    pens = [pen for pen in announcements.running() if url in ("", pen.url)]
    if len(pens) == 1 and pens[0].control:
        with contextlib.suppress(errors.SimulatorFailed):  # it may just be ending
            return PenClock(pens[0].control)
    return monotonic_ms
