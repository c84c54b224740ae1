"""What the speed controller puts on the bridge: volts by the rail, and no more than there is."""

import pytest

from firmware import words
from firmware.control import speed_controller
from firmware.drivers import motor_bridge
from firmware.readings import Readings

NO_LIMIT_MA = 3000


class Motor(Readings):
    """A motor of 1 mV per 0.01 Hz that turns as it is asked to, on a rail of 6 V."""

    duty_out = words.named(words.DUTY_OUT)
    bridge = words.named(words.BRIDGE)
    driving = words.named(words.DRIVING)
    integral = words.named(words.INTEGRAL)
    rail_mv = words.named(words.RAIL_MV)

    def __init__(self) -> None:
        super().__init__()
        motor_bridge.begin(self.words)
        self.words[words.MV_SCALE] = 1 << 16
        self.words[words.RESISTANCE_MOHM] = 3000

    def asked(self, goal_mv: int, missing_mv: int = 0, limit_ma: int = NO_LIMIT_MA) -> int:
        self.words[words.EMF_MV] = goal_mv - missing_mv
        self.words[words.GOAL_CHZ] = goal_mv
        self.words[words.SPEED_CHZ] = goal_mv - missing_mv
        self.words[words.LIMIT_MA] = limit_ma
        speed_controller.control(self.words)
        return self.duty_out


@pytest.mark.parametrize(
    ("volts_mv", "rail_mv", "duty"),
    [(3000, 6000, 2500), (-1500, 6000, -1250), (1700, 3400, 2500), (0, 6000, 0)],
)
def test_volts_become_duty_by_the_rail(volts_mv: int, rail_mv: int, duty: int) -> None:
    motor = Motor()
    motor.rail_mv = rail_mv
    assert motor.asked(volts_mv) == duty
    assert (motor.bridge, motor.driving) == (words.BRIDGE_DRIVE, 1)


@pytest.mark.parametrize(("volts_mv", "duty"), [(7000, 5000), (-9000, -5000)])
def test_more_than_the_rail_is_the_rail_and_the_integral_waits(volts_mv: int, duty: int) -> None:
    motor = Motor()
    assert motor.asked(volts_mv, missing_mv=volts_mv // 100) == duty
    assert motor.integral == 0
    motor.asked(1000, missing_mv=10)
    assert motor.integral > 0


def test_no_more_current_than_its_limit_is_asked_for_and_the_integral_waits() -> None:
    motor = Motor()
    # 100 mA through 3 ohm is 300 mV above the 2 V that the motor makes.
    assert motor.asked(3000, missing_mv=1000, limit_ma=100) == 2300 * 5000 // 6000
    assert motor.integral == 0
