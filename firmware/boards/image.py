"""The image that belongs to the sources as they are: its file, whether it is there, how to get it.

Owns `build/firmware/built.json`, which says what the files beside it were built from. Sources are
known by a hash of their bytes, so that no change goes untested and none is built twice.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from firmware.version import FIRMWARE_VERSION
from protocol import image_info

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "firmware"
NAME = f"pen-rev-a-{FIRMWARE_VERSION}"
FROZEN = ("firmware", "protocol", "hardware/board")  # folders whose files are in the image
LISTING = "built.json"


@dataclass(frozen=True)
class Image:
    """An image on disk."""

    binary: Path
    symbols: Path  # addresses of its functions
    info: Path  # the page that says which image it is
    sources: str  # hash of what it was built from

    def area(self) -> bytes:
        """Return the firmware's area of the flash of a pen that has this image."""
        return self.binary.read_bytes().ljust(image_info.AT, b"\xff") + self.info.read_bytes()


def sources_hash(root: Path = ROOT) -> str:
    """Return a hash of every file that has a part in the image."""
    total = hashlib.sha256()
    for folder in FROZEN:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                name = path.relative_to(root).as_posix().encode()
                total.update(b"%d %s " % (len(name), name))
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def current(out: Path = OUT) -> Image | None:
    """Return the image of the sources as they are, or None when it has to be built."""
    try:
        built = json.loads((out / LISTING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    binary, symbols, info = (out / f"{NAME}.{kind}" for kind in ("bin", "symbols", "info"))
    image = Image(binary, symbols, info, str(built.get("sources")))
    there = all(file.is_file() for file in (binary, symbols, info))
    return image if there and image.sources == sources_hash() else None


def note(sources: str, out: Path = OUT) -> None:
    """Remember what the files in `out` were built from."""
    (out / LISTING).write_text(json.dumps({"sources": sources}) + "\n", encoding="utf-8")
