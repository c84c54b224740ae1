"""Telemetry as a file: one line per reading, every field as the pen sent it, units in the header.

Written by `pen monitor --csv`, by the engineer's page (export, recording), read again to be
replayed. Integers only, in the pen's units. Owns no state.
"""

from collections.abc import Iterable, Iterator

from host_controller import errors
from host_controller.replies import Reading
from protocol import schema

_UNITS = {field[0]: field[2] for field in schema.TELEMETRY_LAYOUT.fields}
_RANGES = {field[0]: (field[3], field[4]) for field in schema.TELEMETRY_LAYOUT.fields}
LINES_MAX = 2_000_000  # nine hours at 60 Hz: more is another file


def header() -> str:
    """The first line: names as in the protocol, the unit in brackets."""
    return ",".join(
        f"{name} [{_UNITS[name]}]" if _UNITS[name] else name for name in Reading._fields
    )


def line(reading: Reading) -> str:
    """One reading."""
    return ",".join(map(str, reading))


def text(readings: Iterable[Reading]) -> str:
    """A whole file."""
    return "\n".join([header(), *map(line, readings)]) + "\n"


def parse(lines: Iterable[str], name: str) -> list[Reading]:
    """The readings of a file; a last line that is torn is left out.

    Raises UsageError for anything else that is not what `text` writes.
    """
    rows = iter(lines)
    first = next(rows, "").strip("\r\n").removeprefix("\ufeff")
    if first != header():
        raise errors.UsageError(
            f"{name} is not a telemetry file of this program.",
            cause="Its first line does not name the fields of this protocol.",
            next_step="Choose a file that the engineer's page or `pen monitor --csv` has written.",
        )
    return list(_readings(rows, name))


def _readings(rows: Iterator[str], name: str) -> Iterator[Reading]:
    count = len(Reading._fields)
    for number, row in enumerate(rows, 2):
        if number > LINES_MAX:
            raise errors.UsageError(f"{name} has more than {LINES_MAX} lines.")
        if not row.endswith("\n"):
            return  # the program or the power went while it was written
        try:
            reading = Reading(*map(int, row.split(",", count)))
        except (ValueError, TypeError):
            raise _wrong(name, number) from None
        for field, value in zip(Reading._fields, reading, strict=True):
            low, high = _RANGES[field]
            if not low <= value <= high:
                raise _wrong(name, number)
        yield reading


def _wrong(name: str, number: int) -> errors.UsageError:
    return errors.UsageError(
        f"Line {number} of {name} is not a reading.",
        cause="The file was changed, or is of another program.",
        next_step="Choose a file that was not edited.",
    )
