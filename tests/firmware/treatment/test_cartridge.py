"""Is this cartridge fit? Every reason against it, in order of gravity."""

import pytest

from firmware.treatment import cartridge
from protocol import codes
from protocol.cartridge_layout import Identity, UsedMark

DAY = 9499  # 2026-01-03, in days since 2000-01-01
UNIX_S = 946_684_800 + DAY * 86_400 + 3600
SESSION = 77


def identity(pins: int = 12, needle_um: int = 2500, expiry_day: int = DAY) -> Identity:
    return Identity(1, pins, needle_um, b"LOT", expiry_day)


def test_a_new_cartridge_is_fit_until_the_end_of_its_last_day() -> None:
    assert cartridge.refusal(identity(), True, None, SESSION, UNIX_S) == cartridge.OK
    tomorrow = UNIX_S + 86_400
    expected = (codes.RESULT_CARTRIDGE_EXPIRED, 0, 1, 0, 0)
    assert cartridge.refusal(identity(), True, None, SESSION, tomorrow) == expected


def test_its_own_session_may_go_on_with_it_and_no_other() -> None:
    mark = UsedMark(SESSION, DAY)
    used = (codes.RESULT_CARTRIDGE_USED, 0, 0, 0, 0)
    assert cartridge.refusal(identity(), False, mark, SESSION, UNIX_S) == cartridge.OK
    assert cartridge.refusal(identity(), False, mark, SESSION + 1, UNIX_S) == used
    assert cartridge.refusal(identity(), False, mark, -1, UNIX_S) == used


def test_a_damaged_mark_counts_as_used() -> None:
    used = (codes.RESULT_CARTRIDGE_USED, 0, 0, 0, 0)
    assert cartridge.refusal(identity(), False, None, SESSION, UNIX_S) == used


def test_without_identity_it_is_unreadable() -> None:
    found = cartridge.refusal(None, True, None, SESSION, UNIX_S)
    assert found == (codes.RESULT_CARTRIDGE_UNREADABLE, 0, 0, 0, 0)


def test_without_a_date_its_expiry_cannot_be_judged() -> None:
    found = cartridge.refusal(identity(), True, None, SESSION, 0)
    assert found == (codes.RESULT_CLOCK_UNSET, 0, 0, 0, 0)


def test_used_is_told_before_the_date_is_missed() -> None:
    found = cartridge.refusal(identity(), False, UsedMark(1, 0), SESSION, 0)
    assert found[0] == codes.RESULT_CARTRIDGE_USED


@pytest.mark.parametrize("pins", [0, 12, 24, 36])
def test_pins_and_needle_length_must_be_those_of_the_plan(pins: int) -> None:
    assert cartridge.fits(identity(pins), pins, 2500) == cartridge.OK
    other = 24 if pins == 12 else 12
    assert cartridge.fits(identity(pins), other, 2500) == (
        codes.RESULT_CARTRIDGE_WRONG,
        0,
        pins,
        other,
        0,
    )
    assert cartridge.fits(identity(pins), pins, 2000) == (
        codes.RESULT_CARTRIDGE_WRONG,
        1,
        2500,
        2000,
        0,
    )
    assert cartridge.fits(None, pins, 2500)[0] == codes.RESULT_NO_CARTRIDGE


@pytest.mark.parametrize(
    ("unix_s", "day"), [(0, 0), (946_684_799, 0), (946_684_800, 0), (946_771_200, 1), (UNIX_S, DAY)]
)
def test_days_count_from_the_year_2000(unix_s: int, day: int) -> None:
    assert cartridge.day_of(unix_s) == day
