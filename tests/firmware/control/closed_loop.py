"""Control and drivers on the plant, over the pin link in one process, without the supervisor.

The loop plays the supervisor's part: it grants drive-enable every tick, kicks the watchdog and
hands `mode`, `depth_um` and `rate_chz` to Motion. Truth is read from the plant.
"""

import struct

from firmware.control.motion import Motion
from firmware.drivers.calibration import Calibration
from firmware.drivers.sensors import Sensors
from firmware.hal import pin_layout as link
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from firmware.modes import MODE_HOME, MODE_OFF, MODE_PARK, MODE_POSITION, MODE_RUN
from firmware.readings import Readings
from firmware.words import KICK, LINE, LINE_GRANT
from hardware.plant.cartridge import Cartridge
from hardware.plant.parameters import Parameters, replace
from hardware.plant.pen import Pen

WRAP = 0x3FFFFFFF


class ClosedLoop:
    """A pen with a cartridge, held in the air, after power-up."""

    def __init__(
        self,
        parameters: Parameters | None = None,
        seed: int = 0,
        calibration: Calibration | None = None,
        t_us: int = 0,
    ) -> None:
        self.pen = Pen(parameters, seed)
        self.pen.t_us = t_us
        self.board = PinLinkBoard(Exchange())
        self.readings = Readings()
        self.mode = MODE_OFF
        self.depth_um = 0
        self.rate_chz = 0
        self.granting = True
        calibration = calibration or Calibration()
        self.sensors = Sensors(self.board, self.readings, calibration)
        self.motion = Motion(self.readings, calibration)
        self.board.ticker.start(self._tick)

    def _tick(self) -> None:
        words = self.readings.words
        self.sensors.sample()
        if self.granting:
            words[LINE] = LINE_GRANT
        words[KICK] = 1
        self.motion.step(self.mode, self.depth_um, self.rate_chz)
        self.board.act(words)

    def step(self) -> None:
        """One millisecond: outputs to the plant, plant, senses, tick."""
        pen = self.pen
        self.board.outgoing()
        drive = struct.unpack_from(link.DRIVE_FORMAT, self.board.drive_buffer(), 0)
        _, pen.duty, pen.bridge, enable, coils, count, lines, *_ = drive
        if enable == link.ENABLE_GRANT:
            pen.grant()
        elif enable == link.ENABLE_CUT:
            pen.cut()
        if lines & link.LINE_WATCHDOG:
            pen.watchdog_kick()
        pen.boost = bool(lines & link.LINE_BOOST)
        if count:
            pen.coils(coils, count)
        pen.step_ms()
        self.board.accept(self._step_message())

    def _step_message(self) -> bytes:
        pen = self.pen
        pins = (
            (link.PIN_SEAT if pen.seat else 0)
            | (link.PIN_HOME if pen.home else 0)
            | (link.PIN_BUTTON if pen.button else 0)
            | (link.PIN_BRIDGE_STALL if pen.bridge_stall else 0)
            | (link.PIN_ENABLE if pen.enable_level else 0)
            | (link.PIN_INDEX if pen.index_level else 0)
            | (link.PIN_VBUS if pen.vbus else 0)
        )
        return struct.pack(
            link.STEP_FORMAT,
            link.KIND_STEP,
            pen.t_us & WRAP,
            pen.tach_count & 0xFFFF,
            pen.tach_edge_us & WRAP,
            pen.index_count & 0xFFFF,
            pen.index_edge_us & WRAP,
            pen.adc_current,
            pen.adc_hall,
            pen.adc_ntc,
            pen.adc_battery,
            pins,
            0,
        )

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        for _ in range(milliseconds):
            self.step()

    def until(self, what: str, limit_ms: int) -> int:
        """Let time pass until the attribute of Motion is true; milliseconds, or AssertionError."""
        for elapsed in range(limit_ms):
            if getattr(self.motion, what):
                return elapsed
            assert not self.motion.failed, f"fault {self.motion.failed} waiting for {what}"
            self.step()
        raise AssertionError(f"{what} not reached in {limit_ms} ms")

    # ---- what the supervisor would do ----

    def home(self) -> None:
        """Power-up: find the stage's zero."""
        self.mode = MODE_HOME
        self.until("stage_withdrawn", 4000)
        self.advance(60)

    def position(self, depth_um: int) -> int:
        """Park the cam if needed and extend; milliseconds until in position."""
        self.mode = MODE_POSITION
        self.depth_um = depth_um
        self.step()
        return 1 + self.until("in_position", 1500)

    def run(self, rate_chz: int, milliseconds: int) -> None:
        """Needles at a rate for some time."""
        self.mode = MODE_RUN
        self.rate_chz = rate_chz
        self.advance(milliseconds)

    def park(self) -> None:
        """Ask for a stop; time has to be let pass."""
        self.mode = MODE_PARK


def worn(pins: int, force_per_needle_n: float) -> tuple[Cartridge, float]:
    """A cartridge and its wear such that each needle needs this force in cheek, normal hand."""
    base = Parameters().skin.force_per_needle_n
    return Cartridge(pins=pins, wear=force_per_needle_n / base), force_per_needle_n


def loaded(pen: Pen, pins: int, force_per_needle_n: float) -> None:
    """Put on such a cartridge and press it on the skin, steadily."""
    cartridge, _ = worn(pins, force_per_needle_n)
    pen.insert(cartridge)
    pen.person.touch()


def steady_hand(parameters: Parameters | None = None) -> Parameters:
    """Parameters with a hand that does not waver, for figures against a stated load."""
    parameters = parameters or Parameters()
    return replace(parameters, skin=replace(parameters.skin, wander=0.0))
