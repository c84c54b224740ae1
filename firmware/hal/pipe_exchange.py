"""The pin link over a pipe: standard input and output of a subprocess of the bench.

Purpose: move whole messages in lockstep. Owns: the two streams. Nothing else may print.
"""

import struct
import sys

from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_layout import (
    ANSWER_FORMAT,
    ANSWER_SIZE,
    SEEN_SERIAL_LEN,
    STEP_FORMAT,
    STEP_SIZE,
)


class PipeExchange(Exchange):
    """Binary standard input and output."""

    def __init__(self) -> None:
        self._in: "object" = sys.stdin.buffer
        self._out = sys.stdout.buffer

    def step(self, drive: bytearray, count: int, step: bytearray) -> int:
        """Send a DRIVE and read the next STEP into `step`; 0 when the bench has closed the pipe."""
        self._send(drive, count)
        view = memoryview(step)
        if not self._fill(view[:STEP_SIZE]):
            return 0
        serial_len: int = struct.unpack_from(STEP_FORMAT, step, 0)[SEEN_SERIAL_LEN]
        end = STEP_SIZE + serial_len
        if serial_len and not self._fill(view[STEP_SIZE:end]):
            return 0
        return end

    def call(self, request: bytearray, count: int) -> bytes:
        """Send a CALL and read its ANSWER; ends the run when the bench has closed the pipe."""
        self._send(request, count)
        head = bytearray(ANSWER_SIZE)
        if not self._fill(memoryview(head)):
            raise SystemExit("pin link: closed")
        tail = bytearray(struct.unpack_from(ANSWER_FORMAT, head, 0)[2])
        if tail and not self._fill(memoryview(tail)):
            raise SystemExit("pin link: closed")
        return bytes(head + tail)

    def _send(self, buffer: bytearray, count: int) -> None:
        self._out.write(memoryview(buffer)[:count])
        self._out.flush()

    def _fill(self, view: memoryview) -> bool:
        got = 0
        while got < len(view):
            count = self._in.readinto(view[got:])  # type: ignore[attr-defined]
            if not count:
                return False
            got += count
        return True
