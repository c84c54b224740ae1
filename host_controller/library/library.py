"""A depth library in the pen's units: entries by concern, zone and skin, narrowed by role.

Made by `reader.check`, which alone decides whether a file is one. Immutable.
"""

from dataclasses import dataclass, replace
from datetime import date

from host_controller.library.guardrail import Guardrail

QUANTITIES = ("depth", "rate", "passes", "dose")
SKINS = ("thin", "usual", "thick")
USUAL = "usual"
STATES = ("draft", "reviewed", "approved", "released", "retired")
TAG_DIGITS = 8  # of the content's SHA-256: the library id that the pen keeps with its plan


@dataclass(frozen=True)
class Entry:
    """How one zone is treated for one concern. Depth in um of needle protrusion, rate in 0.01 Hz,
    dose in punctures per cm²."""

    indication: str
    zone: str
    skin: str
    depth: Guardrail
    rate: Guardrail
    passes: Guardrail
    dose: Guardrail
    pins: int  # the cartridge it was written for; 0: nano
    pattern: str
    endpoint: str
    interval_days: int
    warnings: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]  # quantity -> keys of the library's sources

    def guardrail(self, quantity: str) -> Guardrail:
        """The guardrail of one of QUANTITIES."""
        found: Guardrail = getattr(self, quantity)
        return found


@dataclass(frozen=True)
class Narrowing:
    """What a role or a skin group may at most; an empty tuple means all of them."""

    role: str  # "" for every role
    skin: str  # "" for every skin
    indications: tuple[str, ...]
    zones: tuple[str, ...]
    most: dict[str, int]  # quantity -> highest value
    forbidden: bool  # these entries are not for this role
    may_override: bool
    source: tuple[str, ...]

    def concerns(self, entry: Entry, skin: str, role: str) -> bool:
        """Whether it narrows `entry` for this role and skin."""
        return (
            self.role in ("", role)
            and self.skin in ("", skin)
            and (not self.indications or entry.indication in self.indications)
            and (not self.zones or entry.zone in self.zones)
        )

    def apply(self, entry: Entry) -> Entry | None:
        """The narrowed entry; None when nothing of it is left."""
        if self.forbidden:
            return None
        rails: dict[str, Guardrail] = {}
        for quantity in QUANTITIES:
            rail = entry.guardrail(quantity)
            most = self.most.get(quantity, rail.hard.high)
            narrow = rail.narrowed(most, soft_is_hard=not self.may_override)
            if narrow is None:
                return None
            rails[quantity] = narrow
        return replace(
            entry,
            depth=rails["depth"],
            rate=rails["rate"],
            passes=rails["passes"],
            dose=rails["dose"],
        )


@dataclass(frozen=True)
class LifeStep:
    """One step of a library's life: who took it, when, and what the content's hash was."""

    state: str
    by: str
    on: date
    sha256: str


@dataclass(frozen=True)
class Library:
    """A checked library."""

    name: str
    library_id: str
    version: int
    label: str
    author: str
    approval: str  # in words, printed wherever its values are
    valid_from: date
    review_by: date | None
    sources: dict[str, str]
    indications: dict[str, str]  # id -> words
    entries: dict[tuple[str, str, str], Entry]  # indication, zone, skin
    narrowings: tuple[Narrowing, ...]
    life: tuple[LifeStep, ...]
    sha256: str  # of its content, see `content.py`

    @property
    def state(self) -> str:
        """One of STATES."""
        return self.life[-1].state if self.life else "draft"

    @property
    def tag(self) -> str:
        """What the pen keeps to name this very content."""
        return self.sha256[:TAG_DIGITS]

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles that it narrows, in the order of the file."""
        return tuple(dict.fromkeys(row.role for row in self.narrowings if row.role))

    def zones_of(self, indication: str) -> tuple[str, ...]:
        """Zones with an entry for a concern."""
        return tuple(dict.fromkeys(zone for (what, zone, _) in self.entries if what == indication))

    def find(self, indication: str, zone: str, skin: str = USUAL, role: str = "") -> Entry | None:
        """The entry for these, narrowed; None where there is none, or none for this role."""
        entry = self.entries.get((indication, zone, skin))
        entry = entry or self.entries.get((indication, zone, USUAL))
        for narrowing in self.narrowings:
            if entry is not None and narrowing.concerns(entry, skin, role):
                entry = narrowing.apply(entry)
        return entry
