"""A plant on the bench: what the tests of this folder drive it with. No firmware.

A class and a few numbers restated by hand, so that a wrong constant in the plant is seen.
"""

from math import pi

from hardware.board.rev_a import COIL_PATTERNS
from hardware.plant.corners import bench
from hardware.plant.depth_stage import DepthStage
from hardware.plant.parameters import Parameters, replace
from hardware.plant.pen import Pen

COAST, DRIVE, BRAKE = 0, 1, 2
FULL = 5000
RETRACTED = pi


class Rig:
    """A pen with drive-enable kept up, and a motor that can be told what to do."""

    def __init__(self, parameters: Parameters | None = None, seed: int = 1) -> None:
        self.pen = Pen(parameters, seed)
        self.pen.boost = True
        self.currents: list[float] = []
        self.run(50)  # the watchdog has had its kicks, the rail has settled

    def run(self, ms: int, duty: int | None = None, bridge: int | None = None) -> None:
        """So many milliseconds with drive-enable kept up."""
        pen = self.pen
        if duty is not None:
            pen.duty = duty
            pen.bridge = DRIVE
        if bridge is not None:
            pen.bridge = bridge
        for _ in range(ms):
            pen.grant()
            pen.watchdog_kick()
            pen.step_ms()
            self.currents.append(pen.truth.current_a)

    def until_still(self, limit_ms: int = 2000) -> int:
        """Milliseconds of 1 until the cam stands, outputs as they are; fails after the limit."""
        for ms in range(limit_ms):
            if self.pen.truth.still:
                return ms
            self.run(1)
        raise AssertionError(f"Still turning after {limit_ms} ms.")


def on_supply(volts: float, force_per_needle_n: float = 0.055, wander: float = 0.0) -> Parameters:
    """Motor straight on a stiff supply, steady hand, skin of this breakthrough force."""
    parameters = bench(volts)
    skin = replace(parameters.skin, force_per_needle_n=force_per_needle_n, wander=wander)
    return replace(parameters, skin=skin)


class Stepping:
    """Half steps into a depth stage at a given rate, as an output that works in milliseconds."""

    def __init__(self, stage: DepthStage) -> None:
        self.stage = stage
        self.phase = 0
        self.steps = 0  # commanded, net
        self._due = 0.0

    def energise(self) -> None:
        """Coils on; wait until the rotor has settled, and count from there."""
        self.stage.step_ms(COIL_PATTERNS[self.phase], 1)
        self.settle()
        self.steps = 0

    def at_rate(self, half_steps_per_s: float, ms: int = 1) -> None:
        """Step for `ms` at this rate; negative withdraws."""
        way = 1 if half_steps_per_s >= 0 else -1
        for _ in range(ms):
            self._due += abs(half_steps_per_s) / 1000
            count = int(self._due)
            self._due -= count
            patterns = 0
            for number in range(count):
                self.phase = (self.phase + way) % 8
                self.steps += way
                patterns |= COIL_PATTERNS[self.phase] << 4 * number
            self.stage.step_ms(patterns, count)

    def move(self, half_steps: int, fastest: float = 2000.0, ramp: float = 20_000.0) -> int:
        """A trapezoidal move; returns the milliseconds it took, without the settling."""
        way = 1 if half_steps >= 0 else -1
        goal = self.steps + half_steps
        rate, ms = 300.0, 0
        while self.steps != goal:
            left = abs(goal - self.steps)
            braking = rate * rate / (2 * ramp)
            rate = rate - ramp / 1000 if left <= braking else min(fastest, rate + ramp / 1000)
            rate = max(rate, 300.0)
            before = self.steps
            self.at_rate(way * min(rate, left * 1000))
            if abs(self.steps - before) > left:
                raise AssertionError("The test's own profile overran.")
            ms += 1
        self._due = 0.0
        return ms

    def settle(self, limit_ms: int = 200) -> int:
        """Hold until the rotor rests; returns how long that took."""
        for ms in range(limit_ms):
            if ms and not self.stage.moving:
                return ms
            self.stage.step_ms(0, 0)
        raise AssertionError("The rotor still rings.")
