"""Serial ports and every other URL pyserial knows (`rfc2217://`, `loop://`, `spy://`).

The only file that imports pyserial's port classes. Ports are opened exclusively, so that two
programs never talk to one pen; the causes of a failure are told apart here. Owns the port.
"""

import contextlib
import errno
import select
import time
from typing import Any

import serial

from host_controller import errors
from host_controller.transport.base import Transport

BAUD = 115_200  # USB ignores it; a real UART bridge needs some figure
POLL_S = 0.002  # where the port cannot be waited for (Windows, loop://, rfc2217://)
WRITE_TIMEOUT_S = 2.0


def open_error(url: str, error: Exception) -> errors.PenError:
    """Tell why `url` could not be opened, from the error code or, without one, from its text."""
    number = getattr(error, "errno", None)
    text = str(error).lower()
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or "filenotfound" in text:
        return errors.NoSuchPort(f"There is no port {url}.")
    busy = (errno.EBUSY, errno.EAGAIN)
    # Windows says "access denied" for a port that another program holds.
    if number in busy or "exclusively lock" in text or "permissionerror(13" in text:
        return errors.PortBusy(f"The port {url} is in use by another program.")
    if number in (errno.EACCES, errno.EPERM):
        return errors.PortPermission(f"You may not use the port {url}.")
    if number in (errno.ENOTTY, errno.EISDIR, errno.EINVAL) or "could not configure" in text:
        return errors.NoSuchPort(f"{url} is not a serial port.")
    return errors.PenError(
        f"The port {url} could not be opened.",
        cause=f"The system says: {error}.",
        next_step="Run `pen list --all` for the ports there are, or `pen doctor`.",
    )


class SerialTransport(Transport):
    """A serial port, real or imitated by pyserial."""

    def __init__(self, url: str) -> None:
        """Open `url` exclusively; raises NoSuchPort, PortBusy, PortPermission or UsageError."""
        self.url = url
        try:
            self._port: Any = serial.serial_for_url(
                url, baudrate=BAUD, timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=True
            )
        except ValueError as error:
            raise errors.UsageError(
                f"{url!r} is not a port this program can open.",
                cause=str(error),
                next_step="Give a serial port, a serial number or a URL such as "
                "socket://127.0.0.1:7333.",
            ) from error
        except (serial.SerialException, OSError) as error:
            raise open_error(url, error) from error
        self._fd = self._waitable()

    def _waitable(self) -> int:
        """File descriptor to wait on, or -1 where the port has none that `select` takes."""
        try:
            descriptor = int(self._port.fileno())
            select.select([descriptor], [], [], 0)
        except (AttributeError, OSError, ValueError):
            return -1
        return descriptor

    def _wait(self, timeout_s: float) -> None:
        if self._fd >= 0:
            select.select([self._fd], [], [], timeout_s)
            return
        until = time.monotonic() + timeout_s
        while not self._port.in_waiting and time.monotonic() < until:
            time.sleep(POLL_S)

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Return what has come within `timeout_s`, or b""."""
        try:
            if timeout_s > 0:
                self._wait(timeout_s)
            waiting = int(self._port.in_waiting)
            # A hang-up makes the port readable with nothing in it: reading then tells the cause.
            if not waiting and (self._fd < 0 or not select.select([self._fd], [], [], 0)[0]):
                return b""
            return bytes(self._port.read(max(1, min(limit, waiting))))
        except (serial.SerialException, OSError, TypeError, ValueError) as error:
            raise errors.PenUnplugged(f"The pen on {self.url} was unplugged.") from error

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise errors.NoAnswer(
                f"The pen on {self.url} takes no more data.",
                cause="The pen hangs, or the port belongs to another device.",
            ) from error
        except (serial.SerialException, OSError, TypeError) as error:
            raise errors.PenUnplugged(f"The pen on {self.url} was unplugged.") from error

    def close(self) -> None:
        """Close the port; a port that is already gone counts as closed."""
        with contextlib.suppress(serial.SerialException, OSError):
            self._port.close()
