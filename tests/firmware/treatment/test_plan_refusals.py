"""Refusals of a plan to the last number, and zones at the ends of their range."""

import pytest

from firmware.treatment import plan as plan_check
from protocol import codes, plan_layout
from tests.firmware.treatment.test_plan import refusal, row


def test_the_least_depth_is_allowed() -> None:
    assert refusal(row(depth_um=50)) == plan_check.OK


@pytest.mark.parametrize("zone", [1, 5, 6, 16])
def test_any_zone_named_twice_is_refused(zone: int) -> None:
    one = row(zone=zone, depth_um=250, rate_chz=9000)
    assert refusal(one) == plan_check.OK
    assert refusal(one, one) == (codes.RESULT_DUPLICATE_ZONE, zone, zone, 0, 0)


@pytest.mark.parametrize("zone", range(1, 16))
def test_neighbours_are_not_the_same_zone(zone: int) -> None:
    rows = [row(zone=z, depth_um=250, rate_chz=9000) for z in (zone, zone + 1)]
    assert refusal(*rows) == refusal(*reversed(rows)) == plan_check.OK


@pytest.mark.parametrize("zone", [0, 17, 40])
def test_an_unknown_zone_named_twice_is_unknown(zone: int) -> None:
    assert refusal(row(), row(zone=zone), row(zone=zone)) == (
        codes.RESULT_UNKNOWN_ZONE,
        zone,
        zone,
        1,
        16,
    )


@pytest.mark.parametrize(("zone", "context"), [(254, 254), (255, 255), (256, 255), (300, 255)])
def test_a_number_of_a_zone_is_told_in_one_byte(zone: int, context: int) -> None:
    assert refusal(row(zone=zone)) == (codes.RESULT_UNKNOWN_ZONE, context, zone, 1, 16)


def sixteen(broken: int) -> bytes:
    """A plan of all zones, the reserved byte of one of them not 0."""
    rows = [row(zone=zone, depth_um=250, rate_chz=9000) for zone in range(1, 17)]
    data = bytearray(plan_layout.pack(plan_layout.Plan(77, 0, 12, 2500, b"", b"", rows)))
    assert plan_check.refusal(data) == plan_check.OK
    data[36 + broken * 14 + 13] = 1
    return bytes(data)


@pytest.mark.parametrize(("broken", "told"), [(0, 49), (14, 245), (15, 255)])
def test_bytes_that_are_no_plan_are_told_with_their_place_in_one_byte(
    broken: int, told: int
) -> None:
    assert plan_check.refusal(sixteen(broken)) == (codes.RESULT_PLAN_FORMAT, told, 260, 0, 0)
    assert plan_check.refusal(b"PN\x01\x00") == (codes.RESULT_PLAN_FORMAT, 4, 4, 0, 0)
