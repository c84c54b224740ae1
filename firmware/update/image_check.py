"""Whether the flash holds the image that it says: read once after each start, piece by piece.

A copy that was altered on its way, or half of one over half of another, has another hash than the
page of information tells; such a pen is not armed (H38). A board without that page runs sources
from a desk: there is nothing to compare. Main loop, while nothing is armed; owns the hash so far.
"""

import binascii
import hashlib

from protocol import image_info
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import FirmwareImage

PIECE = const(1024)  # half a millisecond on the board
PIECES = const(8)  # a step: 4 ms of the main loop, so that 500 KB are read 0.7 s after the start
_DIGITS = const(16)  # of the hash, as HELLO tells it
_VERSION_MAX = const(24)


class ImageCheck:
    """`step` until `done`."""

    def __init__(self, image: "FirmwareImage") -> None:
        self._image = image
        page = bytearray(image_info.SIZE)
        image.read_into(image_info.AT, page)
        self.info = image_info.unpack(page)
        self.done = self.info is None
        self.failed = False
        self.image_id = ""  # 16 hex digits of the hash of what lies in the flash, once known
        self._at = 0
        self._hash = hashlib.sha256()
        self._piece = bytearray(0 if self.done else PIECE)

    def version(self, otherwise: str) -> str:
        """Version and commit of the image; `otherwise` where no image says one."""
        if self.info is None:
            return otherwise
        full = self.info.version + "+" + self.info.commit
        return full if len(full) <= _VERSION_MAX else self.info.version

    def step(self) -> None:
        """Some more pieces."""
        info = self.info
        pieces = PIECES
        while pieces and not self.done and info is not None:
            pieces -= 1
            self._read(info)

    def _read(self, info: image_info.ImageInfo) -> None:
        piece = self._piece
        left = info.length - self._at
        if left < PIECE:
            piece = bytearray(left)
        self._image.read_into(self._at, piece)
        self._hash.update(piece)
        self._at += len(piece)
        if self._at == info.length:
            digest = self._hash.digest()
            self._piece = bytearray(0)
            self.failed = digest != info.sha256
            self.image_id = binascii.hexlify(digest[: _DIGITS // 2]).decode()
            self.done = True
