"""Every plan that must be refused is refused with its number and its range; good ones pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.treatment import plan as plan_check
from protocol import codes, plan_layout

CHEEK = 6


def row(**changes: int) -> plan_layout.PlanRow:
    values = {
        "zone": CHEEK,
        "passes": 2,
        "depth_um": 1000,
        "rate_chz": 10000,
        "time_limit_s": 600,
        "dose_limit_per_cm2": 1000,
        "area_mm2": 4000,
        "override_reason": 0,
    }
    values.update(changes)
    return plan_layout.PlanRow(**values)


def plan(*rows: plan_layout.PlanRow, **changes: int) -> plan_layout.Plan:
    values = {"flags": 0, "pins": 12, "needle_um": 2500}
    values.update(changes)
    return plan_layout.Plan(
        77, values["flags"], values["pins"], values["needle_um"], b"lib", b"name", list(rows)
    )


def refusal(*rows: plan_layout.PlanRow, **changes: int) -> tuple[int, int, int, int, int]:
    return plan_check.plan_refusal(plan(*rows, **changes))


def test_a_good_plan_passes() -> None:
    assert refusal(row(), row(zone=1, depth_um=500, rate_chz=9000)) == plan_check.OK


# zone, cap, override maximum, slowest, fastest: the clinical table by hand, um and 0.01 Hz
ZONES = [
    (1, 750, 1500, 5000, 12000),
    (2, 750, 1500, 5000, 15000),
    (3, 750, 1000, 5000, 15000),
    (4, 500, 750, 5000, 10000),
    (5, 500, 750, 5000, 15000),
    (6, 1500, 2000, 8000, 15000),
    (7, 1000, 1500, 5000, 15000),
    (8, 750, 1000, 5000, 15000),
    (9, 1000, 1500, 5000, 15000),
    (10, 1000, 1500, 5000, 15000),
    (11, 750, 1000, 5000, 15000),
    (12, 1500, 2000, 5000, 15000),
    (13, 1500, 2500, 5000, 15000),
    (14, 1500, 2000, 5000, 15000),
    (15, 1000, 1500, 5000, 15000),
    (16, 750, 1000, 5000, 15000),
]


@pytest.mark.parametrize(("zone", "cap", "most", "slow", "fast"), ZONES)
def test_depth_by_zone(zone: int, cap: int, most: int, slow: int, fast: int) -> None:
    def asked(depth_um: int, reason: int) -> tuple[int, int, int, int, int]:
        return refusal(row(zone=zone, depth_um=depth_um, rate_chz=fast, override_reason=reason))

    assert asked(cap, 0) == plan_check.OK
    if cap < most:
        assert asked(cap + 1, 0) == (codes.RESULT_ABOVE_ZONE_CAP, zone, cap + 1, 50, cap)
        assert asked(most, 0) == (codes.RESULT_ABOVE_ZONE_CAP, zone, most, 50, cap)
    assert asked(most, 1) == plan_check.OK
    for reason in (0, 1):
        above = (codes.RESULT_ABOVE_OVERRIDE_MAX, zone, most + 1, 50, most)
        assert asked(most + 1, reason) == above


@pytest.mark.parametrize(("zone", "cap", "most", "slow", "fast"), ZONES)
def test_rate_by_zone(zone: int, cap: int, most: int, slow: int, fast: int) -> None:
    for rate_chz, good in ((slow, True), (fast, True), (slow - 1, False), (fast + 1, False)):
        expected = (codes.RESULT_RATE_OUT_OF_RANGE, zone, rate_chz, slow, fast)
        found = refusal(row(zone=zone, depth_um=250, rate_chz=rate_chz))
        assert found == (plan_check.OK if good else expected)


@pytest.mark.parametrize("zone", [0, 17, 18, 255])
def test_an_unknown_zone(zone: int) -> None:
    assert refusal(row(zone=zone)) == (codes.RESULT_UNKNOWN_ZONE, zone, zone, 1, 16)


def test_a_zone_named_twice() -> None:
    found = refusal(row(), row(zone=5, depth_um=250), row())
    assert found == (codes.RESULT_DUPLICATE_ZONE, CHEEK, CHEEK, 0, 0)


# field's place in the row, name, lowest, highest
RANGES = [
    (1, "passes", 1, 6),
    (4, "time_limit_s", 1, 1800),
    (5, "dose_limit_per_cm2", 1, 5000),
    (6, "area_mm2", 100, 60000),
]


@pytest.mark.parametrize(("field", "name", "low", "high"), RANGES)
def test_the_other_fields_have_their_ranges(field: int, name: str, low: int, high: int) -> None:
    assert plan_layout.ROW_FIELDS[field] == name
    for value in (low, high):
        assert refusal(row(**{name: value})) == plan_check.OK
    for value in (low - 1, high + 1):
        second = row(zone=5, depth_um=250, **{name: value})
        expected = (codes.RESULT_OUT_OF_RANGE, 1 << 4 | field, value, low, high)
        assert refusal(row(), second) == expected


@pytest.mark.parametrize("depth_um", [0, 49])
def test_a_depth_that_treats_nothing(depth_um: int) -> None:
    expected = (codes.RESULT_OUT_OF_RANGE, 2, depth_um, 50, 1500)
    assert refusal(row(depth_um=depth_um)) == expected


@pytest.mark.parametrize("pins", [1, 11, 13, 48, 255])
def test_pins_that_no_cartridge_has(pins: int) -> None:
    assert refusal(row(), pins=pins) == (codes.RESULT_OUT_OF_RANGE, 0x0F, pins, 0, 36)


@pytest.mark.parametrize(("needle_um", "good"), [(100, True), (99, False), (3000, True)])
def test_needles_shorter_than_a_tenth_are_no_needles(needle_um: int, good: bool) -> None:
    found = refusal(row(depth_um=100), needle_um=needle_um)
    expected = (codes.RESULT_OUT_OF_RANGE, 0x0E, needle_um, 100, 3000)
    assert found == (plan_check.OK if good else expected)


def test_needles_longer_than_any() -> None:
    assert refusal(row(), needle_um=3001)[0] == codes.RESULT_OUT_OF_RANGE


def test_the_cartridge_caps_every_zone() -> None:
    expected = (codes.RESULT_ABOVE_OVERRIDE_MAX, CHEEK, 1001, 50, 1000)
    assert refusal(row(depth_um=1001), needle_um=1000) == expected
    nano = (codes.RESULT_ABOVE_OVERRIDE_MAX, CHEEK, 501, 50, 500)
    assert refusal(row(depth_um=501, override_reason=1), pins=0) == nano
    assert refusal(row(depth_um=500), pins=0) == plan_check.OK


def test_a_demonstration_is_shallow_and_may_be_slow() -> None:
    demo = plan_layout.FLAG_DEMONSTRATION
    assert refusal(row(depth_um=250, rate_chz=2500), flags=demo) == plan_check.OK
    expected = (codes.RESULT_ABOVE_OVERRIDE_MAX, CHEEK, 251, 50, 250)
    assert refusal(row(depth_um=251, override_reason=1), flags=demo) == expected
    slow = (codes.RESULT_RATE_OUT_OF_RANGE, CHEEK, 2499, 2500, 15000)
    assert refusal(row(depth_um=250, rate_chz=2499), flags=demo) == slow


def test_bytes_that_are_no_plan() -> None:
    good = plan_layout.pack(plan(row()))
    assert plan_check.refusal(good) == plan_check.OK
    for data in (b"", good[:-1], good + b"\0", b"\0" + good, bytes(len(good))):
        assert plan_check.refusal(data)[0] == codes.RESULT_PLAN_FORMAT


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_raise(data: bytes) -> None:
    found = plan_check.refusal(data)
    assert found[0] == codes.RESULT_PLAN_FORMAT or found == plan_check.OK


@given(
    st.lists(
        st.builds(
            row,
            zone=st.integers(0, 20),
            passes=st.integers(0, 8),
            depth_um=st.integers(0, 3000),
            rate_chz=st.integers(0, 20000),
            time_limit_s=st.integers(0, 2000),
            dose_limit_per_cm2=st.integers(0, 6000),
            area_mm2=st.integers(0, 65535),
            override_reason=st.integers(0, 2),
        ),
        min_size=1,
        max_size=16,
    ),
    st.integers(0, 7),
    st.sampled_from([0, 12, 24, 36, 7]),
    st.integers(0, 4000),
)
def test_a_plan_that_passes_is_within_every_limit(
    rows: list[plan_layout.PlanRow], flags: int, pins: int, needle_um: int
) -> None:
    found = refusal(*rows, flags=flags, pins=pins, needle_um=needle_um)
    if found != plan_check.OK:
        assert found[0] != codes.RESULT_OK
        assert 0 <= found[1] <= 255
        return
    by_zone = {zone: limits for zone, *limits in ZONES}
    assert len({row.zone for row in rows}) == len(rows)
    for asked in rows:
        cap, most, slow, fast = by_zone[asked.zone]
        assert 50 <= asked.depth_um <= min(2500, needle_um)
        assert asked.depth_um <= (most if asked.override_reason else cap)
        assert asked.depth_um <= 250 or not flags & 4
        assert (2500 if flags & 4 else slow) <= asked.rate_chz <= fast
