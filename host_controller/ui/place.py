"""Where a window is, kept in its address: loading the page again stays there.

The address names area and part, never a client. Owns nothing; the part is kept with its window.
"""

from collections.abc import Iterable

from nicegui import ui

PATHS = {"treatment": "/", "clinic": "/clinic", "engineer": "/engineer"}


def arrive(area: str, part: str) -> None:
    """A window was opened at this address."""
    ui.context.client.storage[f"part of {area}"] = part


def part_of(area: str, parts: Iterable[str]) -> str:
    """The part that was open in this window, else the first one."""
    names = list(parts)
    part = str(ui.context.client.storage.get(f"part of {area}", ""))
    return part if part in names else names[0]


def show(area: str, part: str = "") -> None:
    """This is open now."""
    arrive(area, part)
    ui.navigate.history.replace(PATHS[area] + (f"?part={part}" if part else ""))
