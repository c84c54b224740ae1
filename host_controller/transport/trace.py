"""Records every frame that crosses a transport; `replay.py` plays such a file back.

One JSON object per line: time in microseconds since the start, direction (">" to the pen, "<" from
it) and the frame as it was on the wire, delimiter included. Bytes that end in no delimiter are
written when the transport is closed. Owns the trace file.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from host_controller import errors
from host_controller.transport.base import Transport

SCHEMA = "pen.trace/1"
TO_PEN = ">"
FROM_PEN = "<"
_END = b"\0"

Sink = Callable[[str, bytes], None]  # direction, frame


class FrameSplitter:
    """Cuts a byte stream at its delimiters; hands whole frames on."""

    def __init__(self, direction: str, sink: Sink) -> None:
        self._direction = direction
        self._sink = sink
        self._open = b""

    def take(self, data: bytes) -> None:
        """Add bytes; empty frames (a delimiter after a delimiter) are kept with the next."""
        self._open += data
        while True:
            end = self._open.find(_END, len(self._open) - len(self._open.lstrip(_END)))
            if end < 0:
                return
            self._sink(self._direction, self._open[: end + 1])
            self._open = self._open[end + 1 :]

    def close(self) -> None:
        """Hand on what is left."""
        if self._open:
            self._sink(self._direction, self._open)
            self._open = b""


class TracedTransport(Transport):
    """A transport whose frames are shown to a sink on the way."""

    def __init__(self, inner: Transport, sink: Sink) -> None:
        self.url = inner.url
        self._inner = inner
        self._to_pen = FrameSplitter(TO_PEN, sink)
        self._from_pen = FrameSplitter(FROM_PEN, sink)

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Read from the transport underneath."""
        data = self._inner.read(limit, timeout_s)
        if data:
            self._from_pen.take(data)
        return data

    def write(self, data: bytes) -> None:
        """Write to the transport underneath."""
        self._to_pen.take(data)
        self._inner.write(data)

    def close(self) -> None:
        """Close the transport underneath."""
        self._to_pen.close()
        self._from_pen.close()
        self._inner.close()


class TraceFile:
    """A sink that writes a trace file; complete up to the last frame at any moment."""

    def __init__(self, path: str, url: str) -> None:
        try:
            self._file: IO[str] = Path(path).open(  # noqa: SIM115 - open as long as the pen is
                "w", encoding="ascii", buffering=1
            )
        except OSError as error:
            raise errors.UsageError(
                f"The trace file {path} cannot be written.", cause=f"The system says: {error}."
            ) from error
        self._start_ns = time.monotonic_ns()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self._write({"schema": SCHEMA, "url": url, "started": started})

    def _write(self, fields: dict[str, Any]) -> None:
        self._file.write(json.dumps(fields) + "\n")

    def __call__(self, direction: str, frame: bytes) -> None:
        """Write one frame."""
        elapsed_us = (time.monotonic_ns() - self._start_ns) // 1000
        self._write({"t_us": elapsed_us, "dir": direction, "frame": frame.hex()})

    def close(self) -> None:
        """Close the file."""
        self._file.close()
