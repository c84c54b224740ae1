"""A record is the old one or the new one, whatever operation the power goes away in."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.storage.record_store import RecordStore, StorageError
from tests.firmware.storage.nor import NorFlash, PowerCut, every_cut

OLD = bytes(range(200)) * 2
NEW = b"new" * 111
NEWEST = b"z" * 1000


def store_of(flash: NorFlash) -> RecordStore:
    """As after a restart: nothing is remembered but what the flash holds."""
    return RecordStore(flash, 4096)


def test_a_new_pen_has_no_record() -> None:
    assert store_of(NorFlash(4)).read() is None


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 3071, 3072])
def test_what_was_written_is_read_after_a_restart(size: int) -> None:
    flash = NorFlash(4)
    data = random.Random(size).randbytes(size)
    store_of(flash).write(data)
    assert store_of(flash).read() == data


def test_a_record_that_is_too_long_is_refused_and_nothing_is_touched() -> None:
    flash = NorFlash(4)
    store_of(flash).write(OLD)
    operations = flash.nor.operations
    with pytest.raises(StorageError):
        store_of(flash).write(b"x" * 3073)
    assert flash.nor.operations == operations
    assert store_of(flash).read() == OLD


def test_its_neighbours_are_left_alone() -> None:
    flash = NorFlash(4)
    flash.program(0, b"left")
    flash.program(3 * 4096, b"right")
    for number in range(5):
        store_of(flash).write(bytes([number]) * 3072)
    assert flash.nor.read(0, 4) == b"left"
    assert flash.nor.read(3 * 4096, 5) == b"right"
    assert store_of(flash).read() == b"\x04" * 3072


@pytest.mark.parametrize("writes_before", [1, 2, 3])
def test_power_that_goes_in_any_operation_leaves_old_or_new(writes_before: int) -> None:
    def prepare() -> NorFlash:
        flash = NorFlash(4, seed=writes_before)
        for number in range(writes_before):
            store_of(flash).write(OLD if number == writes_before - 1 else b"older")
        return flash

    cuts = 0
    for flash, finished in every_cut(prepare, lambda flash: store_of(flash).write(NEW)):
        held = store_of(flash).read()
        assert held == NEW if finished else held in (OLD, NEW)
        store_of(flash).write(NEWEST)  # and the store still works
        assert store_of(flash).read() == NEWEST
        cuts += 1
    assert cuts > 10


def test_the_first_record_of_all_is_there_or_not() -> None:
    for flash, finished in every_cut(lambda: NorFlash(4), lambda flash: store_of(flash).write(NEW)):
        held = store_of(flash).read()
        assert held == NEW if finished else held in (None, NEW)


def test_a_second_cut_while_writing_again_still_leaves_a_whole_record() -> None:
    for first in range(4):
        for second in range(4):
            flash = NorFlash(4, seed=first * 10 + second)
            store_of(flash).write(OLD)
            for operation, data in ((first, NEW), (second, NEWEST)):
                flash.nor.cut_after(operation, 0.5)
                with pytest.raises(PowerCut):
                    store_of(flash).write(data)
            flash.nor.cut_after(None)
            assert store_of(flash).read() in (OLD, NEW, NEWEST)


@given(st.integers(0, 2 * 4096 - 1), st.integers(0, 7))
def test_a_flipped_bit_never_makes_another_record(place: int, bit: int) -> None:
    flash = NorFlash(4)
    store_of(flash).write(OLD)
    store_of(flash).write(NEW)
    flash.nor.content[4096 + place] ^= 1 << bit
    assert store_of(flash).read() in (OLD, NEW)


@given(st.integers(0, 1 << 32))
def test_noise_is_no_record(seed: int) -> None:
    flash = NorFlash(4)
    flash.nor.content[4096 : 3 * 4096] = random.Random(seed).randbytes(8192)
    assert store_of(flash).read() is None
    store_of(flash).write(NEW)
    assert store_of(flash).read() == NEW


def test_a_flash_that_does_not_keep_is_told_and_the_old_record_stays() -> None:
    class Worn(NorFlash):
        def program(self, address: int, data: bytes) -> None:
            if self.nor.operations > 8:
                data = data[:-1] + b"\xff"
            super().program(address, data)

    flash = Worn(4)
    store_of(flash).write(OLD)
    flash.nor.operations = 9
    with pytest.raises(StorageError):
        store_of(flash).write(b"\x00" * 300)
    assert store_of(flash).read() == OLD


def test_a_header_bit_that_does_not_stick_is_told_and_the_old_record_stays() -> None:
    class Sticky(NorFlash):
        place, bit = -1, 0

        def program(self, address: int, data: bytes) -> None:
            if address % 4096 == 0 and self.place >= 0:
                kept = bytearray(data)
                kept[self.place] |= self.bit
                data = bytes(kept)
            super().program(address, data)

    tried = 0
    for place in range(12):
        for bit in (1 << number for number in range(8)):
            flash = Sticky(4)
            store = store_of(flash)
            store.write(OLD)
            if _header(NEW, 2)[place] & bit:
                continue  # this one stays as it was erased
            flash.place, flash.bit = place, bit
            with pytest.raises(StorageError):
                store.write(NEW)
            assert store_of(flash).read() == OLD
            tried += 1
    assert tried > 48


def test_the_counter_may_wrap() -> None:
    flash = NorFlash(4)
    store = store_of(flash)
    for counter, data in ((0xFFFFFFFF, b"last"), (0, b"first again")):
        newest = store._newest()
        slot = (
            store._slots[0] if newest is None or newest[0] == store._slots[1] else store._slots[1]
        )
        flash.erase(slot)
        flash.program(slot + 256, data)
        flash.program(slot, _header(data, counter))
    assert store_of(flash).read() == b"first again"


def _header(data: bytes, counter: int) -> bytes:
    from firmware.storage import record_store

    return record_store._header(data, counter)
