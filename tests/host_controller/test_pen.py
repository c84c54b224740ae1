"""The class users import, against a fake pen in virtual time."""

import pytest

from host_controller import errors
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.refusals import PenRefused
from protocol import codes, messages
from tests.host_controller.fake_pen import LEASE_MS, FakePen, FakeTransport

EXAMPLES = "host_controller/planning/examples"


@pytest.fixture
def plan() -> Plan:
    return plan_file.load(f"{EXAMPLES}/three_zones.toml")


def push(pen: Pen, plan: Plan) -> None:
    pen.push_plan(compile_plan(plan, 7))


def test_connected_means_greeted_and_of_one_schema(pen: Pen) -> None:
    assert pen.identity.serial == "FAKE0001"
    assert pen.status().needles_in


@pytest.mark.parametrize(
    ("firmware", "side"), [("0.0.1", "pen is older"), ("9.0.0", "program is older")]
)
def test_another_schema_says_which_side_to_update(
    firmware: str, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("host_controller.versions.program_version", lambda: "0.1.0")
    transport = FakeTransport(FakePen(schema="00000000", firmware=firmware))
    with pytest.raises(errors.SchemaMismatch) as caught:
        Pen.over(transport, transport.clock_ms)
    assert side in caught.value.cause
    assert caught.value.exit_code == 6
    assert transport.closed


def test_same_version_from_other_sources_is_told_as_such() -> None:
    from host_controller.versions import program_version

    transport = FakeTransport(FakePen(schema="00000000", firmware=program_version()))
    with pytest.raises(errors.SchemaMismatch, match="speaks protocol 00000000") as caught:
        Pen.over(transport, transport.clock_ms)
    assert "different sources" in caught.value.cause


def test_a_push_is_whole_verified_and_shown_by_its_hash(
    pen: Pen, fake: FakePen, plan: Plan
) -> None:
    image = compile_plan(plan, 7)
    steps: list[tuple[int, int]] = []
    info = pen.push_plan(image, lambda sent, total: steps.append((sent, total)))
    assert info.sha256 == image.sha256
    assert (info.title, info.session_id, info.zone_count) == ("three zones", 7, 3)
    assert steps[-1] == (len(image.data), len(image.data))
    assert fake.plan == image.data


def test_a_push_cut_short_leaves_the_old_plan(pen: Pen, fake: FakePen, plan: Plan) -> None:
    push(pen, plan)
    before = fake.plan
    other = compile_plan(plan, 8)
    pen.client.request(messages.PLAN_BEGIN, len(other.data), other.sha256)
    pen.client.request(messages.PLAN_CHUNK, 0, other.data[:60])
    transport = FakeTransport(fake)  # the host was killed; another one connects
    with Pen.over(transport, transport.clock_ms) as again:
        info = again.plan_info()
    assert fake.plan == before
    assert info is not None
    assert info.session_id == 7


def test_a_refusal_carries_number_sentence_figures_and_next_step(pen: Pen, fake: FakePen) -> None:
    plan = plan_file.load(f"{EXAMPLES}/three_zones.toml")
    deep = plan.zones[2].__class__(**{**plan.zones[2].__dict__, "depth_um": 800})
    image = compile_plan(plan.__class__(**{**plan.__dict__, "zones": (deep,)}), 7)
    with pytest.raises(PenRefused) as caught:
        pen.push_plan(image)
    refusal = caught.value
    assert refusal.number == "R07"
    assert refusal.exit_code == 7
    assert "0.80 mm was asked, the cap is 0.50 mm" in refusal.sentence
    assert "nose" in refusal.sentence
    assert fake.plan is None


def test_a_push_while_running_is_refused_and_changes_nothing(
    pen: Pen, fake: FakePen, plan: Plan
) -> None:
    push(pen, plan)
    pen.select_zone(1)
    pen.hold_lease()
    pen.client.pump()
    pen.arm()
    fake.press()
    for _ in range(20):
        pen.client.pump()
    assert fake.state == codes.STATE_RUNNING
    before = fake.plan
    with pytest.raises(PenRefused) as caught:
        push(pen, plan)
    assert caught.value.code == codes.RESULT_WRONG_STATE
    assert "running" in caught.value.sentence
    assert fake.plan == before
    assert fake.state == codes.STATE_RUNNING


def test_the_lease_is_renewed_while_held_and_its_end_stops_the_pen(
    pen: Pen, fake: FakePen, plan: Plan
) -> None:
    push(pen, plan)
    pen.select_zone(1)
    pen.hold_lease()
    pen.client.pump()
    pen.arm()
    fake.press()
    until = fake.t_ms + 2000
    while fake.t_ms < until:
        pen.client.pump()
    assert fake.state == codes.STATE_RUNNING
    pen.release_lease()
    until = fake.t_ms + LEASE_MS + 200
    while fake.t_ms < until:
        pen.client.pump()
    assert fake.stop_reason == codes.STOP_LEASE
    assert pen.wait_parked().needles_in


def test_requests_without_a_pause_do_not_starve_the_lease(
    pen: Pen, fake: FakePen, plan: Plan
) -> None:
    push(pen, plan)
    pen.select_zone(1)
    pen.hold_lease()
    pen.client.pump()
    pen.arm()
    fake.press()
    until = fake.t_ms + 1000
    while fake.t_ms < until:
        pen.status()
        fake.advance(1)  # the way back takes a moment
    assert fake.state == codes.STATE_RUNNING


def test_stop_is_taken_at_once_whatever_is_outstanding(pen: Pen, fake: FakePen, plan: Plan) -> None:
    push(pen, plan)
    pen.select_zone(1)
    pen.hold_lease()
    pen.client.pump()
    pen.arm()
    fake.press()
    fake.advance(200)
    pen.client.transport.write(
        pen.client.link.request(messages.STATUS, b"", pen.client.clock_ms())
        if not pen.client.link.waiting
        else b""
    )
    pen.stop()
    assert fake.stop_reason == codes.STOP_HOST
    parked = pen.wait_parked()
    assert parked.needles_in
    assert parked.state == codes.STATE_CONFIGURED


def test_a_pen_that_does_not_park_is_reported_as_dangerous(
    pen: Pen, fake: FakePen, plan: Plan
) -> None:
    push(pen, plan)
    pen.select_zone(1)
    pen.hold_lease()
    pen.client.pump()
    pen.arm()
    fake.press()
    fake.advance(200)
    fake.parks = False
    pen.stop()
    with pytest.raises(errors.NotParked) as caught:
        pen.wait_parked()
    assert "exposed" in caught.value.next_step
    assert caught.value.exit_code == 9


def test_a_pen_that_falls_silent_is_told_with_the_last_good_frame(pen: Pen, fake: FakePen) -> None:
    fake.mute = True
    with pytest.raises(errors.NoAnswer, match="last good frame came"):
        pen.status()


def test_a_port_with_nothing_behind_it(fake: FakePen) -> None:
    fake.mute = True
    transport = FakeTransport(fake)
    with pytest.raises(errors.NoAnswer, match="Nothing on fake:// answers"):
        Pen.over(transport, transport.clock_ms)


def test_something_that_is_no_pen(fake: FakePen) -> None:
    fake.mute = True
    fake.out += b"MicroPython v1.25.0 on 2025-04-15\r\n>>> " * 3
    transport = FakeTransport(fake)
    with pytest.raises(errors.NotAPen, match="no good frame"):
        Pen.over(transport, transport.clock_ms)


def test_garbage_and_half_frames_before_the_greeting_do_no_harm(fake: FakePen) -> None:
    fake.out += bytes(range(1, 256)) + b"\x00\x05\x11"
    transport = FakeTransport(fake)
    with Pen.over(transport, transport.clock_ms) as pen:
        assert pen.status().state == codes.STATE_CARTRIDGE_OK


def test_telemetry_comes_in_order_and_ends_with_the_iterator(pen: Pen, fake: FakePen) -> None:
    stream = pen.telemetry(200)
    readings = [next(stream) for _ in range(400)]
    stream.close()
    counters = [reading.counter for reading in readings]
    assert counters == list(range(counters[0], counters[0] + 400))
    pen.client.readings.clear()
    pen.client.pump(0.1)
    assert not pen.client.readings


def test_telemetry_that_stops_coming_is_an_error(pen: Pen, fake: FakePen) -> None:
    stream = pen.telemetry(50)
    next(stream)
    fake.mute = True
    with pytest.raises(errors.NoAnswer):
        for _ in stream:
            pass


def test_a_pen_unplugged_in_use(pen: Pen, transport: FakeTransport) -> None:
    transport.unplugged = True
    with pytest.raises(errors.PenUnplugged) as caught:
        pen.status()
    assert "250 ms" in caught.value.next_step


def test_settings_are_read_changed_and_an_unknown_one_refused(pen: Pen) -> None:
    assert pen.settings() == {"light_pct": 60, "name": "pen one"}
    assert pen.set_settings({"light_pct": 20}) == {"light_pct": 20}
    with pytest.raises(PenRefused) as caught:
        pen.setting("lite")
    assert caught.value.exit_code == 2


def test_logs_are_read_to_their_end(pen: Pen) -> None:
    assert [entry.fault for entry in pen.faults()] == [codes.FAULT_STALL]
    assert [entry.punctures_per_cm2 for entry in pen.usage()] == [225]


def test_a_fault_is_acknowledged_only_when_its_cause_is_gone(pen: Pen, fake: FakePen) -> None:
    fake.raise_fault(codes.FAULT_TEMPERATURE, stays=True)
    with pytest.raises(PenRefused) as caught:
        pen.acknowledge(codes.FAULT_TEMPERATURE)
    assert caught.value.exit_code == 9
    assert "43 °C" in caught.value.sentence
    fake.fault_stays = False
    pen.acknowledge(codes.FAULT_TEMPERATURE)
    assert pen.status().fault == codes.FAULT_NONE


def test_no_cartridge_and_no_plan_are_answers_not_errors(pen: Pen, fake: FakePen) -> None:
    fake.cartridge = False
    assert pen.cartridge() is None
    assert pen.plan_info() is None
