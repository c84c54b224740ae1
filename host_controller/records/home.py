"""Where records live: which database, and this computer's own folder beside it.

SQLite in the data folder unless PEN_DATABASE_URL names another database. Each database has a
folder of its own for the spool, the locks and the heads that were kept, so that a chain belongs to
one database. Owns no state.
"""

import hashlib
import os
import platform
from pathlib import Path
from typing import NamedTuple

from host_controller import errors
from host_controller.data_folder import data_folder

FILE_NAME = "records.sqlite"
VARIABLE = "PEN_DATABASE_URL"
_SCHEMES = ("sqlite", "postgresql")


class Home(NamedTuple):
    """A database and the folder that belongs to it on this computer."""

    url: str  # with the driver, as SQLAlchemy wants it
    folder: Path

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this computer."""
        return self.url.startswith("sqlite")

    def make(self) -> None:
        """Make the folder, for its owner alone. Raises OSError."""
        for folder in (data_folder(), self.folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def spool(self) -> Path:
        """Entries on their way into the database."""
        return self.folder / "spool.jsonl"

    @property
    def lock(self) -> Path:
        """Held while the spool is appended to."""
        return self.folder / "spool.lock"

    @property
    def open_records(self) -> Path:
        """One locked file for each treatment under way."""
        return self.folder / "open"

    @property
    def heads(self) -> Path:
        """Heads of chains as they stood when a day was closed."""
        return self.folder / "heads.jsonl"


def _without_password(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    account, at, place = rest.rpartition("@")
    return f"{scheme}{mark}{account.partition(':')[0]}{at}{place}"


def home(url: str | None = None) -> Home:
    """The database that is asked for; raises UsageError for a URL of another kind."""
    chosen = url or os.environ.get(VARIABLE, "")
    folder = data_folder()
    if not chosen:
        return Home(f"sqlite:///{folder / FILE_NAME}", folder)
    scheme = chosen.partition(":")[0].partition("+")[0]
    if scheme not in _SCHEMES or "://" not in chosen:
        raise errors.UsageError(
            f"{VARIABLE} names no database this program can use.",
            cause="Known are sqlite:///FILE and postgresql://USER@HOST/NAME.",
            next_step=f"Correct {VARIABLE}, or unset it to keep records in {folder}.",
        )
    plain = scheme + chosen[len(chosen.partition(":")[0]) :]
    key = hashlib.sha256(_without_password(plain).encode()).hexdigest()[:12]
    driver = plain.replace("postgresql:", "postgresql+psycopg:", 1)
    return Home(driver, folder / "databases" / key)


def computer_tag(folder: Path) -> str:
    """Six hex digits that differ between computers and data folders; they tell nothing else."""
    parts = [platform.node(), str(folder.absolute())]
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        try:
            parts.append(path.read_text(encoding="ascii").strip())
            break
        except (OSError, ValueError):
            continue
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:6]
