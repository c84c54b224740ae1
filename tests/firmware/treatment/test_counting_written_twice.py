"""What is counted in a zone, against a second writing, at the edge of every limit."""

from random import Random

import pytest

from firmware import words as place
from firmware.treatment import progress, treatment
from tests.firmware.second_writing import Named, agree, around
from tests.firmware.treatment import test_contact_written_twice as estimate

FREE, LIKELY = 0, 2
RUNNING, PARKING = 6, 7
ZONE_TIME, DOSE, DWELL = 5, 7, 8  # reasons to stop
ACTIVE_MS, CONTACT_MS, STROKES, PUNCTURES, PASSES = range(5)


def begin_run(w: Named) -> None:
    estimate.begin(w, w.zone_depth_um, w.pins)
    w.plan_stop = w.dwell_warn = w.dwell_ms = w.lift_ms = w.pulses_over = w.run_contact_ms = 0


def add(w: Named, pulses: int) -> None:
    counts = w.words
    zone = w.counted_at
    counts[zone + ACTIVE_MS] += 4
    if w.contact_level == FREE:
        w.lift_ms += 4
        if w.lift_ms >= 100:
            w.dwell_ms = w.dwell_warn = 0
        if w.contact_known == 2:
            return  # in air for sure
    else:
        w.lift_ms = 0
    counts[zone + CONTACT_MS] += 4
    if w.run_contact_ms < 500:
        w.run_contact_ms += 4
        counts[zone + PASSES] += w.run_contact_ms >= 500
    strike(w, pulses)
    if w.contact_level >= LIKELY:
        w.dwell_ms += 4


def strike(w: Named, pulses: int) -> None:
    counts = w.words
    strokes, w.pulses_over = divmod(pulses + w.pulses_over, 4)
    counts[w.counted_at + STROKES] += strokes
    counts[w.counted_at + PUNCTURES] += strokes * w.per_stroke


def run_out(w: Named, due: int, pulses: int) -> None:
    if due >= 0:
        add(w, due)
    if w.contact_level != FREE or w.contact_known < 2:
        strike(w, pulses)
    compare(w)


def compare(w: Named) -> None:
    punctures = w.words[w.counted_at + PUNCTURES]
    w.dose_warn = int(punctures >= w.dose_warn_at)
    reasons = [
        (punctures >= w.dose_limit, DOSE),
        (w.words[w.counted_at + ACTIVE_MS] >= w.time_limit_ms, ZONE_TIME),
        (w.dwell_ms >= 10_000, DWELL),
    ]
    if w.dwell_ms >= 5000:
        w.dwell_warn = 1
    if w.plan_stop == 0:
        w.plan_stop = next((reason for there, reason in reasons if there), 0)


def tell(w: Named) -> None:
    w.plan_facts = w.plan_standing | bool(w.dose_warn) << 17
    if w.counting == 1:
        w.plan_facts |= (w.contact_level >= LIKELY) << 12 | bool(w.dwell_warn) << 16


def count(w: Named) -> None:
    if w.state != RUNNING:
        if w.counting == 0:
            return
        due, w.pulses_due = w.pulses_due, -1
        pulses, w.pulse_sum = w.pulse_sum + w.pulse_delta, 0
        run_out(w, due, pulses)
        if w.counting == 1:
            w.counting = 2
        elif w.state != PARKING and (w.still or w.pulse_age_ms >= 210):
            w.counting = 0
        tell(w)
        return
    if w.counting != 1:
        w.counting = 1
        w.gathered = w.duty_sum = w.rate_sum = w.pulse_sum = 0
        w.pulses_due = -1
        begin_run(w)
    if not w.enable_level:
        w.contact_level, w.contact_known, w.contact_run_ms, w.contact_sum_ua = 1, 0, 0, 0
    w.duty_sum += w.duty
    w.rate_sum += w.rate_chz
    w.pulse_sum += w.pulse_delta
    w.gathered += 1
    if w.gathered == 4:
        estimate.sample(w, w.duty_sum // 4, w.rate_sum // 4)
        w.pulses_due = w.pulse_sum
        w.gathered = w.duty_sum = w.rate_sum = w.pulse_sum = 0
    elif w.gathered == 1 and w.pulses_due >= 0:
        pulses, w.pulses_due = w.pulses_due, -1
        add(w, pulses)
    elif w.gathered == 2:
        compare(w)
        tell(w)


WORLD = estimate.WORLD | {
    "contact_level": (0, 1, 2, 3),
    "lift_ms": (0, 92, 95, 96, 97, 100),
    "dwell_ms": (0, 4996, 9996, *around(5000, 10_000)),
    "dwell_warn": (0, 1),
    "dose_warn": (0, 1),
    "run_contact_ms": (0, 492, 496, 499, 500, 504),
    "pulses_over": (0, 1, 2, 3),
    "per_stroke": (0, 12, 24, 36),
    "plan_stop": (0, 0, 9),
    "plan_standing": (0, 0x18, 0x78),
    "plan_facts": (0, 0x78),
    "pins": (0, 12, 24, 36),
    "zone_depth_um": (50, 249, 250, 1000, 2500),
}


def limits_near(w: Named, rng: Random) -> None:
    estimate.near_the_edges(w, rng)
    w.counted_at = place.ZONE_COUNTS + 5 * rng.randrange(17)
    w.dose_limit = w.words[w.counted_at + PUNCTURES] + rng.choice((-1, 0, 1, 200))
    w.dose_warn_at = w.words[w.counted_at + PUNCTURES] + rng.choice((-100, -1, 0, 1, 200))
    w.time_limit_ms = w.words[w.counted_at + ACTIVE_MS] + rng.choice((-1, 0, 1, 200))


def test_a_run_begins_with_nothing_counted() -> None:
    agree(progress.begin_run, begin_run, WORLD, 50, limits_near)


@pytest.mark.parametrize("pulses", [0, 1, 3, 4, 9])
def test_four_milliseconds_are_added(pulses: int) -> None:
    agree(
        lambda words: progress.add(words, pulses), lambda w: add(w, pulses), WORLD, 300, limits_near
    )


@pytest.mark.parametrize(("due", "pulses"), [(-1, 0), (-1, 3), (0, 4), (5, 1)])
def test_needles_that_run_out_are_counted(due: int, pulses: int) -> None:
    agree(
        lambda words: progress.run_out(words, due, pulses),
        lambda w: run_out(w, due, pulses),
        WORLD,
        300,
        limits_near,
    )


def test_the_limits_are_compared_and_the_first_reason_stays() -> None:
    agree(progress.compare, compare, WORLD, 600, limits_near)


def test_what_safety_is_told() -> None:
    agree(treatment.tell, tell, WORLD | {"counting": (0, 1, 2)}, 300, limits_near)


def test_one_tick() -> None:
    ticks = {
        "state": (5, 6, 6, 6, 7, 8),
        "counting": (0, 1, 1, 1, 2),
        "still": (0, 0, 1),
        "pulse_age_ms": (0, *around(210), 1000),
        "gathered": (0, 1, 2, 3),
        "pulses_due": (-1, 0, 1, 7),
        "enable_level": (0, 1, 1, 1),
        "duty": (-5000, -3, 2, 2906, 5000),
        "duty_sum": (-15_000, -2, 0, 8800),
        "rate_chz": (0, 10_001, 15_000),
        "rate_sum": (0, 30_002),
        "pulse_delta": (0, 1, 3),
        "pulse_sum": (0, 2),
    }
    agree(treatment.count, count, WORLD | ticks, 2500, limits_near)
