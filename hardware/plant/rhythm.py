"""What of the motor's integration depends only on the length of a substep and the resistance.

Immutable once made; the motor keeps one for the whole millisecond and makes others for parts of it.
"""

from math import exp

from hardware.plant.cam import RADIANS_PER_CELL
from hardware.plant.parameters import MotorParameters

SUBSTEPS = 4
SUBSTEP_US = 250


class Rhythm:
    """What depends on the length of a substep and on the resistance of the circuit."""

    __slots__ = ("cells", "count", "decay", "emf", "mean", "seconds", "step_us", "torque")

    def __init__(self, count: int, step_us: float, motor: MotorParameters, ohm: float) -> None:
        self.count = range(count)
        self.step_us = step_us
        self.seconds = step_us * 1e-6
        self.cells = self.seconds / RADIANS_PER_CELL  # cells per substep of one rad/s
        self.torque = self.seconds * self.cells / motor.inertia_kgm2  # cells per substep per Nm
        self.emf = motor.torque_nm_per_a / self.cells / ohm  # A per cell per substep
        poles = self.seconds * ohm / motor.inductance_h
        self.decay = exp(-poles)
        self.mean = (1.0 - self.decay) / poles
