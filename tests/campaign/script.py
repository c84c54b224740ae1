"""What happens in one run of the campaign, as data: a pen, a person, plans, and events in time.

A script can be written to a file, read back and played again; taking events out of it leaves a
script. Owns nothing.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from protocol import plan_layout
from protocol.zones import zone_id

# Who acts. The world acts to the millisecond, whatever the host waits for; the host acts in order.
WORLD = (
    "press",
    "release",
    "touch",  # zone, pressure
    "lift",
    "remove",  # the cartridge
    "insert",  # pins, state, unique id
    "fault",  # switch of the plant, value
    "heal",  # switch
    "hold",  # main, tick or all of the interpreter
    "go on",  # likewise
    "reset",  # cause
    "cut",  # the supply
    "power",
    "cut in flash",  # operations from now, fraction of the fatal one
    "unplug",
    "plug",
    "cable",  # fault of the cable, value
    "cable good",
    "noise",  # of another program: seed, bytes a millisecond, milliseconds
)
HOST = (
    "clock",
    "push",  # number of the plan
    "select",  # zone
    "lease",  # 1 hold, 0 let go
    "arm",
    "disarm",
    "stop",
    "acknowledge",
    "hello",
    "silent",  # ms without a sign of life
    "telemetry",  # Hz
    "self-test",
    "setting",  # name, value
)


@dataclass(frozen=True)
class Event:
    """Something happens at a time; the host's comes later if the host is still waiting."""

    at_ms: int
    what: str
    values: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return " ".join([f"{self.at_ms:6d} ms", self.what, *map(str, self.values)])


@dataclass(frozen=True)
class PlanSketch:
    """A plan that a host may push: good or not, the pen decides."""

    session_id: int
    rows: tuple[tuple[str, int, int, int, int, int, int], ...]
    latch: bool
    tethered: bool
    pins: int

    def image(self) -> bytes:
        """Its bytes. A row is zone, depth um, rate 0.01 Hz, passes, seconds, dose, reason."""
        flags = plan_layout.FLAG_LATCH * self.latch | plan_layout.FLAG_TETHERED * self.tethered
        rows = [
            plan_layout.PlanRow(
                zone_id(zone), passes, depth_um, rate_chz, time_s, dose, 4000, reason
            )
            for zone, depth_um, rate_chz, passes, time_s, dose, reason in self.rows
        ]
        plan = plan_layout.Plan(
            self.session_id, flags, self.pins, 2500, b"campaign", b"campaign", rows
        )
        return plan_layout.pack(plan)

    def depth_um(self, zone: int) -> int:
        """What it asks for in a zone, 0 if it does not."""
        return max((row[1] for row in self.rows if zone_id(row[0]) == zone), default=0)


@dataclass(frozen=True)
class Script:
    """One run. `pen` holds values for `hardware.plant.parameters` by group and name."""

    id: int
    pen: dict[str, dict[str, float]] = field(default_factory=dict)
    cartridge: tuple[int, str] = (12, "new")
    plans: tuple[PlanSketch, ...] = ()
    events: tuple[Event, ...] = ()
    lasts_ms: int = 5000

    def without(self, numbers: set[int]) -> Self:
        """The same without these events."""
        kept = tuple(event for n, event in enumerate(self.events) if n not in numbers)
        return replace(self, events=kept)

    def told(self) -> str:
        """For a person to read."""
        head = [
            f"run {self.id}: {self.cartridge[0]} pins, {self.cartridge[1]}, {self.lasts_ms} ms",
            *(f"  {group}: {values}" for group, values in self.pen.items()),
            *(f"  plan {number}: {plan}" for number, plan in enumerate(self.plans)),
        ]
        return "\n".join([*head, *(f"  {event}" for event in self.events)])

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def load(cls, text: str) -> Self:
        """From JSON."""
        data = json.loads(text)
        plans = tuple(
            PlanSketch(**{**plan, "rows": tuple(tuple(row) for row in plan["rows"])})
            for plan in data["plans"]
        )
        events = tuple(
            Event(event["at_ms"], event["what"], tuple(event["values"])) for event in data["events"]
        )
        cartridge = tuple(data["cartridge"])
        return cls(**{**data, "plans": plans, "events": events, "cartridge": cartridge})
