"""What is counted per zone, and when it is enough. One step is four milliseconds."""

from array import array  # noqa: TC003 - the annotation of words

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.treatment import contact
from firmware.treatment import progress as counting
from firmware.treatment.progress import Progress
from protocol import codes

# Duty that balances 41.5 mA (air) or 100 mA (skin) at 100 Hz: (3360 mV + 3.07 ohm * mA) * 5/6.
SKIN, AIR = 3056, 2906
RATE_CHZ = 10000


def add(words: "array[int]", duty: int, rate_chz: int, pulses: int) -> None:
    """Four ticks: contact, counts and limits, as the tick does them one after the other."""
    contact.sample(words, duty, rate_chz)
    counting.add(words, pulses)
    counting.compare(words)


def begin_run(progress: Progress, depth_um: int, pins: int) -> None:
    progress.words[place.ZONE_DEPTH_UM] = depth_um
    progress.words[place.PINS] = pins
    counting.begin_run(progress.words)


def begun_with_nano(dose: int, area_mm2: int) -> Progress:
    """Nano tips cannot be felt, so all running counts as contact."""
    progress = begun(1800, dose, area_mm2)
    begin_run(progress, 500, 0)
    return progress


def begun(
    time_limit_s: int = 1800, dose: int = 5000, area_mm2: int = 60000, depth_um: int = 1000
) -> Progress:
    progress = Progress(place.new())
    progress.new_session()
    progress.select(6, 12, time_limit_s, dose, area_mm2)
    begin_run(progress, depth_um, 12)
    return progress


def run(progress: Progress, ms: int, duty: int, rate_hz: int = 100) -> None:
    """So many milliseconds in steps of 4 at a steady rate, until a stop is asked."""
    quarter = 0
    for _ in range(0, ms, 4):
        if progress.stop_reason:
            return
        quarter += rate_hz * 16
        add(progress.words, duty, RATE_CHZ, quarter // 1000)
        quarter %= 1000


def test_strokes_times_needles_in_contact_are_punctures() -> None:
    progress = begun()
    run(progress, 2000, SKIN)
    zone = progress.current
    assert zone.active_ms == 2000
    assert zone.contact_ms == 2000
    assert zone.strokes == 200
    assert zone.punctures == 200 * 12


def test_the_next_run_in_a_zone_counts_on() -> None:
    progress = begun()
    run(progress, 1000, SKIN)
    begin_run(progress, 1000, 12)
    assert progress.current.punctures == 100 * 12
    run(progress, 1000, SKIN)
    zone = progress.current
    assert (zone.active_ms, zone.contact_ms, zone.strokes) == (2000, 2000, 200)
    assert zone.punctures == 200 * 12


def test_what_runs_in_air_is_time_but_no_dose() -> None:
    progress = begun()
    run(progress, 2000, SKIN)
    run(progress, 1000, AIR)  # the filter needs half a second to be sure of the lift
    counted = progress.current.punctures
    assert counted <= 260 * 12
    run(progress, 5000, AIR)
    assert progress.current.punctures == counted
    assert progress.current.active_ms == 8000


def test_doubt_counts_as_contact() -> None:
    progress = begun_with_nano(5000, 60000)
    run(progress, 3000, AIR)
    assert progress.current.contact_ms == 3000
    assert progress.current.punctures == 300 * 12


def test_punctures_per_cm2_are_by_the_planned_area() -> None:
    progress = begun(area_mm2=1000)
    run(progress, 1000, SKIN)
    assert progress.punctures_per_cm2() == 100 * 12 // 10


@pytest.mark.parametrize(("dose", "area_mm2"), [(300, 1000), (1, 100), (250, 4000)])
def test_the_dose_stops_at_its_limit_and_warns_before(dose: int, area_mm2: int) -> None:
    progress = begun_with_nano(dose, area_mm2)
    limit = dose * area_mm2 // 100
    while not progress.stop_reason:
        before = progress.current.punctures
        assert before < limit
        assert progress.dose_warn == (1 if before >= limit * 90 // 100 else 0)
        add(progress.words, SKIN, RATE_CHZ, 4)
    assert progress.stop_reason == codes.STOP_DOSE
    assert limit <= progress.current.punctures < limit + 12
    assert progress.finished


def test_the_time_of_a_zone_stops_to_four_milliseconds() -> None:
    progress = begun(time_limit_s=3)
    run(progress, 2996, SKIN)
    assert progress.stop_reason == codes.STOP_NONE
    assert not progress.finished
    run(progress, 4, SKIN)
    assert progress.stop_reason == codes.STOP_ZONE_TIME
    assert progress.finished


def test_dwelling_warns_after_5_s_and_stops_after_10_s_of_sure_contact() -> None:
    progress = begun()
    run(progress, 700, AIR)
    ticks = 0
    while not progress.dwell_warn:
        run(progress, 4, SKIN)
        ticks += 4
    assert 5000 <= ticks <= 5160  # the filter needs some strokes to be sure
    while not progress.stop_reason:
        run(progress, 4, SKIN)
        ticks += 4
    assert progress.stop_reason == codes.STOP_DWELL
    assert 10_000 <= ticks <= 10_160


def test_a_lift_ends_dwelling_but_not_the_dose() -> None:
    progress = begun()
    for _ in range(5):
        run(progress, 4000, SKIN)
        run(progress, 900, AIR)
        assert progress.dwell_warn == 0
    assert progress.stop_reason == codes.STOP_NONE
    assert progress.current.punctures > 5 * 350 * 12


def test_a_pass_is_a_run_with_half_a_second_of_contact() -> None:
    progress = begun()
    run(progress, 496, SKIN)
    assert progress.current.passes == 0
    run(progress, 4, SKIN)
    assert progress.current.passes == 1
    run(progress, 3000, SKIN)
    assert progress.current.passes == 1
    begin_run(progress, 1000, 12)
    run(progress, 400, SKIN)
    assert progress.current.passes == 1
    begin_run(progress, 1000, 12)
    run(progress, 600, SKIN)
    assert progress.current.passes == 2


def test_zones_are_counted_apart_and_taken_up_again() -> None:
    progress = begun()
    run(progress, 1000, SKIN)
    progress.select(1, 12, 600, 1000, 4000)
    begin_run(progress, 500, 12)
    run(progress, 200, SKIN)
    assert progress.current.active_ms == 200
    progress.select(6, 12, 600, 1000, 4000)
    assert progress.current.active_ms == 1000
    progress.deselect()
    assert progress.current.active_ms == 0
    progress.new_session()
    assert progress.zones[6].active_ms == 0


def test_a_finished_zone_is_finished_when_it_is_chosen_again() -> None:
    progress = begun(time_limit_s=1)
    run(progress, 1000, SKIN)
    progress.select(1, 12, 600, 1000, 4000)
    assert not progress.finished
    progress.select(6, 12, 1, 5000, 60000)
    assert progress.finished
    assert progress.stop_reason == codes.STOP_ZONE_TIME


def test_history_is_taken_up() -> None:
    progress = Progress(place.new())
    progress.new_session()
    progress.restore(6, 5000, 4000, 4800, 2)
    progress.select(6, 12, 600, 1000, 4000)
    zone = progress.current
    assert (zone.active_ms, zone.contact_ms, zone.punctures, zone.passes) == (5000, 4000, 4800, 2)
    assert progress.punctures_per_cm2() == 120


@given(
    st.integers(1, 5000),
    st.integers(100, 60000),
    st.integers(0, 36),
    st.integers(-5000, 5000),
    st.integers(0, 16),
)
def test_counters_stay_inside_30_bits(
    dose: int, area_mm2: int, per_stroke: int, duty: int, pulses: int
) -> None:
    progress = Progress(place.new())
    progress.new_session()
    progress.select(6, per_stroke, 1800, dose, area_mm2)
    begin_run(progress, 2500, 36)
    progress.current.punctures = dose * area_mm2 // 100
    progress.current.active_ms = 1_799_990
    for _ in range(20):
        add(progress.words, duty, RATE_CHZ, pulses)
    bound = 1 << 30
    assert progress.current.punctures * 100 < bound
    assert progress.words[place.DOSE_LIMIT] * 90 < bound
    assert abs(progress.words[place.CONTACT_UA]) < bound
    assert 0 <= progress.punctures_per_cm2() <= 65535
