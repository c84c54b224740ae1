"""The desk: what the pen says is in view, STOP reaches the pen, a dead page ends the lease."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from host_controller import errors
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan_bytes import compile_plan
from host_controller.transport.base import Transport
from host_controller.ui.desk import CONNECTED, LOST, Desk
from protocol import codes, messages
from tests.host_controller import fake_pen
from tests.host_controller.fake_pen import FakePen, served

PLAN = "host_controller/planning/examples/three_zones.toml"
PATIENCE_S = 10.0  # of the test on a busy machine; nothing here is timed


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        waiting.wait(0.002)


class Stalled(Transport):
    """A port whose reader hangs as long as `holds` is set."""

    def __init__(self, transport: Transport) -> None:
        self.url = transport.url
        self._transport = transport
        self.holds = threading.Event()
        self.hangs = threading.Event()  # from now on nothing is read
        self.released = threading.Event()

    def read(self, limit: int, timeout_s: float) -> bytes:
        if self.holds.is_set():
            self.hangs.set()
            self.released.wait(PATIENCE_S)
        return self._transport.read(limit, timeout_s)

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def close(self) -> None:
        self._transport.close()


@pytest.fixture
def url(fake: FakePen) -> Iterator[str]:
    with served(fake) as address:
        yield address


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    opened = Desk(lambda: Pen.open(url))
    opened.start()
    until(lambda: opened.view.link == CONNECTED)
    yield opened
    opened.close()


def keep_beating(desk: Desk) -> Callable[[], None]:
    """A loop of pages that lives until the returned function is called."""
    ending = threading.Event()

    def beat() -> None:
        while not ending.wait(0.02):
            desk.beat(controlled=True)

    threading.Thread(target=beat, daemon=True).start()
    desk.beat(controlled=True)
    return ending.set


def arm_untreated(desk: Desk) -> None:
    """Push a tethered plan, choose its first zone, hold the lease, arm."""

    def job(desk: Desk) -> None:
        plan = plan_file.load(PLAN)
        desk.pen.push_plan(compile_plan(plan, 7))
        desk.pen.select_zone(plan.zones[0].zone)
        desk.pen.hold_lease()
        desk.pen.client.pump()
        desk.pen.arm()

    desk.submit(job).result(PATIENCE_S)


def armed_and_hanging(url: str) -> tuple[Desk, Stalled, Callable[[], None]]:
    """A desk with an armed pen whose reader hangs; the port; what ends the pages' beat."""
    ports: list[Stalled] = []

    def connect() -> Pen:
        pen = Pen.open(url)
        ports.append(Stalled(pen.client.transport))
        pen.client.transport = ports[-1]
        return pen

    desk = Desk(connect)
    desk.start()
    until(lambda: desk.view.link == CONNECTED)
    end = keep_beating(desk)
    arm_untreated(desk)
    ports[0].holds.set()
    assert ports[0].hangs.wait(PATIENCE_S)
    return desk, ports[0], end


def test_what_the_pen_says_is_in_view(desk: Desk, fake: FakePen) -> None:
    assert desk.view.identity is not None
    assert desk.view.identity.serial == "FAKE0001"
    until(lambda: desk.taken > 5)
    assert desk.view.reading is not None
    assert desk.view.reading.state == fake.state


def test_a_pen_that_starts_anew_on_an_open_port_is_greeted_again(desk: Desk, fake: FakePen) -> None:
    fake.set_silent()
    until(lambda: desk.view.link == LOST)
    until(lambda: desk.view.link == CONNECTED)
    before = desk.taken
    until(lambda: desk.taken > before + 5)


def test_a_refusal_comes_back_to_who_asked(desk: Desk) -> None:
    with pytest.raises(errors.PenError):
        desk.submit(lambda desk: desk.pen.arm()).result(PATIENCE_S)
    assert desk.view.link == CONNECTED


@pytest.fixture
def long_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that stands still for a moment does not end the arming."""
    monkeypatch.setattr(fake_pen, "LEASE_MS", 60_000)


@pytest.mark.usefixtures("long_lease")
def test_stop_reaches_an_armed_pen_and_is_acknowledged(desk: Desk, fake: FakePen) -> None:
    end = keep_beating(desk)
    arm_untreated(desk)
    assert fake.state == codes.STATE_ARMED
    desk.stop()
    until(lambda: fake.state != codes.STATE_ARMED)
    until(lambda: desk.view.stop_taken_s > desk.stop_pressed_s)
    assert fake.stop_reason == codes.STOP_HOST
    end()


def test_the_acknowledgement_is_told_before_the_desks_own_stop_is_answered(
    desk: Desk, fake: FakePen
) -> None:
    """The thread may be in the middle of a request; the first word of the pen counts."""
    end = keep_beating(desk)
    arm_untreated(desk)
    told: list[float] = []
    desk.on_stop_taken = lambda: told.append(desk.view.stop_taken_s)
    desk.stop()
    until(lambda: len(told) == 2)  # of the frame written at once, then of the thread's own
    assert desk.stop_pressed_s <= told[0] <= told[1]
    assert fake.requests.count(messages.STOP) == 2
    end()


@pytest.mark.usefixtures("long_lease")
def test_without_a_beat_the_desk_stops_the_pen(desk: Desk, fake: FakePen) -> None:
    end = keep_beating(desk)
    arm_untreated(desk)
    end()
    until(lambda: fake.state != codes.STATE_ARMED)
    assert fake.stop_reason == codes.STOP_HOST


def test_without_control_the_desk_stops_the_pen(desk: Desk, fake: FakePen) -> None:
    end = keep_beating(desk)
    arm_untreated(desk)
    end()
    until(lambda: desk.beat(controlled=False) or fake.state != codes.STATE_ARMED)
    assert fake.stop_reason == codes.STOP_HOST


def test_the_lease_does_not_come_back_by_itself(desk: Desk, fake: FakePen) -> None:
    end = keep_beating(desk)
    arm_untreated(desk)
    end()
    until(lambda: fake.state != codes.STATE_ARMED)
    end = keep_beating(desk)
    until(lambda: desk.lively)
    assert not desk.submit(lambda desk: desk.pen.client.lease_held).result(PATIENCE_S)
    end()


def test_stop_goes_out_while_the_reader_hangs(url: str, fake: FakePen) -> None:
    desk, port, end = armed_and_hanging(url)
    desk.stop()
    until(lambda: fake.state != codes.STATE_ARMED)
    assert fake.stop_reason in (codes.STOP_HOST, codes.STOP_LEASE)
    assert desk.view.stop_taken_s == 0.0  # nothing was heard: nothing is claimed
    port.holds.clear()
    port.released.set()
    end()
    desk.close()


def test_when_the_desk_hangs_the_pen_stops_by_itself(url: str, fake: FakePen) -> None:
    desk, port, end = armed_and_hanging(url)
    until(lambda: fake.state != codes.STATE_ARMED)
    assert fake.stop_reason == codes.STOP_LEASE
    port.holds.clear()
    port.released.set()
    end()
    desk.close()


def test_a_lost_pen_leaves_its_last_values_and_a_reason(fake: FakePen) -> None:
    with served(fake) as address:
        desk = Desk(lambda: Pen.open(address))
        desk.start()
        until(lambda: desk.view.link == CONNECTED)
    until(lambda: desk.view.link == LOST)
    assert desk.view.reading is not None
    assert desk.view.problem is not None
    assert desk.view.problem.next_step
    desk.close()


def test_no_pen_at_all_is_looked_for_quietly() -> None:
    tries: list[int] = []

    def connect() -> Pen:
        tries.append(1)
        raise errors.NoPenFound("There is no pen.")

    desk = Desk(connect)
    desk.start()
    until(lambda: len(tries) >= 1 and desk.view.problem is not None)
    with pytest.raises(errors.NoPenFound):
        desk.submit(lambda desk: desk.pen.arm()).result(PATIENCE_S)
    desk.close()


def test_closing_stops_an_armed_pen(url: str, fake: FakePen) -> None:
    desk = Desk(lambda: Pen.open(url))
    desk.start()
    until(lambda: desk.view.link == CONNECTED)
    end = keep_beating(desk)
    arm_untreated(desk)
    until(lambda: desk.view.armed)
    desk.close()
    end()
    assert fake.state != codes.STATE_ARMED
