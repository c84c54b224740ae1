"""Holds a library against what a connected pen itself allows.

The program knows the limits of its own firmware version; the pen on the desk has the last word.
Pure: the pen is a function from zone to limits. Owns no state.
"""

from collections.abc import Callable
from typing import Protocol

from host_controller.library.failures import BeyondThePen, PenBusy
from host_controller.library.library import Library
from host_controller.library.quantities import range_text, text_of
from protocol import codes
from protocol.zones import zone_id

RESTING = (
    codes.STATE_IDLE,
    codes.STATE_CARTRIDGE_OK,
    codes.STATE_CONFIGURED,
    codes.STATE_FAULT,
)


class ZoneLimits(Protocol):
    """What a pen tells about a zone; um and 0.01 Hz."""

    @property
    def cap_um(self) -> int:
        """Deepest without a reason."""

    @property
    def override_max_um(self) -> int:
        """Deepest at all."""

    @property
    def rate_floor_chz(self) -> int:
        """Slowest."""

    @property
    def rate_max_chz(self) -> int:
        """Fastest."""

    @property
    def passes_max(self) -> int:
        """Most passes."""

    @property
    def dose_max_per_cm2(self) -> int:
        """Highest dose."""


def must_rest(state: int) -> None:
    """Raise PenBusy unless the pen is in a state without permission to move."""
    if state not in RESTING:
        raise PenBusy(f"The pen is {codes.STATE_NAMES[state]}; no library is put in force now.")


def compare(library: Library, limits_of: Callable[[int], ZoneLimits]) -> int:
    """Zones asked; raises BeyondThePen with every entry that allows more than the pen."""
    known: dict[str, ZoneLimits] = {}
    wrong = []
    for entry in library.entries.values():
        if entry.zone not in known:
            known[entry.zone] = limits_of(zone_id(entry.zone))
        pen = known[entry.zone]
        name = f"{entry.indication}, {entry.zone}"
        for layer, most_um in (("soft", pen.cap_um), ("hard", pen.override_max_um)):
            high_um = entry.depth.layer(layer).high
            if high_um > most_um:
                wrong.append(
                    f"{name}: {layer} depth {text_of('depth', high_um)}, the pen allows "
                    f"{text_of('depth', most_um)}"
                )
        if entry.rate.hard.low < pen.rate_floor_chz or entry.rate.hard.high > pen.rate_max_chz:
            wrong.append(
                f"{name}: rate {range_text('rate', entry.rate.hard)}, the pen allows "
                f"{pen.rate_floor_chz // 100} to {pen.rate_max_chz // 100} Hz"
            )
        if entry.passes.hard.high > pen.passes_max:
            wrong.append(f"{name}: {entry.passes.hard.high} passes, the pen allows less")
        if entry.dose.hard.high > pen.dose_max_per_cm2:
            wrong.append(f"{name}: {entry.dose.hard.high}/cm², the pen allows less")
    if wrong:
        raise BeyondThePen(
            f"{library.name} allows what this pen refuses; it was not put in force.", lines=wrong
        )
    return len(known)
