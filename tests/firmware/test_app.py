"""The app on the bench: what shows only when all parts are together, judged by plant and flash."""

from datetime import timedelta

import pytest

from firmware.pen_services import PenServices
from host_controller.refusals import PenRefused
from protocol import codes, messages, plan_layout
from protocol.zones import zone_id
from tests.system.harness import TODAY, BenchPen, plan_image, row

pytestmark = pytest.mark.system


def refused(sim: BenchPen, number: int, *values: object) -> int:
    """Result of a request that must be refused."""
    with pytest.raises(PenRefused) as refusal:
        sim.client.request(number, *values)
    return refusal.value.code


def again(sim: BenchPen) -> None:
    """A power cycle, and the host greets the pen."""
    sim.client.release_lease()
    sim.person.release()
    sim.bench.power_cut(300)
    sim.connect()


def stopped(sim: BenchPen) -> None:
    """Stop by the host and wait until nothing is armed."""
    sim.person.release()
    sim.pen.stop()
    sim.pen.wait_parked()
    sim.wait_state(codes.STATE_CONFIGURED)


# --- what outlasts a power cycle ----------------------------------------------------------------


def test_the_plan_is_in_force_again_after_a_power_cycle_but_nothing_is_chosen_or_armed(
    sim: BenchPen,
) -> None:
    image = plan_image([row()])
    sim.configure(image)
    sim.arm()
    again(sim)
    info = sim.pen.plan_info()
    assert info is not None
    assert info.sha256 == image.sha256
    status = sim.status()
    assert status.state < codes.STATE_CONFIGURED
    assert status.zone == 0


def test_dose_and_time_of_a_session_outlast_a_power_cycle_and_a_new_push(sim: BenchPen) -> None:
    image = plan_image([row(), row("forehead", 500, 9000)])
    sim.running(image)
    sim.pump(1500)
    stopped(sim)
    sim.pump(200)
    done = sim.status()
    assert done.punctures > 1000
    again(sim)
    sim.configure(image)
    status = sim.status()
    assert status.punctures == done.punctures
    assert status.contact_ms == done.contact_ms
    assert status.zone_ms == done.zone_ms
    sim.pen.select_zone(zone_id("forehead"))
    assert sim.status().punctures == 0


def test_a_cartridge_is_good_for_its_session_and_for_no_other(sim: BenchPen) -> None:
    sim.running(plan_image([row()], session_id=77))
    stopped(sim)
    sim.pump(100)
    cartridge = sim.pen.cartridge()
    assert cartridge is not None
    assert (cartridge.result, cartridge.used_session_id) == (codes.RESULT_OK, 77)
    again(sim)
    sim.configure(plan_image([row()], session_id=77))
    sim.pen.push_plan(plan_image([row()], session_id=78))
    sim.pump(50)
    cartridge = sim.pen.cartridge()
    assert cartridge is not None
    assert cartridge.result == codes.RESULT_CARTRIDGE_USED
    assert refused(sim, messages.ARM) == codes.RESULT_CARTRIDGE_USED
    # Wiping the mark does not help: the pen remembers the chip.
    seated = sim.plant.cartridge
    assert seated is not None
    seated.memory.content[32:48] = b"\xff" * 16
    again(sim)
    sim.pen.set_clock(TODAY)
    sim.pump(100)
    cartridge = sim.pen.cartridge()
    assert cartridge is not None
    assert cartridge.result == codes.RESULT_CARTRIDGE_USED


def test_the_cartridge_is_marked_before_the_first_stroke(sim: BenchPen) -> None:
    sim.configure()
    seated = sim.plant.cartridge
    assert seated is not None
    assert seated.memory.content[32:48] == b"\xff" * 16
    sim.arm()
    sim.pump(20)
    assert seated.memory.content[32:48] != b"\xff" * 16
    assert sim.status().state == codes.STATE_ARMED


def test_settings_outlast_a_power_cycle_and_are_refused_while_armed(sim: BenchPen) -> None:
    assert sim.pen.set_settings({"buzzer": 0}) == {"buzzer": 0}
    assert refused(sim, messages.SETTINGS_SET, {"buzzer": 7}) == codes.RESULT_OUT_OF_RANGE
    assert refused(sim, messages.SETTINGS_SET, {"buzzer": "1"}) == codes.RESULT_OUT_OF_RANGE
    assert refused(sim, messages.SETTINGS_SET, {"hue": 1}) == codes.RESULT_UNKNOWN_SETTING
    sim.configure()
    sim.arm()
    assert refused(sim, messages.SETTINGS_SET, {"buzzer": 1}) == codes.RESULT_WRONG_STATE
    again(sim)
    assert sim.pen.setting("buzzer") == {"buzzer": 0}


def test_faults_and_usage_are_on_record_after_a_power_cycle(sim: BenchPen) -> None:
    sim.running()
    sim.pump(300)
    sim.bench.plant.remove()
    sim.wait_state(codes.STATE_FAULT, limit_ms=3000)
    sim.pump(300)
    again(sim)
    fault = next(iter(sim.pen.faults()))
    assert fault.fault == codes.FAULT_CARTRIDGE_LOST
    assert fault.state == codes.STATE_RUNNING
    assert fault.session_id == 77
    assert fault.rate_set_chz == 10000
    usage = next(iter(sim.pen.usage()))
    assert (usage.session_id, usage.zone, usage.pins) == (77, zone_id("cheek"), 12)
    assert usage.stop_reason == codes.STOP_FAULT
    assert usage.zone_ms > 500


def test_a_power_cut_in_any_flash_operation_of_a_push_leaves_old_or_new_plan() -> None:
    old = plan_image([row(depth_um=500)], session_id=1)
    new = plan_image([row(depth_um=900)], session_id=2)
    for operation in range(3):
        with BenchPen(seed=operation) as sim:
            sim.configure(old)
            sim.pump(1200)  # nothing else waits to be written
            sim.plant.flash.cut_after(operation, 0.5)
            try:
                sim.pen.push_plan(new)
            except Exception:  # the cable goes dead in some way or other
                sim.plant.flash.cut_after(None)
            sim.bench.power_cut(100)
            sim.connect()
            info = sim.pen.plan_info()
            assert info is not None
            assert info.sha256 in (old.sha256, new.sha256)


# --- refusals at the app's own level ------------------------------------------------------------


@pytest.mark.parametrize("state", [codes.STATE_ARMED, codes.STATE_RUNNING])
def test_a_plan_pushed_while_armed_or_running_changes_nothing(sim: BenchPen, state: int) -> None:
    image = plan_image([row()])
    sim.configure(image)
    sim.arm()
    if state == codes.STATE_RUNNING:
        sim.start()
    with pytest.raises(PenRefused) as refusal:
        sim.pen.push_plan(plan_image([row(depth_um=200)], session_id=99))
    assert refusal.value.code == codes.RESULT_WRONG_STATE
    assert sim.status().state == state
    info = sim.pen.plan_info()
    assert info is not None
    assert info.sha256 == image.sha256


def test_choosing_a_zone_while_running_stops_and_must_be_asked_again(sim: BenchPen) -> None:
    sim.running(plan_image([row(), row("nose", 250, 8000)]))
    assert refused(sim, messages.SELECT_ZONE, zone_id("nose")) == codes.RESULT_WRONG_STATE
    status = sim.wait_state(codes.STATE_CONFIGURED, limit_ms=1000)
    assert status.stop_reason == codes.STOP_PLAN_CHANGED
    assert status.zone == zone_id("cheek")
    sim.pen.select_zone(zone_id("nose"))


def test_a_zone_that_had_its_dose_is_not_armed_again(sim: BenchPen) -> None:
    sim.running(plan_image([row(dose_limit_per_cm2=100, area_mm2=1000)]))
    status = sim.wait_state(codes.STATE_CONFIGURED, limit_ms=3000)
    assert status.stop_reason == codes.STOP_DOSE
    assert 100 <= status.punctures_per_cm2 <= 102
    assert refused(sim, messages.ARM) == codes.RESULT_DOSE_REACHED


def test_the_self_test_answers_over_the_wire(sim: BenchPen) -> None:
    assert sim.pen.self_test() == []
    sim.configure()
    assert sim.pen.self_test() == []
    sim.arm()
    assert refused(sim, messages.SELF_TEST) == codes.RESULT_WRONG_STATE


def test_a_button_held_at_power_up_keeps_the_pen_waiting_until_it_is_released(
    sim: BenchPen,
) -> None:
    sim.bench.power_off()
    sim.person.press()
    sim.bench.advance(300)
    sim.bench.power_on()
    sim.bench.advance(3000)
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    assert app.supervisor.state == codes.STATE_BOOT
    assert app.supervisor.faults.current == 0
    sim.person.release()
    sim.bench.advance(200)
    assert app.supervisor.state == codes.STATE_IDLE


def test_a_plan_pushed_during_a_proof_of_the_stop_path_waits_for_its_end(sim: BenchPen) -> None:
    sim.configure()
    sim.client.request(messages.PLAN_INFO)
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    app.begin_self_test()
    sim.bench.advance(2)
    assert app.supervisor.proof.active
    sim.pen.push_plan(plan_image([row(depth_um=700)], session_id=88))
    assert app.supervisor.proof.done_count >= 1
    assert sim.bench.misuses == []


def test_a_held_button_fails_the_self_test_and_says_so(sim: BenchPen) -> None:
    sim.person.press()
    sim.pump(50)
    assert sim.pen.self_test() == ["button"]


def test_the_clock_does_not_go_back_by_more_than_a_day(sim: BenchPen) -> None:
    sim.pen.set_clock(TODAY)
    sim.pen.set_clock(TODAY - timedelta(hours=23))
    with pytest.raises(PenRefused) as refusal:
        sim.pen.set_clock(TODAY - timedelta(days=2))
    assert refusal.value.code == codes.RESULT_OUT_OF_RANGE
    again(sim)
    sim.pen.set_clock(TODAY - timedelta(days=2))  # after a power cycle nothing is known


def test_a_flash_that_does_not_keep_the_history_is_a_fault(sim: BenchPen) -> None:
    sim.running()
    sim.pump(300)
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    app.board.flash.program = lambda _address, _data: None
    sim.pen.stop()
    status = sim.wait_state(codes.STATE_FAULT, limit_ms=1000)
    assert status.fault == codes.FAULT_STORAGE
    assert status.needles_in
    sim.pump(500)
    assert app.statistics.errors == 0


# --- the button ---------------------------------------------------------------------------------


def test_an_untethered_plan_is_armed_by_a_long_hold_and_needs_no_host(sim: BenchPen) -> None:
    sim.configure(plan_image([row()], tethered=False, latch=False))
    sim.bench.unplug()
    bench, person = sim.bench, sim.person
    person.press()
    bench.advance(1100)
    person.release()
    bench.advance(300)
    person.touch("cheek")
    person.press()
    bench.advance_until(lambda: sim.truth.rate_hz > 90, 1000)
    bench.advance(1000)
    person.release()
    bench.advance_until(lambda: bench.observer.parked, 250)


def test_a_tethered_plan_is_not_armed_by_a_hold(sim: BenchPen) -> None:
    sim.configure()
    sim.person.press()
    sim.pump(2000)
    assert sim.status().state == codes.STATE_CONFIGURED


# --- exceptions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["tick", "main loop"])
def test_an_exception_cuts_the_drive_parks_and_needs_a_power_cycle(
    sim: BenchPen, part: str
) -> None:
    sim.running()
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    broken = app.ticks if part == "tick" else app.telemetry
    name = "_look" if part == "tick" else "poll"
    sound = getattr(broken, name)

    def fail(*_: object) -> None:
        setattr(broken, name, sound)
        raise MemoryError("no room")

    setattr(broken, name, fail)
    sim.bench.advance(3)
    assert not sim.plant.enable_level
    sim.bench.advance_until(lambda: sim.bench.observer.parked or sim.plant.home, 500)
    status = sim.wait_state(codes.STATE_FAULT, limit_ms=2000)
    assert status.fault == codes.FAULT_INTERNAL
    assert status.needles_in
    assert app.statistics.last_error == "MemoryError: no room"
    assert refused(sim, messages.ACKNOWLEDGE, codes.FAULT_INTERNAL) == codes.RESULT_NOT_BY_HOST
    again(sim)
    assert sim.status().fault == 0


def test_a_main_loop_that_hangs_while_running_ends_in_a_stop(sim: BenchPen) -> None:
    sim.running()
    sim.bench.hold_main = True
    # Tethered: nobody renews the lease, so it is 250 ms and the parking.
    sim.bench.advance_until(lambda: sim.bench.observer.parked, 250 + 250)
    sim.bench.hold_main = False


def test_a_reset_by_the_watchdog_is_told(sim: BenchPen) -> None:
    sim.bench.restart(cause=1)
    sim.connect()
    status = sim.wait_state(codes.STATE_FAULT)
    assert status.fault == codes.FAULT_WATCHDOG
    sim.pen.acknowledge(codes.FAULT_WATCHDOG)
    sim.wait_state(codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK, limit_ms=2000)


def test_limits_are_told_by_zone(sim: BenchPen) -> None:
    found = sim.pen.limits(zone_id("periorbital"))
    assert (found.cap_um, found.override_max_um) == (500, 750)
    assert refused(sim, messages.LIMITS, 17) == codes.RESULT_UNKNOWN_ZONE


def test_the_library_of_the_plan_is_told_in_hello(sim: BenchPen) -> None:
    sim.configure()
    identity = sim.client.say_hello()
    assert identity.library == b"test0001".hex()
    assert len(plan_layout.pack(plan_layout.unpack(plan_image([row()]).data))) == 50


def test_an_arm_that_no_tick_has_seen_dies_with_the_change_of_zone(sim: BenchPen) -> None:
    sim.configure(plan_image([row("cheek"), row("chin")]))
    sim.client.hold_lease()
    sim.pump(100)
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    assert app.ask_arm(False)[0] == codes.RESULT_OK
    services = PenServices(app)
    assert services.select_zone(zone_id("chin"))[0] == codes.RESULT_OK
    sim.pump(50)
    assert sim.status().state == codes.STATE_CONFIGURED
