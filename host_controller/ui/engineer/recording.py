"""The telemetry of a session into a file, by a thread of its own, whatever the pages show.

The file is telemetry_csv's, grows as readings come and is whole but for its last line at any time.
Owns the thread and the file.
"""

import threading
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from host_controller import errors, telemetry_csv
from host_controller.data_folder import data_folder
from host_controller.replies import Reading
from host_controller.ui.engineer.tail import Tail

EVERY_S = 0.25
ROWS_MAX = telemetry_csv.LINES_MAX - 1  # what can be replayed again


def folder() -> Path:
    """Where recordings are kept (not created here)."""
    return data_folder() / "recordings"


class Recording:
    """One recording under way; `end` closes the file."""

    def __init__(self, readings: deque[Reading], serial: str) -> None:
        """Begin; raises FileUnwritable."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.path = folder() / f"{serial}-{stamp}.csv"
        self.rows = 0
        self.began_s = time.monotonic()
        self.problem: errors.PenError | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = self.path.open("w", encoding="ascii", newline="\n")
            self._file.write(telemetry_csv.header() + "\n")
        except OSError as error:
            raise _unwritable(error) from error
        self._tail = Tail(readings)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it still records."""
        return self._thread.is_alive()

    def end(self) -> None:
        """Write what is left and close; raises what went wrong meanwhile."""
        self._ending.set()
        self._thread.join()
        if self.problem is not None:
            raise self.problem

    def _run(self) -> None:
        with self._file:
            while self.problem is None:
                ending = self._ending.wait(EVERY_S)
                self._write()
                if ending or self.rows >= ROWS_MAX:
                    return

    def _write(self) -> None:
        fresh = self._tail.take()[: ROWS_MAX - self.rows]
        try:
            self._file.writelines(telemetry_csv.line(reading) + "\n" for reading in fresh)
            self._file.flush()
        except OSError as error:
            self.problem = _unwritable(error)
            return
        self.rows += len(fresh)


def _unwritable(error: OSError) -> errors.PenError:
    return errors.FileUnwritable(
        "The recording cannot be written.", cause=f"The system says: {error.strerror}."
    )


def kept() -> list[Path]:
    """Recordings there are, newest first."""
    try:
        found = [(path.stat().st_mtime, path) for path in folder().glob("*.csv")]
    except OSError:
        return []
    return [path for _, path in sorted(found, reverse=True)]
