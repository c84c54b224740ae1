"""The plant repeats the open-loop table that the design rests on: rates, currents within 5 %.

Motor 1331T006SR on a stiff supply, stroke 2.5 mm, depth 1.5 mm, slider 3 g, friction 0.22 mNm.
"""

import pytest

from hardware.plant.cartridge import Cartridge
from tests.hardware.plant.rig import DRIVE, FULL, Rig, on_supply

ROWS = [
    # Supply in volts; pins; Fp in newton; rate in Hz; mean and peak current in mA.
    (3.7, 0, 0.055, 107, 41, 61),
    (3.7, 12, 0.055, 103, 85, 111),
    (3.7, 12, 0.15, 96, 165, 207),
    (3.7, 12, 0.3, 86, 291, 361),
    (3.7, 36, 0.055, 96, 171, 214),
    (3.7, 36, 0.15, 75, 422, 555),
    (3.7, 36, 0.3, 0, 1307, 1307),
    (6.0, 36, 0.3, 111, 798, 961),
]


@pytest.mark.parametrize(("volts", "pins", "force", "rate", "mean", "peak"), ROWS)
def test_row(volts: float, pins: int, force: float, rate: float, mean: float, peak: float) -> None:
    rig = Rig(on_supply(volts, force))
    rig.pen.insert(Cartridge(pins=pins))
    rig.pen.place_carriage(1500.0)
    rig.run(150, duty=FULL)
    rig.pen.person.contact = pins > 0
    rig.run(500)
    rig.currents.clear()
    turns = rig.pen.motor.revolutions
    rig.run(400)
    milliamps = [a * 1000 for a in rig.currents]
    assert (rig.pen.motor.revolutions - turns) / 0.4 == pytest.approx(rate, rel=0.05, abs=0.01)
    assert sum(milliamps) / len(milliamps) == pytest.approx(mean, rel=0.05)
    assert max(milliamps) == pytest.approx(peak, rel=0.05)


@pytest.mark.parametrize(("volts", "stall_a"), [(3.7, 1.307), (6.0, 2.12)])
def test_start_draws_the_stall_current_for_ten_to_twenty_milliseconds(
    volts: float, stall_a: float
) -> None:
    rig = Rig(on_supply(volts))
    rig.currents.clear()
    rig.run(30, duty=FULL)
    # After the first millisecond the back-EMF has taken a seventh (time constant 7 ms).
    assert 0.8 * stall_a < rig.currents[0] < stall_a
    assert 8 <= sum(a > 0.3 * stall_a for a in rig.currents) <= 20
    assert rig.currents[-1] < 0.1 * stall_a


def test_stops_by_coasting_and_by_braking() -> None:
    for bridge, ms, strokes in ((0, 220, 12.0), (2, 25, 0.7)):
        rig = Rig(on_supply(3.7))
        rig.run(200, duty=FULL)
        assert rig.pen.truth.rate_hz == pytest.approx(107, rel=0.03)
        turns = rig.pen.motor.revolutions
        rig.run(0, bridge=bridge)
        assert rig.until_still() == pytest.approx(ms, rel=0.1)
        assert rig.pen.motor.revolutions - turns == pytest.approx(strokes, rel=0.1)


def test_low_enable_brakes_as_the_brake_does() -> None:
    rig = Rig(on_supply(3.7))
    rig.run(200, duty=FULL)
    assert rig.pen.bridge == DRIVE
    rig.pen.cut()
    ms = 0
    while not rig.pen.truth.still:
        rig.pen.step_ms()
        ms += 1
    assert ms == pytest.approx(25, abs=3)
