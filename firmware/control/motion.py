"""Motion: executes the mode that the supervisor grants, and says how far it has come.

Purpose: one object between supervisor and motors. Writes bridge, boost and coils; never the enable
line. Owns: the status attributes that supervisor and telemetry read.
"""

from firmware.modes import MODE_OFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.hal.ports import Board
    from firmware.readings import Readings


class Motion:
    """Needle motor and depth stage. Status attributes are 0 or 1 unless said otherwise."""

    def __init__(self, board: "Board", readings: "Readings", calibration: "Calibration") -> None:
        self._board = board
        self._readings = readings
        self._calibration = calibration
        self._mode = MODE_OFF
        self.homed = 0  # the stage knows its position since boot
        self.still = 0  # the motor does not turn
        self.cam_known = 0  # the cam's phase is known from its index mark
        self.cam_parked = 0  # index mark in view and still
        self.stage_withdrawn = 0  # commanded 0, home switch active, Hall <= 100 um
        self.in_position = 0  # stage at commanded depth, cam parked
        self.failed = 0  # FAULT_* code, latched until clear()
        self.depth_set_um = 0  # where the stage is commanded to be right now, 0..2500
        self.rate_set_chz = 0  # after the ramp
        self.driving = 0  # a duty is put out
        self.back_emf_chz = 0  # speed estimate, -30000..30000

    def step(self, mode: int, depth_um: int, rate_chz: int) -> None:
        """Execute MODE_* `mode` for one tick: depth 0..2500 um, rate 2500..15000 chz in RUN."""
        self._mode = mode

    def clear(self) -> None:
        """Forget `failed`; the next mode starts afresh."""
        self.failed = 0
