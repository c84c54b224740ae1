"""Drive-enable to the microsecond, what a low one does, and the stall output."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant.bridge import EnableChain, StallOutput, terminal_volts
from hardware.plant.parameters import BridgeParameters, Parameters, replace
from hardware.plant.pen import Pen
from tests.hardware.plant.rig import BRAKE, COAST, DRIVE, FULL, Rig


def fed(at_us: int = 1000) -> EnableChain:
    chain = EnableChain(BridgeParameters())
    chain.kick(at_us - 1000)
    chain.kick(at_us)
    return chain


def test_low_out_of_reset_and_after_a_single_kick() -> None:
    chain = EnableChain(BridgeParameters())
    chain.grant(0)
    assert chain.high_until(0) <= 0
    chain.kick(0)
    assert chain.high_until(0) <= 0
    chain.kick(1000)
    assert chain.high_until(1000) == 5000


def test_the_countdown_is_five_milliseconds() -> None:
    chain = fed()
    chain.grant(1000)
    assert chain.high_until(1000) == 6000
    chain.cut()
    assert chain.high_until(1000) <= 1000


@pytest.mark.parametrize(
    ("gap_us", "good"), [(199, False), (200, True), (20_000, True), (20_001, False)]
)
def test_the_watchdog_has_a_window(gap_us: int, good: bool) -> None:
    chain = fed()
    chain.grant(1000 + gap_us)
    chain.kick(1000 + gap_us)
    assert (chain.high_until(1000 + gap_us) > 1000 + gap_us) is good


def test_no_kick_for_twenty_milliseconds_drops_the_chain() -> None:
    chain = fed()
    chain.grant(18_000)
    assert chain.high_until(18_000) == 21_000
    assert chain.high_until(21_000) <= 21_000
    chain.kick(21_500)  # one kick after a failure is not enough
    chain.grant(21_500)
    assert chain.high_until(21_500) <= 21_500


@given(st.lists(st.integers(1, 40_000), min_size=2, max_size=30))
def test_enable_never_outlives_grant_or_watchdog(gaps: list[int]) -> None:
    chain = EnableChain(BridgeParameters())
    t_us, last_kick = 0, None
    for gap in gaps:
        t_us += gap
        in_window = last_kick is not None and 200 <= t_us - last_kick <= 20_000
        chain.kick(t_us)
        last_kick = t_us
        chain.grant(t_us)
        assert (chain.high_until(t_us) == t_us + 5000) is in_window


def test_drive_ends_at_the_very_microsecond() -> None:
    bridge = replace(Parameters().bridge, countdown_us=4321)
    rig = Rig(replace(Parameters(), bridge=bridge))
    rig.run(100, duty=FULL)
    last_grant_us = rig.pen.t_us - 1000
    for _ in range(20):
        rig.pen.step_ms()
    assert rig.pen.truth.last_driven_us == last_grant_us + 4321
    assert not rig.pen.truth.driven
    assert not rig.pen.enable_level


@pytest.mark.parametrize("out_ms", [0.3, 1.0, 2.5, 10.0, 100.0])
def test_the_cartridge_contact_is_in_the_chain(out_ms: float) -> None:
    rig = Rig()
    rig.run(100, duty=FULL)
    rig.pen.faults.cartridge_out_ms = out_ms
    rig.run(1)
    assert rig.pen.seat is (out_ms < 1.0)
    driven_us = rig.pen.truth.last_driven_us
    if out_ms < 1.0:
        assert rig.pen.truth.driven  # again, after a gap of 300 us
    else:
        assert driven_us == rig.pen.t_us - 1000
        rig.run(int(out_ms) + 1)
        assert rig.pen.seat
        assert rig.pen.enable_level


def test_without_cartridge_nothing_drives() -> None:
    rig = Rig()
    rig.pen.remove()
    rig.run(100, duty=FULL)
    assert rig.pen.truth.still
    assert not rig.pen.seat
    assert not rig.pen.enable_level
    assert rig.pen.truth.last_driven_us == -1


def test_the_watchdog_stops_a_pen_whose_countdown_is_kept_up() -> None:
    rig = Rig()
    rig.run(100, duty=FULL)
    last_kick_us = rig.pen.t_us - 1000
    for _ in range(60):
        rig.pen.grant()
        rig.pen.step_ms()
    assert rig.pen.truth.last_driven_us == last_kick_us + 20_000
    assert rig.pen.truth.still


def test_modes() -> None:
    assert terminal_volts(DRIVE, 2500, 6.0) == pytest.approx(3.0)
    assert terminal_volts(DRIVE, -5000, 6.0) == pytest.approx(-6.0)
    assert terminal_volts(BRAKE, 2500, 6.0) == 0.0
    assert terminal_volts(COAST, 2500, 6.0) == 0.0


def test_supply_cut_still_brakes() -> None:
    rig = Rig()
    rig.run(200, duty=4000)
    turns = rig.pen.motor.revolutions
    rig.pen.faults.supply_cut = True
    assert rig.until_still() < 50  # its grants and kicks no longer count
    assert rig.pen.motor.revolutions - turns < 1.5


def test_stall_output_wants_current_for_twenty_milliseconds() -> None:
    stall = StallOutput(BridgeParameters())
    for ms in range(19):
        stall.step_ms(1.6 if ms % 2 else -1.6)
        assert not stall.active
    stall.step_ms(1.6)
    assert stall.active
    stall.step_ms(1.4)
    assert not stall.active


def test_a_jammed_cam_shows_on_the_stall_output() -> None:
    rig = Rig()
    rig.pen.faults.cam_jammed = True
    rig.run(19, duty=FULL)
    assert not rig.pen.bridge_stall
    rig.run(5)
    assert rig.pen.bridge_stall
    # 6 V on 2.83 + 0.24 Ohm: 1.95 A; 3.0 A are 4096 codes.
    assert rig.pen.adc_current * 3000 / 4096 == pytest.approx(1950, rel=0.03)


def test_enable_low_at_power_up() -> None:
    pen = Pen()
    pen.duty, pen.bridge, pen.boost = FULL, DRIVE, True
    for _ in range(50):
        pen.step_ms()
    assert pen.truth.still
    assert pen.truth.last_driven_us == -1
