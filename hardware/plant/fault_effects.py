"""What the switches of `faults.py` do to the parts. Only called while one is set.

Owns its random numbers and the counters as they were before the step.
"""

from random import Random
from typing import TYPE_CHECKING

from hardware.plant.bridge import COAST, DRIVE, terminal_volts
from hardware.plant.motor import CLOSED, OPEN

if TYPE_CHECKING:
    from hardware.plant.pen import Pen

ALIVE_V = 1.65  # the bridge and its gates work down to this rail
ALWAYS_US = 1 << 60
JAM_NM = 1.0  # a hundred times the motor's stall torque


class FaultEffects:
    """Applies faults before, during and after a step."""

    __slots__ = ("_index", "_random", "_tach")

    def __init__(self, random: Random) -> None:
        self._random = random
        self._tach = (0, 0)
        self._index = (0, 0)

    def before(self, pen: "Pen") -> None:
        """Put the parts into the state the faults ask for; also undoes what has been healed."""
        faults = pen.faults
        battery = pen.battery
        battery.supply_cut = faults.supply_cut
        battery.resistance_factor = faults.battery_resistance_factor
        battery.sag_v = faults.battery_sag_v
        if faults.supply_cut:
            pen.chain.cut()  # the processor's pins float, a resistor pulls the line down
        if faults.supply_cut or faults.boost_dead:
            pen.boost = False
        pen.motor.extra_friction_nm = faults.friction_nm + (JAM_NM if faults.cam_jammed else 0.0)
        pen.stage.jammed = faults.depth_jammed
        if faults.depth_coils_off:
            pen.stage.powered = False
            pen.coil_count = 0
        if faults.depth_slip_wells:
            pen.stage.lose_steps(faults.depth_slip_wells)
            faults.depth_slip_wells = 0
        if faults.cartridge_out_ms:
            pen.seat_out_until_us = pen.t_us + round(faults.cartridge_out_ms * 1000)
            faults.cartridge_out_ms = 0.0
        pen.follow_stage()
        self._tach = (pen.tach_count, pen.tach_edge_us)
        self._index = (pen.index_count, pen.index_edge_us)
        faults.settle()

    def high_until(self, pen: "Pen") -> int:
        """When drive-enable falls, contact aside, with countdown or watchdog at fault."""
        faults = pen.faults
        chain = pen.chain
        until = ALWAYS_US if faults.countdown_stuck else chain.expires_us
        if faults.watchdog_dead:
            return pen.t_us
        if not faults.watchdog_stuck:
            until = min(until, chain.fed_until(pen.t_us))
        return until

    def bridge(self, pen: "Pen", enabled: bool) -> tuple[float, int]:
        """Voltage on the motor and whether its circuit is closed."""
        faults = pen.faults
        rail_v = pen.battery.rail_v
        if faults.bridge_open:
            return 0.0, OPEN
        if faults.driver_short >= 2:
            return rail_v, CLOSED
        if rail_v < ALIVE_V:
            return 0.0, OPEN
        if faults.driver_short:
            # Braking would turn the other transistor of the shorted half on: the bridge trips.
            return (rail_v, CLOSED) if enabled and pen.bridge == DRIVE else (0.0, OPEN)
        if not enabled:
            return 0.0, CLOSED
        if faults.pwm_stuck is not None:
            return terminal_volts(DRIVE, faults.pwm_stuck, rail_v), CLOSED
        volts = terminal_volts(pen.bridge, pen.duty, rail_v)
        return volts, OPEN if pen.bridge == COAST else CLOSED

    def after(self, pen: "Pen") -> None:
        """Bend what the firmware is about to read."""
        faults = pen.faults
        self._bend_tachometer(pen)
        if faults.tach_lost or faults.index_stuck is not None:
            pen.index_count, pen.index_edge_us = self._index
            pen.index_level = bool(faults.index_stuck) and not faults.tach_lost
        if faults.enable_sense_stuck is not None:
            pen.enable_level = bool(faults.enable_sense_stuck)
        if faults.stall_stuck is not None:
            pen.bridge_stall = bool(faults.stall_stuck)
        if faults.home_open or faults.home_shorted:
            pen.home = faults.home_shorted
        if faults.button_stuck is not None:
            pen.button = bool(faults.button_stuck)
        elif faults.button_bouncing:
            pen.button = self._random.random() < 0.5
        self._bend_codes(pen)

    def _bend_tachometer(self, pen: "Pen") -> None:
        faults = pen.faults
        count, edge_us = self._tach
        if faults.tach_lost or faults.tach_stuck:
            pen.tach_count, pen.tach_edge_us = self._tach
        elif faults.tach_drop_share:
            new = pen.tach_count - count
            seen = sum(self._random.random() >= faults.tach_drop_share for _ in range(new))
            pen.tach_count = count + seen
            if not seen:
                pen.tach_edge_us = edge_us
        if faults.tach_noise_hz:
            due = self._random.expovariate(faults.tach_noise_hz * 1e-6)
            while due < 1000.0:
                pen.tach_count += 1
                pen.tach_edge_us = max(pen.tach_edge_us, pen.t_us - 1000 + int(due))
                due += self._random.expovariate(faults.tach_noise_hz * 1e-6)

    def _bend_codes(self, pen: "Pen") -> None:
        faults = pen.faults
        if faults.current_code is not None:
            pen.adc_current = faults.current_code
        if faults.hall_code is not None:
            pen.adc_hall = faults.hall_code
        if faults.ntc_open:
            pen.adc_ntc = 4095
        elif faults.ntc_shorted:
            pen.adc_ntc = 0
        elif faults.ntc_code is not None:
            pen.adc_ntc = faults.ntc_code
        if faults.battery_code is not None:
            pen.adc_battery = faults.battery_code
