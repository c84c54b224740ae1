"""The power cuts find storage that is wrong: each of these bugs, planted, is seen."""

from typing import Any

import pytest

from firmware.history import History
from firmware.storage import record_store
from firmware.storage.append_log import AppendLog
from firmware.storage.record_store import RecordStore
from tests.power_cut.every_cut import Tally, every_single
from tests.power_cut.scenarios import scenarios
from tests.power_cut.torn import AFTER, BEFORE, INSIDE


def header_first(patch: pytest.MonkeyPatch) -> None:
    """The header says that a record is whole before it is."""

    def write(self: RecordStore, data: bytes) -> None:
        newest = self._newest()
        counter = 1 if newest is None else newest[1] + 1
        slot = self._slots[counter % 2]
        self._flash.erase(slot)
        self._flash.program(slot, record_store._header(data, counter))
        for offset in range(0, len(data), 256):
            self._flash.program(slot + 256 + offset, data[offset : offset + 256])

    def header(self: RecordStore, slot: int) -> "tuple[int, int] | None":
        buffer = bytearray(12)
        self._flash.read_into(slot, buffer)
        magic, length = int.from_bytes(buffer[:2], "little"), int.from_bytes(buffer[2:4], "little")
        return (int.from_bytes(buffer[4:8], "little"), length) if magic == 0x5250 else None

    patch.setattr(RecordStore, "write", write)
    patch.setattr(RecordStore, "_header", header)


def one_slot(patch: pytest.MonkeyPatch) -> None:
    """The record is replaced where it lies."""
    sound = RecordStore.__init__

    def init(self: RecordStore, flash: Any, address: int) -> None:
        sound(self, flash, address)
        self._slots = (address, address)

    patch.setattr(RecordStore, "__init__", init)


def no_check_of_entries(patch: pytest.MonkeyPatch) -> None:
    """A log takes any entry that has a number."""

    def entry(self: AppendLog, place: int) -> "tuple[int, bytes] | None":
        buffer = self._read(place, self.size + 8)
        number = int.from_bytes(buffer[self.size : self.size + 4], "little")
        return None if number == 0xFFFFFFFF else (number, bytes(buffer[: self.size]))

    patch.setattr(AppendLog, "_entry", entry)


def no_look_at_the_place(patch: pytest.MonkeyPatch) -> None:
    """A log writes behind its last entry, whatever lies there."""
    patch.setattr(AppendLog, "_is_blank", lambda self, place: True)


def no_erase(patch: pytest.MonkeyPatch) -> None:
    """A log that has come round writes over its oldest entries."""
    patch.setattr(AppendLog, "_is_sector_blank", lambda self, first: True)


def nothing_noted(patch: pytest.MonkeyPatch) -> None:
    """A run is written when it ends, and only then."""
    patch.setattr(History, "open_run", lambda self, *values: None)


def counted_twice(patch: pytest.MonkeyPatch) -> None:
    """What was noted counts, though the run's end is in the log."""
    sound = History.unfinished_run

    def unfinished(self: History) -> "tuple[Any, ...] | None":
        found = self._runs.newest(0)
        return sound(self) if found is None or self._usage.count == 0 else ENTRY

    patch.setattr(History, "unfinished_run", unfinished)


ENTRY = (1, 77, b"\1\2\3\4", 6, 1, 14, 12, 1000, 9000, 10**6, 10**6, 10**6, 9)
BUGS = [
    header_first,
    one_slot,
    no_check_of_entries,
    no_look_at_the_place,
    no_erase,
    nothing_noted,
    counted_twice,
]


FEW = (BEFORE, INSIDE[1], INSIDE[5], AFTER)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_found(bug: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    tally = Tally()
    for scenario in scenarios():
        try:
            every_single(scenario, tally, FEW)
        except Exception as error:
            tally.take(scenario.name, [f"{type(error).__name__}: {error}"])
        if tally.wrong:
            return
    raise AssertionError(f"{tally.cuts} cuts did not show it")
