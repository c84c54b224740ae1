"""Where a value stands between the layers of limits around it.

Five layers, each inside the one before: what the mechanism can do, what somebody has evaluated,
the clinic's hard limits, its soft limits, and the default. A value outside the soft range needs a
reason, one outside the hard range is refused. Pure values in the pen's integer units, immutable.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

LAYERS = ("mechanical", "evaluated", "hard", "soft")  # outermost first


class Place(StrEnum):
    """Where a value stands against one range."""

    BELOW = "below"
    AT_LIMIT = "at limit"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True)
class Range:
    """Both ends belong to it."""

    low: int
    high: int

    def place(self, value: int) -> Place:
        """Where `value` stands; either end is "at limit", also where both are the same."""
        if value < self.low:
            return Place.BELOW
        if value > self.high:
            return Place.ABOVE
        return Place.AT_LIMIT if value in (self.low, self.high) else Place.WITHIN

    def holds(self, value: int) -> bool:
        """Whether `value` is allowed by this range."""
        return self.low <= value <= self.high

    def contains(self, other: "Range") -> bool:
        """Whether `other` is a range, and all of it lies in this one."""
        return self.low <= other.low <= other.high <= self.high


@dataclass(frozen=True)
class Judgement:
    """The outermost layer that a value leaves, and on which side; layer "" when it leaves none."""

    layer: str
    place: Place

    @property
    def refused(self) -> bool:
        """True when no reason helps."""
        return self.layer in ("mechanical", "evaluated", "hard")

    @property
    def needs_reason(self) -> bool:
        """True when the value may be used with a reason from the list."""
        return self.layer == "soft"


@dataclass(frozen=True)
class Guardrail:
    """The layers of one quantity; whether they nest is told by `unnested`."""

    mechanical: Range
    evaluated: Range
    hard: Range
    soft: Range
    default: int

    def layer(self, name: str) -> Range:
        """The range of a layer, by its name in LAYERS."""
        found: Range = getattr(self, name)
        return found

    @property
    def unnested(self) -> str:
        """Name of the outermost layer that does not lie in the one around it; "" when all do."""
        around = self.mechanical
        for name in LAYERS:
            if not around.contains(self.layer(name)):
                return name
            around = self.layer(name)
        return "" if self.soft.holds(self.default) else "default"

    def judge(self, value: int) -> Judgement:
        """Where `value` stands; against the soft range when it leaves no layer."""
        for name in LAYERS:
            place = self.layer(name).place(value)
            if place in (Place.BELOW, Place.ABOVE):
                return Judgement(name, place)
        return Judgement("", self.soft.place(value))

    def narrowed(self, most: int, *, soft_is_hard: bool = False) -> "Guardrail | None":
        """The same with `most` as the highest value; None when nothing would be left.

        With `soft_is_hard` no reason leads above the soft range. Never wider than before.
        """
        if most < self.hard.low:
            return None
        hard = Range(self.hard.low, min(self.hard.high, most))
        soft = Range(min(self.soft.low, hard.high), min(self.soft.high, hard.high))
        return replace(
            self,
            hard=Range(hard.low, soft.high) if soft_is_hard else hard,
            soft=soft,
            default=min(self.default, soft.high),
        )
