"""The depth stage: stepper in its magnetic field, lead screw with play, carriage, home switch.

Owns rotor and carriage. The rotor is a mass in the field c of the coils (half steps):

    x'' = -k sin(pi/4 (x - c)) - d x' - e (x' - mean c') - friction

so it follows, rings, and when driven too fast falls out and catches again a multiple of eight half
steps away, as the real one does. Carriage in um, deeper is positive, 0 is where home closes.
"""

from collections.abc import Sequence
from math import pi, sin
from random import Random

from hardware.board import rev_a as board
from hardware.plant.parameters import StageParameters

WELL = len(board.COIL_PATTERNS)  # half steps after which the field repeats
PHASE_OF = {pattern: phase for phase, pattern in enumerate(board.COIL_PATTERNS)}
SUBSTEPS = 8
_H = 1e-3 / SUBSTEPS
_RADIANS = 2 * pi / WELL
_FIELD_SHARE = 0.2  # of a millisecond's speed of the field into its mean, 5 ms
_REST_PER_S = 25.0  # slower than this (0.25 mm/s) and held by friction: at rest


class DepthStage:
    """Stepper, screw, carriage and home switch."""

    __slots__ = (
        "_field",
        "_field_speed",
        "_friction",
        "_home_point_um",
        "_parameters",
        "_play_um",
        "_random",
        "_resting",
        "_rotor",
        "_speed",
        "carriage_um",
        "home",
        "jammed",
        "powered",
        "slips",
    )

    def __init__(self, parameters: StageParameters, random: Random) -> None:
        self._parameters = parameters
        self._random = random
        start = parameters.start_um
        if start is None:
            start = random.uniform(0.0, board.DEPTH_TRAVEL_UM)
        self.carriage_um = start
        self._rotor = start / parameters.half_step_um  # half steps
        self._speed = 0.0  # half steps per second
        self._field = round(self._rotor)  # where the coils hold it, half steps
        self._field -= self._field % WELL
        self._field_speed = 0.0  # its mean, half steps per second
        self.powered = False
        self.jammed = False
        self._resting = True
        self.slips = 0  # times the rotor fell out of the field
        self._home_point_um = 0.0
        self.home = start <= 0.0

    @property
    def moving(self) -> bool:
        """The rotor is not at rest."""
        return not self._resting

    def place(self, carriage_um: float) -> None:
        """Put the carriage somewhere, at rest, with the screw in the middle of its play."""
        self.carriage_um = carriage_um
        self._rotor = carriage_um / self._parameters.half_step_um
        self._speed = 0.0
        phase = self._field % WELL
        self._field = round((self._rotor - phase) / WELL) * WELL + phase
        self._resting = not self.powered
        self._update_home()

    def lose_steps(self, wells: int) -> None:
        """Throw the rotor `wells` times eight half steps along, coils and all (a knock)."""
        self._rotor += wells * WELL
        self._field += wells * WELL
        self._resting = False
        self.slips += 1

    def step_ms(self, patterns: int, count: int) -> None:
        """Hold or move for a millisecond; `patterns` has 4 bits for each of up to four steps."""
        if count == 0 and self._resting:
            return
        self._run([patterns >> 4 * number & 0xF for number in range(count)])

    def _run(self, patterns: Sequence[int]) -> None:
        parameters = self._parameters
        rotor, speed = self._rotor, self._speed
        low = (parameters.retracted_stop_um - parameters.backlash_um) / parameters.half_step_um
        high = parameters.deep_stop_um / parameters.half_step_um
        done = 0
        field = self._field
        held = False
        for substep in range(SUBSTEPS):
            # Evenly over the millisecond: the first at its beginning.
            while done < len(patterns) and done * SUBSTEPS <= substep * len(patterns):
                rotor = self._set_field(patterns[done], rotor)
                done += 1
            error = rotor - self._field
            push = -parameters.magnet_per_s2 * sin(error * _RADIANS) if self.powered else 0.0
            push -= parameters.damping_per_s * speed
            push -= parameters.ring_damping_per_s * (speed - self._field_speed)
            drag = parameters.friction_per_s2
            held = self.jammed or (-_REST_PER_S < speed < _REST_PER_S and -drag < push < drag)
            if held:
                speed = 0.0
                continue
            if speed > 0.0 or (speed == 0.0 and push > 0.0):
                faster = speed + (push - drag) * _H
                speed = 0.0 if speed > 0.0 > faster else faster
            else:
                faster = speed + (push + drag) * _H
                speed = 0.0 if speed < 0.0 < faster else faster
            rotor += speed * _H
            if not low < rotor < high:
                rotor = min(max(rotor, low), high)
                speed = 0.0
        self._field_speed += ((self._field - field) * 1e3 - self._field_speed) * _FIELD_SHARE
        if self.powered and not -WELL / 2 < rotor - self._field < WELL / 2:
            # Out of the field: the next well is the one that pulls now.
            self._field += WELL * round((rotor - self._field) / WELL)
            self.slips += 1
        self._rotor, self._speed = rotor, speed
        self._resting = held  # not merely at the turning point of a swing
        self._move_carriage()

    def _set_field(self, pattern: int, rotor: float) -> float:
        """The coils ask for this pattern: the field turns the shorter way. Returns the rotor."""
        phase = PHASE_OF.get(pattern)
        if phase is None:
            self.powered = False  # off, or a combination that cancels itself
        elif self.powered:
            turn = (phase - self._field) % WELL
            self._field += turn if turn <= WELL // 2 else turn - WELL
        else:
            # The rotor sees the field appear: it is drawn to the nearest place that fits. Right
            # between two of them it cannot stay: 0.2 half steps decide.
            self.powered = True
            self._field = round((rotor - phase) / WELL) * WELL + phase
            edge = WELL / 2 - 0.2
            return min(max(rotor, self._field - edge), self._field + edge)
        return rotor

    def _move_carriage(self) -> None:
        parameters = self._parameters
        screw = self._rotor * parameters.half_step_um
        screw += parameters.screw_error_um * sin(2 * pi * screw / parameters.screw_lead_um)
        # Play: the nut is between the flanks, which are `backlash` apart.
        carriage = min(max(self.carriage_um, screw), screw + parameters.backlash_um)
        self.carriage_um = min(max(carriage, parameters.retracted_stop_um), parameters.deep_stop_um)
        self._update_home()

    def _update_home(self) -> None:
        repeat = self._parameters.home_repeat_um
        if self.home:
            if self.carriage_um > self._home_point_um + self._parameters.home_hysteresis_um:
                self.home = False
                self._home_point_um = self._random.uniform(-repeat / 2, repeat / 2)
        elif self.carriage_um <= self._home_point_um:
            self.home = True
