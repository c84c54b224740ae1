"""A history that loses nothing that was written whole, and never shows what was not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.storage.append_log import AppendLog
from firmware.storage.record_store import StorageError
from tests.firmware.storage.nor import FRACTIONS, NorFlash, PowerCut, every_cut

SIZE = 40  # with number and CRC 48, so 64 bytes each and 64 in a sector
SECTORS = 3


def log_of(flash: NorFlash) -> AppendLog:
    """As after a restart."""
    return AppendLog(flash, 0, SECTORS, SIZE)


def entry(number: int) -> bytes:
    return number.to_bytes(4, "little") * (SIZE // 4)


def filled(count: int, seed: int = 1) -> NorFlash:
    flash = NorFlash(SECTORS, seed)
    log = log_of(flash)
    for number in range(1, count + 1):
        assert log.append(entry(number)) == number
    return flash


def numbers(flash: NorFlash) -> list[int]:
    """Newest first, each entry checked against its number."""
    found = list(log_of(flash).backwards())
    for number, data in found:
        assert data == entry(number)
    return [number for number, _ in found]


def test_a_write_without_a_trace_hides_nothing_behind_it() -> None:
    flash = NorFlash(SECTORS)
    log = log_of(flash)
    sound = flash.program
    flash.program = lambda address, data: None  # type: ignore[method-assign]
    with pytest.raises(StorageError):
        log.append(entry(1))
    flash.program = sound  # type: ignore[method-assign]
    for number in range(1, 6):
        assert log.append(entry(number)) == number
    assert numbers(flash) == [5, 4, 3, 2, 1]
    assert log_of(flash).append(entry(6)) == 6


def test_a_new_pen_has_no_history() -> None:
    log = log_of(NorFlash(SECTORS))
    assert log.newest(0) is None
    assert log.count == 0


@pytest.mark.parametrize("count", [1, 63, 64, 65, 127, 128, 191, 192, 193, 256, 257, 500])
def test_the_newest_entries_are_kept_over_restarts_and_rounds(count: int) -> None:
    flash = filled(count)
    kept = numbers(flash)
    assert kept[0] == count
    assert kept == list(range(count, count - len(kept), -1))
    # At most one sector of 64 is missing of the three.
    assert len(kept) >= min(count, 129)
    log = log_of(flash)
    assert log.count == count
    assert log.newest(0) == (count, entry(count))
    assert log.newest(len(kept) - 1) == (kept[-1], entry(kept[-1]))
    assert log.newest(len(kept)) is None
    assert log.newest(-1) is None


@pytest.mark.parametrize("count", [0, 1, 62, 63, 64, 191, 192, 255, 256])
def test_power_that_goes_in_any_operation_loses_at_most_the_entry_in_hand(count: int) -> None:
    for flash, finished in every_cut(
        lambda: filled(count), lambda flash: log_of(flash).append(entry(count + 1))
    ):
        kept = numbers(flash)
        expected = (count + 1,) if finished else (count, count + 1)
        newest = kept[0] if kept else 0
        assert newest in expected
        assert kept == list(range(newest, newest - len(kept), -1))
        assert len(kept) >= min(count, 128)
        log = log_of(flash)
        for number in range(newest + 1, newest + 140):  # and it goes on, over the torn place
            log.append(entry(number))
        assert numbers(flash)[:128] == list(range(newest + 139, newest + 11, -1))


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.integers(1, 70),  # so many entries
            st.tuples(st.integers(0, 1), st.sampled_from(FRACTIONS)),  # a cut
        ),
        max_size=12,
    ),
    st.integers(0, 99),
)
def test_any_life_of_entries_and_cuts(life: list[int | tuple[int, float]], seed: int) -> None:
    flash = NorFlash(SECTORS, seed)
    newest = 0
    for event in life:
        log = log_of(flash)
        if isinstance(event, int):
            for _ in range(event):
                newest = log.append(entry(log.count + 1))
            continue
        flash.nor.cut_after(*event)
        try:
            newest = log.append(entry(log.count + 1))
        except PowerCut:
            newest = max(newest, log_of(flash).count)
        flash.nor.cut_after(None)
        kept = numbers(flash)
        assert (kept[0] if kept else 0) == newest
        assert kept == sorted(kept, reverse=True)


def test_room_is_found_without_erasing_and_made_only_at_the_start_of_a_sector() -> None:
    flash = filled(63)
    log = log_of(flash)
    assert log.find_room()
    log.append(entry(64))
    assert log.find_room()  # the next sector is blank from the factory
    flash = filled(192)
    log = log_of(flash)
    operations = flash.nor.operations
    assert not log.find_room()
    assert flash.nor.operations == operations
    log.make_room_ahead()
    assert flash.nor.operations == operations + 2
    log.make_room_ahead()
    assert flash.nor.operations == operations + 2  # there is room already
    assert log.find_room()
    assert log.find_room_ahead()
    for number in range(193, 193 + 64):
        log.append(entry(number))
    assert flash.nor.operations == operations + 66  # the entries themselves only program
    assert numbers(flash) == list(range(256, 128, -1))  # of 192, two sectors made room


def test_room_ahead_is_a_whole_sector_beside_the_one_in_use() -> None:
    flash = filled(64 + 3)
    log = log_of(flash)
    assert log.find_room_ahead()
    for number in range(68, 129):
        log.append(entry(number))
    assert log.find_room()  # the last sector is blank, but the one after it is the oldest
    assert not log.find_room_ahead()
    log.make_room_ahead()
    assert log.find_room_ahead()
    assert numbers(flash) == list(range(128, 64, -1))


def test_an_entry_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="39"):
        log_of(NorFlash(SECTORS)).append(b"x" * (SIZE - 1))


@pytest.mark.parametrize("size", [1, 8, 56, 57, 200, 248])
def test_entries_of_any_size_stay_inside_their_pages(size: int) -> None:
    flash = NorFlash(2)
    log = AppendLog(flash, 0, 2, size)
    for number in range(50):
        log.append(bytes([number]) * size)
    assert AppendLog(flash, 0, 2, size).newest(49 if size < 57 else 5) is not None


def test_an_entry_that_the_flash_does_not_keep_is_told_and_its_place_given_up() -> None:
    flash = filled(3)
    log = log_of(flash)
    sound = flash.program
    flash.program = lambda address, data: sound(address, b"\0" + data[1:])  # type: ignore[method-assign]
    with pytest.raises(StorageError):
        log.append(b"\1" * SIZE)
    flash.program = sound  # type: ignore[method-assign]
    assert log.append(entry(4)) == 4
    assert numbers(flash) == [4, 3, 2, 1]
