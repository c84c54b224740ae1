"""A transport that a second thread may write to: STOP goes out while the reader is stalled.

Reading stays with one thread. Owns the lock.
"""

import threading

from host_controller.transport.base import Transport
from protocol import frame, messages

# Ends whatever half frame lies in the pen's decoder. STOP is outside the order of requests: the
# pen obeys it at any time, whatever its sequence number, and twice does no harm.
STOP_FRAME = b"\0" + frame.build(messages.STOP, 0, frame.REQUEST, b"")
WAIT_S = 0.02  # for the other thread's frame to leave; 240 bytes take less than 1 ms on USB


class SharedWrites(Transport):
    """`transport`, with whole writes from any thread."""

    def __init__(self, transport: Transport) -> None:
        self.url = transport.url
        self._transport = transport
        self._lock = threading.Lock()

    def read(self, limit: int, timeout_s: float) -> bytes:
        """As the transport underneath; one thread alone."""
        return self._transport.read(limit, timeout_s)

    def write(self, data: bytes) -> None:
        """Send all of `data`, after what another thread is sending."""
        with self._lock:
            self._transport.write(data)

    def write_stop(self) -> bool:
        """Send STOP now, from any thread; False when the line did not come free in 20 ms.

        Raises PenUnplugged.
        """
        if not self._lock.acquire(timeout=WAIT_S):
            return False
        try:
            self._transport.write(STOP_FRAME)
        finally:
            self._lock.release()
        return True

    def close(self) -> None:
        """Let go of the port."""
        self._transport.close()
