"""Winding and housing temperature: two masses, the winding's resistance rising with it.

Owns both temperatures. Slow: called every 20 ms.
"""

from hardware.plant.parameters import ThermalParameters


class Thermal:
    """Two-mass thermal model of the motor in the handpiece."""

    __slots__ = ("_parameters", "ambient_c", "housing_c", "winding_c")

    def __init__(self, parameters: ThermalParameters) -> None:
        self._parameters = parameters
        self.ambient_c = parameters.ambient_c
        self.winding_c = parameters.ambient_c
        self.housing_c = parameters.ambient_c

    def advance(self, joule: float, seconds: float) -> None:
        """Put `joule` into the winding over `seconds` (well below the fast time constant, 6 s)."""
        parameters = self._parameters
        to_housing = (self.winding_c - self.housing_c) / parameters.winding_k_per_w * seconds
        to_air = (self.housing_c - self.ambient_c) / parameters.housing_k_per_w * seconds
        self.winding_c += (joule - to_housing) / parameters.winding_j_per_k
        self.housing_c += (to_housing - to_air) / parameters.housing_j_per_k

    def resistance_factor(self) -> float:
        """Winding resistance relative to 25 C, where the data sheet states it."""
        return 1.0 + self._parameters.copper_per_k * (self.winding_c - 25.0)
