"""Battery, boost converter and motor rail, a millisecond at a time.

The boost takes the power the motor took in the last millisecond; the cell sags by its resistance.
When the sag feeds on itself (a weak cell, three times the resistance) the boost's input falls below
its lockout and the rail drops to the battery through the bypass diode. Owns charge and voltages.
"""

from math import exp

from hardware.plant.parameters import BatteryParameters

_OCV_MASK = 31  # the open-circuit voltage is looked up again every 32 calls


class Battery:
    """One cell with its boost converter."""

    __slots__ = (
        "_calls",
        "_charger_a",
        "_fall",
        "_full_ah",
        "_locked_out",
        "_parameters",
        "_rise",
        "_volts_ocv",
        "boost_on",
        "charge_ah",
        "current_a",
        "rail_v",
        "resistance_factor",
        "sag_v",
        "supply_cut",
        "terminal_v",
        "vbus",
    )

    def __init__(self, parameters: BatteryParameters) -> None:
        self._parameters = parameters
        self._full_ah = parameters.capacity_ah
        self.charge_ah = parameters.soc * parameters.capacity_ah
        self.boost_on = False
        self.vbus = False
        self.resistance_factor = 1.0  # ageing, cold
        self.sag_v = 0.0  # a further drop that a fault adds
        self.supply_cut = False
        self.current_a = parameters.logic_a
        # First order, 5 % to 95 % in the start time: 3 time constants less 5 % of one.
        self._rise = 1.0 - exp(-2.94e-3 / parameters.boost_start_s)
        # Boost off: the rail's capacitor empties into the motor in some milliseconds.
        self._fall = 1.0 - exp(-1e-3 / 4e-3)
        self._locked_out = False
        self._calls = 0
        self._charger_a = parameters.charger_a
        self._volts_ocv = self.open_circuit_v()
        self.terminal_v = self._volts_ocv
        self.rail_v = parameters.bench_v or max(0.0, self.terminal_v - parameters.bypass_drop_v)

    @property
    def soc(self) -> float:
        """State of charge, 0 to 1."""
        return self.charge_ah / self._full_ah

    @soc.setter
    def soc(self, share: float) -> None:
        self.charge_ah = min(max(share, 0.0), 1.0) * self._full_ah
        self._volts_ocv = self.open_circuit_v()
        self.terminal_v = self._volts_ocv

    def open_circuit_v(self) -> float:
        """Voltage without load at the present charge."""
        table = self._parameters.ocv_v
        at = min(max(self.soc, 0.0), 1.0) * (len(table) - 1)
        index = min(int(at), len(table) - 2)
        return table[index] + (at - index) * (table[index + 1] - table[index])

    def step_ms(self, motor_joule: float, milliseconds: int = 1) -> None:
        """Spend the motor's energy of the last `milliseconds` and settle the voltages."""
        parameters = self._parameters
        if self.supply_cut:
            self.terminal_v = self.current_a = 0.0
            self._locked_out = True
            # The rail's capacitor feeds only gates and bridge: 100 uF and 2 mA lose 20 V/s.
            self.rail_v = max(0.0, self.rail_v - 0.02 * milliseconds)
            return
        amperes = parameters.logic_a
        if motor_joule > 0.0:
            # A motor that brakes by reverse voltage hands power back; the rail's clamp burns it.
            volts = self.terminal_v if self.terminal_v > 1.0 else 1.0
            amperes += motor_joule * 1e3 / (milliseconds * parameters.boost_efficiency * volts)
        if self.vbus and self.soc < 0.99:
            amperes -= self._charger_a
        self.current_a = amperes
        self.charge_ah -= amperes * milliseconds * (1e-3 / 3600.0)
        self._calls += 1
        if self.charge_ah < 0.0:
            self.charge_ah = 0.0
        if not self._calls & _OCV_MASK:
            self._volts_ocv = self.open_circuit_v()
        drop = parameters.resistance_ohm * self.resistance_factor * amperes + self.sag_v
        self.terminal_v = self._volts_ocv - drop if self._volts_ocv > drop else 0.0
        if parameters.bench_v:
            self.rail_v = parameters.bench_v
        else:
            self._settle_rail(milliseconds)

    def _settle_rail(self, milliseconds: int) -> None:
        parameters = self._parameters
        if self._locked_out:
            self._locked_out = self.terminal_v < parameters.boost_restart_v
        elif self.terminal_v < parameters.boost_lockout_v:
            self._locked_out = True
        if self.boost_on and not self._locked_out:
            target, share = parameters.boost_v, self._rise
        else:
            target, share = max(0.0, self.terminal_v - parameters.bypass_drop_v), self._fall
        for _ in range(milliseconds):
            self.rail_v += (target - self.rail_v) * share
