"""A recording holds every reading of its time, by a thread that no page can stall."""

from collections import deque

import pytest

from host_controller import errors
from host_controller.replies import Reading
from host_controller.ui.engineer import recording, replay
from host_controller.ui.engineer.recording import Recording

EMPTY = Reading(*[0] * len(Reading._fields))


def test_every_reading_after_its_beginning_is_in_the_file() -> None:
    kept = deque([EMPTY._replace(counter=1)], maxlen=1000)
    made = Recording(kept, "FAKE0001")
    kept.extend(EMPTY._replace(counter=n, t_ms=20 * n) for n in range(2, 500))
    made.end()
    assert [reading.counter for reading in replay.load(made.path)] == list(range(2, 500))
    assert made.rows == 498
    assert recording.kept() == [made.path]
    assert made.path.name.startswith("FAKE0001-")


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEN_DATA_DIR", "/proc/nothing")
    with pytest.raises(errors.FileUnwritable):
        Recording(deque(), "FAKE0001")
    assert recording.kept() == []


def test_it_ends_by_itself_where_a_file_becomes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "ROWS_MAX", 3)
    kept: deque[Reading] = deque(maxlen=1000)
    made = Recording(kept, "FAKE0001")
    kept.extend(EMPTY._replace(counter=n) for n in range(10))
    made.end()
    assert len(replay.load(made.path)) == 3
