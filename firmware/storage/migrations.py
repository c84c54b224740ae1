"""Stored settings of every released format become those of today.

One function per step, never changed after its release; `upgrade` applies what is missing. A
record of a newer format than ours is read as far as the names are known. Owns no state.
"""

VERSION = 1

# STEPS[n] turns format n + 1 into n + 2. The first released format is 1, so there is none yet.
STEPS: "tuple[object, ...]" = ()


def upgrade(kept: object) -> "dict[str, object]":
    """Values by name, in today's format, without the version; ValueError for what is no record."""
    version = kept.get("version") if isinstance(kept, dict) else None
    if not isinstance(kept, dict) or not isinstance(version, int) or version < 1:
        raise ValueError("settings carry no version")
    values = {}
    for name, value in kept.items():
        if name != "version":
            values[name] = value
    for step in STEPS[version - 1 :]:
        values = step(values)  # type: ignore[operator]
    return values
