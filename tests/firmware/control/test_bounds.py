"""No value of the tick leaves 30 bits, whatever the senses say: beyond, the board would allocate.

Every word is handed out as a `Small`, an integer that checks each result computed from it.
The senses jump between the ends of their ranges, the modes follow each other at random.
"""

from random import Random
from typing import Any

import pytest

from firmware import words as place
from firmware.control.motion import Motion
from firmware.drivers.calibration import Calibration
from firmware.drivers.sensors import Sensors
from firmware.modes import MODE_NAMES
from firmware.readings import Readings

LIMIT = 1 << 30


class Small(int):
    """An integer within +-2^30 that makes sure its results are, too."""


def checked(name: str) -> Any:
    plain = getattr(int, name)

    def operate(self: int, *other: int) -> Any:
        result = plain(self, *other)
        if result is NotImplemented:
            return result
        assert -LIMIT <= result < LIMIT, f"{int(self)} {name} {other} = {result}"
        return Small(result)

    return operate


for operation in ("add", "sub", "mul", "floordiv", "mod", "and", "or", "lshift", "rshift"):
    for prefix in ("__", "__r"):
        setattr(Small, f"{prefix}{operation}__", checked(f"{prefix}{operation}__"))
for operation in ("__neg__", "__abs__"):
    setattr(Small, operation, checked(operation))


class SmallWords(list[int]):
    """Words that come back as such integers; they are half as wide, as kernels demand."""

    def __getitem__(self, place: Any) -> Any:
        return Small(super().__getitem__(place))

    def __setitem__(self, place: Any, value: Any) -> None:
        # Times are positive and may use the bit that others keep for their sign.
        assert -LIMIT // 2 <= value < LIMIT, f"{value} at {place}"
        super().__setitem__(place, value)


class WildBoard:
    """Every port at once, with senses at and between the ends of their ranges."""

    def __init__(self, choose: Random) -> None:
        self.choose = choose
        self.t_us = choose.randrange(LIMIT)
        self.tach = 0
        self.indices = 0
        self.calm = 0  # ticks for which the senses stay as they are
        self.held_duty = Small(0)
        self.codes = [Small(0)] * 4
        self.levels = 0

    def tick(self) -> None:
        choose = self.choose
        spent_us = 1000 if choose.random() < 0.97 else choose.choice((0, 300, 45_000, 500_000_000))
        self.t_us = (self.t_us + spent_us) % LIMIT
        self.tach = (self.tach + choose.choice((0, 0, 0, 1, 1, 2, 40))) & 0xFFFF
        self.indices = (self.indices + (choose.random() < 0.1)) & 0xFFFF
        self.calm -= 1
        if self.calm < 0:
            self.calm = choose.choice((0, 1, 30, 300))
            self.codes = [Small(choose.choice((0, 4095, choose.randrange(4096)))) for _ in range(4)]
            self.levels = choose.getrandbits(1)

    def look(self, words: Any) -> None:
        words[place.NOW_US] = self.t_us
        words[place.TACH_COUNT] = self.tach
        words[place.TACH_EDGE_US] = self.edge_us()
        words[place.INDEX_COUNT] = self.indices
        words[place.INDEX_EDGE_US] = self.edge_us()
        words[place.INDEX_LEVEL] = int(self.choose.random() < 0.1)
        for channel, code in enumerate(self.codes):
            words[place.CURRENT_CODE + channel] = code
        for level in range(place.SEAT, place.ENABLE_LEVEL + 1):
            words[level] = self.levels
        words[place.DUTY] = self.held_duty

    def edge_us(self) -> int:
        return (self.t_us - self.choose.choice((0, 1, 500, 999, 400_000))) % LIMIT

    def act(self, words: Any) -> None:
        duty = words[place.DUTY_OUT]
        assert -5000 <= duty <= 5000
        self.held_duty = duty if words[place.BRIDGE] == place.BRIDGE_DRIVE else Small(0)
        assert 0 <= words[place.COILS] < 1 << 16
        assert 0 <= words[place.COIL_COUNT] <= 4
        assert words[place.BOOST] in (0, 1)
        words[place.COIL_COUNT] = 0


@pytest.mark.parametrize("seed", range(8))
def test_any_senses_in_any_mode_stay_within_30_bits(seed: int) -> None:
    choose = Random(seed)
    board: Any = WildBoard(choose)
    words: Any = SmallWords([0] * place.SIZE)
    readings = Readings(words)
    calibration = Calibration()
    calibration.current_gain_ppt = choose.choice((900, 1000, 1100))
    calibration.kt_ppt = choose.choice((900, 1000, 1100))
    calibration.resistance_ppt = choose.choice((800, 1000, 1200))
    calibration.hall_offset_um = choose.choice((-200, 0, 200))
    sensors = Sensors(board, readings, calibration)
    motion = Motion(readings, calibration)
    for _ in range(60):
        mode = choose.randrange(len(MODE_NAMES))
        depth_um = Small(choose.choice((0, 50, 1234, 2500)))
        rate_chz = Small(choose.choice((2500, 9999, 15_000)))
        if choose.random() < 0.2:
            motion.clear()
        for _ in range(choose.choice((1, 40, 400))):
            board.tick()
            sensors.sample()
            motion.step(mode, depth_um, rate_chz)
            board.act(words)
            assert -100 <= motion.depth_set_um <= 2500 or not motion.homed


def test_the_checking_integer_checks() -> None:
    with pytest.raises(AssertionError):
        Small(1 << 20) * (1 << 11)
    with pytest.raises(AssertionError):
        2000 * Small(1 << 20)
    assert isinstance((5 + Small(3)) // 2 - 1, Small)
