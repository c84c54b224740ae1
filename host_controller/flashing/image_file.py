"""A firmware file that was checked from end to end before anything is asked of a pen.

Checked: every block, the sums file beside it if there is one, the page of information, the hash of
the image, the board, and that the chip's first page comes last (a copy that breaks off then leaves
a chip that waits in its boot loader). Owns the file's bytes.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

from host_controller.flashing import uf2
from host_controller.flashing.failures import FirmwareFileBad, WrongBoard
from protocol import image_info
from protocol.image_info import ImageInfo

BOARD = "pen-rev-a"
SUMS = "SHA256SUMS"
BYTES_MAX = 2 * uf2.FIRMWARE_BYTES  # half of a block is the page; a pen's file is never larger
SHOWN_DIGITS = 16  # of the hash, as the pen tells it in its greeting


class ImageFile(NamedTuple):
    """A good file."""

    path: Path
    data: bytes
    info: ImageInfo

    @property
    def image_id(self) -> str:
        """Beginning of the image's hash, as a pen with this image tells it."""
        return self.info.sha256.hex()[:SHOWN_DIGITS]


def load(path: Path) -> ImageFile:
    """Read and check `path`; raises FirmwareFileBad or WrongBoard."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise FirmwareFileBad(f"{path} has more than {BYTES_MAX} bytes.")
        data = path.read_bytes()
    except OSError as error:
        raise FirmwareFileBad(
            f"{path} cannot be read.", cause=f"The system says: {error.strerror}."
        ) from error
    _check_sums(path, data)
    return check(path, data)


def check(path: Path, data: bytes) -> ImageFile:
    """Check the bytes of a file; `path` is for the messages."""
    content = uf2.read(data)
    info = image_info.unpack(content.memory(image_info.AT, image_info.SIZE))
    if info is None:
        raise WrongBoard(
            f"{path.name} does not say which pen it is for.",
            cause="It is firmware of another product, or plain MicroPython.",
            next_step="Use a file that `make firmware` made or a release offers.",
        )
    if info.board != BOARD:
        raise WrongBoard(f"{path.name} is for board {info.board}; this program flashes {BOARD}.")
    image = content.memory(0, info.length)
    if hashlib.sha256(image).digest() != info.sha256:
        raise FirmwareFileBad(
            f"The image in {path.name} is not the one it says.",
            cause="The file was altered after it was built.",
        )
    _check_order(path, content, info)
    return ImageFile(path, data, info)


def _check_order(path: Path, content: uf2.Uf2, info: ImageInfo) -> None:
    needed = {*range(0, info.length, uf2.PAYLOAD), image_info.AT}
    if set(content.pages) != needed:
        raise FirmwareFileBad(f"{path.name} does not write what its image needs, no more or less.")
    if content.offsets[-1] != 0:
        raise FirmwareFileBad(
            f"{path.name} does not write its first page last.",
            cause="A copy of it that breaks off could leave a pen that does not start.",
        )


def _check_sums(path: Path, data: bytes) -> None:
    """Compare with the line of a SHA256SUMS file beside it; no such file or line is fine."""
    try:
        lines = (path.parent / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        digest, _, name = line.partition("  ")
        if name.strip() == path.name and digest != hashlib.sha256(data).hexdigest():
            raise FirmwareFileBad(
                f"{path.name} is not the file that {SUMS} beside it was made for.",
                cause="The file was altered or only partly copied, or the sums are of another.",
            )
