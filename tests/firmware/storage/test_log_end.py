"""What a log makes of places that failed: neither whole entries nor never touched.

Two places a sector, so that a whole sector of them is quickly spoilt.
"""

import binascii
import struct

import pytest

from firmware.storage.append_log import AppendLog
from firmware.storage.record_store import StorageError
from tests.firmware.storage.nor import NorFlash

SECTORS = 3
SIZE = 2040  # with number and CRC 2048
STRIDE = 2048
DATA = bytes(range(255)) * 8


def log_of(flash: NorFlash) -> AppendLog:
    """As after a restart."""
    return AppendLog(flash, 0, SECTORS, SIZE)


def put(flash: NorFlash, place: int, number: int, data: bytes) -> None:
    """A whole entry, by hand."""
    body = data + struct.pack("<I", number)
    entry = body + struct.pack("<I", binascii.crc32(body))
    for offset in range(0, STRIDE, 256):
        flash.program(place * STRIDE + offset, entry[offset : offset + 256])


@pytest.mark.parametrize("kept", [b"\0", b""], ids=["torn", "blank"])
def test_a_sector_that_kept_nothing_does_not_hide_the_first_entry_behind_it(kept: bytes) -> None:
    """The flash fails for as long as the first sector lasts; then it is sound again."""
    flash = NorFlash(SECTORS)
    log = log_of(flash)
    sound = flash.program

    def fails(address: int, data: bytes) -> None:
        if kept:
            sound(address, kept)

    flash.program = fails  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(StorageError):
            log.append(DATA)
    flash.program = sound  # type: ignore[method-assign]
    assert log.append(DATA) == 1
    assert flash.nor.read(4096, 256) == DATA[:256]  # in the second sector
    log = log_of(flash)
    assert log.count == 1
    assert log.newest(0) == (1, DATA)


def test_data_without_a_number_are_no_entry_even_with_a_crc_of_0() -> None:
    """Four blank bytes more take a CRC from 0 to all ones, which is what a blank CRC reads as."""
    begin = b"cut off before the number was written..."[:36]
    to_0 = binascii.crc32(begin) ^ 0x6DD90A9D  # whose own CRC is 0
    data = begin + struct.pack("<I", to_0)
    assert binascii.crc32(data) == 0
    assert binascii.crc32(data + b"\xff" * 4) == 0xFFFFFFFF
    flash = NorFlash(SECTORS)
    flash.program(0, data)
    log = AppendLog(flash, 0, SECTORS, len(data))
    assert log.newest(0) is None
    assert log.append(data) == 1


def test_a_number_is_shown_once() -> None:
    flash = NorFlash(SECTORS)
    for place, number in enumerate((5, 5, 6)):
        put(flash, place, number, DATA)
    assert [number for number, _ in log_of(flash).backwards()] == [6, 5]
