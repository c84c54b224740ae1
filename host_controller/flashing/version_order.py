"""Which of two firmware versions is newer, by the rules of semantic versioning. Owns no state."""

from typing import Any


def key(version: str) -> tuple[Any, ...] | None:
    """A value that sorts versions; None for a text that is no version. `+...` does not count."""
    core, _, pre = version.partition("+")[0].partition("-")
    numbers = core.split(".")
    if len(numbers) != 3 or not all(part.isascii() and part.isdecimal() for part in numbers):
        return None
    # 1.0.0-rc.1 comes before 1.0.0; within a pre-release, numbers sort below words.
    names = [
        (0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part)
        for part in pre.split(".")
        if part
    ]
    return (*(int(part) for part in numbers), 0 if pre else 1, names)


def is_older(version: str, than: str) -> bool:
    """Whether `version` is older than `than`; a text that is no version is older than none."""
    one, other = key(version), key(than)
    return one is not None and other is not None and one < other
