"""Was the outcome of a case good? The limits of the project, restated by hand. Owns no state.

A rule that is broken is a sentence, unless the plant itself cannot do better: then it is a residual
risk, with its reason, and stays in the table as such.
"""

from dataclasses import dataclass

from protocol import codes, texts
from tests.fault_injection.case import HOST, PLUG, Outcome
from tests.fault_injection.expected import REST, RESTARTED, Expected, expected
from tests.fault_injection.faults import BY_NAME
from tests.fault_injection.states import FIRST_FAULT, RUNNING

OFF_MS = 2.0  # drive off, after the tick that could see the fault
DEAD_OFF_MS = 5.0  # when no Python runs any more
STILL_MS = 50.0  # after the end of the drive
IN_MS = 250.0  # until no needle stands out, likewise
STROKES = 5  # at 100 Hz, after the tick that could see the fault
STROKES_TOO_DEEP = 1  # more than 0.15 mm deeper than granted

# Faults after which the motor must not be driven any more, not even to park.
CUT_AT_ONCE = (
    codes.FAULT_OVERSPEED,
    codes.FAULT_STALL,
    codes.FAULT_OVERCURRENT,
    codes.FAULT_CURRENT_PEAK,
    codes.FAULT_TACHOMETER,
    codes.FAULT_MOTION_UNCOMMANDED,
    codes.FAULT_PARK,
    codes.FAULT_ENABLE,
    codes.FAULT_CURRENT_SENSOR,
    codes.FAULT_CARTRIDGE_LOST,
    codes.FAULT_TICK_LATE,
    codes.FAULT_INTERNAL,
)

_SHORTED = "the shorted transistor drives the motor whatever drive-enable says: unplug it"
_NO_BRAKE = "the bridge opens instead of braking into its own short, so the motor coasts"
_OPEN_WIRE = "no current can brake a motor whose wire is off, so it coasts, undriven"
_NO_POWER = "without power nothing withdraws the stage; the motor is shorted and stands"
_NO_TICK = "whoever withdraws the stage is what is broken; the motor is shorted and stands"
_LATE_TICK = (
    "the motor is shorted and stands at once; the stage is withdrawn when the tick comes back"
)
_A_PRESS = "a contact that closes for 5 ms is a press: no debounce tells a worn one from a thumb"
_HELD = (
    "a contact that stays closed is a thumb that stays down; the host, the lease and limits stop"
)
_ANEW = (
    "closing again under the thumb that is still down is a press, and the pen is armed: a new run"
)
_NO_PRESS = (
    "an open wire carries no press, so it cannot stop a latched run: host, lease and limits do"
)
LATCHED = "latched"  # in place of a place: in a latched run

# (fault, place, LATCHED or "") -> rules that may be broken there, and why.
RESIDUAL: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("driver short", ""): (("still", "in", "strokes"), _NO_BRAKE),
    ("driver shorted through", ""): (
        (
            "off",
            "cut",
            "still",
            "in",
            "strokes",
            "plug",
            "again",
            "started",
            "out",
            "latched",
            "state",
        ),
        _SHORTED,
    ),
    ("bridge open", ""): (("still", "in"), _OPEN_WIRE),
    ("supply cut", ""): (("in",), _NO_POWER),
    ("loop in tick", ""): (("in",), _NO_TICK),
    ("dead", ""): (("in",), _NO_TICK),
    ("tick lost", ""): (("in",), _NO_TICK),
    ("exceptions in tick", ""): (("in",), _NO_TICK),
    ("collection 200 ms", ""): (("in",), _LATE_TICK),
    ("button stuck down", ""): (("again", "host"), _HELD),
    ("button stuck down", "armed"): (("started", "host"), _A_PRESS),
    ("button stuck down", LATCHED): ((), ""),
    ("button stuck up", ""): (("again",), _ANEW),
    ("button stuck up", LATCHED): (("host",), _NO_PRESS),
    ("button bouncing", ""): (("again", "started"), _A_PRESS),
}


@dataclass(frozen=True)
class Verdict:
    """`broken` rules fail the case; `residual` ones are told with their reason.

    Both are sentences; `excused` are the names of the rules that `residual` is about.
    """

    broken: tuple[str, ...]
    residual: tuple[str, ...]
    reason: str
    excused: tuple[str, ...] = ()


def judge(outcome: Outcome) -> Verdict:
    """Compare with what must hold for every fault, and with what is expected of this one."""
    place = outcome.state
    wanted = expected(outcome.fault, place, outcome.latch)
    found = {**_always(outcome, wanted), **_as_expected(outcome, wanted)}
    rules, reason = _excused(outcome)
    broken = tuple(said for rule, said in found.items() if said and rule not in rules)
    excused = tuple(rule for rule, said in found.items() if said and rule in rules)
    residual = tuple(found[rule] for rule in excused)
    return Verdict(broken, residual, reason if residual else "", excused)


def _excused(outcome: Outcome) -> tuple[tuple[str, ...], str]:
    """Rules that this case may break, and why: the most special row says it."""
    special = (LATCHED,) if outcome.latch else ()
    for place in (outcome.state, *special, ""):
        if (outcome.fault, place) in RESIDUAL:
            return RESIDUAL[outcome.fault, place]
    return (), ""


def off_after_seen_ms(outcome: Outcome) -> float | None:
    """Drive off after the tick that could see the fault: the later of its own word and ours.

    None where the operator had ended the run before the pen saw anything.
    """
    if BY_NAME[outcome.fault].dead or outcome.off_ms is None:
        return None
    seen_ms = outcome.noticed_ms
    if outcome.ended_by and (seen_ms is None or seen_ms > outcome.off_ms):
        return None
    wanted = expected(outcome.fault, outcome.state, outcome.latch)
    late = [] if outcome.off_after_notice_ms is None else [outcome.off_after_notice_ms]
    if wanted.within_ms is not None:
        late.append(max(0.0, outcome.off_ms - wanted.within_ms))
    return max(late, default=None)


def dead_off_ms(outcome: Outcome) -> float | None:
    """Drive off after the death of the interpreter or the supply."""
    if not BY_NAME[outcome.fault].dead:
        return None
    return outcome.cut_ms or 0.0


def strokes_after_seen(outcome: Outcome) -> int | None:
    """Strokes after the tick that could see the fault; after the fault where nobody could."""
    if BY_NAME[outcome.fault].dead:
        return outcome.strokes
    return None if outcome.noticed_ms is None else outcome.strokes_noticed


def _always(out: Outcome, wanted: Expected) -> dict[str, str]:
    """What must hold whatever the fault is. Rule -> sentence, empty where it holds."""
    off, dead, strokes = off_after_seen_ms(out), dead_off_ms(out), strokes_after_seen(out)
    found = {
        "off": _over("drive off", off, OFF_MS),
        "dead": _over("drive off", dead, DEAD_OFF_MS),
        "cut": "",
        "strokes": _over("strokes after it was seen", strokes, STROKES),
        "deep": _over("strokes too deep", out.strokes_too_deep, STROKES_TOO_DEEP),
        "again": f"driven again for {out.driven_again} ms" if out.driven_again else "",
        "latched": _latched(out),
        "host": "only the host could end it" if out.ended_by == HOST else "",
        "started": "needles ran though nobody had pressed" if _by_itself(out) else "",
        "plug": "only the plug could end it" if out.ended_by == PLUG else "",
        "alive": out.firmware_error,
        "out": "",
    }
    if out.state == RUNNING:
        found["still"] = _over("still", out.still_ms, STILL_MS, never=True)
        found["in"] = _over("needles in", out.in_ms, IN_MS, never=True)
    if out.noticed_ms is not None and out.logged in CUT_AT_ONCE and out.cut_ms is not None:
        found["cut"] = _over("motor driven", out.cut_ms - out.noticed_ms, OFF_MS)
    if out.out_at_end and (out.said_in or not _says_out(out.code)):
        found["out"] = "a needle stands out at the end, and nobody says so"
    return found


def _as_expected(out: Outcome, wanted: Expected) -> dict[str, str]:
    """What this fault must come to."""
    found = {"shown": "", "seen": "", "stop": "", "state": ""}
    shown = out.logged or (out.code if out.state != "fault" else 0)
    if out.state == "fault" and not wanted.faults:
        ended = 0 if out.fault in RESTARTED or out.ended_by == PLUG else FIRST_FAULT
        if out.code != ended:
            found["shown"] = f"the first fault became {_name(out.code)}"
        return found
    if wanted.faults and shown not in wanted.faults:
        found["shown"] = f"{_name(shown)} instead of {', '.join(map(_name, wanted.faults))}"
    elif not wanted.faults and shown:
        found["shown"] = f"{_name(shown)} where nothing is the matter"
    if wanted.faults and wanted.within_ms and out.noticed_ms is not None:
        found["seen"] = _over("seen", out.noticed_ms, wanted.within_ms)
    if wanted.stops and out.stop not in wanted.stops:
        found["stop"] = f"stopped by {codes.STOP_NAMES[out.stop]}"
    if out.ended in (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING):
        found["state"] = f"ends in {codes.STATE_NAMES[out.ended]}"
    elif out.ended < 0:
        found["state"] = "does not answer any more"
    return found


def _by_itself(out: Outcome) -> bool:
    """In these places no thumb has pressed."""
    return out.state in (*REST, "armed") and out.strokes > 0


def _latched(out: Outcome) -> str:
    if out.first and out.code != out.first:
        return f"{_name(out.first)} became {_name(out.code)}"
    return ""


def _over(what: str, value: float | None, limit: float, *, never: bool = False) -> str:
    if value is None:
        return f"{what}: never" if never else ""
    return f"{what}: {value:g}, more than {limit:g}" if value > limit else ""


def _says_out(code: int) -> bool:
    """The sentence of a fault of high priority tells to look, or to treat them as exposed."""
    priority, _, next_step = texts.FAULT_TEXTS[code]
    return priority == texts.PRIORITY_HIGH and "needles" in next_step


def _name(code: int) -> str:
    return next(
        (n for n, v in vars(codes).items() if n.startswith("FAULT_") and v == code), "no fault"
    )
