"""An image that does what ours does and is another one: a file to flash. Owns nothing."""

import hashlib
from pathlib import Path

from firmware.boards import image as images
from firmware.boards import uf2
from protocol import image_info

BANNER = b"with RP2040"  # in MicroPython's own banner


def newer(image: images.Image, folder: Path, version: str = "9.0.0") -> Path:
    """The image with another banner, as `version`; a UF2 file in `folder`."""
    old = image_info.unpack(image.info.read_bytes())
    assert old is not None
    data = image.binary.read_bytes()
    assert data.count(BANNER) == 1
    data = data.replace(BANNER, BANNER.upper())
    info = image_info.ImageInfo(
        old.board, version, old.schema, "emulated", 0, len(data), hashlib.sha256(data).digest()
    )
    path = folder / f"pen-rev-a-{version}.uf2"
    path.write_bytes(uf2.pack_image(data, image_info.pack(info), image_info.AT))
    return path
