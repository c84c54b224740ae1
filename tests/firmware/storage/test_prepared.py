"""A sector erased ahead: the write that follows erases nothing, and no cut leaves half a record."""

import pytest

from firmware.storage.record_store import RecordStore, StorageError
from tests.firmware.storage.nor import NorFlash, every_cut
from tests.firmware.storage.test_record_store import NEW, NEWEST, OLD, store_of

PAGES = 2  # NEW has 333 bytes


def prepared(flash: NorFlash) -> RecordStore:
    store = store_of(flash)
    store.prepare()
    assert store.prepared
    return store


def test_the_first_sector_of_all_can_be_the_prepared_one() -> None:
    flash = NorFlash(2)
    store = RecordStore(flash, 0)
    assert not store.prepared
    store.prepare()
    assert store.prepared
    operations = flash.nor.operations
    store.prepare()
    assert flash.nor.operations == operations
    store.write(NEW)
    assert not store.prepared
    assert flash.nor.operations == operations + PAGES + 1
    assert RecordStore(flash, 0).read() == NEW


def test_a_prepared_write_programs_its_pages_and_its_header_and_erases_nothing() -> None:
    flash = NorFlash(4)
    store_of(flash).write(OLD)
    store = prepared(flash)
    assert store.read() == OLD
    before = flash.nor.operations
    store.prepare()
    assert flash.nor.operations == before  # once is enough
    store.write(NEW)
    assert flash.nor.operations - before == PAGES + 1
    assert store_of(flash).read() == NEW
    assert not store.prepared
    store.write(NEWEST)  # and without, as ever
    assert store_of(flash).read() == NEWEST


def test_an_erase_of_an_earlier_start_is_not_believed() -> None:
    flash = NorFlash(4)
    store_of(flash).write(OLD)
    prepared(flash)
    before = flash.nor.operations
    store_of(flash).write(NEW)
    assert flash.nor.operations - before == 1 + PAGES + 1


@pytest.mark.parametrize("writes_before", [0, 1, 2, 3])
def test_power_that_goes_while_it_is_prepared_or_written_leaves_old_or_new(
    writes_before: int,
) -> None:
    def begin() -> NorFlash:
        flash = NorFlash(4, seed=writes_before)
        for number in range(writes_before):
            store_of(flash).write(OLD if number == writes_before - 1 else b"older")
        return flash

    def work(flash: NorFlash) -> None:
        prepared(flash).write(NEW)

    old = OLD if writes_before else None
    for flash, finished in every_cut(begin, work):
        held = store_of(flash).read()
        assert held == NEW if finished else held in (old, NEW)
        prepared(flash).write(NEWEST)
        assert store_of(flash).read() == NEWEST


def test_once_prepared_a_record_that_goes_bad_is_none_and_not_the_one_before() -> None:
    flash = NorFlash(4)
    store_of(flash).write(OLD)
    store_of(flash).write(NEW)
    prepared(flash)
    flash.nor.content[2 * 4096 + 256] ^= 1
    assert store_of(flash).read() is None


def test_a_write_that_fails_leaves_nothing_to_be_believed() -> None:
    class Worn(NorFlash):
        worn = False

        def program(self, address: int, data: bytes) -> None:
            super().program(address, data[:-1] + b"\xff" if self.worn else data)

    flash = Worn(4)
    store_of(flash).write(OLD)
    store = prepared(flash)
    flash.worn = True
    with pytest.raises(StorageError):
        store.write(NEW)
    flash.worn = False
    store.write(NEW)  # the sector is erased again
    assert store_of(flash).read() == NEW
