"""What safety reads of the parts it does not import: plain integers, 0 or 1 unless a unit is named.

`control.motion.Motion` offers a `MotionStatus`, `treatment.treatment.Treatment` a
`TreatmentStatus`. Types for the checker only: at run time this module is empty.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class MotionStatus(Protocol):
        """How far motion has come."""

        homed: int
        still: int
        cam_known: int
        cam_parked: int
        stage_withdrawn: int
        in_position: int
        failed: int  # a FAULT_* number, or 0
        depth_set_um: int  # where the stage is commanded to be right now
        rate_set_chz: int  # after the ramp
        driving: int  # a duty is put out
        back_emf_chz: int

        def clear(self) -> None:
            """Forget `failed` and `homed`: a fault was acknowledged."""

    class TreatmentStatus(Protocol):
        """What the main loop and the progress counters say about the treatment."""

        facts: int  # condition bits: cartridge valid and fits, plan, zone, contact, warnings
        seat_generation: int  # the seating of the cartridge that `facts` speaks of
        tethered: int  # the plan needs the host's lease
        latch: int  # 1: press starts, press stops; 0: hold to run
        demo: int
        zone: int  # chosen, 1..16, 0 = none
        depth_um: int  # asked for this zone
        rate_chz: int
        override_reason: int  # not 0: the zone cap may be passed, up to the override maximum
        current_limit_ma: int  # of the cartridge
        cartridge_depth_um: int  # deepest that the cartridge allows
        stop_reason: int  # a STOP_* that zone time, dose or dwell asks for, or 0
