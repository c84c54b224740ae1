"""Firmware files for tests: made by the image's own writer, small, and whole."""

import hashlib
from pathlib import Path
from random import Random

from firmware.boards import uf2
from hardware.simulator.boot_rom import first_page
from protocol import image_info, version
from protocol.image_info import ImageInfo


def info(image: bytes, **changes: object) -> ImageInfo:
    fields: dict[str, object] = {
        "board": "pen-rev-a",
        "version": "0.2.0",
        "schema": version.SCHEMA_ID,
        "commit": "1a2b3c4d",
        "built_unix_s": 1_790_000_000,
        "length": len(image),
        "sha256": hashlib.sha256(image).digest(),
    }
    return ImageInfo(**(fields | changes))  # type: ignore[arg-type]


def image(seed: int = 7, pages: int = 20) -> bytes:
    """Something the size of a small image, with a first page that the chip's ROM accepts."""
    rest = Random(seed).randbytes((pages - 1) * 256 - 100)
    return first_page(seed.to_bytes(4, "little")) + rest


def firmware(seed: int = 7, pages: int = 20, **changes: object) -> bytes:
    """A whole UF2 file."""
    data = image(seed, pages)
    return uf2.pack_image(data, image_info.pack(info(data, **changes)), image_info.AT)


def firmware_file(folder: Path, name: str = "pen-rev-a-0.2.0.uf2", **changes: object) -> Path:
    """The same on disk."""
    path = folder / name
    path.write_bytes(firmware(**changes))  # type: ignore[arg-type]
    return path
