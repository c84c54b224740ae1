"""What must hold when a run is over: everything is put right, and the pen is asked.

Written from the outside, like `invariants.py`. Owns no state.
"""

from hardware.simulator.bench import Bench
from host_controller.replies import FaultEntry, Reading, UsageEntry
from protocol import codes
from tests.campaign.invariants import BY_POWER, Broken, needle_out
from tests.campaign.script import Event, Script
from tests.campaign.tally import Tally

# The pen counts strokes by its own tachometer and decides by the motor's voltage whether they went
# into skin; where it cannot know, it counts them. So it may count everything that was a stroke, and
# has to count nearly all that went in: a touch may be noticed a moment late, and now and then a run
# ends within a stroke, which the plant counts where it is furthest out. A cam that creeps back to
# its mark is counted forwards and backwards: a stroke more a press.
COUNTS_AT_LEAST = 0.97
LESS_PER_RUN = 0.5
MORE_PER_PRESS = 1
# A reset while the needles run out after their dose: the limit is what counts, braking is not.
LESS_PER_RESET = 5
# Parts that the count depends on: broken, nothing is said about the number.
COUNTING = (
    "cam_jammed",  # a moment of it in skin looks like a touch, and what follows like air
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
    # These hide a stage that did not come home after them.
    codes.FAULT_ENABLE,
    codes.FAULT_INTERNAL,
    codes.FAULT_OUTPUT,
)


# What may be the reason of a fault; without any of it a healthy pen tells none.
UPSETS = frozenset(
    ("fault", "hold", "remove", "insert", "reset", "cut", "cut in flash", "power", "noise", "cable")
)
PRESSES_MOST = 4  # six within 3.5 s are no thumb
SOC_LEAST = 0.4
VIBRATION_MS = 2.0
FORCE_MOST_N = 36 * 0.055  # of all needles in ordinary skin; a weak pen may stall in harder one
WORN = 3  # blunt tips need so much more
HELD_MOST_MS = 10_000  # of the button: longer, it is stuck
DEEP_UM = 1400  # a run that begins deeper with the needles already on the skin may stall at once


def _is_vibration(event: Event) -> bool:
    """The cartridge's contact opens for less than 2 ms now and then."""
    return event.values[:1] == ("cartridge_out_ms",) and event.values[1] < VIBRATION_MS


def _held_ms(script: Script) -> int:
    """The longest press."""
    since_ms, longest_ms = script.lasts_ms, 0
    for event in script.events:
        if event.what == "press":
            since_ms = min(since_ms, event.at_ms)
        elif event.what == "release":
            longest_ms = max(longest_ms, event.at_ms - since_ms)
            since_ms = script.lasts_ms
    return max(longest_ms, script.lasts_ms - since_ms)


def calm(script: Script, faults: set[int], now_ms: int) -> Broken | None:
    """A healthy pen in ordinary hands tells no fault."""
    what = [event.what for event in script.events if not _is_vibration(event)]
    pins = max([script.cartridge[0], *(plan.pins for plan in script.plans)])
    force_n = script.pen.get("skin", {}).get("force_per_needle_n", 0.055) * pins
    states = {script.cartridge[1], *(e.values[1] for e in script.events if e.what == "insert")}
    force_n *= WORN if "worn" in states else 1
    deep = any(row[1] > DEEP_UM for plan in script.plans for row in plan.rows)
    soc = script.pen.get("battery", {}).get("soc", 1.0)
    ordinary = UPSETS.isdisjoint(what) and what.count("press") <= PRESSES_MOST
    ordinary = ordinary and _held_ms(script) < HELD_MOST_MS
    if not faults or not ordinary or deep or force_n > FORCE_MOST_N or soc < SOC_LEAST:
        return None
    return Broken("Calm", now_ms, f"fault {min(faults)} and nothing was broken")


def needles_in(bench: Bench, status: Reading, knocked: bool) -> Broken | None:
    """No needle stands out, or the pen says so with the fault that it tells.

    A stage that was thrown outwards at rest is no fault of the pen's; then it must only not take
    the needles for withdrawn.
    """
    said_so = status.fault in NEEDLES_MAY_BE_OUT or (knocked and not status.needles_in)
    if not needle_out(bench) or said_so:
        return None
    said = f"out by {bench.truth.tip_um:.0f} um in {status.state_name}, fault {status.fault}"
    return Broken("NeedlesIn", bench.now_ms, said)


def only_power(bench: Bench, status: Reading, log: list[FaultEntry]) -> Broken | None:
    """A fault that only new power clears, also one that came second, is there until it came."""
    lasting = {entry.fault for entry in log}.intersection(BY_POWER)
    if bench.boots > 1 or not lasting or status.fault in BY_POWER:
        return None
    said = f"fault {min(lasting)} is in its log and it tells {status.fault}"
    return Broken("OnlyPower", bench.now_ms, said)


def record(bench: Bench, entries: list[UsageEntry], tally: Tally, presses: int) -> Broken | None:
    """The pen's strokes against the plant's.

    A run that a reset ended counts with all that its plan allows, because nobody knows how far it
    came: after a reset there may be more in the record, and where needles ran until it, less by
    what ran out after the limit.
    """
    newest: dict[tuple[int, int], UsageEntry] = {}
    for entry in entries:  # newest first
        newest.setdefault((entry.session_id, entry.zone), entry)
    counted = sum(entry.punctures // (entry.pins or 36) for entry in newest.values())
    slack = LESS_PER_RUN * tally.runs + LESS_PER_RESET * tally.cut_short + 1
    least = COUNTS_AT_LEAST * tally.in_skin - slack
    most = tally.strokes + MORE_PER_PRESS * presses + 1
    if least <= counted and (counted <= most or bench.boots > 1):
        return None
    said = f"{counted} strokes in the record, {tally.in_skin} in skin of {tally.strokes} in truth"
    return Broken("RecordAgrees", bench.now_ms, said)
