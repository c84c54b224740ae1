"""Photos by the SHA-256 of their file, in a folder that a person chose on this computer.

Files stay where they are and are never changed. What is shown was hashed in the same moment, so a
picture that somebody has edited since is not shown under the old reference. Owns the choice, kept
in the data folder, and the hashes of the files as they were last seen.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from host_controller import errors
from host_controller.data_folder import data_folder

KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
MOST_FILES = 20_000
LARGEST_BYTES = 60_000_000
_CHOICE = "photo-folder.txt"


class _Seen(NamedTuple):
    size: int
    mtime_ns: int
    sha256: str


class Photo(NamedTuple):
    """A file that was read and hashed just now."""

    content: bytes
    kind: str


class PhotoFolder:
    """The chosen folder; its methods read the disk and belong on a thread."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Seen] = {}
        self.looked_at = 0  # files hashed by the search under way, for who waits

    @property
    def path(self) -> Path | None:
        """The folder, if one was chosen and is still there."""
        with contextlib.suppress(OSError, ValueError):
            path = Path((data_folder() / _CHOICE).read_text(encoding="utf-8").strip())
            return path if path.is_absolute() and path.is_dir() else None
        return None

    def choose(self, path: Path) -> None:
        """Use this folder from now on; raises UsageError for none that can be read."""
        try:
            next(path.iterdir(), None)
            data_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
            (data_folder() / _CHOICE).write_text(f"{path.absolute()}\n", encoding="utf-8")
        except OSError as error:
            raise errors.UsageError(
                f"{path} cannot be used for photos.",
                cause=f"The system says: {error}.",
                next_step="Choose a folder that can be opened.",
            ) from error
        self._seen.clear()

    def newest(self, count: int) -> list[Path]:
        """The newest photos, by the time of the file."""
        return [path for path, _ in self._files()[:count]]

    def hash_of(self, path: Path) -> str:
        """SHA-256 of a photo's file; raises UsageError."""
        try:
            return self._hash(path, path.stat())
        except OSError as error:
            raise errors.UsageError(
                f"The photo {path.name} cannot be read.",
                cause=f"The system says: {error}.",
                next_step="Look whether it is still in the photo folder.",
            ) from error

    def find(self, wanted: Iterable[str]) -> dict[str, Path]:
        """Where the photos with these hashes are; looks no further than needed."""
        missing, found = set(wanted), {}
        self.looked_at = 0
        for path, stat in self._files() if missing else ():
            if not missing:
                break
            self.looked_at += 1
            with contextlib.suppress(OSError):
                sha256 = self._hash(path, stat)
                if sha256 in missing:
                    missing.discard(sha256)
                    found[sha256] = path
        return found

    def read(self, sha256: str) -> Photo | None:
        """The photo with this hash, if it was found and is what it was."""
        for path, seen in list(self._seen.items()):
            if seen.sha256 != sha256:
                continue
            with contextlib.suppress(OSError):
                content = path.read_bytes()
                if hashlib.sha256(content).hexdigest() == sha256:
                    return Photo(content, KINDS[path.suffix.lower()])
            self._seen.pop(path, None)
        return None

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        """Photos of the folder and those below it, the newest first."""
        found: list[tuple[Path, os.stat_result]] = []
        folder = self.path
        if folder is None:
            return []
        for where, _, names in os.walk(folder):
            for name in names:
                path = Path(where) / name
                with contextlib.suppress(OSError):
                    stat = path.stat()
                    if path.suffix.lower() in KINDS and stat.st_size <= LARGEST_BYTES:
                        found.append((path, stat))
            if len(found) >= MOST_FILES:
                break
        return sorted(found, key=lambda row: -row[1].st_mtime_ns)

    def _hash(self, path: Path, stat: os.stat_result) -> str:
        seen = self._seen.get(path)
        if seen is None or (seen.size, seen.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            seen = self._seen[path] = _Seen(stat.st_size, stat.st_mtime_ns, sha256)
        return seen.sha256
