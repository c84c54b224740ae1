"""The serial port to the host: MicroPython's console on USB.

Purpose: bytes in and out without ever waiting for the host. Owns: the bytes that wait to be sent.

`sys.stdout` waits up to half a second when the host does not fetch what was written before, so it
is written to only when everything before has been fetched: the console's queue (256 bytes) feeds
the endpoint's single packet buffer as soon as that is free, hence a free packet buffer, once USB's
task has run, means an empty queue.
"""

import sys

import micropython
import pen_console  # type: ignore[import-not-found]
from machine import mem16
from pen_console import read_into

from firmware.hal.ports import ByteLink
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr8

_NEVER = const(-1)
_ROOM = const(1024)  # bytes that may wait to be sent: four of the longest frames
_QUEUE = const(256)  # of the console
# Buffer control of endpoint 2 IN, the console's: bit 10 = a packet waits for the host.
_ENDPOINT = const(0x50100090)
_WAITING = const(0x400)


class Rp2040Link(ByteLink):
    """Standard input and output as a byte stream; from here on byte 3 is data, not an interrupt."""

    def __init__(self) -> None:
        micropython.kbd_intr(_NEVER)
        self._out = sys.stdout.buffer.write
        self.arrived = pen_console.arrived  # whether a byte can be read; also runs USB's task
        self._ring = bytearray(_ROOM)
        self._first = 0  # place of the oldest byte that waits
        self._used = 0

    def read_into(self, buffer: bytearray) -> int:
        """Copy what has arrived; number of bytes. Also sends on what waits."""
        count: int = read_into(buffer)
        if self._used:
            self._send()
        return count

    def write(self, data: bytearray, count: int) -> int:
        """Queue the first `count` bytes, all or nothing; 0 when there is no room."""
        used = self._used
        if used == 0 and count <= _QUEUE and self._all_fetched():
            # The queue is empty, so it takes them. MicroPython's streams write `count` bytes from a
            # place on, which the typings do not know; None = it took nothing.
            sent: "int | None" = self._out(data, 0, count)  # type: ignore[call-overload]
            if sent != count:
                _append(self._ring, 0, data, count)
                self._first = sent or 0
                self._used = count - self._first
            return count
        if count > _ROOM - used:
            self._send()
            used = self._used
            if count > _ROOM - used:
                return 0
        _append(self._ring, self._first + used, data, count)
        self._used = used + count
        self._send()
        return count

    def _all_fetched(self) -> bool:
        """Whether the host has taken all that was written to the console."""
        if mem16[_ENDPOINT] & _WAITING:
            return False
        self.arrived()
        return not mem16[_ENDPOINT] & _WAITING

    def _send(self) -> None:
        if not self._all_fetched():
            return
        first = self._first
        count = min(self._used, _QUEUE, _ROOM - first)
        sent: "int | None" = self._out(self._ring, first, count)  # type: ignore[call-overload]
        if sent:
            self._first = (first + sent) % _ROOM
            self._used -= sent


@micropython.viper
def _append(ring, place, data, count):  # type: (bytearray, int, bytearray, int) -> None
    """Copy `count` bytes of `data` into the ring at `place`, around its end."""
    target = ptr8(ring)
    source = ptr8(data)
    to = int(place)
    many = int(count)
    i = 0
    while i < many:
        if to >= _ROOM:
            to -= _ROOM
        target[to] = source[i]
        to += 1
        i += 1
