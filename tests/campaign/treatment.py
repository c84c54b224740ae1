"""A treatment that means well, for tests to spoil. Owns no state."""

from typing import Any

from tests.campaign.script import Event, PlanSketch, Script

PRESS = ((1000, "press"), (2000, "release"))


def treatment(
    *events: tuple[Any, ...],
    latch: bool = False,
    rate_chz: int = 10_000,
    depth_um: int = 1000,
    arms: bool = True,
    lasts_ms: int = 3000,
) -> Script:
    """In a cheek, by a plan that needs the host's lease; the button is in `events`."""
    plan = PlanSketch(1, (("cheek", depth_um, rate_chz, 1, 600, 5000, 0),), latch, True, 12)
    story: list[tuple[Any, ...]] = [
        (450, "clock"),
        (451, "telemetry", 200),
        (500, "push", 0),
        (530, "select", "cheek"),
        (540, "touch", "cheek", 1.0),
        (560, "lease", 1),
    ]
    if arms:
        story.append((760, "arm"))
    every = sorted([*story, *events], key=lambda event: int(event[0]))
    return Script(
        1,
        plans=(plan,),
        events=tuple(Event(at_ms, what, tuple(values)) for at_ms, what, *values in every),
        lasts_ms=lasts_ms,
    )
