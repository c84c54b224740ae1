"""One writer at a time among the programs of a computer, by a lock on a file.

The system frees the lock when the program ends, however it ends. The lock file stays and is empty.
Owns no state beyond the open file.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes], wait: bool) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(stream: IO[bytes], wait: bool) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))

    def _unlock(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


def _open(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock `path`, waiting for it; raises OSError where the file cannot be made."""
    with _open(path) as stream:
        _lock(stream, True)
        try:
            yield
        finally:
            _unlock(stream)


class HeldFile:
    """A lock held until `release` or the end of the program."""

    def __init__(self, path: Path, *, wait: bool = False) -> None:
        """Take it; raises OSError when it cannot be made, or is held and we do not `wait`."""
        self.path = path
        while True:
            self._stream = _open(path)
            try:
                _lock(self._stream, wait)
            except OSError:
                self._stream.close()
                raise
            if self._lies_there():
                return
            self._stream.close()

    def _lies_there(self) -> bool:
        """Whether what we locked is still the file of that name.

        Who held it before may have removed it after we had opened it; the next program would then
        make a file of its own and hold that.
        """
        try:
            return os.path.samestat(os.fstat(self._stream.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let go and remove the file."""
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._stream.close()
