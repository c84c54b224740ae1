"""The world of an update, its frames shown as `--trace` and `--verbose` ask. Owns the trace file.

An update opens its port again and again; all of it goes into one file.
"""

from host_controller.cli.context import PenContext
from host_controller.flashing.world import World
from host_controller.transport import Transport, open_transport
from host_controller.transport.trace import FrameLines, Sink, TracedTransport, TraceFile


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
        """Close the trace file."""
        if self._file:
            self._file.close()
