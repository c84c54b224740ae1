"""The four analogue inputs as 12-bit codes: current, carriage Hall, motor NTC, battery.

Noise is a table walked from a seeded place with a stride per channel: cheap and repeatable, and its
4096 values have the stated standard deviation. Owns the last codes.
"""

from functools import lru_cache
from math import exp, log, pi, sin
from random import Random

from hardware.board import rev_a as board
from hardware.plant.parameters import SenseParameters

_NOISE = 4096
_MASK = _NOISE - 1
_HALL_UM_PER_CODE = board.HALL_UM_Q16 / 65536.0
_CURRENT_CODES_PER_A = (1 << board.CURRENT_SHIFT) * 1e3 / board.CURRENT_FULL_SCALE_MA
_BATTERY_CODES_PER_V = (1 << board.BATTERY_SHIFT) * 1e3 / board.BATTERY_FULL_SCALE_MV
_SPAN_UM = float(board.DEPTH_STOP_UM - board.DEPTH_RETRACTED_STOP_UM)


def ntc_ohm(celsius: float) -> float:
    """Resistance of the NTC by the Beta equation."""
    kelvin = celsius + 273.15
    return board.NTC_OHM_25C * exp(board.NTC_BETA_K * (1.0 / kelvin - 1.0 / 298.15))


def ntc_celsius(ohm: float) -> float:
    """Inverse of `ntc_ohm`."""
    return 1.0 / (log(ohm / board.NTC_OHM_25C) / board.NTC_BETA_K + 1.0 / 298.15) - 273.15


def ntc_code(ohm: float) -> float:
    """ADC code of the NTC against its pull-up, not rounded."""
    return (board.ADC_MAX_CODE + 1) * ohm / (ohm + board.NTC_PULL_UP_OHM)


@lru_cache(maxsize=64)
def _noise(codes: float) -> list[float]:
    """Normal noise of this deviation, plus the half code that makes truncation round."""
    random = Random(20)
    return [random.gauss(0.0, codes) + 0.5 for _ in range(_NOISE)]


class Senses:
    """Turns what is into what the converter reads."""

    __slots__ = (
        "_at",
        "_battery_noise",
        "_bow",
        "_bow_phase",
        "_current_noise",
        "_current_offset",
        "_hall_noise",
        "_ntc_exact",
        "_ntc_noise",
        "_parameters",
        "_per_ampere",
        "_per_volt",
        "battery",
        "current",
        "hall",
        "hall_drift_um",
        "ntc",
    )

    def __init__(self, parameters: SenseParameters, random: Random) -> None:
        self._parameters = parameters
        per_ma = _CURRENT_CODES_PER_A * 1e-3
        self._current_noise = _noise(parameters.current_noise_ma * per_ma)
        self._hall_noise = _noise(parameters.hall_noise_um / _HALL_UM_PER_CODE)
        self._ntc_noise = _noise(parameters.ntc_noise_codes)
        self._battery_noise = _noise(parameters.battery_noise_codes)
        self._current_offset = parameters.current_offset_ma * per_ma
        self._per_ampere = _CURRENT_CODES_PER_A * parameters.current_gain
        self._per_volt = _BATTERY_CODES_PER_V * parameters.battery_gain
        self._at = random.randrange(_NOISE)
        # The magnet's field bends the line: one and a half waves over the travel.
        self._bow = parameters.hall_nonlinearity_um
        self._bow_phase = random.uniform(0.0, 2 * pi)
        self.hall_drift_um = 0.0
        self._ntc_exact = 0.0
        self.current = self.hall = self.ntc = self.battery = 0
        self.set_temperature(25.0)

    def set_temperature(self, housing_c: float) -> None:
        """Housing temperature; slow, so it need not be told every millisecond."""
        self._ntc_exact = ntc_code(ntc_ohm(housing_c + self._parameters.ntc_offset_k))

    def hall_code(self, carriage_um: float) -> float:
        """Hall code without noise, not rounded."""
        bow = self._bow * sin(carriage_um * (3 * pi / _SPAN_UM) + self._bow_phase)
        um = carriage_um * self._parameters.hall_gain + self._parameters.hall_offset_um
        return board.HALL_ZERO_CODE + (um + bow + self.hall_drift_um) / _HALL_UM_PER_CODE

    def sample(self, mean_a: float, hall_exact: float, battery_v: float) -> None:
        """Convert all four; `mean_a` is the mean bridge current of the millisecond, either sign."""
        at = self._at = (self._at + 1) & _MASK
        code = int(
            (mean_a if mean_a >= 0.0 else -mean_a) * self._per_ampere
            + self._current_offset
            + self._current_noise[at]
        )
        self.current = 0 if code < 0 else code if code < 4096 else 4095
        code = int(hall_exact + self._hall_noise[at * 5 & _MASK])
        self.hall = 0 if code < 0 else code if code < 4096 else 4095
        code = int(self._ntc_exact + self._ntc_noise[at * 11 & _MASK])
        self.ntc = 0 if code < 0 else code if code < 4096 else 4095
        code = int(battery_v * self._per_volt + self._battery_noise[at * 17 & _MASK])
        self.battery = 0 if code < 0 else code if code < 4096 else 4095
