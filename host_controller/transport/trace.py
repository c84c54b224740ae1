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
from protocol import frame as frame_flags
from protocol import schema
from protocol.decoder import Decoder

SCHEMA = "pen.trace/1"
TO_PEN = ">"
FROM_PEN = "<"
_END = b"\0"

Show = Callable[[str, bytes], None]  # direction, frame


class Sink:
    """Takes frames as they pass."""

    def show(self, direction: str, frame: bytes) -> None:
        """One frame, as it is on the wire."""
        raise NotImplementedError

    def close(self) -> None:
        """No more frames will come."""


class FrameSplitter:
    """Cuts a byte stream at its delimiters; hands whole frames on."""

    def __init__(self, direction: str, show: Show) -> None:
        self._direction = direction
        self._show = show
        self._open = b""

    def take(self, data: bytes) -> None:
        """Add bytes; empty frames (a delimiter after a delimiter) are kept with the next."""
        self._open += data
        while True:
            end = self._open.find(_END, len(self._open) - len(self._open.lstrip(_END)))
            if end < 0:
                return
            self._show(self._direction, self._open[: end + 1])
            self._open = self._open[end + 1 :]

    def close(self) -> None:
        """Hand on what is left."""
        if self._open:
            self._show(self._direction, self._open)
            self._open = b""


class TracedTransport(Transport):
    """A transport whose frames are shown to a sink on the way; closes the sink with itself."""

    def __init__(self, inner: Transport, sink: Sink) -> None:
        self.url = inner.url
        self._inner = inner
        self._sink = sink
        self._to_pen = FrameSplitter(TO_PEN, sink.show)
        self._from_pen = FrameSplitter(FROM_PEN, sink.show)

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
        self._sink.close()


class TraceFile(Sink):
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

    def show(self, direction: str, frame: bytes) -> None:
        """Write one frame."""
        elapsed_us = (time.monotonic_ns() - self._start_ns) // 1000
        self._write({"t_us": elapsed_us, "dir": direction, "frame": frame.hex()})

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class FrameLines(Sink):
    """A sink that names each frame on one line, for `--verbose`."""

    def __init__(self, write_line: Callable[[str], None]) -> None:
        self._write_line = write_line
        self._start_ns = time.monotonic_ns()

    def show(self, direction: str, frame: bytes) -> None:
        """Write one line."""
        elapsed_ms = (time.monotonic_ns() - self._start_ns) / 1e6
        self._write_line(f"{elapsed_ms:9.1f} ms {direction} {frame_words(frame)}")


def frame_words(data: bytes) -> str:
    """A frame in words: name, sequence, kind, payload; or why it is none."""
    decoder = Decoder()
    decoder.take(data, len(data) - len(data.lstrip(_END)), len(data))
    if not decoder.ready:
        return f"damaged, {len(data)} bytes: {data.hex()}"
    row = schema.BY_NUMBER.get(decoder.number)
    name = row.name if row else f"0x{decoder.number:02X}"
    kinds = ((frame_flags.REQUEST, "request"), (frame_flags.RESPONSE, "reply"))
    kind = next((word for bit, word in kinds if decoder.flags & bit), "event")
    refused = " REFUSED" if decoder.flags & frame_flags.ERROR else ""
    return f"{name} {kind} {decoder.sequence}{refused} {decoder.payload().hex()}".rstrip()
