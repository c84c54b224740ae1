"""Plan, zone and cartridge as safety sees them."""

import pytest

from firmware import words as place
from firmware.treatment.treatment import Treatment, count
from protocol import codes, plan_layout
from protocol.cartridge_layout import Identity

OK = (codes.RESULT_OK, 0, 0, 0, 0)
PLAN = 1 << codes.COND_PLAN_READY
ZONE = 1 << codes.COND_ZONE_CHOSEN
VALID = 1 << codes.COND_CARTRIDGE_VALID
FITS = 1 << codes.COND_CARTRIDGE_FITS


def tick(treatment: Treatment, state: int, duty: int, rate_chz: int, pulses: int) -> None:
    words = treatment.words
    words[place.STATE] = state
    words[place.ENABLE_LEVEL] = 1
    words[place.DUTY] = duty
    words[place.RATE_CHZ] = rate_chz
    words[place.PULSE_DELTA] = pulses
    count(words)


def plan(session_id: int = 77, flags: int = 0) -> plan_layout.Plan:
    rows = [
        plan_layout.PlanRow(6, 2, 1000, 10000, 600, 1000, 4000, 0),
        plan_layout.PlanRow(1, 2, 1200, 9000, 600, 1000, 4000, 3),
    ]
    return plan_layout.Plan(session_id, flags, 12, 2500, b"", b"", rows)


def cartridge(pins: int = 12, needle_um: int = 2500) -> Identity:
    return Identity(1, pins, needle_um, b"", 36_000)


def test_a_plan_is_ready_and_its_zone_must_be_chosen() -> None:
    treatment = Treatment(place.new())
    assert treatment.session_id == -1
    assert treatment.put_in_force(plan(), b"hash")
    tick(treatment, 3, 0, 0, 0)
    assert treatment.facts == PLAN
    assert treatment.choose_zone(6) == OK
    tick(treatment, 3, 0, 0, 0)
    assert treatment.facts == PLAN | ZONE
    assert (treatment.zone, treatment.depth_um, treatment.rate_chz) == (6, 1000, 10000)
    assert treatment.override_reason == 0
    assert treatment.choose_zone(1) == OK
    assert (treatment.zone, treatment.depth_um, treatment.override_reason) == (1, 1200, 3)


def test_flags_of_the_plan_reach_safety() -> None:
    treatment = Treatment(place.new())
    assert (treatment.tethered, treatment.latch) == (1, 0)  # before any plan: the strict way
    for flags in range(8):
        treatment.put_in_force(plan(flags=flags), b"")
        assert treatment.latch == flags & 1
        assert treatment.tethered == flags >> 1 & 1
        assert treatment.demo == flags >> 2 & 1


def test_a_zone_that_is_not_in_the_plan_changes_nothing() -> None:
    treatment = Treatment(place.new())
    assert treatment.choose_zone(6) == (codes.RESULT_NO_PLAN, 0, 0, 0, 0)
    treatment.put_in_force(plan(), b"")
    treatment.choose_zone(6)
    assert treatment.choose_zone(2) == (codes.RESULT_ZONE_NOT_IN_PLAN, 0, 2, 0, 0)
    assert treatment.zone == 6
    assert treatment.facts & ZONE


def test_a_new_plan_needs_its_zone_chosen_anew_and_keeps_the_dose_of_its_session() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(77), b"")
    treatment.choose_zone(6)
    treatment.progress.current.punctures = 500
    assert not treatment.put_in_force(plan(77), b"")
    assert treatment.zone == 0
    assert not treatment.facts & ZONE
    treatment.choose_zone(6)
    assert treatment.progress.current.punctures == 500
    assert treatment.put_in_force(plan(78), b"")
    treatment.choose_zone(6)
    assert treatment.progress.current.punctures == 0


def test_a_cartridge_that_fits_gives_its_limits() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(5, cartridge(), OK)
    assert treatment.facts & (VALID | FITS) == VALID | FITS
    assert treatment.seat_generation == 5
    assert (treatment.current_limit_ma, treatment.cartridge_depth_um) == (500, 2500)
    treatment.judge_cartridge(5, cartridge(needle_um=2000), OK)
    assert treatment.facts & (VALID | FITS) == VALID
    treatment.judge_cartridge(5, cartridge(pins=7), OK)
    assert treatment.facts & (VALID | FITS) == VALID


def test_a_refused_cartridge_is_neither_valid_nor_fitting() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(5, cartridge(), (codes.RESULT_CARTRIDGE_USED, 0, 0, 0, 0))
    assert treatment.facts & (VALID | FITS) == 0
    assert treatment.cartridge_result == codes.RESULT_CARTRIDGE_USED
    treatment.judge_cartridge(5, None, OK)
    assert treatment.facts & (VALID | FITS) == 0


def test_progress_counts_in_running_alone() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(0, cartridge(), OK)
    treatment.choose_zone(6)
    for state in range(9):
        for _ in range(40):
            tick(treatment, state, 3056, 10000, 1)
    assert treatment.progress.current.active_ms == 40


def test_a_run_that_ends_before_four_ticks_counts_its_strokes() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(0, cartridge(), OK)
    treatment.choose_zone(6)
    tick(treatment, codes.STATE_RUNNING, 3056, 10000, 4)
    assert treatment.progress.current.strokes == 0
    for still in (0, 0, 1):  # one of braking, one of the creep, and the index is met
        treatment.words[place.STILL] = still
        tick(treatment, codes.STATE_PARKING, 0, 5000, 4)
    assert treatment.progress.current.strokes == 4
    for state in (codes.STATE_ARMED, codes.STATE_ARMED):  # turned by hand: no needle is out
        tick(treatment, state, 0, 0, 4)
    assert treatment.progress.current.strokes == 5  # of the tick in which parking ended
    assert treatment.progress.current.active_ms == 0


def test_the_strokes_after_a_fault_count_until_the_motor_stands() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(0, cartridge(), OK)
    treatment.choose_zone(6)
    tick(treatment, codes.STATE_RUNNING, 3056, 10000, 4)
    treatment.words[place.STILL] = 0
    for _ in range(3):
        tick(treatment, codes.STATE_FAULT, 0, 5000, 4)
    treatment.words[place.STILL] = 1
    for _ in range(3):
        tick(treatment, codes.STATE_FAULT, 0, 0, 0)
    assert treatment.progress.current.strokes == 4
    assert treatment.words[place.COUNTING] == 0


def test_without_back_emf_the_tachometer_says_that_the_motor_stands() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(0, cartridge(), OK)
    treatment.choose_zone(6)
    tick(treatment, codes.STATE_RUNNING, 3056, 10000, 4)
    words = treatment.words
    words[place.STILL] = 0
    words[place.PULSE_AGE_MS] = 209
    for _ in range(3):
        tick(treatment, codes.STATE_FAULT, 0, 0, 0)
        assert words[place.COUNTING] != 0
    words[place.PULSE_AGE_MS] = 210  # slower than 1.2 Hz
    tick(treatment, codes.STATE_FAULT, 0, 0, 0)
    assert words[place.COUNTING] == 0


def test_dwelling_joins_the_facts_after_five_seconds() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(0, cartridge(), OK)
    treatment.choose_zone(6)
    for _ in range(6500):
        tick(treatment, codes.STATE_RUNNING, 3056, 10000, 0)
    assert treatment.facts >> codes.COND_DWELL_WARN & 1


def test_contact_and_warnings_join_the_facts() -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.judge_cartridge(0, cartridge(), OK)
    treatment.choose_zone(6)
    for _ in range(1500):
        tick(treatment, codes.STATE_RUNNING, 3056, 10000, 0)
    assert treatment.facts >> codes.COND_CONTACT & 1
    treatment.progress.current.punctures = 39_000  # 90 % of 1000 per cm2 on 40 cm2 are 36 000
    for _ in range(4):
        tick(treatment, codes.STATE_RUNNING, 3056, 10000, 0)
    assert treatment.facts >> codes.COND_DOSE_WARN & 1
    assert treatment.stop_reason == codes.STOP_NONE
    treatment.progress.current.punctures = 40_000
    for _ in range(4):
        tick(treatment, codes.STATE_RUNNING, 3056, 10000, 0)
    assert treatment.stop_reason == codes.STOP_DOSE
    tick(treatment, codes.STATE_PARKING, 0, 0, 0)
    assert not treatment.facts >> codes.COND_CONTACT & 1
    assert treatment.facts >> codes.COND_DOSE_WARN & 1
    # The next run starts without the last one's reason to stop, until it is counted again.
    tick(treatment, codes.STATE_RUNNING, 0, 0, 0)
    assert treatment.stop_reason == codes.STOP_NONE


@pytest.mark.parametrize("ticks", range(1, 14))
def test_a_run_of_any_length_is_counted_to_its_last_whole_four_ms(ticks: int) -> None:
    treatment = Treatment(place.new())
    treatment.put_in_force(plan(), b"")
    treatment.choose_zone(6)
    for _ in range(ticks):
        tick(treatment, codes.STATE_RUNNING, 3000, 10_000, 1)
    tick(treatment, codes.STATE_PARKING, 0, 0, 0)
    tick(treatment, codes.STATE_PARKING, 0, 0, 0)
    assert treatment.progress.current.active_ms == ticks // 4 * 4
    assert treatment.progress.current.strokes == ticks // 4
