"""H23: a cartridge that is rough, blocked, or whose needles no longer carry any load.

What the pen does by the current and the rate that it watches anyway. It compares the free-running
current with nothing at the start, and warns of no load that falls off: what it does instead is
stated here. Owns nothing.
"""

import pytest

from protocol import codes
from tests.hazards.bench import watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system

ENDED = (codes.STATE_FAULT, codes.STATE_CONFIGURED)
BLOCKED_NM = (0.0045, 0.007, 0.012, 0.03)  # more than the current of a soft start overcomes
ROUGH_NM = (0.0003, 0.001, 0.0018, 0.0027, 0.0035)


def at_the_press(pen: BenchPen, friction_nm: float, rate_chz: int) -> None:
    """A pen in the air whose cartridge is rough from before the button is pressed."""
    pen.configure(plan_image([row("cheek", 1000, rate_chz)]))
    pen.arm()
    pen.bench.faults.friction_nm = friction_nm
    pen.person.press()


@pytest.mark.parametrize("friction_nm", BLOCKED_NM)
def test_h23_a_blocked_cartridge_never_makes_a_stroke(pen: BenchPen, friction_nm: float) -> None:
    at_the_press(pen, friction_nm, 10_000)
    after = watch(pen, 2500, (codes.STATE_FAULT,))
    assert after.end.fault in (codes.FAULT_OVERCURRENT, codes.FAULT_STALL, codes.FAULT_PARK)
    assert after.undriven_ms <= 500
    assert after.strokes == 0
    assert pen.truth.tip_um <= 0
    pen.person.release()
    pen.pump(50)
    pen.person.press()
    pen.pump(500)
    assert not pen.truth.driven  # not tried again


@pytest.mark.parametrize("rate_chz", [8000, 15_000])
@pytest.mark.parametrize("friction_nm", ROUGH_NM)
def test_h23_a_rough_cartridge_keeps_nine_tenths_of_its_rate_or_is_stopped(
    pen: BenchPen, friction_nm: float, rate_chz: int
) -> None:
    at_the_press(pen, friction_nm, rate_chz)
    after = watch(pen, 2500, (codes.STATE_FAULT,))
    if after.end.state == codes.STATE_FAULT:
        assert after.end.fault in (codes.FAULT_OVERCURRENT, codes.FAULT_RATE_LOW)
        assert after.end.needles_in
    else:
        assert after.end.state == codes.STATE_RUNNING
        assert pen.truth.stroke_rate_hz > 0.9 * rate_chz / 100
    assert (after.end.state == codes.STATE_FAULT) == (friction_nm > 0.0025)


def test_h23_a_rough_cartridge_is_taken_for_skin_and_warned_of_as_dwelling(pen: BenchPen) -> None:
    """In the air, and nobody lifts: 5 s, then 10."""
    at_the_press(pen, 0.001, 10_000)
    pen.wait_state(codes.STATE_RUNNING, limit_ms=2000)
    pen.person.release()
    pen.pump(6500)
    assert pen.status().has(codes.COND_DWELL_WARN)
    assert watch(pen, 6000, ENDED).end.stop_reason == codes.STOP_DWELL


def test_h23_needles_that_no_longer_meet_the_skin_are_shown_as_no_contact_within_a_second(
    pen: BenchPen,
) -> None:
    """The slider's load falls off with the contact closed; the drive stays as it was."""
    pen.configure(plan_image([row("cheek", 1000, 10_000)]))
    pen.arm()
    pen.start()
    pen.person.release()
    pen.pump(1500)
    pen.person.touch("cheek")
    pen.pump(1500)
    assert pen.status().has(codes.COND_CONTACT)
    cartridge = pen.plant.cartridge
    assert cartridge is not None
    cartridge.wear = 0.0
    pen.bench.observer.mark()
    pen.pump(1000)
    status = pen.status()
    assert status.state == codes.STATE_RUNNING
    assert not status.has(codes.COND_CONTACT)
    seen = pen.bench.observer.zones["cheek"]
    assert 95 <= seen.rate_hz_min <= seen.rate_hz_max <= 105
