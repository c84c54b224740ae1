"""Every fault of the bench by name: those of the plant, of the cable, and of the interpreter.

Owns no state; it sets switches that others own. A fault is put right with its healthy value.
"""

from typing import Any

from hardware.plant import faults as plant_faults
from hardware.simulator.bench import Bench
from hardware.simulator.host_port import LinkFault

# Name: value that "on" without a number means. None = only a number says what is meant.
_CABLE = {
    "silent": True,
    "drop_ppm": 10_000,
    "corrupt_ppm": 10_000,
    "duplicate_ppm": 10_000,
    "delay_ms": 20,
}
_INTERPRETER = ("hold_main", "hold_tick", "hold_all")


class FaultPanel:
    """Sets and reads the faults of one bench."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def names(self) -> list[str]:
        """All names."""
        cable = [f"{way}_{kind}" for way in ("to_pen", "to_host") for kind in _CABLE]
        return [*plant_faults.NAMES, *cable, *_INTERPRETER]

    def active(self) -> dict[str, Any]:
        """The faults that are on, with their values."""
        values = {name: getattr(*self._place(name)) for name in self.names()}
        return {name: value for name, value in values.items() if value != self._healthy(name)}

    def set(self, name: str, on: bool, value: Any = None) -> None:
        """Switch a fault on or off; ValueError with a sentence when that makes no sense."""
        place = self._place(name)
        healthy = self._healthy(name)
        if not on:
            setattr(*place, healthy)
            return
        if value is None:
            value = self._usual(name, healthy)
        if isinstance(healthy, bool):
            good = isinstance(value, bool)
        else:
            good = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not good:
            kind = "true or false" if isinstance(healthy, bool) else "a number"
            raise ValueError(f"Fault {name!r} takes {kind}, not {value!r}.")
        setattr(*place, type(healthy)(value) if healthy is not None else value)

    def clear(self) -> None:
        """Put everything right."""
        for name in self.active():
            self.set(name, on=False)

    def _place(self, name: str) -> tuple[Any, str]:
        if name in plant_faults.NAMES:
            return self._bench.faults, name
        if name in _INTERPRETER:
            return self._bench, name
        for way, direction in (
            ("to_pen_", self._bench.host.to_pen),
            ("to_host_", self._bench.host.to_host),
        ):
            if name.startswith(way) and name.removeprefix(way) in _CABLE:
                return direction.fault, name.removeprefix(way)
        raise ValueError(f"There is no fault {name!r}; there are {', '.join(self.names())}.")

    def _healthy(self, name: str) -> Any:
        owner, attribute = self._place(name)
        if isinstance(owner, LinkFault):
            return getattr(LinkFault(), attribute)
        if owner is self._bench:
            return False
        return getattr(plant_faults.Faults(), attribute)

    def _usual(self, name: str, healthy: Any) -> Any:
        if isinstance(healthy, bool):
            return True
        usual = _CABLE.get(self._place(name)[1])
        if usual is None:
            raise ValueError(f"Fault {name!r} needs a value: a number.")
        return usual
