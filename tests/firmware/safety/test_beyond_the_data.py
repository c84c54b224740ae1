"""Guards that no plan, zone or part of today can reach: what they do if one ever does."""

import importlib.util
from array import array

import pytest

from firmware import words as place
from firmware.safety import grant, limits, measures
from firmware.safety.grant import may_grant
from protocol import codes
from tests.firmware.safety.rig import FakeTreatment, Rig


def zones(row: tuple[int, int, int, int]) -> "array[int]":
    """Every zone with these limits."""
    return array("i", row * 17)


@pytest.mark.parametrize(
    ("reason", "depth_um", "good"),
    [(0, 1500, True), (0, 1501, False), (1, 2500, True), (1, 2501, False)],
)
def test_a_zone_that_allows_too_much_is_cut_off_by_the_caps_of_all_zones(
    monkeypatch: pytest.MonkeyPatch, reason: int, depth_um: int, good: bool
) -> None:
    monkeypatch.setattr(grant, "ZONES", zones((3000, 4000, 5000, 15000)))
    treatment = FakeTreatment(place.new())
    treatment.override_reason = reason
    treatment.depth_um = depth_um
    treatment.cartridge_depth_um = 4000
    assert bool(may_grant(treatment.words)) == good


@pytest.mark.parametrize(("depth_um", "good"), [(200, True), (201, False)])
def test_a_zone_shallower_than_a_demonstration_stays_so(
    monkeypatch: pytest.MonkeyPatch, depth_um: int, good: bool
) -> None:
    monkeypatch.setattr(grant, "ZONES", zones((200, 200, 5000, 15000)))
    treatment = FakeTreatment(place.new())
    treatment.demo = 1
    treatment.depth_um = depth_um
    assert bool(may_grant(treatment.words)) == good


def begin_anew() -> None:
    """Run what the module does at import, as it does at boot; the loaded one stays as it is."""
    spec = grant.__spec__
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_zones_out_of_order_are_no_firmware() -> None:
    begin_anew()
    with pytest.MonkeyPatch.context() as patch:
        for rows in (limits.ZONE_LIMITS[::-1], limits.ZONE_LIMITS[1:]):
            patch.setattr(limits, "ZONE_LIMITS", rows)
            with pytest.raises(ValueError, match="order"):
                begin_anew()


def test_the_count_of_late_ticks_stops_at_its_end() -> None:
    words = Rig().words
    words[place.TICKS_LATE] = 0xFFFF
    words[place.TICK_US] = 5000
    measures.measure(words)
    assert words[place.TICKS_LATE] == 0xFFFF
    words[place.TICKS_LATE] = 0xFFFE
    measures.measure(words)
    assert words[place.TICKS_LATE] == 0xFFFF


def test_a_motor_that_begins_to_creep_may_draw_stall_current_for_25_ms() -> None:
    words = Rig().words
    words[place.STATE] = codes.STATE_PARKING
    words[place.DRIVING] = 1
    words[place.CURRENT_MA] = 2000
    for _ in range(25):
        measures.measure_passage(words)
        assert words[place.PEAK_MA] == 0
    measures.measure_passage(words)
    assert words[place.PEAK_MA] == 2000
    words[place.DRIVING] = 0
    measures.measure_passage(words)
    words[place.DRIVING] = 1
    measures.measure_passage(words)
    assert words[place.PEAK_MA] == 0
