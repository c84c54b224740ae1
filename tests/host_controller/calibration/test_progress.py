"""What is kept of a calibration: taken up where it was left, whole or not at all."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from host_controller.calibration import history, progress, trim
from host_controller.calibration.depth_check import DepthPoint
from host_controller.calibration.failures import (
    CalibrationNotNow,
    CalibrationRefused,
    CalibrationUnwritable,
)
from host_controller.calibration.progress import DEPTH, HOME, RATE, WRITE, Progress
from host_controller.calibration.rate_check import RateResult

SERIAL = "FAKE0001"
GOOD_RATE = RateResult(10_005, 10_000, 200)


def point(depth_um: int, gauge_um: int = 0) -> DepthPoint:
    return DepthPoint(depth_um, depth_um, depth_um + 3, 9, 80, gauge_um or depth_um + 10)


def complete(off_um: int = 10, trim_um: int = 0, rate: RateResult = GOOD_RATE) -> Progress:
    made = Progress(SERIAL, 7, "AB1", "2026-01-02T03:04:05+00:00", "2026-01-02T03:05:00+00:00")
    for depth_um in (500, 1000, 1500):
        made = made.with_point(point(depth_um, depth_um + off_um))
    in_force = (("depth_zero_um", trim_um), ("hall_offset_um", 0))
    return Progress(**{**made.__dict__, "rate": rate, "in_force": in_force})


def test_the_steps_come_in_their_order() -> None:
    made = Progress(SERIAL, 7, "AB1", "then")
    assert made.step == HOME
    made = Progress(**{**made.__dict__, "homed": "then"})
    for depth_um in (500, 1000, 1500):
        assert (made.step, made.next_depth_um) == (DEPTH, depth_um)
        made = made.with_point(point(depth_um))
    assert made.step == RATE
    assert Progress(**{**made.__dict__, "rate": GOOD_RATE}).step == WRITE


def test_a_point_measured_again_takes_the_place_of_the_old_one() -> None:
    made = complete().with_point(point(1000, 1033))
    assert [p.gauge_um for p in made.points] == [510, 1033, 1510]
    assert complete().without_point(1000).next_depth_um == 1000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-150, 150), st.integers(-100, 100), st.integers(9000, 11_000))
def test_what_was_saved_is_taken_up(off_um: int, trim_um: int, chz: int) -> None:
    made = complete(off_um, trim_um, RateResult(10_000, chz, 90))
    progress.save(made)
    assert progress.load(SERIAL) == made


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"schema": "pen.calibration/1"}', "null"])
def test_a_damaged_file_is_as_good_as_none(damage: str) -> None:
    progress.save(complete())
    (progress.folder() / f"{SERIAL}.json").write_text(damage)
    assert progress.load(SERIAL) is None


def test_the_file_of_another_pen_is_not_taken() -> None:
    progress.save(complete())
    path = progress.folder() / f"{SERIAL}.json"
    path.rename(path.with_name("OTHER001.json"))
    assert progress.load("OTHER001") is None


def test_a_disk_that_takes_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEN_DATA_DIR", "/proc/nothing")
    with pytest.raises(CalibrationUnwritable):
        progress.save(complete())
    with pytest.raises(CalibrationUnwritable):
        history.append(SERIAL, {})


# --- what would be written ------------------------------------------------------------------------


@given(st.integers(-150, 150), st.integers(-100, 100))
def test_the_offset_is_added_to_the_trim_it_was_measured_with(off_um: int, trim_um: int) -> None:
    made = complete(off_um, trim_um)
    if not -100 <= trim_um + off_um <= 100:
        with pytest.raises(CalibrationRefused):
            trim.asked(made)
    else:
        assert trim.asked(made) == {
            "depth_zero_um": (trim_um, trim_um + off_um),
            "hall_offset_um": (0, off_um - 3),
        }


def test_an_incomplete_calibration_writes_nothing() -> None:
    with pytest.raises(CalibrationNotNow):
        trim.asked(complete().without_point(500))


def test_a_wrong_rate_writes_nothing_and_says_so() -> None:
    with pytest.raises(CalibrationRefused) as refused:
        trim.asked(complete(rate=RateResult(10_150, 10_000, 200)))
    assert "+1.5 % off" in refused.value.cause


# --- history --------------------------------------------------------------------------------------


def entry(t_ms: int = 60_000, outcome: str = "written") -> dict[str, object]:
    return {**trim.entry(complete(), outcome, "0.1.0", t_ms)}


def test_only_what_is_on_the_pen_counts_as_last() -> None:
    history.append(SERIAL, entry(1000))
    history.append(SERIAL, entry(2000, history.ASKED))
    last = history.last(SERIAL)
    assert last is not None
    assert last["t_ms"] == 1000
    assert len(history.entries(SERIAL)) == 2


def test_a_torn_line_costs_that_line() -> None:
    history.append(SERIAL, entry())
    path = progress.folder() / f"{SERIAL}.history.jsonl"
    path.write_text(path.read_text() + '{"schema": "pen.cal')
    assert len(history.entries(SERIAL)) == 1


def test_trim_is_in_use_once_the_pen_was_seen_with_a_younger_clock() -> None:
    assert trim.restarted(SERIAL, 5)  # never calibrated: nothing to wait for
    history.append(SERIAL, entry(60_000))
    assert not trim.note_in_use(SERIAL, 60_001)
    assert trim.note_in_use(SERIAL, 59_999)
    assert trim.note_in_use(SERIAL, 1_000_000)  # once seen, it stays so
    assert json.loads(json.dumps(history.last(SERIAL)))["in_use"] is True
