"""Serves one simulated pen: doors for the host's bytes, the control port, and the pace.

Owns the loop. In real time it sleeps until the next millisecond is due or somebody writes, so a
request reaches the pen with the very next step; in stepped time it sleeps until somebody asks.
"""

import select
import sys
from collections.abc import Callable, Sequence

from hardware.simulator.bench import Bench
from hardware.simulator.control_port import ControlPort
from hardware.simulator.door import Door
from hardware.simulator.pace import RealTimePace

BURST_MS = 20  # steps between two looks at the doors while catching up
IDLE_S = 0.2  # between two looks whether to end, in stepped time
END_CHECK_MS = 200  # the same, in real time


class Server:
    """One pen being served."""

    def __init__(
        self,
        bench: Bench,
        doors: Sequence[Door],
        control: ControlPort | None,
        realtime: bool,
        should_end: Callable[[], bool],
    ) -> None:
        self._bench = bench
        self._doors = doors
        self._control = control
        self._should_end = should_end
        self._pace = RealTimePace() if realtime else None
        self._told = ""

    def run(self) -> None:
        """Serve until `should_end` says so."""
        next_check_ms = 0
        while True:
            if self._pace is None or self._bench.now_ms >= next_check_ms:
                next_check_ms = self._bench.now_ms + END_CHECK_MS
                if self._should_end():
                    return
                self._report_death()
            self._wait()
            before_ms = self._bench.now_ms
            self._exchange()
            if self._pace is not None:
                self._keep_pace(self._pace, before_ms)

    def _wait(self) -> None:
        watched = [number for door in self._doors for number in door.watch()]
        if self._control is not None:
            watched += self._control.watch()
        timeout_s = IDLE_S if self._pace is None else self._pace.wait_s()
        select.select(watched, [], [], timeout_s)

    def _exchange(self) -> None:
        """Bring in what the host and the control port have sent."""
        bench = self._bench
        gone = not bench.host.plugged or bench.boot_loader.waiting
        # The occupied door first: a client that has just left it makes room at the others.
        for door in sorted(self._doors, key=lambda door: not door.occupied):
            if gone:
                door.disconnect()
            refuse = gone or any(other.occupied for other in self._doors if other is not door)
            data = door.poll(refuse)
            if data:
                bench.host_write(data)
        if self._control is not None:
            self._control.poll()

    def _keep_pace(self, pace: RealTimePace, before_ms: int) -> None:
        bench = self._bench
        pace.advanced(bench.now_ms - before_ms)  # what the control port asked for
        for _ in range(min(pace.due_ms(), BURST_MS)):
            before_ms = bench.now_ms
            bench.advance(1)
            pace.advanced(bench.now_ms - before_ms)
            data = bench.host_read()
            if data:
                for door in self._doors:
                    door.send(data)  # at most one of them is occupied

    def _report_death(self) -> None:
        error = self._bench.firmware_error or ""
        if error and error != self._told:
            print(f"The firmware has died: {error}", file=sys.stderr, flush=True)
        self._told = error
