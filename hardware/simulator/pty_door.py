"""A pseudo-terminal with a stable name: the simulated pen as a serial port (POSIX only).

Owns both ends' settings (raw: no echo, no newline conversion) and the symbolic link. Whether a
program has the port open is seen by the hang-up state of our end.
"""

import os
import pty
import select
import tty
from pathlib import Path

from hardware.simulator.door import PENDING_LIMIT, Door


class PtyDoor(Door):
    """One pseudo-terminal, its far end linked at `link`."""

    def __init__(self, link: Path) -> None:
        if link.exists() and not link.is_symlink():
            raise FileExistsError(f"{link} exists and is not a link, so it is left alone.")
        self._near, far = pty.openpty()
        tty.setraw(far)
        self._far_name = os.ttyname(far)
        os.close(far)  # from here on, hang-up means that no program has it open
        os.set_blocking(self._near, False)
        self._poll = select.poll()
        self._poll.register(self._near, select.POLLIN)
        self._pending = bytearray()
        self.link = link
        self.address = str(link)
        _replace_link(link, self._far_name)

    def watch(self) -> list[int]:
        """Return our end while a program has the other open (hung up, it is always readable)."""
        return [self._near] if self.occupied else []

    def poll(self, refuse: bool) -> bytes:
        """Return what the program sent; with `refuse` it is read and lost."""
        events = self._poll.poll(0)
        state = events[0][1] if events else 0
        data = b""
        if state & select.POLLIN:
            try:
                data = os.read(self._near, 4096)
            except OSError:
                data = b""
        self.occupied = not state & select.POLLHUP
        if refuse or not self.occupied:
            self._pending.clear()
            return b"" if refuse else data
        if self._pending:
            self._flush()
        return data

    def send(self, data: bytes) -> None:
        """Send now what the terminal takes, keep the rest."""
        if not self.occupied or len(self._pending) + len(data) > PENDING_LIMIT:
            return
        self._pending += data
        self._flush()

    def disconnect(self) -> None:
        """A terminal cannot be taken from the program that has it open; it only falls silent."""
        self._pending.clear()

    def close(self) -> None:
        """Remove the link, if it is still ours, and hang up."""
        try:
            if self.link.is_symlink() and str(self.link.readlink()) == self._far_name:
                self.link.unlink()
        finally:
            os.close(self._near)

    def _flush(self) -> None:
        try:
            sent = os.write(self._near, self._pending)
        except BlockingIOError:
            return
        except OSError:
            self._pending.clear()
            return
        del self._pending[:sent]


def _replace_link(link: Path, target: str) -> None:
    """Put the link in place in one step, over one that a killed simulator left behind."""
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.symlink_to(target)
    fresh.replace(link)
