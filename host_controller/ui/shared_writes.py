"""A transport that a second thread may write to: STOP goes out while the reader is stalled.

Reading stays with one thread, which also sees the pen's acknowledgement of such a STOP. Owns the
lock and what is awaited.
"""

import threading
from collections.abc import Callable

from host_controller.transport.base import Transport
from protocol import frame, messages

WAIT_S = 0.02  # for the other thread's frame to leave; 240 bytes take less than 1 ms on USB


class SharedWrites(Transport):
    """`transport`, with whole writes from any thread.

    `taken` is called by the reading thread when the pen has acknowledged what `write_stop` wrote.
    """

    def __init__(self, transport: Transport, taken: Callable[[], None]) -> None:
        self.url = transport.url
        self._transport = transport
        self._taken = taken
        self._lock = threading.Lock()
        self._stops = 0
        self._awaited = b""  # the acknowledgement of the last STOP, until it has come
        self._tail = b""  # of what was read: an acknowledgement may come in two pieces

    def read(self, limit: int, timeout_s: float) -> bytes:
        """As the transport underneath; one thread alone."""
        data = self._transport.read(limit, timeout_s)
        awaited = self._awaited
        if awaited and data:
            seen = self._tail + data
            self._tail = seen[-len(awaited) :]
            if awaited in seen:
                self._awaited = self._tail = b""
                self._taken()
        return data

    def write(self, data: bytes) -> None:
        """Send all of `data`, after what another thread is sending."""
        with self._lock:
            self._transport.write(data)

    def write_stop(self) -> bool:
        """Send STOP now, from any thread; False when the line did not come free in 20 ms.

        It stands outside the order of requests: the pen obeys it at any time, whatever its
        sequence number, and answers with that number. Raises PenUnplugged.
        """
        if not self._lock.acquire(timeout=WAIT_S):
            return False
        try:
            self._stops += 1
            sequence = self._stops & 0xFF
            # Neither message carries anything, for ever: their bytes are known beforehand.
            self._awaited = frame.build(messages.STOP, sequence, frame.RESPONSE)
            # The zero ends whatever half frame lies in the pen's decoder.
            self._transport.write(b"\0" + frame.build(messages.STOP, sequence, frame.REQUEST))
        finally:
            self._lock.release()
        return True

    def close(self) -> None:
        """Let go of the port."""
        self._transport.close()
