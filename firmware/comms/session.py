"""Bytes of the serial port to requests and replies: one pass of the main loop at a time.

Owns the receive buffer and the link. What the queue has no room for is lost; the host asks again.
"""

from protocol.interpreter import const
from protocol.responder_link import ResponderLink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.comms.dispatcher import Dispatcher
    from firmware.hal.ports import ByteLink

_READ = const(256)  # bytes per pass: at most one long frame, so a flood cannot hold the main loop


class Session:
    """The conversation with whoever is at the other end of the cable."""

    def __init__(self, port: "ByteLink", dispatcher: "Dispatcher") -> None:
        self._read_into = port.read_into
        self._buffer = bytearray(_READ)
        self.link = ResponderLink(dispatcher.handle, port.write)
        self._receive = self.link.receive

    def poll(self) -> None:
        """Take in what has come and answer it."""
        buffer = self._buffer
        count = self._read_into(buffer)
        if count:
            self._receive(buffer, count)

    @property
    def frames_bad(self) -> int:
        """Frames refused since start."""
        return self.link.decoder.bad
