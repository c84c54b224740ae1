"""What must hold when a run is over: everything is put right, and the pen is asked.

Written from the outside, like `invariants.py`. Owns no state.
"""

from hardware.simulator.bench import Bench
from host_controller.replies import Reading, UsageEntry
from protocol import codes
from tests.campaign.invariants import Broken, needle_out
from tests.campaign.tally import Tally

# The pen counts strokes by its own tachometer and decides by the motor's voltage whether they went
# into skin; where it cannot know, it counts them. So it may count everything that was a stroke, and
# has to count nearly all that went in. Starts and stops are counted a little differently.
COUNTS_AT_LEAST = 0.9
COUNTS_AT_MOST = 1.03
STROKES_PER_RUN = 12
# Parts that the count depends on: broken, nothing is said about the number.
COUNTING = (
    "tach_lost",
    "tach_stuck",
    "tach_drop_share",
    "tach_noise_hz",
    "current_code",
    "adc_frozen",
    "battery_code",
    "boost_dead",
    "pwm_stuck",
    "driver_short",
    "bridge_open",
    "friction_nm",
    "battery_sag_v",
    "battery_resistance_factor",
    "enable_sense_stuck",
    "ntc_code",
    "ntc_open",
    "ntc_shorted",
)
# Faults whose sentence tells the operator to treat the needles as exposed, or to look.
NEEDLES_MAY_BE_OUT = (
    codes.FAULT_WITHDRAW,
    codes.FAULT_HOMING,
    codes.FAULT_PARK,
    codes.FAULT_MOTION_UNCOMMANDED,
    codes.FAULT_DEPTH_SENSOR,
    codes.FAULT_DEPTH_ERROR,
)


def needles_in(bench: Bench, status: Reading) -> Broken | None:
    """No needle stands out, or the pen says so."""
    if not needle_out(bench) or status.fault in NEEDLES_MAY_BE_OUT:
        return None
    said = f"out by {bench.truth.tip_um:.0f} um in {status.state_name}, fault {status.fault}"
    return Broken("NeedlesIn", bench.now_ms, said)


def record(bench: Bench, entries: list[UsageEntry], tally: Tally) -> Broken | None:
    """The pen's strokes against the plant's.

    A run that a reset ended counts with all that its plan allows, because nobody knows how far it
    came: after a reset there may be more in the record, never less.
    """
    newest: dict[tuple[int, int], UsageEntry] = {}
    for entry in entries:  # newest first
        newest.setdefault((entry.session_id, entry.zone), entry)
    counted = sum(entry.punctures // (entry.pins or 36) for entry in newest.values())
    slack = STROKES_PER_RUN * tally.runs
    least = COUNTS_AT_LEAST * tally.in_skin - slack
    most = COUNTS_AT_MOST * tally.strokes + slack
    if least <= counted and (counted <= most or bench.boots > 1):
        return None
    said = f"{counted} strokes in the record, {tally.in_skin} in skin of {tally.strokes} in truth"
    return Broken("RecordAgrees", bench.now_ms, said)
