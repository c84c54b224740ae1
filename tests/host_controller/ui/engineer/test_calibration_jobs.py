"""The wizard's buttons against a fake pen: alone at the pen, kept on the disk, confirmed writes."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from host_controller import errors
from host_controller.calibration import history, progress
from host_controller.calibration.failures import CalibrationNotNow, CalibrationRefused
from host_controller.pen import Pen
from host_controller.replies import Reading
from host_controller.ui import desk as desk_module
from host_controller.ui.desk import CONNECTED, Desk
from host_controller.ui.engineer import calibration_jobs as jobs
from host_controller.ui.engineer.workshop import Workshop
from protocol import codes
from tests.host_controller.fake_pen import FakePen, served

PATIENCE_S = 10.0
TRIM = {"depth_zero_um": 5, "hall_offset_um": -3}


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE_S
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        waiting.wait(0.005)


@pytest.fixture
def workshop(fake: FakePen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    # A beat that a busy machine makes late would be a stop; stops are not what is tried here.
    monkeypatch.setattr(desk_module, "BEAT_MS", 60_000)
    fake.settings = dict(TRIM)
    with served(fake) as url:
        desk = Desk(lambda: Pen.open(url))
        desk.start()
        ending = threading.Event()

        def beat() -> None:
            while not ending.wait(0.02):
                desk.beat(controlled=True)

        thread = threading.Thread(target=beat)
        thread.start()
        until(lambda: desk.view.link == CONNECTED and desk.lively)
        yield Workshop(desk, None)
        desk.close()
        ending.set()
        thread.join()


def feed(workshop: Workshop, depth_um: int) -> None:
    """A run as the pen would tell it: 7 um more measured than set."""
    run = workshop.run
    assert run is not None
    empty = Reading(*[0] * len(Reading._fields))._replace(
        state=codes.STATE_RUNNING,
        zone=run.samples.zone,
        depth_set_um=depth_um,
        depth_um=depth_um + 7,
        rate_chz=10_020,
    )
    run.samples.take(empty._replace(t_ms=20 * n) for n in range(80))


async def measured(workshop: Workshop) -> None:
    await jobs.begin(workshop, "AB1")
    await jobs.home(workshop)
    for depth_um in (500, 1000, 1500):
        await jobs.arm(workshop, depth_um)
        feed(workshop, depth_um)
        await jobs.keep_depth(workshop, depth_um, depth_um + 20)
    await jobs.arm(workshop, 0)
    feed(workshop, 500)
    await jobs.keep_rate(workshop, 10_000)


def test_from_the_beginning_to_the_trim_on_the_pen(workshop: Workshop, fake: FakePen) -> None:
    asyncio.run(measured(workshop))
    assert fake.state not in (codes.STATE_ARMED, codes.STATE_RUNNING)
    assert progress.load("FAKE0001") == workshop.calibration
    with pytest.raises(CalibrationNotNow):
        asyncio.run(jobs.write(workshop, "OTHER001"))
    assert fake.settings == TRIM
    asyncio.run(jobs.write(workshop, "FAKE0001"))
    assert fake.settings == {"depth_zero_um": 25, "hall_offset_um": 10}
    assert [entry["outcome"] for entry in history.entries("FAKE0001")] == [
        history.ASKED,
        history.WRITTEN,
    ]
    assert progress.load("FAKE0001") is None
    assert workshop.calibration is None


def test_another_program_takes_it_up_where_it_was_left(workshop: Workshop) -> None:
    async def half() -> None:
        await jobs.begin(workshop, "AB1")
        await jobs.home(workshop)

    asyncio.run(half())
    later = Workshop(workshop.desk, None)
    asyncio.run(jobs.take_up(later))
    assert later.calibration == workshop.calibration
    asyncio.run(jobs.throw_away(later))
    assert progress.load("FAKE0001") is None


def test_a_slip_and_a_run_that_was_too_short_are_not_kept(workshop: Workshop) -> None:
    async def slips() -> None:
        await jobs.begin(workshop, "AB1")
        await jobs.home(workshop)
        await jobs.arm(workshop, 500)
        with pytest.raises(CalibrationNotNow):
            await jobs.keep_depth(workshop, 500, 510)
        feed(workshop, 500)
        with pytest.raises(CalibrationRefused):
            await jobs.keep_depth(workshop, 500, 5000)
        with pytest.raises(CalibrationNotNow):
            await jobs.keep_depth(workshop, 1000, 1010)  # not the depth that was measured
        await jobs.let_go(workshop)

    asyncio.run(slips())
    found = progress.load("FAKE0001")
    assert found is not None
    assert found.points == ()


def test_nothing_is_done_while_a_treatment_is_under_way(workshop: Workshop) -> None:

    class Treatment:
        """Stands for one under way; the desk lets it step and fetches its readings."""

        def __init__(self) -> None:
            self.fresh: deque[Reading] = deque()

        def step(self, timeout_s: float) -> None:
            time.sleep(timeout_s)

        def finish(self, *_: object) -> None:
            """Nothing to close."""

    workshop.desk.session = Treatment()  # type: ignore[assignment]
    with pytest.raises(errors.UsageError):
        asyncio.run(jobs.begin(workshop, "AB1"))
    workshop.desk.session = None


@pytest.mark.parametrize("who", ["", "Anna Bell", "anna@example.org"])
def test_who_calibrates_is_a_code_not_a_name(workshop: Workshop, who: str) -> None:
    with pytest.raises(errors.UsageError):
        asyncio.run(jobs.begin(workshop, who))
