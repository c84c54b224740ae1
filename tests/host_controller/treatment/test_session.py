"""A treatment against a fake pen in virtual time: zones, arming, stops, faults, the record."""

import threading
from collections.abc import Callable, Iterator

import pytest

from host_controller import errors
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan_bytes import compile_plan
from host_controller.records.failures import CartridgeSeen, WrongPack
from host_controller.records.recorder import Recorder
from host_controller.records.spool import Spool
from host_controller.records.udi import read
from host_controller.refusals import PenFaulted, PenRefused
from host_controller.replies import Notice
from host_controller.treatment import guidance
from host_controller.treatment.session import TreatmentSession
from host_controller.treatment.unattended import Somebody, run_zone
from protocol import codes
from tests.host_controller import kept
from tests.host_controller.fake_pen import FakePen

PLAN = plan_file.load("host_controller/planning/examples/three_zones.toml")


@pytest.fixture
def session(pen: Pen) -> Iterator[TreatmentSession]:
    made = TreatmentSession(pen, PLAN, compile_plan(PLAN, 7), Recorder(), 7)
    made.begin(client="C-0042", operator="np-07")
    yield made
    made.record.close()


def run(session: TreatmentSession, ms: int) -> None:
    until = session.pen.client.clock_ms() + ms
    while session.pen.client.clock_ms() < until:
        session.step()


class Presser(Somebody):
    """Presses whenever the pen is armed."""

    def __init__(self, fake: FakePen) -> None:
        self._fake = fake

    def act(self, reading: object) -> None:
        if self._fake.state == codes.STATE_ARMED:
            self._fake.press()

    def end(self) -> None:
        self._fake.release()


def test_a_plan_is_pushed_once_and_the_date_is_set(
    session: TreatmentSession, fake: FakePen
) -> None:
    assert fake.plan == session.image.data
    assert fake.unix_s > 1_700_000_000
    before = fake.requests.count(0x13)
    again = TreatmentSession(session.pen, PLAN, session.image, Recorder(), session.session_id)
    again.begin()
    assert fake.requests.count(0x13) == before  # the same plan is in force already
    again.record.close()


def test_the_whole_plan_is_carried_out_and_recorded(
    session: TreatmentSession, fake: FakePen
) -> None:
    for row in PLAN.zones:
        run_zone(session, row, Presser(fake), lambda _: None)
    session.stop()
    session.finish("complete")
    summary = session.summary()
    assert [zone["zone"] for zone in summary["zones"]] == ["forehead", "cheek", "nose"]
    assert all(zone["punctures_per_cm2"] >= 300 for zone in summary["zones"])
    assert all(zone["stop_reasons"] == ["dose reached"] for zone in summary["zones"])
    assert summary["needles_in"]
    assert kept.kind_names("sample", "pen log") == [
        "begin", "cartridge", "zone", "arm", "cartridge used", "stop", "zone end",
        *["zone", "arm", "stop", "zone end"] * 2, "end",
    ]  # fmt: skip
    assert kept.broken() == []
    begin = kept.entries()[0]
    assert (begin["client"], begin["pen"], begin["session_id"]) == ("C-0042", "FAKE0001", 7)
    assert begin["plan_sha256"] == session.image.sha256.hex()


def test_what_runs_is_recorded_within_a_second(session: TreatmentSession, fake: FakePen) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    fake.press()
    run(session, 3000)
    session.record.settle()
    samples = [entry for entry in kept.entries() if entry["type"] == "sample"]
    assert session.pen.client.clock_ms() - session._begun_ms - samples[-1]["t_ms"] < 1000
    assert all(entry["lasted_ms"] <= 820 for entry in samples)
    assert samples[-1]["depth_um"] == [507, 507, 507]
    assert session.stop().needles_in


def test_a_disk_that_hangs_costs_the_pen_nothing(
    session: TreatmentSession, fake: FakePen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The needles run on, tethered, while not one byte can be written."""
    free, append = threading.Event(), Spool.append

    def hang(self: Spool, entries: list[dict[str, object]]) -> object:
        assert free.wait(20)
        return append(self, entries)

    monkeypatch.setattr(Spool, "append", hang)
    session.enter(PLAN.zones[0])
    session.arm()
    fake.press()
    run(session, 2000)
    assert fake.state == codes.STATE_RUNNING
    assert session.record.unsafe > 3
    free.set()
    session.stop()
    session.finish("complete")
    assert kept.broken() == []


def test_the_button_stops_and_the_pen_is_armed_again(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    assert session.reading.state == codes.STATE_ARMED
    fake.press()
    run(session, 1000)
    assert session.reading.state == codes.STATE_RUNNING
    fake.release()
    run(session, 500)
    assert session.reading.state == codes.STATE_ARMED
    assert not session.zone_complete
    assert "own button stopped" in session.events[-1]


def test_stop_parks_from_running(session: TreatmentSession, fake: FakePen) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    fake.press()
    run(session, 500)
    assert session.stop().needles_in
    assert session.reading.state == codes.STATE_CONFIGURED
    assert session.figures is not None
    assert session.figures.stops == ["host"]


def test_a_new_zone_stops_what_runs(session: TreatmentSession, fake: FakePen) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    fake.press()
    run(session, 500)
    session.enter(PLAN.zones[1])
    assert fake.zone == 6
    assert session.reading.state == codes.STATE_CONFIGURED
    assert [figures.row.name for figures in session.done] == ["forehead"]


def test_arming_that_expires_is_told(session: TreatmentSession, fake: FakePen) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    run(session, 31_000)
    assert session.reading.state == codes.STATE_CONFIGURED
    assert "not pressed" in session.events[-1]


def test_an_arming_that_ends_after_a_run_is_told_by_its_own_reason(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    ended = Notice(
        counter=1,
        t_ms=fake.t_ms,
        state=codes.STATE_CONFIGURED,
        previous=codes.STATE_ARMED,
        stop_reason=codes.STOP_LEASE,
        fault=0,
        zone=fake.zone,
    )
    session.pen.client.notices.append(ended)
    run(session, 31_000)
    assert "heard nothing" in session.events[-1]


def test_nobody_presses(session: TreatmentSession) -> None:
    with pytest.raises(errors.TreatmentFailed, match="was not pressed"):
        run_zone(session, PLAN.zones[0], Somebody(), lambda _: None)


def test_a_button_that_is_down_already_is_waited_for(
    session: TreatmentSession, fake: FakePen
) -> None:
    class Early(Presser):
        def begin(self, row: object) -> None:
            fake.button = True
            self.free_at = fake.t_ms + 700

        def act(self, reading: object) -> None:
            if fake.t_ms >= self.free_at:
                fake.button = fake.state in (codes.STATE_POSITIONING, codes.STATE_RUNNING)
                super().act(reading)

    run_zone(session, PLAN.zones[2], Early(fake), lambda _: None)
    session.record.settle()
    assert kept.kind_names().count("arm") >= 1
    assert session.done[0].stops == ["dose reached"]


def test_a_fault_ends_an_unattended_zone(session: TreatmentSession, fake: FakePen) -> None:
    def fail(current: TreatmentSession) -> None:
        if current.reading.state == codes.STATE_RUNNING:
            fake.raise_fault(codes.FAULT_STALL)

    with pytest.raises(PenFaulted) as caught:
        run_zone(session, PLAN.zones[0], Presser(fake), fail)
    assert caught.value.number == "F22"
    assert session.faults == [codes.FAULT_STALL]
    with pytest.raises(PenRefused):
        session.arm()
    session.acknowledge()
    session.finish("failed", caught.value)
    assert kept.kind_names("sample", "pen log")[-3:] == ["acknowledge", "zone end", "end"]
    assert "fault" in kept.kind_names()


def test_a_pen_that_falls_silent_is_noticed_within_a_second(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.enter(PLAN.zones[0])
    session.arm()
    fake.press()
    run(session, 500)
    fake.mute = True
    start = fake.t_ms
    with pytest.raises(errors.NoAnswer, match="silent"):
        run(session, 5000)
    assert fake.t_ms - start < 1200
    assert fake.stop_reason == codes.STOP_LEASE


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda r: r._replace(fault=22), "F22 The needle motor"),
        (lambda r: r._replace(state=codes.STATE_BOOT), "tests itself"),
        (lambda r: r._replace(state=codes.STATE_IDLE, conditions=0), "12 pins, 2.50 mm"),
        (
            lambda r: r._replace(state=codes.STATE_IDLE, conditions=1 << codes.COND_SEATED),
            "cannot be used",
        ),
        (lambda r: r._replace(state=codes.STATE_CONFIGURED), "Put the pen on the forehead"),
        (lambda r: r._replace(state=codes.STATE_ARMED), "hold the pen's button"),
        (lambda r: r._replace(state=codes.STATE_POSITIONING), "sets the depth"),
        (lambda r: r._replace(state=codes.STATE_RUNNING), "Release the button"),
        (lambda r: r._replace(state=codes.STATE_PARKING), "needles go in"),
    ],
)
def test_every_state_has_its_next_step(
    session: TreatmentSession, arrange: Callable[..., object], words: str
) -> None:
    session.enter(PLAN.zones[0])
    session.reading = arrange(session.reading)  # type: ignore[assignment]
    assert words in guidance.next_step(session, PLAN.zones[0], "press a")


def test_warnings_come_most_urgent_first(session: TreatmentSession) -> None:
    word = 1 << codes.COND_BATTERY_WARN | 1 << codes.COND_DWELL_WARN
    assert guidance.warnings(session.reading._replace(conditions=word), PLAN.zones[0]) == [
        "Too long on one spot: lift and move on.",
        "The battery is below 20 %.",
    ]


@pytest.mark.parametrize(("given", "words"), [(299, "is nearly reached"), (300, "is reached")])
def test_a_dose_that_is_reached_is_not_nearly_reached(
    session: TreatmentSession, given: int, words: str
) -> None:
    reading = session.reading._replace(
        conditions=1 << codes.COND_DOSE_WARN, punctures_per_cm2=given
    )
    assert guidance.warnings(reading, PLAN.zones[0]) == [f"The dose of this zone {words}."]


def test_the_current_that_is_shown_is_the_mean_of_the_last_fifth_of_a_second(
    session: TreatmentSession,
) -> None:
    for current_ma in [900] * 30 + [40, 60] * 6:  # twelve readings of sixty a second
        session._take(session.reading._replace(current_ma=current_ma))
    assert session.current_ma == 50


def test_a_cartridge_of_an_earlier_session_is_refused_before_anything_is_pushed(
    session: TreatmentSession, fake: FakePen
) -> None:
    """The fake pen forgets cartridges, as another pen of the clinic would not know them."""
    run_zone(session, PLAN.zones[0], Presser(fake), lambda _: None)
    session.stop()
    session.finish("complete")
    before = fake.plan
    again = TreatmentSession(session.pen, PLAN, compile_plan(PLAN, 8), Recorder(), 8)
    with pytest.raises(CartridgeSeen, match=session.record.record_id):
        again.begin(client="C-0043")
    again.finish("failed", CartridgeSeen("seen"))
    assert fake.plan == before
    assert [e["outcome"] for e in kept.entries() if e["type"] == "end"] == ["complete", "failed"]
    same = TreatmentSession(session.pen, PLAN, compile_plan(PLAN, 7), Recorder(), 7)
    same.begin(client="C-0042", continues=session.record.record_id)
    same.finish("ended by the user")
    assert kept.broken() == []


def test_what_the_pen_counted_itself_is_read_with_the_treatment(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.finish("complete")
    logs = [(e["log"], e["pen_number"]) for e in kept.entries() if e["type"] == "pen log"]
    assert logs == [("usage", 9), ("faults", 3)]
    assert kept.broken() == []


def test_the_packs_identifier_stands_in_the_record(pen: Pen) -> None:
    made = TreatmentSession(pen, PLAN, compile_plan(PLAN, 9), Recorder(), 9)
    made.begin(client="C-0042", udi=read("(01)04012345678901(17)270519(10)L2409"))
    made.finish("complete")
    (entry,) = [entry for entry in kept.entries() if entry["type"] == "cartridge"]
    assert entry["udi"] == "(01)04012345678901(17)270519(10)L2409"


def test_another_pack_is_refused_before_anything_is_pushed(pen: Pen, fake: FakePen) -> None:
    made = TreatmentSession(pen, PLAN, compile_plan(PLAN, 9), Recorder(), 9)
    with pytest.raises(WrongPack, match="lot L2410, the cartridge of lot L2409"):
        made.begin(client="C-0042", udi=read("(01)04012345678901(10)L2410"))
    assert pen.plan_info() is None
    made.finish("failed")


def test_every_reading_can_be_fetched_also_where_several_come_at_once(
    session: TreatmentSession, fake: FakePen
) -> None:
    session.fresh.clear()
    fake.advance(500)  # nobody looks meanwhile
    session.step()
    counters = [reading.counter for reading in session.fresh]
    assert len(counters) >= 20
    assert counters == list(range(counters[0], counters[0] + len(counters)))
    assert session.fresh[-1] is session.reading
