"""A replay keeps the recording's pace, shortens its gaps, gives each reading once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors, telemetry_csv
from host_controller.replies import Reading
from host_controller.ui.engineer import replay
from host_controller.ui.engineer.replay import Replay

EMPTY = Reading(*[0] * len(Reading._fields))


def at(*times_ms: int) -> list[Reading]:
    return [EMPTY._replace(t_ms=t_ms % (1 << 30)) for t_ms in times_ms]


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=40),
    st.lists(st.floats(0, 2), min_size=1, max_size=20),
    st.sampled_from([1, 4, 16]),
)
def test_nothing_comes_before_its_time_and_nothing_twice(
    steps_ms: list[int], looks_s: list[float], speed: int
) -> None:
    times = [sum(steps_ms[: n + 1]) for n in range(len(steps_ms))]
    player = Replay("a.csv", at(*times), 100.0)
    player.set_speed(speed, 100.0)
    now_s, seen = 100.0, 0
    for look_s in looks_s:
        now_s += look_s
        seen += len(player.due(now_s))
        shown_ms = (now_s - 100.0) * 1000 * speed
        assert abs(seen - sum(t - times[0] <= shown_ms for t in times)) <= 1  # rounding of a float
    assert len(player.due(now_s + 1e6)) == len(times) - seen
    assert player.ended


def test_a_gap_or_a_pen_that_started_anew_is_not_waited_for() -> None:
    player = Replay("a.csv", at(0, 20, 900_000, 10), 0.0)
    assert player.length_ms == 20 + 2000 + 2000


def test_the_pens_clock_may_wrap() -> None:
    assert Replay("a.csv", at((1 << 30) - 10, 1 << 30, (1 << 30) + 10), 0.0).length_ms == 20


def test_an_answer_that_overtook_a_reading_costs_no_time() -> None:
    assert Replay("a.csv", at(0, 784, 775, 794), 0.0).length_ms == 784 + 19


def test_a_replay_that_waits_goes_on_from_there() -> None:
    player = Replay("a.csv", at(0, 1000, 2000), 0.0)
    assert len(player.due(1.0)) == 2
    player.wait(50.0)
    assert player.due(50.5) == []
    assert len(player.due(51.0)) == 1


def test_at_once_is_at_once() -> None:
    player = Replay("a.csv", at(0, 20, 40), 0.0)
    player.set_speed(0, 0.0)
    assert len(player.due(0.0)) == 3
    assert player.played_ms == player.length_ms == 40


def test_an_empty_recording_has_ended() -> None:
    player = Replay("a.csv", [], 0.0)
    assert player.ended
    assert player.due(1.0) == []


def test_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(telemetry_csv.text(at(0, 20)))
    assert replay.load(path) == at(0, 20)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"hello\n"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(errors.UsageError):
        replay.load(path)
    with pytest.raises(errors.UsageError):
        replay.load(tmp_path / "none.csv")
