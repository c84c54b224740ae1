"""Runs on every interpreter: senses and motion over given frames, all words after each tick.

A frame is (ticks, us per tick, pulses, index marks, four codes, levels, mode, depth, rate, clear):
what the pins show and the supervisor grants for so many ticks. Frames come as a Python literal on
standard input. Not a test by itself.
"""

import sys

from firmware import words as place
from firmware.control.motion import Motion, move
from firmware.drivers.calibration import Calibration
from firmware.drivers.sensors import Sensors, sense
from firmware.readings import Readings

WRAP = 0x3FFFFFFF
OURS = 256


class Pins:
    """A board that shows what it is told and feeds its own duty back."""

    def __init__(self, t_us: int) -> None:
        self.t_us = t_us
        self.pulses = self.marks = 65_530
        self.frame = (1, 1000, 0, 0, (0, 273, 2048, 2300), 0, 0, 0, 2500, 0)
        self.duty = 0

    def look(self, words) -> None:  # type: ignore[no-untyped-def]
        """See the frame, one tick on."""
        self.t_us = (self.t_us + self.frame[1]) & WRAP
        self.pulses = (self.pulses + self.frame[2]) & 0xFFFF
        self.marks = (self.marks + self.frame[3]) & 0xFFFF
        words[place.NOW_US] = self.t_us
        words[place.TACH_COUNT] = self.pulses
        words[place.TACH_EDGE_US] = (self.t_us - 217) & WRAP
        words[place.INDEX_COUNT] = self.marks
        words[place.INDEX_EDGE_US] = (self.t_us - 300 + self.marks % 3 * 70) & WRAP
        for channel in range(4):
            words[place.CURRENT_CODE + channel] = self.frame[4][channel]
        for level in range(7):
            words[place.SEAT + level] = self.frame[5] >> level & 1
        words[place.DUTY] = self.duty


def run(t_us, frames):  # type: ignore[no-untyped-def]
    """The words of senses and motion, after each tick."""
    pins = Pins(t_us)
    readings = Readings()
    words = readings.words
    calibration = Calibration()
    calibration.hall_table_um = (-40, 3, 7, -9, 40, 0, 1, 2, -3, -4, -5)
    calibration.hall_offset_um = -17
    Sensors(pins, readings, calibration)
    motion = Motion(readings, calibration)
    for frame in frames:
        pins.frame = frame
        words[place.MODE] = frame[6]
        words[place.GRANT_DEPTH_UM] = frame[7]
        words[place.GRANT_RATE_CHZ] = frame[8]
        if frame[9]:
            motion.clear()
        for _ in range(frame[0]):
            pins.look(words)
            sense(words)
            move(words)
            pins.duty = words[place.DUTY_OUT] if words[place.BRIDGE] == place.BRIDGE_DRIVE else 0
            yield list(words[:OURS])
            words[place.COIL_COUNT] = 0


if __name__ == "__main__":
    for line in run(*eval(sys.stdin.read())):
        print(*line)
