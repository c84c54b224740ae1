"""The memory of a cartridge: identity, written once at the factory, and the used mark.

Bytes 0..31 identity, 32..47 used mark, 0xFC..0xFF the chip's own unique id; the rest is 0xFF.
Identity and mark each end in a CRC-32 over what precedes it in them. Owns no state.
"""

import struct

from protocol import crc
from protocol.interpreter import const

MEMORY_SIZE = const(256)
IDENTITY_AT = const(0)
IDENTITY_SIZE = const(32)
USED_AT = const(32)
USED_SIZE = const(16)
UNIQUE_ID_AT = const(0xFC)
UNIQUE_ID_SIZE = const(4)

MAGIC = const(0x4350)  # "PC" in memory
LAYOUT = const(1)
IDENTITY_FORMAT = "<HBBBBH8sH"  # 18 bytes, then the CRC, then 10 unused
USED_FORMAT = "<IH"  # 6 bytes, then the CRC, then 6 unused

_IDENTITY_CRC_AT = const(18)
_USED_CRC_AT = const(6)


class Identity:
    """What the factory wrote."""

    def __init__(self, kind: int, pins: int, needle_um: int, lot: bytes, expiry_day: int):
        self.kind = kind  # type number
        self.pins = pins  # 12, 24, 36; 0 nano
        self.needle_um = needle_um
        self.lot = lot  # 8 bytes, filled up with zeros
        self.expiry_day = expiry_day  # last day of use, days since 2000-01-01


class UsedMark:
    """Who used it, once and for all."""

    def __init__(self, session_id: int, day: int):
        self.session_id = session_id
        self.day = day  # days since 2000-01-01, 0 when the pen's clock was not set


def pack_identity(identity: Identity) -> bytes:
    """The 32 bytes of the identity area; ValueError for a value that does not fit."""
    if not (0 <= identity.kind <= 255 and 0 <= identity.pins <= 255 and len(identity.lot) <= 8):
        raise ValueError("type and pins have 8 bits, the lot 8 bytes")
    if not (0 <= identity.needle_um <= 0xFFFF and 0 <= identity.expiry_day <= 0xFFFF):
        raise ValueError("needle length and expiry day have 16 bits")
    area = bytearray(b"\xff" * IDENTITY_SIZE)
    struct.pack_into(
        IDENTITY_FORMAT,
        area,
        0,
        MAGIC,
        LAYOUT,
        identity.kind,
        identity.pins,
        0,
        identity.needle_um,
        identity.lot,
        identity.expiry_day,
    )
    crc.write(area, 0, _IDENTITY_CRC_AT)
    return bytes(area)


def unpack_identity(area: "bytes | bytearray") -> "Identity | None":
    """The identity in the first bytes of `area`; None when it is damaged, foreign or blank."""
    end = _IDENTITY_CRC_AT + crc.SIZE
    if len(area) < end or not crc.intact(bytes(area[:end])):
        return None
    magic, layout, kind, pins, reserved, needle_um, lot, expiry_day = struct.unpack_from(
        IDENTITY_FORMAT, area, 0
    )
    if magic != MAGIC or layout != LAYOUT or reserved != 0:
        return None
    return Identity(kind, pins, needle_um, lot, expiry_day)


def pack_used(mark: UsedMark) -> bytes:
    """The 16 bytes of the used mark; ValueError for a value that does not fit."""
    if not (0 <= mark.session_id <= 0xFFFFFFFF and 0 <= mark.day <= 0xFFFF):
        raise ValueError("a session id has 32 bits, a day 16")
    area = bytearray(b"\xff" * USED_SIZE)
    struct.pack_into(USED_FORMAT, area, 0, mark.session_id, mark.day)
    crc.write(area, 0, _USED_CRC_AT)
    return bytes(area)


def is_unused(area: "bytes | bytearray") -> bool:
    """Whether the used mark's area is blank. Anything else, damaged or not, counts as used."""
    for byte in area:
        if byte != 0xFF:
            return False
    return len(area) == USED_SIZE


def unpack_used(area: "bytes | bytearray") -> "UsedMark | None":
    """The mark in `area`; None when it is blank or damaged (ask `is_unused` which)."""
    end = _USED_CRC_AT + crc.SIZE
    if len(area) < end or not crc.intact(bytes(area[:end])):
        return None
    session_id, day = struct.unpack_from(USED_FORMAT, area, 0)
    return UsedMark(session_id, day)
