"""A treatment is under way until its record is closed: who sees none reads the record."""

from types import SimpleNamespace
from typing import Any

import pytest

from host_controller import errors
from host_controller.ui import treatment_jobs
from host_controller.ui.desk import Desk


class Session:
    """A treatment whose record is closed by `finish`."""

    def __init__(self, desk: Any, problem: errors.PenError | None = None) -> None:
        self.desk = desk
        self.problem = problem
        self.under_way: list[bool] = []  # as the pages saw it while the record was being closed
        self.done: list[Any] = []
        self.figures = None
        self.plan = SimpleNamespace(zones=())
        self.more_to_come = False

    def stop(self) -> None:
        pass

    def finish(self, _outcome: str, _problem: errors.PenError | None = None) -> None:
        self.under_way.append(self.desk.session is self)
        if self.problem:
            raise self.problem


def test_a_treatment_ends_when_its_record_is_closed() -> None:
    desk: Any = SimpleNamespace()
    session = desk.session = Session(desk)
    treatment_jobs.finish(desk)
    assert session.under_way == [True]
    assert desk.session is None


def test_a_record_that_cannot_be_written_ends_it_as_well() -> None:
    desk: Any = SimpleNamespace()
    desk.session = Session(desk, errors.RecordUnwritable("The disk is full."))
    with pytest.raises(errors.RecordUnwritable):
        treatment_jobs.finish(desk)
    assert desk.session is None


def test_a_lost_pen_ends_the_treatment_when_its_record_is_closed() -> None:
    desk = Desk(lambda: pytest.fail("not started"))
    session: Any = Session(desk, errors.RecordUnwritable("The disk is full."))
    desk.session = session
    desk._leave_session("interrupted", None)
    assert session.under_way == [True]
    assert desk.session is None
