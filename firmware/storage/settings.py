"""Settings of the pen: names, ranges and defaults in one table, kept as one versioned record.

A value is refused, never cut to its range. Unknown names in a stored record (from newer firmware)
are kept out of force and dropped at the next write; missing ones have their default. Older formats
pass through `migrations` first. Owns the values in force.
"""

import json

from firmware.storage.migrations import VERSION, upgrade
from firmware.storage.record_store import RecordStore, StorageError

# name, default, lowest, highest, meaning
TABLE = (
    ("buzzer", 1, 0, 1, "1: sounds on"),
    ("light_percent", 60, 5, 100, "brightness of the light"),
    ("current_zero_code", 0, 0, 200, "ADC code at 0 mA"),
    ("current_gain_ppt", 1000, 800, 1200, "thousandths of the nominal current scale"),
    ("hall_offset_um", 0, -200, 200, "added to the measured depth"),
    ("depth_zero_um", 0, -100, 100, "home switch to protrusion 0"),
    ("battery_gain_ppt", 1000, 950, 1050, "thousandths of the nominal voltage scale"),
    ("kt_ppt", 1000, 800, 1200, "thousandths of the nominal torque constant"),
    ("resistance_ppt", 1000, 700, 1300, "thousandths of the nominal winding resistance"),
)


def row_of(name: str) -> "tuple[str, int, int, int, str] | None":
    """The table's row of a setting."""
    for row in TABLE:
        if row[0] == name:
            return row
    return None


class Settings:
    """Values by name; `get` for firmware, `problem`, `change` and `save` for the host."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._values: "dict[str, int]" = {}
        for name, default, _, _, _ in TABLE:
            self._values[name] = default
        self._load()

    def _load(self) -> None:
        data = self._store.read()
        if data is None:
            return
        try:
            kept = upgrade(json.loads(data.decode()))
        except ValueError:
            return  # a record that is whole but makes no sense is as good as none
        for name, value in kept.items():
            if isinstance(value, int) and self.problem(name, value) is None:
                self._values[name] = value

    def get(self, name: str) -> int:
        """The value in force."""
        return self._values[name]

    def names(self) -> "list[str]":
        """All names, in the order of the table."""
        return [row[0] for row in TABLE]

    def problem(self, name: str, value: object) -> "tuple[str, int, int] | None":
        """None when the value may be set; ("unknown" | "range" | "type", low, high) otherwise."""
        row = row_of(name)
        if row is None:
            return ("unknown", 0, 0)
        low, high = row[2], row[3]
        if not isinstance(value, int) or isinstance(value, bool):
            return ("type", low, high)
        if not low <= value <= high:
            return ("range", low, high)
        return None

    def change(self, changes: "dict[str, int]") -> None:
        """Store all `changes` (each without a `problem`) and put them in force, or none of them.

        Raises StorageError; the values in force are then those from before.
        """
        values = dict(self._values)
        values.update(changes)
        kept = {"version": VERSION}
        kept.update(values)
        self._store.write(json.dumps(kept).encode())
        self._values = values


__all__ = ["TABLE", "Settings", "StorageError", "row_of"]
