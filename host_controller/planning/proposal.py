"""Proposes a plan for one client from a depth library: zones, depths, passes, order, cartridge.

Thick skin first and the thinnest last, because the hand and the client get used to each other on
skin that forgives; the first of several passes is shallower for the same reason. What comes out is
a plan file's content, and `plan_file` decides about it like about any other. Pure.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from host_controller.library import starter
from host_controller.library.library import QUANTITIES, USUAL, Entry, Library
from host_controller.library.skin import share_skin
from host_controller.planning import coverage
from host_controller.planning.basis import DARKER
from host_controller.planning.coverage import HEAD_UM, Coverage
from host_controller.planning.failures import NotInLibrary

RAMP_PERCENT = 60  # of the depth, for the first of several passes
STEP_UM = 10
NANO = 0


@dataclass(frozen=True)
class Reason:
    """Why a zone leaves the soft range, and who allowed it."""

    word: str
    approved_by: str


@dataclass(frozen=True)
class Request:
    """What is asked for; `changes` are values by (zone, quantity) in the pen's units."""

    client: str
    concern: str
    zones: tuple[str, ...]  # () for all of the concern
    fitzpatrick: str = ""
    skin: str = USUAL
    role: str = ""
    pins: int | None = None  # None: as the library proposes
    ramp: bool = True
    early_reason: str = ""
    planned_at: datetime | None = None
    glide_um_s: int = 0  # 0: the speed that matches the dose
    head_um: int = HEAD_UM
    changes: tuple[tuple[str, str, int], ...] = ()  # zone, quantity or "area", value
    reasons: tuple[tuple[str, Reason], ...] = ()  # zone, why


class ProposedZone(NamedTuple):
    """One zone of a proposal, in the pen's units."""

    entry: Entry
    depth_um: int
    first_depth_um: int  # 0: none
    rate_chz: int
    passes: int
    dose_per_cm2: int
    area_mm2: int
    time_limit_s: int
    coverage: Coverage
    needs_reason: tuple[str, ...]  # quantities outside soft, inside hard
    reason: Reason | None


class Proposal(NamedTuple):
    """A plan before anybody has agreed to it; zones in the order of treatment."""

    request: Request
    library: Library
    pins: int
    zones: tuple[ProposedZone, ...]

    @property
    def needles_s(self) -> int:
        """Running needles on skin, all zones."""
        return sum(zone.coverage.needles_s for zone in self.zones)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the practitioner has to know, each once: of the library, then of the client."""
        told = [text for zone in self.zones for text in zone.entry.warnings]
        if self.request.fitzpatrick in DARKER:
            told.append(
                f"Fitzpatrick {self.request.fitzpatrick}: lasting dark marks are more likely; "
                "nothing deeper than proposed, and sun protection afterwards."
            )
        names = [zone.entry.zone for zone in self.zones]
        told += [
            f"{one} and {other} share skin: treat each point as one of them only."
            for index, one in enumerate(names)
            for other in names[index + 1 :]
            if share_skin(one, other)
        ]
        return tuple(dict.fromkeys(told))


def _entries(library: Library, request: Request) -> list[Entry]:
    if request.concern not in library.indications:
        raise NotInLibrary(
            f"{library.name} knows no concern {request.concern!r}.",
            cause=f"Its concerns are: {', '.join(library.indications)}.",
        )
    found: list[Entry] = []
    for zone in request.zones or library.zones_of(request.concern):
        entry = library.find(request.concern, zone, request.skin, request.role)
        if entry is not None and not request.zones:
            # Of zones that share skin the library's first is proposed; the other can be asked for.
            found += [] if any(share_skin(zone, had.zone) for had in found) else [entry]
        elif entry is not None:
            found.append(entry)
        elif request.zones:
            who = f" for {request.role}" if request.role else ""
            raise NotInLibrary(
                f"{library.name} has no entry for {request.concern} in {zone}{who}.",
                cause=f"It treats this concern in: {', '.join(library.zones_of(request.concern))}.",
            )
    if not found:
        raise NotInLibrary(f"{library.name} lets {request.role} treat {request.concern} nowhere.")
    return found


def first_depth_um(depth_um: int, passes: int, low_um: int) -> int:
    """Depth of the first of several passes, in the pen's step; 0 where it would be no ramp."""
    if passes < 2:
        return 0
    first = max(depth_um * RAMP_PERCENT // 100 // STEP_UM * STEP_UM, low_um)
    return first if first < depth_um else 0


def _zone(entry: Entry, request: Request, pins: int) -> ProposedZone:
    changes = {what: value for zone, what, value in request.changes if zone == entry.zone}
    values = {q: changes.get(q, entry.guardrail(q).default) for q in QUANTITIES}
    area_mm2 = changes.get("area", starter.load().zones[entry.zone].area_mm2)
    expected = coverage.coverage(
        pins,
        values["rate"],
        values["passes"],
        values["dose"],
        area_mm2,
        request.glide_um_s,
        request.head_um,
    )
    ramp = request.ramp and values["depth"] >= entry.depth.hard.low
    return ProposedZone(
        entry=entry,
        depth_um=values["depth"],
        first_depth_um=(
            first_depth_um(values["depth"], values["passes"], entry.depth.hard.low) if ramp else 0
        ),
        rate_chz=values["rate"],
        passes=values["passes"],
        dose_per_cm2=values["dose"],
        area_mm2=area_mm2,
        time_limit_s=coverage.time_limit_s(expected.needles_s),
        coverage=expected,
        needs_reason=tuple(
            q for q in QUANTITIES if entry.guardrail(q).judge(values[q]).needs_reason
        ),
        reason=dict(request.reasons).get(entry.zone),
    )


def propose(library: Library, request: Request) -> Proposal:
    """The proposal; raises NotInLibrary for a concern or zone without an entry."""
    entries = _entries(library, request)
    zones = starter.load().zones
    entries.sort(key=lambda entry: -zones[entry.zone].skin_um)
    pins = request.pins
    if pins is None:
        # One cartridge treats one session: the smallest array that any of its zones asks for.
        pins = min((entry.pins for entry in entries), key=lambda count: count or 99)
    return Proposal(request, library, pins, tuple(_zone(entry, request, pins) for entry in entries))
