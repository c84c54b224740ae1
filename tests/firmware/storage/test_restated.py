"""Addresses and settings, restated by hand: they are fixed for the life of a pen."""

import json
from itertools import pairwise

import pytest

from firmware.storage import layout
from firmware.storage.record_store import RecordStore
from firmware.storage.settings import TABLE, Settings
from tests.firmware.storage.nor import NorFlash

# name, default, lowest, highest
SETTINGS = [
    ("buzzer", 1, 0, 1),
    ("light_percent", 60, 5, 100),
    ("current_zero_code", 0, 0, 200),
    ("current_gain_ppt", 1000, 800, 1200),
    ("hall_offset_um", 0, -200, 200),
    ("depth_zero_um", 0, -100, 100),
    ("battery_gain_ppt", 1000, 950, 1050),
    ("kt_ppt", 1000, 800, 1200),
    ("resistance_ppt", 1000, 700, 1300),
]


def test_every_record_lies_where_it_always_lay() -> None:
    assert layout.PLAN_AT == 0
    assert layout.SETTINGS_AT == 0x2000
    assert (layout.FAULT_LOG_AT, layout.FAULT_LOG_SECTORS) == (0x8000, 16)
    assert (layout.USAGE_LOG_AT, layout.USAGE_LOG_SECTORS) == (0x18000, 64)
    assert (layout.RUN_LOG_AT, layout.RUN_LOG_SECTORS) == (0x58000, 4)
    assert layout.SECTORS_NEEDED == 92


def test_no_record_lies_on_another() -> None:
    places = [
        (layout.PLAN_AT, 2),
        (layout.SETTINGS_AT, 2),
        (layout.FAULT_LOG_AT, layout.FAULT_LOG_SECTORS),
        (layout.USAGE_LOG_AT, layout.USAGE_LOG_SECTORS),
        (layout.RUN_LOG_AT, layout.RUN_LOG_SECTORS),
    ]
    for (at, sectors), (following, _) in pairwise(places):
        assert at + sectors * 4096 <= following
    assert places[-1][0] + places[-1][1] * 4096 == layout.SECTORS_NEEDED * 4096


def test_the_table_of_settings() -> None:
    assert [row[:4] for row in TABLE] == SETTINGS
    assert all(row[4] for row in TABLE)


@pytest.mark.parametrize(("name", "default", "low", "high"), SETTINGS)
def test_a_new_pen_has_its_default_and_takes_each_end(
    name: str, default: int, low: int, high: int
) -> None:
    store = RecordStore(NorFlash(2), 0)
    settings = Settings(store)
    assert settings.get(name) == default
    for value in (low, high):
        assert settings.problem(name, value) is None
    for value in (low - 1, high + 1):
        assert settings.problem(name, value) == ("range", low, high)
        kept = {"version": 1, **{row[0]: row[1] for row in SETTINGS}, name: value}
        store.write(json.dumps(kept).encode())
        assert Settings(store).get(name) == default
