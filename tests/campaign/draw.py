"""Draws a run from its id: the same id is the same run, on every machine.

A run is a treatment that means well, told by an operator and a host program, into which up to
three faults and any number of mishaps are thrown. Owns no state.
"""

from random import Random

from tests.campaign import mishaps
from tests.campaign.script import Event, PlanSketch, Script

# Zones with a depth and a rate that the pen allows, and what it does not.
ZONES = {
    "forehead": (750, 5000, 12000),
    "periorbital": (500, 5000, 10000),
    "nose": (500, 5000, 15000),
    "cheek": (1500, 8000, 15000),
    "chin": (1000, 5000, 15000),
    "neck": (1000, 5000, 15000),
    "body-scar": (2500, 5000, 15000),
}
BOOTED_MS = 450
FIRST_MS = 500


def draw(number: int) -> Script:
    """Run `number`."""
    choose = Random(f"campaign {number}")
    pins = choose.choice((12, 12, 12, 24, 36, 36, 0))
    state = choose.choice(("new",) * 12 + ("worn", "worn", "used", "expired", "blank"))
    plans = tuple(_plan(choose, pins, session) for session in range(1, choose.randint(2, 4)))
    story, end_ms = _story(choose, plans)
    broken = mishaps.faults(choose, end_ms)
    rest = mishaps.mishaps(choose, end_ms)
    events = sorted(story + broken + rest, key=lambda event: event.at_ms)
    return Script(number, _pen(choose), (pins, state), plans, tuple(events), end_ms)


def _pen(choose: Random) -> dict[str, dict[str, float]]:
    """A pen off the line, in some weather, with some charge, over some skin."""
    return {
        "motor": {
            "resistance_ohm": round(2.83 * choose.uniform(0.92, 1.08), 3),
            "torque_nm_per_a": round(5.35e-3 * choose.uniform(0.95, 1.05), 6),
            "friction_nm": round(choose.uniform(0.17e-3, 0.32e-3), 6),
        },
        "battery": {
            "soc": round(choose.choice((choose.uniform(0.35, 1.0), choose.uniform(0.05, 1.0))), 3),
            "resistance_ohm": round(choose.uniform(0.12, 0.3), 3),
        },
        "thermal": {"ambient_c": round(choose.uniform(12.0, 36.0), 1)},
        "stage": {"backlash_um": round(choose.uniform(8.0, 22.0), 1)},
        "sense": {
            "hall_gain": round(choose.uniform(0.99, 1.01), 4),
            "hall_offset_um": round(choose.uniform(-12.0, 12.0), 1),
            "current_gain": round(choose.uniform(0.95, 1.05), 3),
            "current_offset_ma": round(choose.uniform(-6.0, 6.0), 1),
            "battery_gain": round(choose.uniform(0.99, 1.01), 4),
        },
        "skin": {"force_per_needle_n": choose.choice((0.03, 0.055, 0.055, 0.08, 0.15, 0.3))},
    }


def _plan(choose: Random, pins: int, session: int) -> PlanSketch:
    rows = []
    for zone in choose.sample(sorted(ZONES), choose.randint(1, 4)):
        cap_um, low_chz, high_chz = ZONES[zone]
        depth_um = choose.randrange(50, cap_um + 1, 10)
        reason = 1 if depth_um > 1500 else 0
        if pins == 0:
            depth_um = min(depth_um, 500)
        rate_chz = choose.randrange(low_chz, high_chz + 1, 100)
        time_s = choose.choice((600, 600, 600, 1, 2))
        dose = choose.choice((5000, 5000, 5000, 20))
        if choose.random() < 0.04:
            depth_um, rate_chz = choose.choice(((2510, 9000), (0, 9000), (500, 15100), (500, 10)))
        rows.append((zone, depth_um, rate_chz, choose.randint(1, 6), time_s, dose, reason))
    if choose.random() < 0.05:
        pins = choose.choice((12, 24, 36))
    return PlanSketch(session, tuple(rows), choose.random() < 0.5, choose.random() < 0.75, pins)


def _story(choose: Random, plans: tuple[PlanSketch, ...]) -> tuple[list[Event], int]:
    """An operator who means well: one to three runs, each in a zone of a plan."""
    events = [
        Event(BOOTED_MS, "clock"),
        Event(BOOTED_MS + 1, "telemetry", (choose.choice((0, 50, 200)),)),
    ]
    at_ms = FIRST_MS
    pushed = -1
    for _ in range(choose.choice((1, 1, 2, 2, 3))):
        number = choose.randrange(len(plans))
        if number != pushed:
            events.append(Event(at_ms, "push", (number,)))
            pushed = number
        zone = choose.choice(plans[number].rows)[0]
        events.append(Event(at_ms + 30, "select", (zone,)))
        events.append(Event(at_ms + 40, "touch", (zone, round(choose.uniform(0.5, 2.0), 2))))
        at_ms = _one_run(choose, events, at_ms + 60, plans[number])
    return events, at_ms


def _one_run(choose: Random, events: list[Event], at_ms: int, plan: PlanSketch) -> int:
    """Arm, press, run, stop by one of the ways there are; returns when it should be over."""
    if plan.tethered or choose.random() < 0.7:
        events.append(Event(at_ms, "lease", (1,)))
        events.append(Event(at_ms + 100, "arm"))
        at_ms += 150 + choose.choice((0, 20, 300))
    else:
        events.append(Event(at_ms, "press"))  # a long hold arms a plan that needs no host
        at_ms += 1150
        events.append(Event(at_ms, "release"))
        at_ms += 100
    events.append(Event(at_ms, "press"))
    if plan.latch and choose.random() < 0.8:
        events.append(Event(at_ms + choose.choice((60, 200)), "release"))
    run_ms = choose.choice((choose.randint(30, 400), choose.randint(400, 2500)))
    if run_ms > 900 and choose.random() < 0.5:
        events.append(Event(at_ms + run_ms // 2, "lift"))
    end_ms = at_ms + 180 + run_ms
    how = choose.choice(("button", "button", "button", "stop", "lease", "unplug", "nothing"))
    if how == "button":
        if plan.latch:
            events.append(Event(end_ms - 30, "release"))
            events.append(Event(end_ms, "press"))
        events.append(Event(end_ms + 60 * plan.latch, "release"))
    elif how == "stop":
        events.append(Event(end_ms, "stop"))
    elif how == "lease":
        events.append(Event(end_ms, "lease", (0,)))
    elif how == "unplug":
        events.append(Event(end_ms, "unplug"))
        events.append(Event(end_ms + 400, "plug"))
        events.append(Event(end_ms + 410, "hello"))
    events.append(Event(end_ms + 420, "release"))
    return end_ms + 450
