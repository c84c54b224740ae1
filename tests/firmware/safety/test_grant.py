"""The check at the press of the button: every zone's cap, restated from the clinical table."""

from array import array  # noqa: TC003 - the annotation of words

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.safety import limits
from firmware.safety.grant import may_grant
from tests.firmware.safety.rig import FakeTreatment

# zone, cap mm, override maximum mm, slowest Hz, fastest Hz
BY_HAND = [
    (1, 0.75, 1.5, 50, 120),
    (2, 0.75, 1.5, 50, 150),
    (3, 0.75, 1.0, 50, 150),
    (4, 0.5, 0.75, 50, 100),
    (5, 0.5, 0.75, 50, 150),
    (6, 1.5, 2.0, 80, 150),
    (7, 1.0, 1.5, 50, 150),
    (8, 0.75, 1.0, 50, 150),
    (9, 1.0, 1.5, 50, 150),
    (10, 1.0, 1.5, 50, 150),
    (11, 0.75, 1.0, 50, 150),
    (12, 1.5, 2.0, 50, 150),
    (13, 1.5, 2.5, 50, 150),
    (14, 1.5, 2.0, 50, 150),
    (15, 1.0, 1.5, 50, 150),
    (16, 0.75, 1.0, 50, 150),
]


def asked(**changes: int) -> "array[int]":
    treatment = FakeTreatment(place.new())
    for name, value in changes.items():
        setattr(treatment, name, value)
    return treatment.words


@pytest.mark.parametrize(("zone", "cap_mm", "override_mm", "slow_hz", "fast_hz"), BY_HAND)
def test_each_zone_has_its_cap_its_override_and_its_rates(
    zone: int, cap_mm: float, override_mm: float, slow_hz: int, fast_hz: int
) -> None:
    cap_um, override_um = round(cap_mm * 1000), round(override_mm * 1000)
    slow, fast = slow_hz * 100, fast_hz * 100
    for depth_um, rate_chz, reason, good in (
        (cap_um, slow, 0, True),
        (cap_um, fast, 0, True),
        (cap_um + 1, slow, 0, False),
        (override_um, slow, 1, True),
        (override_um + 1, slow, 1, False),
        (cap_um, slow - 1, 0, False),
        (cap_um, fast + 1, 0, False),
        (50, fast, 0, True),
        (49, fast, 0, False),
        (0, fast, 0, False),
        (-1, fast, 0, False),
    ):
        treatment = asked(zone=zone, depth_um=depth_um, rate_chz=rate_chz, override_reason=reason)
        assert may_grant(treatment) == good, (depth_um, rate_chz, reason)


@pytest.mark.parametrize("zone", [-1, 0, 17, 18, 255, 1 << 29])
def test_there_is_no_other_zone(zone: int) -> None:
    assert not may_grant(asked(zone=zone, depth_um=250))


def test_the_cartridge_caps_the_depth() -> None:
    assert may_grant(asked(depth_um=1000, cartridge_depth_um=1000))
    assert not may_grant(asked(depth_um=1001, cartridge_depth_um=1000))
    assert not may_grant(asked(depth_um=2000, override_reason=1, cartridge_depth_um=1999))


def test_a_demonstration_stays_at_a_quarter_millimetre_and_may_be_slow() -> None:
    assert may_grant(asked(demo=1, depth_um=250, rate_chz=2500))
    assert not may_grant(asked(demo=1, depth_um=251, rate_chz=2500))
    assert not may_grant(asked(demo=1, depth_um=251, rate_chz=2500, override_reason=1))
    assert not may_grant(asked(demo=1, depth_um=250, rate_chz=2499))


@pytest.mark.parametrize(
    ("limit_ma", "good"), [(0, False), (-1, False), (1, True), (800, True), (801, False)]
)
def test_no_cartridge_is_given_more_than_800_ma(limit_ma: int, good: bool) -> None:
    assert may_grant(asked(current_limit_ma=limit_ma)) == good


@given(
    st.integers(-10, 300),
    st.integers(-100, 70000),
    st.integers(-100, 70000),
    st.integers(0, 255),
    st.booleans(),
    st.integers(0, 3000),
)
def test_nothing_beyond_the_hard_limits_is_ever_granted(
    zone: int, depth_um: int, rate_chz: int, reason: int, demo: bool, cartridge_um: int
) -> None:
    treatment = asked(
        zone=zone,
        depth_um=depth_um,
        rate_chz=rate_chz,
        override_reason=reason,
        demo=int(demo),
        cartridge_depth_um=cartridge_um,
    )
    if may_grant(treatment):
        assert 50 <= depth_um <= min(2500, cartridge_um)
        assert 2500 <= rate_chz <= 15000
        assert depth_um <= 1500 or reason
        assert 1 <= zone <= 16


def test_rows_are_found_by_number_and_nothing_else() -> None:
    for zone, *_ in BY_HAND:
        row = limits.zone_row(zone)
        assert row is not None
        assert row[0] == zone
    assert limits.zone_row(0) is None
    assert [limits.cartridge_row(pins) is not None for pins in (0, 12, 24, 36, 1, 48, -1)] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
