"""Telemetry plots as an element: what goes to the browser is new samples, as the pen's integers."""

from collections.abc import Iterable
from typing import Any

from nicegui.element import Element

from host_controller.replies import Reading
from host_controller.ui.catalogue import Texts
from protocol import codes

_T, _DEPTH, _DEPTH_SET, _RATE, _RATE_SET, _CURRENT, _SUPPLY, _TEMPERATURE = range(8)

# key, unit, column, column of the set value, scale, decimals, of ticks, colour, least range, room
PANELS: tuple[
    tuple[str, str, int, int, int, int, int, str, tuple[float | None, ...], float], ...
] = (
    ("depth", "mm", _DEPTH, _DEPTH_SET, 1000, 3, 2, "--eng-depth", (-0.05, 0.3), 0.05),
    ("rate", "Hz", _RATE, _RATE_SET, 100, 2, 0, "--eng-rate", (0.0, 20.0), 2.0),
    ("current", "mA", _CURRENT, 0, 1, 0, 0, "--eng-current", (0.0, 100.0), 10.0),
    ("voltage", "V", _SUPPLY, 0, 1000, 3, 2, "--eng-voltage", (None, None), 0.03),
    ("temperature", "°C", _TEMPERATURE, 0, 100, 2, 1, "--eng-temperature", (None, None), 0.3),
)


def row(reading: Reading) -> tuple[int, ...]:
    """One reading as `plots.js` takes it."""
    return (
        reading.t_ms,
        reading.depth_um,
        reading.depth_set_um,
        reading.rate_chz,
        reading.rate_set_chz,
        reading.current_ma,
        reading.supply_mv,
        reading.temperature_cdeg,
        reading.state,
    )


class Plots(Element, component="plots.js"):
    """Five plots over the pen's clock; events `ready`, `shown`, `paused`."""

    def __init__(self, say: Texts) -> None:
        super().__init__()
        self._props["panels"] = [
            {
                "key": key,
                "label": say(f"engineer.{key}"),
                "unit": unit,
                "column": column,
                "set": set_column,
                "scale": scale,
                "decimals": decimals,
                "ticks": ticks,
                "colour": colour,
                "least": least,
                "room": room,
            }
            for key, unit, column, set_column, scale, decimals, ticks, colour, least, room in PANELS
        ]
        words = ("plots", "set", "newest", "cursor", "nothing", "least", "most", "mean")
        self._props["texts"] = {word: say(f"engineer.{word}") for word in words} | {
            "mark": say("figures.mark")
        }
        self._props["states"] = [say(f"state.{state}") for state in range(len(codes.STATE_NAMES))]

    def greet(self) -> None:
        """Answer to `ready`, which is said again until then."""
        self.run_method("greeted")

    def push(self, readings: Iterable[Reading]) -> None:
        """Draw these after the ones before."""
        rows = [row(reading) for reading in readings]
        if rows:
            self.run_method("push", rows)

    def set_span(self, seconds: int) -> None:
        """Show so many seconds."""
        self.run_method("setSpan", seconds)

    def hold(self, paused: bool) -> None:
        """Stand still, or follow again."""
        self.run_method("hold", paused)

    def set_replay(self, name: str) -> None:
        """Begin anew, marked as the replay of `name`; "" for the pen."""
        self.run_method("setReplay", name)

    async def extent(self) -> tuple[int, int]:
        """How many samples are on the screen, and how many came after them."""
        found: Any = await self.run_method("extent")
        return int(found[0]), int(found[1])
