"""Random depth libraries, random wishes, and a judge of what would reach the pen.

The judge works on the numbers as they were drawn, by arithmetic of its own, and asks the firmware
whether it takes the bytes. It shares no code with the guardrails that it judges.
"""

import random
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from firmware.safety import limits
from firmware.treatment.plan import OK, refusal
from host_controller import errors
from host_controller.library import reader
from host_controller.library.library import Library
from host_controller.planning import plan_file, plan_source, plan_writer
from host_controller.planning.basis import Deviation
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.planning.proposal import Reason, Request, propose
from protocol import plan_layout
from protocol.zones import ZONES, zone_name

KEYS = {"depth": "depth_mm", "rate": "rate_hz", "passes": "passes", "dose": "dose_per_cm2"}
MOST = {
    "depth": "depth_most_mm", "rate": "rate_most_hz", "passes": "passes_most",
    "dose": "dose_most_per_cm2",
}  # fmt: skip
UNIT = {"depth": 1000, "rate": 100, "passes": 1, "dose": 1}
STEP = {"depth": 10, "rate": 100, "passes": 1, "dose": 1}  # pen's units
FURTHEST = {"depth": (50, 2500), "rate": (2500, 15000), "passes": (1, 6), "dose": (1, 5000)}
REASONS = ("scar", "thick-skin", "protocol", "study", "thin-skin", "comfort", "response")
ROLES = ("helper", "nurse")
SKINS = ("thin", "usual", "thick")
PARTS = ("evaluated", "hard", "soft")
SOURCES = {"x": "Drawn at random."}


class Drawn(NamedTuple):
    """A library as drawn: its content, and the same numbers in the pen's units."""

    data: dict[str, Any]
    rails: dict[tuple[str, str, str], dict[str, dict[str, Any]]]
    narrowings: list[dict[str, Any]]


def _written(quantity: str, value: int) -> Decimal:
    return Decimal(value) / UNIT[quantity]


def _rail(rng: random.Random, quantity: str, zone: int) -> dict[str, Any]:
    """Ranges of one quantity, most of them in order and within the pen's own."""
    low, high = FURTHEST[quantity]
    row = limits.zone_row(zone)
    assert row is not None
    if quantity == "depth":
        high = row[2] if rng.random() < 0.95 else high
    elif quantity == "rate":
        low, high = row[3:5] if rng.random() < 0.95 else (low, high)
    step = STEP[quantity]
    ends = sorted(rng.randrange(low, high + 1, step) for _ in range(7))
    if quantity == "depth" and rng.random() < 0.9:  # soft ends at the cap
        ends = sorted([*ends[:2], *(min(e, row[1]) for e in ends[2:5]), *ends[5:]])
    found = {
        "evaluated": [ends[0], ends[6]],
        "hard": [ends[1], ends[5]],
        "soft": [ends[2], ends[4]],
        "default": ends[3],
    }
    if rng.random() < 0.01:  # somebody mistypes one of them
        part = rng.choice(PARTS)
        found[part][rng.randrange(2)] = rng.randrange(low, high + 1, step)
    return found


def library(rng: random.Random) -> Drawn:
    """One to four entries, some for another skin, and now and then a narrowing."""
    rails: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
    rows = []
    for number, name in rng.sample(ZONES, rng.randint(1, 3)):
        for skin in ("usual", *(("thick",) if rng.random() < 0.2 else ())):
            drawn = {quantity: _rail(rng, quantity, number) for quantity in KEYS}
            if skin == "thick" and rng.random() < 0.8:
                for quantity, rail in rails[("care", name, "usual")].items():
                    drawn[quantity] = {**rail, "default": rng.randint(*sorted(rail["soft"]))}
                    drawn[quantity]["default"] -= drawn[quantity]["default"] % STEP[quantity]
            rails[("care", name, skin)] = drawn
            row: dict[str, Any] = {"indication": "care", "zone": name, "skin": skin}
            for quantity, rail in drawn.items():
                row[KEYS[quantity]] = {
                    part: [_written(quantity, end) for end in rail[part]] for part in PARTS
                } | {"default": _written(quantity, rail["default"])}
            row["sources"] = {name: ["x"] for name in (*KEYS, "interval", "evaluated")}
            rows.append(row)
    narrowings = [_narrowing(rng) for _ in range(rng.choice((0, 0, 1, 2)))]
    data = {
        "schema": "pen.library/1",
        "id": "random",
        "version": 1,
        "author": "np-07",
        "valid_from": date(2026, 1, 1),
        "sources": SOURCES,
        "indications": {"care": "Care"},
        "evaluated": {
            **{
                key: [_written(quantity, end) for end in FURTHEST[quantity]]
                for quantity, key in KEYS.items()
            },
            "sources": ["x"],
        },
        "defaults": {
            "interval_days": 28, "pins": rng.choice((12, 24, 36)), "pattern": "Across.",
            "endpoint": "Redness.",
        },
        "entries": rows,
        "narrowings": [
            {key: value for key, value in row.items() if key != "values"} for row in narrowings
        ],
    }  # fmt: skip
    return Drawn(data, rails, narrowings)


def _narrowing(rng: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {"sources": ["x"], "values": {}}
    if rng.random() < 0.7:
        row["role"] = rng.choice(ROLES)
    if "role" not in row or rng.random() < 0.3:
        row["skin"] = rng.choice(SKINS)
    for quantity in KEYS:
        if rng.random() < 0.4:
            value = rng.randrange(*FURTHEST[quantity], STEP[quantity])
            row["values"][quantity] = value
            row[MOST[quantity]] = _written(quantity, value)
    row["may_override"] = rng.random() < 0.7
    return row


def nests(drawn: Drawn) -> bool:
    """Whether every number lies in the layer around it; plain arithmetic."""
    for rails in drawn.rails.values():
        for quantity, rail in rails.items():
            low, high = FURTHEST[quantity]
            ends = [low, rail["evaluated"][0], rail["hard"][0], rail["soft"][0], rail["default"]]
            ends += [rail["soft"][1], rail["hard"][1], rail["evaluated"][1], high]
            if any(one > other for one, other in pairwise(ends)):
                return False
    return True


def request(rng: random.Random, found: Library) -> Request:
    """What somebody asks for: mostly sensible, some of it far outside."""
    zones = list(found.zones_of("care"))
    changes, reasons = [], []
    for zone in zones:
        entry = found.entries[("care", zone, "usual")]
        leaves = False
        for quantity in KEYS:
            if rng.random() > 0.2:
                continue
            low, high = FURTHEST[quantity]
            value = rng.randrange(low, high + 1, rng.choice((STEP[quantity], STEP[quantity], 1)))
            rail = entry.guardrail(quantity)
            if rng.random() < 0.8:  # near the limits it matters
                near = rng.choice((rail.soft.low, rail.soft.high, rail.hard.low, rail.hard.high))
                value = near + rng.choice((-STEP[quantity], 0, STEP[quantity]))
            leaves |= rail.judge(value).needs_reason
            changes.append((zone, quantity, value))
        if leaves != (rng.random() < 0.1):  # some forget it, some give one for nothing
            reasons.append((zone, Reason(rng.choice(REASONS), "dr-03")))
    return Request(
        client="C-1",
        concern="care",
        zones=tuple(zones) if rng.random() < 0.5 else (),
        skin=rng.choice(SKINS),
        role=rng.choice(("", *found.roles)),
        pins=rng.choice((None, None, 0, 12, 24, 36)),
        ramp=rng.random() < 0.8,
        changes=tuple(changes),
        reasons=tuple(reasons),
    )


def edited(rng: random.Random, text: str) -> str:
    """The file after somebody has typed another number into it, or taken a line out."""
    lines = text.splitlines()
    places = [
        i
        for i, line in enumerate(lines)
        if line.startswith(("depth", "first", "rate", "pas", "dose", "over", "skin", "role"))
    ]
    place = rng.choice(places)
    key, _, value = lines[place].partition(" = ")
    if rng.random() < 0.3 or not value[0].isdigit():
        del lines[place]
    else:
        number = Decimal(value.split(" ")[0])
        lines[place] = (
            f"{key} = {number + rng.choice((-1, 1, 10)) * Decimal('0.1') ** rng.choice((0, 1, 2))}"
        )
    return "\n".join(lines) + "\n"


def rows_outside(drawn: Drawn, asked: Request, plan: Plan, data: bytes) -> list[str]:
    """What in the bytes lies where it may not, in words; empty when all is inside."""
    wrong = [] if refusal(data) == OK else ["the pen refuses it"]
    basis = plan.basis
    if basis is None:
        return [*wrong, "no basis"]
    for row in plan_layout.unpack(data).rows:
        zone = zone_name(row.zone)
        rails = drawn.rails.get(("care", zone, basis.skin)) or drawn.rails.get(
            ("care", zone, "usual")
        )
        if rails is None:
            wrong.append(f"{zone} is not in the library")
            continue
        values = {
            "depth": row.depth_um, "rate": row.rate_chz, "passes": row.passes,
            "dose": row.dose_limit_per_cm2,
        }  # fmt: skip
        for quantity, value in values.items():
            low, high = rails[quantity]["hard"]
            soft_low, soft_high = rails[quantity]["soft"]
            for narrowing in drawn.narrowings:
                if narrowing.get("role", basis.role) != basis.role:
                    continue
                if narrowing.get("skin", basis.skin) != basis.skin:
                    continue
                high = min(high, narrowing["values"].get(quantity, high))
                soft_high = min(soft_high, high)
                if not narrowing["may_override"]:
                    high = min(high, soft_high)
            soft_low = min(soft_low, soft_high)
            if not low <= value <= high:
                wrong.append(f"{zone} {quantity} {value} outside {low}..{high}")
            elif not soft_low <= value <= soft_high and not row.override_reason:
                wrong.append(f"{zone} {quantity} {value} outside soft without a reason")
            elif not soft_low <= value <= soft_high and not _told(basis.deviations, zone, quantity):
                wrong.append(f"{zone} {quantity} {value} outside soft is not recorded")
    return wrong


def _told(deviations: tuple[Deviation, ...], zone: str, quantity: str) -> bool:
    return any(found.zone == zone and found.quantity == quantity for found in deviations)


def ramp_outside(plan: Plan, data: bytes) -> list[str]:
    """What is wrong with the first pass: deeper than the plan, or refused by the pen."""
    wrong = [] if refusal(data) == OK else ["the pen refuses the first pass"]
    for row in plan_layout.unpack(data).rows:
        whole = plan.row(row.zone)
        if whole is None or row.depth_um > whole.depth_um or row.passes != 1:
            wrong.append(f"the first pass in {zone_name(row.zone)} goes beyond the plan")
        elif row.dose_limit_per_cm2 > whole.dose_limit_per_cm2 or row.rate_chz != whole.rate_chz:
            wrong.append(f"the first pass in {zone_name(row.zone)} is more than the plan")
    return wrong


class Tried(NamedTuple):
    """What came of a library and some wishes."""

    library_taken: bool
    plans: int
    compiled: int
    with_reason: int
    wrong: list[str]


def one(seed: int, wishes: int = 20) -> Tried:
    """One library and `wishes` plans with it; the same for the same seed."""
    rng = random.Random(seed)
    drawn = library(rng)
    try:
        found = reader.check("random.toml", drawn.data)
    except errors.PenError:
        return Tried(False, 1, 0, 0, [])
    wrong = [] if nests(drawn) else [f"seed {seed}: a library that does not nest was taken"]
    compiled = with_reason = 0
    for _ in range(wishes):
        asked = request(rng, found)
        try:
            text = plan_writer.text(propose(found, asked))
            if rng.random() < 0.3:
                text = edited(rng, text)
            plan = plan_file.check(plan_source.parse("p.toml", text.encode()), lambda _: found)
        except errors.PenError:
            continue
        data = compile_plan(plan, 1).data
        compiled += 1
        with_reason += bool(plan.basis and plan.basis.deviations)
        judged = rows_outside(drawn, asked, plan, data)
        ramp = plan.ramp()
        if ramp is not None:
            judged += ramp_outside(plan, compile_plan(ramp, 1).data)
        wrong += [f"seed {seed}: {what}" for what in judged]
    return Tried(True, wishes, compiled, with_reason, wrong)
