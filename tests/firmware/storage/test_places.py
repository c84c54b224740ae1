"""Where the entries of a log lie: torn first places, large entries, full rings, damaged ones."""

import struct

import pytest

from firmware.storage.append_log import AppendLog
from firmware.storage.record_store import LENGTH_MAX, MAGIC, RecordStore, _crc
from firmware.storage.settings import TABLE, Settings
from tests.firmware.storage.nor import NorFlash, PowerCut
from tests.firmware.storage.test_append_log import entry, filled, log_of, numbers


@pytest.mark.parametrize("count", [64, 128])
def test_a_sector_whose_first_place_is_torn_keeps_what_follows(count: int) -> None:
    flash = filled(count)
    flash.nor.cut_after(0, 0.5)
    with pytest.raises(PowerCut):
        log_of(flash).append(entry(count + 1))
    flash.nor.cut_after(None)
    assert log_of(flash).append(entry(count + 1)) == count + 1
    assert numbers(flash)[0] == count + 1
    assert log_of(flash).append(entry(count + 2)) == count + 2
    assert numbers(flash) == list(range(count + 2, 0, -1))


@pytest.mark.parametrize(("size", "each"), [(56, 64), (57, 32), (300, 8), (1000, 4)])
def test_a_ring_of_any_size_of_entry_keeps_all_its_places_full(size: int, each: int) -> None:
    flash = NorFlash(3)
    log = AppendLog(flash, 0, 3, size)
    for number in range(1, 3 * each + 1):
        log.append(bytes([number % 251]) * size)
    kept = list(AppendLog(flash, 0, 3, size).backwards())
    assert kept == [(n, bytes([n % 251]) * size) for n in range(3 * each, 0, -1)]


@pytest.mark.parametrize("beyond", range(1, 8))
def test_the_sector_ahead_is_the_one_after_that_in_use(beyond: int) -> None:
    log = log_of(filled(64 + beyond))
    assert log.find_room_ahead()
    log = log_of(filled(128 + beyond))
    assert not log.find_room_ahead()


def test_a_damaged_entry_is_not_there_and_no_other_is_shown_for_it() -> None:
    flash = filled(10)
    flash.nor.content[4 * 64] ^= 0x01  # the fifth
    log = log_of(flash)
    assert log.newest(5) is None
    assert log.newest(4) == (6, entry(6))
    assert log.newest(6) == (4, entry(4))


def test_a_changed_setting_is_in_force_at_once() -> None:
    settings = Settings(RecordStore(NorFlash(2), 0))
    name, low, high = TABLE[0][0], TABLE[0][2], TABLE[0][3]
    value = low if settings.get(name) != low else high
    settings.change({name: value})
    assert settings.get(name) == value


@pytest.mark.parametrize(
    ("magic", "length"), [(MAGIC ^ 1, 8), (MAGIC, LENGTH_MAX + 1), (MAGIC ^ 1, LENGTH_MAX + 1)]
)
def test_a_header_that_is_not_ours_or_tells_too_much_is_no_record(magic: int, length: int) -> None:
    flash = NorFlash(4)
    data = b"x" * length
    flash.nor.content[256 : 256 + length] = data
    header = struct.pack("<HHII", magic, length, 1, _crc(data, 1))
    flash.nor.content[: len(header)] = header
    assert RecordStore(flash, 0).read() is None
