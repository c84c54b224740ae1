"""A shallower first pass: pushed first, then the whole plan, in one session and one record."""

from collections.abc import Iterator

import pytest

from host_controller.pen import Pen
from host_controller.planning.plan_bytes import compile_plan
from host_controller.records.recorder import Recorder
from host_controller.treatment.session import TreatmentSession
from protocol import plan_layout
from tests.host_controller import kept
from tests.host_controller.fake_pen import FakePen
from tests.host_controller.planning.test_proposal import of, plan_of

PLAN = plan_of(of())  # the cheek has a first pass at 0.48 mm, the nose none


def made(pen: Pen) -> TreatmentSession:
    return TreatmentSession(pen, PLAN, compile_plan(PLAN, 7), Recorder(), 7)


@pytest.fixture
def session(pen: Pen) -> Iterator[TreatmentSession]:
    found = made(pen)
    yield found
    found.record.close()


def depths(fake: FakePen) -> list[int]:
    assert fake.plan is not None
    return [row.depth_um for row in plan_layout.unpack(fake.plan).rows]


def test_the_first_pass_comes_first_and_then_the_whole(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.begin()
    assert session.more_to_come
    assert depths(fake) == [480]
    session.enter(session.plan.zones[0])
    session.go_on()
    assert not session.more_to_come
    assert depths(fake) == [800, 250]
    assert fake.plan is not None
    assert plan_layout.unpack(fake.plan).session_id == 7
    session.finish("complete")
    assert kept.kind_names("sample", "pen log") == [
        "begin", "cartridge", "zone", "zone end", "plan", "end",
    ]  # fmt: skip
    begin, plan = (next(e for e in kept.entries() if e["type"] == k) for k in ("begin", "plan"))
    assert begin["plan_sha256"] == plan["plan_sha256"] == session.image.sha256.hex()


def test_a_session_that_is_continued_has_had_its_first_pass(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.begin(continues="20260101-120000-abcdef")
    assert not session.more_to_come
    assert depths(fake) == [800, 250]
