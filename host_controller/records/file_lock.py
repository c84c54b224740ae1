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

    def __init__(self, path: Path) -> None:
        """Take it; raises OSError when another program holds it or it cannot be made."""
        self.path = path
        self._stream = _open(path)
        try:
            _lock(self._stream, False)
        except OSError:
            self._stream.close()
            raise

    def release(self) -> None:
        """Let go and remove the file."""
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._stream.close()
