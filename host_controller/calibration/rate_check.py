"""The pen's stroke rate against a strobe or a tachometer: a check, nothing is trimmed.

The pen counts the cam's pulses against its crystal; a rate that is wrong is a part that is wrong.
Owns the limit.
"""

from typing import NamedTuple

from host_controller import words
from host_controller.calibration.failures import CalibrationRefused

RATE_CHZ = 10_000  # 100 Hz: the middle of a treatment
LIMIT_PPT = 10  # the goal of +-1 %
SLIP_PPT = 200  # the pen itself stops 20 % off: a reading further away was misread


class RateResult(NamedTuple):
    """What the pen measured and what the instrument showed."""

    rate_chz: int
    reference_chz: int
    samples: int

    @property
    def error_ppt(self) -> int:
        """Thousandths by which the pen shows too much."""
        return round(1000 * (self.rate_chz - self.reference_chz) / self.reference_chz)

    @property
    def accepted(self) -> bool:
        """Whether the pen's rate is right."""
        return abs(self.error_ppt) <= LIMIT_PPT


def check_reading(rate_chz: int, reference_chz: int) -> None:
    """Raise CalibrationRefused for a slip, such as half the rate (a strobe shows that too)."""
    if abs(rate_chz - reference_chz) * 1000 > SLIP_PPT * rate_chz:
        raise CalibrationRefused(
            f"The instrument shows {words.hz(reference_chz)}, the pen measured "
            f"{words.hz(rate_chz)}: more than {SLIP_PPT // 10} % apart.",
            cause="A strobe also stands still at half and at a third of the rate; a tachometer "
            "may count revolutions per minute.",
            next_step="Begin above the rate and turn the strobe down to the first still picture.",
        )


def from_rpm(rpm: float) -> int:
    """Strokes as 0.01 Hz from revolutions (or flashes) per minute: one stroke a revolution."""
    return round(rpm * 100 / 60)
