"""The world of an update, its frames shown as `--trace` and `--verbose` ask.

An update opens its port again and again; all of it goes into one file. Where it is a simulated pen
that is flashed, time is the pen's. Owns the trace file and the clock.
"""

from typing import TYPE_CHECKING

from host_controller.cli.context import PenContext
from host_controller.flashing.world import World
from host_controller.simulated.pen_clock import PenClock, clock_of
from host_controller.transport import Transport, open_transport
from host_controller.transport.trace import FrameLines, Sink, TracedTransport, TraceFile

if TYPE_CHECKING:
    from host_controller.client import ClockMs


class _Kept(Sink):
    """A sink that outlasts the transport that shows its frames to it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def show(self, direction: str, frame: bytes) -> None:
        """Pass one frame on."""
        self._sink.show(direction, frame)


class WatchedWorld(World):
    """The real world, looked at."""

    def __init__(self, shared: PenContext) -> None:
        self._shared = shared
        self._file: TraceFile | None = None
        self._clock: ClockMs | None = None

    def now_ms(self) -> int:
        """The same clock from the first look on."""
        if self._clock is None:
            self._clock = clock_of()
        return self._clock()

    def transport(self, url: str) -> Transport:
        """Open a port; its frames go where the options say."""
        transport = open_transport(url)
        if self._shared.trace:
            self._file = self._file or TraceFile(self._shared.trace, url)
            transport = TracedTransport(transport, _Kept(self._file))
        if self._shared.out.verbose:
            transport = TracedTransport(transport, FrameLines(self._shared.out.message))
        return transport

    def close(self) -> None:
        """Close the trace file and let go of the clock."""
        if self._file:
            self._file.close()
        if isinstance(self._clock, PenClock):
            self._clock.close()
