"""`socket://HOST:PORT`: a simulated pen, or a pen behind a network bridge.

The standard library's socket instead of pyserial's handler: without TCP_NODELAY a request of a
few bytes waits up to 40 ms for the acknowledgement of the one before. Owns the socket.
"""

import select
import socket

from host_controller import errors
from host_controller.transport.base import Transport

CONNECT_TIMEOUT_S = 3.0  # a bench in the same building answers in milliseconds
WRITE_TIMEOUT_S = 2.0  # the pen drains its input every millisecond; longer means nobody reads


def split_address(url: str) -> tuple[str, int]:
    """Return host and port of `socket://HOST:PORT`; raises UsageError for anything else."""
    address = url.split("://", 1)[1].split("?", 1)[0].rstrip("/")
    host, colon, port = address.rpartition(":")
    host = host.strip("[]")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise errors.UsageError(
            f"{url!r} is not an address.",
            cause="A socket address needs a host and a port from 1 to 65535.",
            next_step="Write it as socket://127.0.0.1:7333.",
        )
    return host, int(port)


class TcpTransport(Transport):
    """A TCP connection; only one program at a time gets an answer from a pen."""

    def __init__(self, url: str) -> None:
        """Connect to `url`; raises UsageError, NothingListens or NoSuchPort."""
        self.url = url
        host, port = split_address(url)
        try:
            self._socket = socket.create_connection((host, port), CONNECT_TIMEOUT_S)
        except socket.gaierror as error:
            raise errors.NoSuchPort(
                f"There is no computer named {host!r}.", cause=f"The name is unknown ({error})."
            ) from error
        except TimeoutError as error:
            raise errors.NothingListens(
                f"{url} did not answer within {CONNECT_TIMEOUT_S:.0f} s.",
                cause="The address is wrong, or a firewall is between.",
            ) from error
        except OSError as error:
            raise errors.NothingListens(f"Nobody listens at {url}.") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(WRITE_TIMEOUT_S)
        self._heard = False

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Return what has come within `timeout_s`, or b""."""
        try:
            ready, _, _ = select.select([self._socket], [], [], max(0.0, timeout_s))
            if not ready:
                return b""
            data = self._socket.recv(limit)
        except (OSError, ValueError) as error:
            raise self._ended() from error
        if not data:
            raise self._ended()
        self._heard = True
        return data

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise self._ended() from error

    def _ended(self) -> errors.PenError:
        """The other end is gone: a pen that is taken closes before it has said anything."""
        if not self._heard:
            return errors.PortBusy(
                f"{self.url} closed the connection before a byte was sent.",
                cause="Another program is connected to this pen, or its cable is unplugged.",
            )
        return errors.PenUnplugged(f"The connection to {self.url} has ended.")

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()
