"""A history that is only ever added to, over a ring of sectors; the oldest sector makes room.

Entries have a fixed size and end in their number and a CRC. An entry that was cut off while it
was written has a wrong CRC: it is ignored, and the next one goes behind it. Sectors are erased
only when the ring comes round to them, at most one ahead of need, so that at most two sectors of
the oldest entries are ever missing.
Main loop at standstill only. Owns the place and number of the next entry.
"""

import binascii
import struct

from firmware.storage.record_store import StorageError
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware.hal.ports import Flash

_SECTOR = const(4096)
_PAGE = const(256)
_TAIL_FORMAT = "<II"  # number of the entry from 1, CRC-32 of data and number
_TAIL_SIZE = const(8)
_BLANK = b"\xff" * _PAGE


class AppendLog:
    """Entries of `size` bytes in `sectors` sectors from `address` of the region on."""

    def __init__(self, flash: "Flash", address: int, sectors: int, size: int) -> None:
        self._flash = flash
        self._address = address
        self.size = size
        self._stride = _power_of_two(size + _TAIL_SIZE)
        self._blank = b"\xff" * self._stride
        self._per_sector = _SECTOR // self._stride
        self._places = sectors * self._per_sector
        self._next_place = 0
        self._next_number = 1
        self._find_end()

    @property
    def count(self) -> int:
        """Entries written in the life of the pen, as far as the ring remembers."""
        return self._next_number - 1

    def find_room(self) -> bool:
        """Go to the next blank place (past torn entries); False when that would take an erase."""
        place = self._next_place
        while place % self._per_sector and not self._is_blank(place):
            place = (place + 1) % self._places
        self._next_place = place
        # A sector is begun only when all of it is blank: an erase may have been cut half-way.
        return place % self._per_sector != 0 or self._is_sector_blank(place)

    def find_room_ahead(self) -> bool:
        """Whether the next sector is blank too: room for a sector's entries without an erase."""
        return self.find_room() and self._is_sector_blank(self._next_sector())

    def make_room_ahead(self) -> None:
        """Have this place and the next sector blank, erasing up to two sectors (45 ms each)."""
        self._make_place()
        following = self._next_sector()
        if not self._is_sector_blank(following):
            self._flash.erase(self._at(following))

    def _make_place(self) -> None:
        if not self.find_room():
            self._flash.erase(self._at(self._next_place))

    def _next_sector(self) -> int:
        """First place of the sector after the one in use."""
        sector = self._next_place // self._per_sector + 1
        return sector * self._per_sector % self._places

    def append(self, data: bytes) -> int:
        """Add an entry of `size` bytes; its number, counted from 1 for the life of the pen.

        Programs only (0.4 ms) where `find_room` was true before. StorageError when the flash does
        not keep it; the next entry then goes elsewhere.
        """
        if len(data) != self.size:
            raise ValueError("entry of %d bytes, this log has %d" % (len(data), self.size))
        self._make_place()
        place = self._next_place
        number = self._next_number
        body = data + struct.pack("<I", number)
        self._next_place = (place + 1) % self._places
        self._program(place, body + struct.pack("<I", binascii.crc32(body)))
        if self._entry(place) != (number, data):
            raise StorageError("flash does not keep what was written at place %d" % place)
        self._next_number = number + 1
        return number

    def newest(self, index: int) -> "tuple[int, bytes] | None":
        """(number, data) of the entry `index` back from the newest (0); None when there is none."""
        wanted = self._next_number - 1 - index
        if index >= 0 and wanted >= 1:
            for found in self.backwards():
                if found[0] <= wanted:
                    return found if found[0] == wanted else None
        return None

    def backwards(self) -> "Iterator[tuple[int, bytes]]":
        """(number, data) of every whole entry, newest first."""
        below = self._next_number
        for back in range(1, self._places + 1):
            if below <= 1:
                return  # before the first entry there is only blank flash, 8 000 reads of it
            found = self._entry((self._next_place - back) % self._places)
            if found is not None and found[0] < below:
                below = found[0]
                yield found

    def _find_end(self) -> None:
        """Find the sector with the newest entries, then the newest in it: behind it goes the next.

        One or two reads per sector, and one sector read through.
        """
        newest_sector = -1
        newest_number = 0
        for first in range(0, self._places, self._per_sector):
            number = self._first_number(first)
            if number > newest_number:
                newest_number = number
                newest_sector = first
        if newest_sector < 0:
            return
        for place in range(newest_sector, newest_sector + self._per_sector):
            found = self._entry(place)
            if found is not None and found[0] >= self._next_number:
                self._next_number = found[0] + 1
                self._next_place = (place + 1) % self._places

    def _first_number(self, first: int) -> int:
        """Number of the first whole entry in the sector that begins at place `first`, 0 if none."""
        # Most sectors of a young pen are blank; behind a single blank place, whose write left no
        # trace, there may be entries.
        if self._is_sector_blank(first):
            return 0
        for place in range(first, first + self._per_sector):
            found = self._entry(place)
            if found is not None:
                return found[0]
        return 0

    def _at(self, place: int) -> int:
        sector = place // self._per_sector
        return self._address + sector * _SECTOR + place % self._per_sector * self._stride

    def _read(self, place: int, size: int) -> bytearray:
        buffer = bytearray(size)
        self._flash.read_into(self._at(place), buffer)
        return buffer

    def _is_blank(self, place: int) -> bool:
        return self._read(place, self._stride) == self._blank

    def _is_sector_blank(self, first: int) -> bool:
        """Whether nothing at all is written in the sector that begins at place `first`."""
        page = bytearray(_PAGE)
        begin = self._at(first)
        for address in range(begin, begin + _SECTOR, _PAGE):
            self._flash.read_into(address, page)
            if page != _BLANK:
                return False
        return True

    def _entry(self, place: int) -> "tuple[int, bytes] | None":
        """(number, data) of a whole entry, None for a blank or torn one."""
        buffer = self._read(place, self.size + _TAIL_SIZE)
        number, crc = struct.unpack_from(_TAIL_FORMAT, buffer, self.size)
        if number == 0xFFFFFFFF or binascii.crc32(bytes(buffer[: self.size + 4])) != crc:
            return None
        return number, bytes(buffer[: self.size])

    def _program(self, place: int, entry: bytes) -> None:
        """Program page by page; a power-of-two stride never straddles pages below 256 bytes."""
        address = self._at(place)
        for offset in range(0, len(entry), _PAGE):
            self._flash.program(address + offset, entry[offset : offset + _PAGE])


def _power_of_two(size: int) -> int:
    stride = 16
    while stride < size:
        stride *= 2
    return stride
