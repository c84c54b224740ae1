"""One record of up to 3 KB that is either the old one or the new one, whatever happens.

Two sectors take turns. A record is whole only when its header is, and the header is programmed
last; the header with the higher counter wins. A half-written record has no valid header or a
wrong CRC, so it is never used, and the other sector still holds what was there before.
The sector that is not in force can be erased ahead of need, so that a write takes no 45 ms; from
then on a record that goes bad is none, and never the one before. Only an erase of this start is
believed: one that the supply ended may look blank and not keep what is written.
Main loop at standstill only. Owns addresses, and which sector was erased ahead.
"""

import binascii
import struct

from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Flash

MAGIC = const(0x5250)  # "PR" in memory
HEADER_FORMAT = "<HHII"  # magic, length, counter, CRC-32 of length, counter and data
HEADER_SIZE = const(12)
DATA_AT = const(256)  # the data begin on the second page, the header has the first for itself
LENGTH_MAX = const(3072)
_PAGE = const(256)
_SECTOR = const(4096)
_WRAP = 0xFFFFFFFF


class StorageError(Exception):
    """The flash did not keep what was written; the old record is still in force."""


class RecordStore:
    """One record in the two sectors from `address` of the region on."""

    def __init__(self, flash: "Flash", address: int) -> None:
        self._flash = flash
        self._slots = (address, address + _SECTOR)
        self._blank = -1  # the slot that was erased ahead

    def read(self) -> "bytes | None":
        """The newest whole record, None when there is none."""
        newest = self._newest()
        return None if newest is None else self._data(newest[0], newest[2])

    def write(self, data: bytes) -> None:
        """Replace the record; on StorageError, or without power, the old one stays."""
        length = len(data)
        if length > LENGTH_MAX:
            raise StorageError("record of %d bytes, at most %d fit" % (length, LENGTH_MAX))
        slot, counter = self._next()
        if slot != self._blank:
            self._flash.erase(slot)
        self._blank = -1
        for offset in range(0, length, _PAGE):
            self._flash.program(slot + DATA_AT + offset, data[offset : offset + _PAGE])
        self._flash.program(slot, _header(data, counter))
        if self._header(slot) != (counter, length) or self._data(slot, length) != data:
            raise StorageError("flash does not keep what was written at %d" % slot)

    @property
    def prepared(self) -> bool:
        """Whether the next write finds its sector erased."""
        return self._blank >= 0

    def prepare(self) -> None:
        """Erase the sector of the next write now."""
        if self._blank < 0:
            slot = self._next()[0]
            self._flash.erase(slot)
            self._blank = slot

    def _next(self) -> "tuple[int, int]":
        """(slot, counter) of the next write."""
        newest = self._newest()
        if newest is None:
            return self._slots[0], 1
        slot = self._slots[1] if newest[0] == self._slots[0] else self._slots[0]
        return slot, (newest[1] + 1) & _WRAP

    def _newest(self) -> "tuple[int, int, int] | None":
        """(slot, counter, length) of the whole record that was written last."""
        best = None
        for slot in self._slots:
            found = self._header(slot)
            if found is None:
                continue
            counter, length = found
            # The counter wraps after 2^32 writes; the difference tells which is later.
            if best is None or 0 < (counter - best[1]) & _WRAP < 0x80000000:
                best = (slot, counter, length)
        return best

    def _header(self, slot: int) -> "tuple[int, int] | None":
        """(counter, length) when the slot holds a whole record."""
        buffer = bytearray(HEADER_SIZE)
        self._flash.read_into(slot, buffer)
        magic, length, counter, crc = struct.unpack(HEADER_FORMAT, buffer)
        if magic != MAGIC or length > LENGTH_MAX:
            return None
        if _crc(self._data(slot, length), counter) != crc:
            return None
        return counter, length

    def _data(self, slot: int, length: int) -> bytes:
        buffer = bytearray(length)
        if length:
            self._flash.read_into(slot + DATA_AT, buffer)
        return bytes(buffer)


def _crc(data: bytes, counter: int) -> int:
    return binascii.crc32(data, binascii.crc32(struct.pack("<HI", len(data), counter)))


def _header(data: bytes, counter: int) -> bytes:
    return struct.pack(HEADER_FORMAT, MAGIC, len(data), counter, _crc(data, counter))
