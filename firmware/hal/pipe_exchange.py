"""The pin link over a pipe: standard input and output of a subprocess of the bench.

Purpose: move whole messages in lockstep. Owns: the two streams. Nothing else may print.

One write and one read per step without host bytes, on views made once: the simulator's speed hangs
on it, and what is allocated here would be collected in the middle of somebody's measurement.
"""

import struct
import sys

from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_layout import (
    ANSWER_FORMAT,
    ANSWER_SIZE,
    DRIVE_SIZE,
    SEEN_SERIAL_LEN,
    STEP_FORMAT,
    STEP_SIZE,
)

_LEN_AT = STEP_SIZE - 2  # serial_len is the last field of a STEP
if struct.calcsize(STEP_FORMAT) != STEP_SIZE or SEEN_SERIAL_LEN != 11:
    raise ValueError("the layout of STEP has changed")


class PipeExchange(Exchange):
    """Binary standard input and output."""

    def __init__(self) -> None:
        self._in: "object" = sys.stdin.buffer
        self._out = sys.stdout.buffer
        self._drive: "memoryview | None" = None  # views of the board's two buffers
        self._step: "memoryview | None" = None
        self._record: "memoryview | None" = None

    def step(self, drive: bytearray, count: int, step: bytearray) -> int:
        """Send a DRIVE and read the next STEP into `step`; 0 when the bench has closed the pipe.

        The buffers are the same in every call.
        """
        if self._record is None:
            self._drive = memoryview(drive)[:DRIVE_SIZE]
            self._step = memoryview(step)
            self._record = self._step[:STEP_SIZE]
        if count == DRIVE_SIZE:
            self._out.write(self._drive)  # type: ignore[arg-type]
            self._out.flush()
        else:
            self._send(drive, count)
        if not self._fill(self._record, STEP_SIZE):
            return 0
        serial_len = step[_LEN_AT] | step[_LEN_AT + 1] << 8
        end = STEP_SIZE + serial_len
        if serial_len and not self._fill(self._step[STEP_SIZE:end], serial_len):  # type: ignore[index]
            return 0
        return end

    def call(self, request: bytearray, count: int) -> bytes:
        """Send a CALL and read its ANSWER; ends the run when the bench has closed the pipe."""
        self._send(request, count)
        head = bytearray(ANSWER_SIZE)
        if not self._fill(memoryview(head), ANSWER_SIZE):
            raise SystemExit("pin link: closed")
        tail = bytearray(struct.unpack_from(ANSWER_FORMAT, head, 0)[2])
        if tail and not self._fill(memoryview(tail), len(tail)):
            raise SystemExit("pin link: closed")
        return bytes(head + tail)

    def _send(self, buffer: bytearray, count: int) -> None:
        self._out.write(memoryview(buffer)[:count])
        self._out.flush()

    def _fill(self, view: memoryview, size: int) -> bool:
        got = self._in.readinto(view)  # type: ignore[attr-defined]
        if got == size:
            return True
        while got:
            count = self._in.readinto(view[got:])  # type: ignore[attr-defined]
            if not count:
                return False
            got += count
            if got == size:
                return True
        return False
