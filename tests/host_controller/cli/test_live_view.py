"""The live view: fits 80 x 24, keeps STOP in its place, says everything without colour."""

import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from host_controller.cli.live_view import LiveView, bar
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan_bytes import compile_plan
from host_controller.records.recorder import Recorder
from host_controller.replies import Reading
from host_controller.treatment.session import TreatmentSession
from protocol import codes
from protocol.texts import FAULT_TEXTS, STOP_TEXTS
from tests.host_controller.fake_pen import FakePen, FakeTransport

PLAN = plan_file.load("host_controller/planning/examples/three_zones.toml")
HELP = ["space button down/up   1-9 hand pressure", "a arm   n next zone"]


@pytest.fixture
def session(transport: FakeTransport) -> Iterator[TreatmentSession]:
    pen = Pen.over(transport, transport.clock_ms)
    made = TreatmentSession(pen, PLAN, compile_plan(PLAN, 7), Recorder(), 7)
    made.begin()
    made.enter(PLAN.zones[0])
    yield made
    made.record.close()


def screen(
    session: TreatmentSession, note: str = "", width: int = 80, height: int = 24
) -> list[str]:
    view = LiveView(session, "pen FAKE0001 · three zones", "press a", HELP)
    console = Console(file=io.StringIO(), width=width, height=height, no_color=True)
    view._live.console = console
    with console.capture() as capture:
        console.print(view.render(PLAN.zones[0], 0, note, "Your hand: thumb up."))
    return capture.get().splitlines()


def running(reading: Reading) -> Reading:
    return reading._replace(
        state=codes.STATE_RUNNING,
        conditions=1 << codes.COND_CONTACT,
        depth_um=507,
        rate_chz=9013,
        punctures_per_cm2=150,
        zone_ms=65_000,
    )


def test_it_says_what_the_pen_does(session: TreatmentSession) -> None:
    session.reading = running(session.reading)
    text = "\n".join(screen(session))
    for words in (
        "FOREHEAD",
        "RUNNING",
        "needles  OUT",
        "set 0.50 mm",
        "measured 0.51 mm",
        "set 90 Hz",
        "measured 90.1 Hz",
        "in skin",
        "150/cm²",
        "50%",
        "1:05 running",
        "battery 87 %",
        "29.5 °C",
        "Release the button",
        "STOP: s or Esc",
        "not for use on people",
    ):
        assert words in text


@pytest.mark.parametrize("fault", FAULT_TEXTS)
def test_it_fits_with_every_fault_and_warning(session: TreatmentSession, fault: int) -> None:
    state = fault % 9  # every state comes by
    session.reading = session.reading._replace(state=state, fault=fault, conditions=0x3FFFFFFF)
    session.events.extend(" ".join(row) for row in STOP_TEXTS.values())
    lines = screen(session, "R04 a refusal that is rather long " * 4)
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "STOP: s or Esc" in lines[-1]


@pytest.mark.parametrize(("width", "height"), [(79, 24), (80, 23), (40, 10), (40, 4)])
def test_a_terminal_that_is_too_small_keeps_what_matters_in_front(
    session: TreatmentSession, width: int, height: int
) -> None:
    session.reading = running(session.reading)
    lines = screen(session, "a note " * 20, width, height)
    assert "RUNNING" in lines[0]
    assert "OUT" in lines[1]
    assert "STOP: s or Esc" in lines[2]
    assert "make the terminal larger: 80 x 24" in lines[3]
    assert lines[4].startswith("pen FAKE0001")  # or SIMULATED


def test_stop_stays_in_its_place(session: TreatmentSession) -> None:
    quiet = screen(session)
    session.reading = session.reading._replace(fault=codes.FAULT_WITHDRAW, state=8)
    session.events.append("something happened")
    assert len(screen(session, "a note")) == len(quiet)


def test_needles_that_are_not_sensed_inside_are_told_at_standstill(
    session: TreatmentSession,
) -> None:
    session.reading = session.reading._replace(conditions=0)
    assert "NOT SENSED INSIDE" in "\n".join(screen(session))


def test_a_pen_that_is_not_heard_is_told_with_the_age(
    session: TreatmentSession, fake: FakePen
) -> None:
    fake.mute = True
    fake.advance(700)
    assert "last heard 0.7 s ago" in "\n".join(screen(session))


@pytest.mark.parametrize(("share", "full"), [(-1, 0), (0, 0), (0.5, 8), (1, 16), (9, 16)])
def test_the_bar_never_leaves_its_place(share: float, full: int) -> None:
    assert bar(share) == "█" * full + "░" * (16 - full)
