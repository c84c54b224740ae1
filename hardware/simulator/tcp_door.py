"""TCP on the loopback interface: one client at a time.

A second client is accepted and closed at once, before a byte is sent: it reads the end of the
stream, which a host can tell from a pen that is silent. Owns the listening socket and the client's.
"""

import socket

from hardware.simulator.door import PENDING_LIMIT, Door

READ_LIMIT = 4096  # bytes taken in at one look
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def listen(host: str, port: int) -> socket.socket:
    """Listen on a loopback address; port 0 takes any free one. ValueError for other addresses."""
    if host not in LOOPBACK:
        raise ValueError(
            f"{host!r} is not an address of this computer only. "
            "A simulated pen has no password, so it serves 127.0.0.1 alone."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(4)
        listener.settimeout(0.0)
    except OSError:
        listener.close()
        raise
    return listener


class TcpDoor(Door):
    """A listening socket and at most one client."""

    def __init__(self, host: str, port: int) -> None:
        self._listener = listen(host, port)
        name, self.port = self._listener.getsockname()[:2]
        shown = f"[{name}]" if ":" in name else name
        self.address = f"socket://{shown}:{self.port}"
        self._client: socket.socket | None = None
        self._pending = bytearray()
        self.refused = 0  # clients turned away

    @property
    def occupied(self) -> bool:  # type: ignore[override]
        """True while a client is connected."""
        return self._client is not None

    def watch(self) -> list[int]:
        """Return the listener and the client."""
        watched = [self._listener.fileno()]
        if self._client is not None:
            watched.append(self._client.fileno())
        return watched

    def poll(self, refuse: bool) -> bytes:
        """Let a client in or turn it away; return what the client sent."""
        data = self._receive()  # first, so that a client that has just left makes room
        self._accept(refuse)
        if self._pending:
            self._flush()
        return data

    def send(self, data: bytes) -> None:
        """Send now what the socket takes, keep the rest."""
        if self._client is None or len(self._pending) + len(data) > PENDING_LIMIT:
            return
        self._pending += data
        self._flush()

    def disconnect(self) -> None:
        """Close the client's connection."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self._pending.clear()

    def close(self) -> None:
        """Close everything."""
        self.disconnect()
        self._listener.close()

    def _accept(self, refuse: bool) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:  # nobody there, or gone again
            return
        if refuse or self._client is not None:
            self.refused += 1
            client.close()
            return
        client.settimeout(0.0)
        # A reply of a few bytes must not wait for the acknowledgement of the one before it.
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client

    def _receive(self) -> bytes:
        """Read on to the end of what came: behind it may stand that the client has left."""
        data = b""
        while self._client is not None and len(data) < READ_LIMIT:
            try:
                more = self._client.recv(READ_LIMIT - len(data))
            except BlockingIOError:
                break
            except OSError:
                more = b""
            if not more:
                self.disconnect()
            data += more
        return data

    def _flush(self) -> None:
        if self._client is None:
            return
        try:
            sent = self._client.send(self._pending)
        except BlockingIOError:
            return
        except OSError:
            self.disconnect()
            return
        del self._pending[:sent]
