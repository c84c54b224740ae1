"""The page of the flash that says which firmware image lies there. Not part of the wire.

The image's build writes it, the pen reads it from its own flash, the host reads it from the file
before flashing. It is the last page of the firmware's area, at a fixed place, so that it is found
without knowing how long the image is; the hash is over the image alone. Owns no state.
"""

import struct

from protocol import crc
from protocol.interpreter import const

AT = const(0x0B_FF00)  # offset in flash: the last page of the 768 KB that firmware may take
SIZE = const(256)  # one page, one block of a UF2 file

MAGIC = const(0x494E_4550)  # "PENI" in memory
LAYOUT = const(1)
FORMAT = "<IHH16s24s8s12sII32s"  # 108 bytes, then the CRC-32 of them, then 0xFF
_CRC_AT = const(108)


class ImageInfo:
    """What a page says; texts in ASCII."""

    def __init__(
        self,
        board: str,
        version: str,
        schema: str,
        commit: str,
        built_unix_s: int,
        length: int,
        sha256: bytes,
    ):
        self.board = board  # name of the board it is for, up to 16 characters
        self.version = version  # of the firmware, up to 24
        self.schema = schema  # schema id, 8 hex digits
        self.commit = commit  # of the sources, up to 12
        self.built_unix_s = built_unix_s  # time of that commit
        self.length = length  # bytes of the image, from the beginning of the flash
        self.sha256 = sha256  # of those bytes


def pack(info: ImageInfo) -> bytes:
    """The page; ValueError for a text that does not fit."""
    texts = []
    for text, room in ((info.board, 16), (info.version, 24), (info.schema, 8), (info.commit, 12)):
        data = text.encode()
        if not data or len(data) > room:
            raise ValueError("'%s' has to have 1 to %d bytes" % (text, room))
        texts.append(data)
    if not 0 < info.length <= AT or len(info.sha256) != 32:
        raise ValueError("an image has 1 to %d bytes and a hash of 32" % AT)
    page = bytearray(b"\xff" * SIZE)
    struct.pack_into(
        FORMAT,
        page,
        0,
        MAGIC,
        LAYOUT,
        0,
        texts[0],
        texts[1],
        texts[2],
        texts[3],
        info.built_unix_s,
        info.length,
        info.sha256,
    )
    struct.pack_into("<I", page, _CRC_AT, crc.crc32(page[:_CRC_AT]))
    return bytes(page)


def unpack(page: "bytes | bytearray") -> "ImageInfo | None":
    """Read a page; None when it is not one, or damaged."""
    if len(page) < _CRC_AT + 4:
        return None
    row = struct.unpack_from(FORMAT, page, 0)
    if row[0] != MAGIC or row[1] != LAYOUT:
        return None
    if struct.unpack_from("<I", page, _CRC_AT)[0] != crc.crc32(bytes(page[:_CRC_AT])):
        return None
    if not 0 < row[8] <= AT:
        return None
    return ImageInfo(
        _text(row[3]), _text(row[4]), _text(row[5]), _text(row[6]), row[7], row[8], row[9]
    )


def _text(data: bytes) -> str:
    return data.rstrip(b"\0").decode()
