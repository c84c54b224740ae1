"""What treatment knows before anything happened, and what is forgotten with a plan or a zone."""

import pytest

from firmware import words as place
from firmware.treatment import cartridge
from firmware.treatment import plan as plan_check
from firmware.treatment.contact import ContactEstimate
from firmware.treatment.gestures import ArmGesture
from firmware.treatment.progress import Progress
from firmware.treatment.treatment import Treatment
from protocol import codes, plan_layout
from protocol.cartridge_layout import Identity

NEVER = 536_870_911
OK = (0, 0, 0, 0, 0)


def plan(session_id: int = 77, pins: int = 12) -> plan_layout.Plan:
    rows = [
        plan_layout.PlanRow(6, 2, 1000, 10_000, 600, 1000, 4000, 0),
        plan_layout.PlanRow(1, 2, 1200, 9000, 300, 500, 1000, 3),
    ]
    return plan_layout.Plan(session_id, 0, pins, 2500, b"", b"", rows)


def test_a_pen_without_a_plan() -> None:
    words = place.new()
    words[place.CONTACT_LEVEL] = 3
    treatment = Treatment(words)
    assert treatment.seat_generation == -1
    assert treatment.tethered == 1
    assert treatment.current_limit_ma == 400
    assert treatment.plan is None
    assert treatment.row is None
    assert treatment.plan_hash == b""
    assert treatment.cartridge_result == codes.RESULT_NO_CARTRIDGE
    assert treatment.session_id == -1
    assert treatment.contact.level == 1  # unsure
    assert (words[place.LATCH], words[place.DEMO], words[place.ZONE]) == (0, 0, 0)


def test_an_estimate_begins_unsure() -> None:
    words = place.new()
    words[place.CONTACT_LEVEL] = 3
    assert ContactEstimate(words).level == 1
    assert words[place.CONTACT_LEVEL] == 1


def test_progress_begins_with_no_zone_and_no_end() -> None:
    words = place.new()
    words[place.PLAN_STOP] = words[place.DWELL_WARN] = words[place.DOSE_WARN] = 1
    progress = Progress(words)
    assert words[place.COUNTED_AT] == place.ZONE_COUNTS
    for limit in (place.TIME_LIMIT_MS, place.DOSE_LIMIT, place.DOSE_WARN_AT):
        assert words[limit] == NEVER
    assert (progress.stop_reason, progress.dwell_warn, progress.dose_warn) == (0, 0, 0)
    assert [zone.zone for zone in progress.zones] == list(range(17))
    assert [zone.at - place.ZONE_COUNTS for zone in progress.zones] == list(range(0, 85, 5))
    progress.current.punctures = 7
    assert progress.punctures_per_cm2() == 700  # of one mm2: nobody has asked for an area


def test_counts_of_a_zone_lie_one_after_the_other() -> None:
    words = place.new()
    zone = Progress(words).zones[3]
    zone.active_ms, zone.contact_ms, zone.strokes, zone.punctures, zone.passes = 1, 2, 3, 4, 5
    assert list(words[place.ZONE_COUNTS + 15 : place.ZONE_COUNTS + 20]) == [1, 2, 3, 4, 5]
    assert sum(words[place.ZONE_COUNTS : place.ZONE_COUNTS + 85]) == 15
    words[place.ZONE_COUNTS + 15] = 9
    assert (zone.active_ms, zone.contact_ms, zone.strokes) == (9, 2, 3)
    assert (zone.punctures, zone.passes) == (4, 5)


def test_a_zone_is_counted_for_with_its_limits() -> None:
    words = place.new()
    progress = Progress(words)
    words[place.PLAN_STOP] = codes.STOP_DWELL
    progress.select(6, 24, 600, 1050, 4000)
    assert words[place.COUNTED_AT] == place.ZONE_COUNTS + 30
    assert words[place.PER_STROKE] == 24
    assert words[place.TIME_LIMIT_MS] == 600_000
    assert words[place.DOSE_LIMIT] == 42_000
    assert words[place.DOSE_WARN_AT] == 37_800
    assert progress.stop_reason == codes.STOP_NONE
    assert not progress.finished
    progress.current.punctures = 41_999
    assert not progress.finished
    progress.current.punctures = 42_000
    assert progress.finished
    progress.current.punctures = 0
    progress.current.active_ms = 599_999
    assert not progress.finished
    progress.current.active_ms = 600_000
    assert progress.finished


def test_no_zone_has_no_limits_and_no_warnings() -> None:
    words = place.new()
    progress = Progress(words)
    for forget in (progress.deselect, progress.new_session):
        progress.select(6, 12, 600, 1000, 4000)
        progress.stop_reason = codes.STOP_DOSE
        progress.dwell_warn = progress.dose_warn = 1
        forget()
        assert progress.current is progress.zones[0]
        for limit in (place.TIME_LIMIT_MS, place.DOSE_LIMIT, place.DOSE_WARN_AT):
            assert words[limit] == NEVER
        assert (progress.stop_reason, progress.dwell_warn, progress.dose_warn) == (0, 0, 0)


def test_a_new_session_forgets_every_count_and_nothing_beside_them() -> None:
    words = place.new()
    progress = Progress(words)
    counts = range(place.ZONE_COUNTS, place.ZONE_COUNTS + 85)
    for at in (*counts, counts.stop):
        words[at] = 5
    progress.new_session()
    assert [words[at] for at in counts] == [0] * 85
    assert words[counts.stop] == 5


def test_punctures_per_cm2_stop_at_the_largest_number_of_a_frame() -> None:
    progress = Progress(place.new())
    progress.select(6, 12, 600, 1000, 100)
    for punctures, told in ((3, 3), (65_534, 65_534), (65_535, 65_535), (65_536, 65_535)):
        progress.current.punctures = punctures
        assert progress.punctures_per_cm2() == told


def test_a_chosen_zone_is_all_that_safety_and_the_counts_need() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"hash")
    assert treatment.plan_hash == b"hash"
    assert treatment.choose_zone(1) == OK
    words = treatment.words
    assert treatment.row is treatment.plan.row(1)  # type: ignore[union-attr]
    assert (treatment.zone, treatment.depth_um, treatment.rate_chz) == (1, 1200, 9000)
    assert treatment.override_reason == 3
    assert words[place.PER_STROKE] == 12
    assert words[place.TIME_LIMIT_MS] == 300_000
    assert words[place.DOSE_LIMIT] == 5000
    assert treatment.choose_zone(6) == OK
    assert treatment.override_reason == 0
    treatment.drop_zone()
    assert treatment.row is None
    assert (treatment.zone, treatment.depth_um, treatment.rate_chz) == (0, 0, 0)
    assert treatment.override_reason == 0
    assert words[place.COUNTED_AT] == place.ZONE_COUNTS
    assert not treatment.facts >> codes.COND_ZONE_CHOSEN & 1


@pytest.mark.parametrize(("pins", "counted"), [(0, 36), (12, 12), (24, 24), (36, 36), (7, 0)])
def test_needles_that_are_counted_per_stroke(pins: int, counted: int) -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(pins=pins), b"")
    treatment.choose_zone(6)
    assert treatment.words[place.PER_STROKE] == counted


def test_a_zone_that_is_dropped_takes_its_override_along() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.choose_zone(1)
    treatment.drop_zone()
    assert treatment.override_reason == 0
    treatment.choose_zone(1)
    treatment.words[place.DWELL_WARN] = 1
    treatment.choose_zone(6)  # a zone begins without the warnings of the one before
    assert treatment.words[place.DWELL_WARN] == 0


def test_a_cartridge_is_judged_with_its_result_and_what_it_allows() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(pins=36), b"")
    treatment.judge_cartridge(4, Identity(1, 36, 1000, b"", 36_000), OK)
    assert treatment.cartridge_result == codes.RESULT_OK
    assert (treatment.pins, treatment.current_limit_ma) == (0, 400)  # needles of another length
    fitting = plan(pins=36)
    fitting.needle_um = 1000
    treatment.put_in_force(fitting, b"")
    treatment.judge_cartridge(4, Identity(1, 36, 1000, b"", 36_000), OK)
    assert (treatment.pins, treatment.current_limit_ma) == (36, 800)
    assert treatment.cartridge_depth_um == 1000


def test_no_objection_is_a_result_and_four_zeros() -> None:
    assert cartridge.OK == plan_check.OK == OK
    assert cartridge.fits(None, 12, 2500) == (codes.RESULT_NO_CARTRIDGE, 0, 0, 0, 0)
    assert Treatment(place.new()).choose_zone(6) == (codes.RESULT_NO_PLAN, 0, 0, 0, 0)


@pytest.mark.parametrize("late_s", [0, 1, 86_399])
def test_a_day_begins_at_midnight(late_s: int) -> None:
    midnight = 946_684_800 + 100 * 86_400
    assert cartridge.day_of(midnight + late_s) == 100
    assert cartridge.day_of(midnight - 1) == 99
    assert cartridge.day_of(946_684_800) == cartridge.day_of(946_684_799) == 0


def test_a_press_that_is_seen_first_outside_configured_does_not_arm() -> None:
    gesture = ArmGesture()
    assert gesture.step(True, 1000, codes.STATE_CONFIGURED) is True
    gesture = ArmGesture()
    assert gesture.step(True, 0, codes.STATE_IDLE) is False
    assert gesture.step(True, 1000, codes.STATE_CONFIGURED) is False
    assert gesture.step(False, 0, codes.STATE_CONFIGURED) is False
    assert gesture.step(True, 1000, codes.STATE_CONFIGURED) is True
    assert gesture.step(True, 1001, codes.STATE_CONFIGURED) is False
