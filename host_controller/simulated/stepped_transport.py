"""A transport to a simulator whose time moves only when somebody waits for bytes.

Bytes and time share the control port, so a run is the same every time, whatever the machine does
meanwhile. `pace` ties simulated time to the wall when a person is to follow. Owns the clock.
"""

import time

from host_controller.simulated.control_link import ControlLink
from host_controller.transport.base import Transport


class SteppedTransport(Transport):
    """Bytes through the control port; every `read` lets time pass."""

    def __init__(self, control: ControlLink, *, real_time: bool) -> None:
        self.url = "stepped://simulator"
        self._control = control
        self._real_time = real_time
        self._to_pen = b""
        self._from_pen = b""
        self._now_ms = int(control.ask(status=True)["now_ms"])
        self._start_ms = self._now_ms
        self._wall_start = time.monotonic()

    def clock_ms(self) -> int:
        """Simulated time."""
        return self._now_ms

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Let up to `timeout_s` of simulated time pass, until the pen has sent something."""
        if not self._from_pen:
            answer = self._control.ask(
                data=self._to_pen.hex(),
                advance_ms=max(1, round(timeout_s * 1000)),
                until_bytes=True,
            )
            self._to_pen = b""
            self._now_ms = int(answer["now_ms"])
            self._from_pen = bytes.fromhex(answer["data"])
            if self._real_time:
                self._follow_the_wall()
        data, self._from_pen = self._from_pen[:limit], self._from_pen[limit:]
        return data

    def _follow_the_wall(self) -> None:
        ahead_s = (self._now_ms - self._start_ms) / 1000 - (time.monotonic() - self._wall_start)
        if ahead_s > 0:
            time.sleep(ahead_s)

    def write(self, data: bytes) -> None:
        """Keep `data` for the pen's next millisecond."""
        self._to_pen += data

    def close(self) -> None:
        """Close the control port."""
        self._control.close()
