"""What safety reads of the parts it does not import: plain integers.

`MotionStatus` is what `control.motion.Motion` offers, `TreatmentStatus` what `treatment` offers.
The classes document the seam and stand in for both in tests; they own nothing in the pen.
"""

from firmware.safety.limits import CURRENT_DEFAULT_MA


class MotionStatus:
    """How far motion has come (0 or 1 unless a unit is named)."""

    def __init__(self) -> None:
        self.homed = 0
        self.still = 0
        self.cam_known = 0
        self.cam_parked = 0
        self.stage_withdrawn = 0
        self.in_position = 0
        self.failed = 0  # a FAULT_* number, or 0
        self.depth_set_um = 0
        self.rate_set_chz = 0
        self.driving = 0
        self.back_emf_chz = 0

    def clear(self) -> None:
        """Forget `failed` and `homed`: a fault was acknowledged."""
        self.failed = 0
        self.homed = 0


class TreatmentStatus:
    """What the main loop and the progress counters say about the treatment."""

    def __init__(self) -> None:
        self.facts = 0  # condition bits: cartridge valid and fits, plan, zone, contact, warnings
        self.seat_generation = -1  # the seating of the cartridge that `facts` speaks of
        self.tethered = 1  # the plan needs the host's lease
        self.latch = 0  # 1: press starts, press stops; 0: hold to run
        self.demo = 0  # 1: demonstration plan
        self.zone = 0  # the chosen zone, 1..16, 0 = none
        self.depth_um = 0  # asked for this zone
        self.rate_chz = 0
        self.override_reason = 0  # not 0: the zone cap may be passed, up to the override maximum
        self.current_limit_ma = CURRENT_DEFAULT_MA  # of the cartridge
        self.cartridge_depth_um = 0  # deepest that the cartridge allows
        self.stop_reason = 0  # a STOP_* that zone time, dose or dwell asks for, or 0
