"""`replay://FILE`: a recorded trace in place of a pen.

Each request is answered with what followed the same request (same message, same payload) in the
trace, under the sequence number of today's request. A request that is not in the trace is not
answered. Owns the position in the trace.
"""

import json
import time
from pathlib import Path
from typing import NamedTuple

from host_controller import errors
from host_controller.transport.base import Transport
from host_controller.transport.trace import FROM_PEN, SCHEMA, TO_PEN
from protocol import frame, messages
from protocol.decoder import Decoder


class _Row(NamedTuple):
    to_pen: bool
    number: int
    sequence: int
    flags: int
    payload: bytes


def _decode(data: bytes, to_pen: bool) -> list[_Row]:
    decoder, rows, position = Decoder(), [], 0
    while position < len(data):
        position = decoder.take(data, position, len(data))
        if decoder.ready:
            rows.append(
                _Row(to_pen, decoder.number, decoder.sequence, decoder.flags, decoder.payload())
            )
    return rows


def _rows(text: str) -> list[_Row]:
    rows: list[_Row] = []
    lines = text.splitlines()
    if json.loads(lines[0])["schema"] != SCHEMA:
        raise ValueError("another schema")
    for line in lines[1:]:
        fields = json.loads(line)
        if fields["dir"] not in (TO_PEN, FROM_PEN):
            raise ValueError("unknown direction")
        rows += _decode(bytes.fromhex(fields["frame"]), fields["dir"] == TO_PEN)
    return rows


def _load(path: Path) -> list[_Row]:
    try:
        return _rows(path.read_text(encoding="ascii"))
    except OSError as error:
        raise errors.NoSuchPort(
            f"The trace {path} cannot be read.", cause=f"The system says: {error}."
        ) from error
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise errors.UsageError(
            f"{path} is not a trace.",
            cause=f"A file written by --trace was expected ({error}).",
        ) from error


class ReplayTransport(Transport):
    """A pen that says what it said when the trace was made."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._rows = _load(Path(url.split("://", 1)[1]))
        self._at = 0
        self._out = b""
        self._decoder = Decoder()

    def _find(self, request: _Row) -> int:
        """Index of the next recorded request like this one; -1 for none."""
        hello = request.number == messages.HELLO  # its nonce differs each time
        for index in range(self._at, len(self._rows)):
            row = self._rows[index]
            alike = row.to_pen and row.number == request.number
            if alike and (hello or row.payload == request.payload):
                return index
        return -1

    def _answer(self, request: _Row) -> None:
        at = self._find(request)
        if at < 0:
            return
        recorded = self._rows[at]
        at += 1
        while at < len(self._rows) and not self._rows[at].to_pen:
            row = self._rows[at]
            # The answers to requests that were sent in one go all stand behind the last of them.
            shift = request.sequence - recorded.sequence if row.flags & frame.RESPONSE else 0
            sequence = (row.sequence + shift) & 0xFF
            self._out += frame.build(row.number, sequence, row.flags, row.payload)
            at += 1
        self._at = at

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Return what the pen said then; raises PenUnplugged when the trace is at its end."""
        data, self._out = self._out[:limit], self._out[limit:]
        if not data:
            time.sleep(max(0.0, timeout_s))  # a pen that says nothing takes its time as well
        if not data and self._at >= len(self._rows):
            raise errors.PenUnplugged(
                "The trace is at its end.", cause="Nothing more was recorded."
            )
        return data

    def write(self, data: bytes) -> None:
        """Take requests and prepare their recorded answers."""
        position = 0
        while position < len(data):
            position = self._decoder.take(data, position, len(data))
            decoder = self._decoder
            if decoder.ready:
                self._answer(
                    _Row(
                        to_pen=True,
                        number=decoder.number,
                        sequence=decoder.sequence,
                        flags=decoder.flags,
                        payload=decoder.payload(),
                    )
                )

    def close(self) -> None:
        """Nothing to let go of."""
