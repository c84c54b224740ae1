"""Bugs for the model check to find: the state table with one thing wrong, all of them or by name.

`every_bug` makes them mechanically (a condition less, a row less, two rows swapped, another
outcome); `NAMED` holds a dozen that a tired engineer might really make. Owns nothing: the table
is put back when the `with` ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from firmware.safety import transitions
from firmware.safety.transitions import ROWS
from tests.safety_model.explore import Exploration
from tests.safety_model.facts import (
    ARMED,
    BOOT,
    BUTTON,
    CONFIGURED,
    FAULT,
    FAULTED,
    HOMED,
    IDLE,
    NEEDLES_IN,
    PARKED,
    PARKING,
    PLAN,
    POSITIONING,
    PRESS,
    PROVEN,
    RUNNING,
    STATES,
    STOP,
    words,
)
from tests.safety_model.properties import violation

Row = tuple[int, int, int, int, int, int]
Rows = tuple[Row, ...]

MOVING = (POSITIONING, RUNNING)
_COLUMNS = {1: "needs no longer", 2: "is no longer blocked by", 3: "does not mind the lack of"}


@contextmanager
def table(rows: Rows) -> Iterator[None]:
    """The firmware's own `next_row` on other rows."""
    kept = transitions.TABLE
    transitions.TABLE = transitions.table(rows)
    try:
        yield
    finally:
        transitions.TABLE = kept


def name_of(row: Row) -> str:
    """A row for people."""
    facts = words(row[1]) or "lack of " + words(row[3])
    return f"{STATES[row[0]]} -> {STATES[row[4]]} on {facts}"


def changed(row: Row, column: int, value: int) -> Row:
    """The row with one column replaced."""
    fields = list(row)
    fields[column] = value
    return (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])


def with_row(index: int, *rows: Row) -> Rows:
    """The table with row `index` replaced by `rows` (none: removed)."""
    return (*ROWS[:index], *rows, *ROWS[index + 1 :])


def every_bug() -> Iterator[tuple[str, Rows]]:
    """Every table with one thing wrong, and what it is."""
    for index, row in enumerate(ROWS):
        label = name_of(row)
        for column, what in _COLUMNS.items():
            for number in range(30):
                if row[column] >> number & 1:
                    less = changed(row, column, row[column] & ~(1 << number))
                    yield f"{label}: {what} {words(1 << number)}", with_row(index, less)
        yield f"{label}: missing", with_row(index)
        for state in range(len(STATES)):
            if state != row[4]:
                other = changed(row, 4, state)
                yield f"{label}: leads to {STATES[state]}", with_row(index, other)
        if row[5]:
            yield f"{label}: without its action", with_row(index, changed(row, 5, 0))
        after = ROWS[index + 1] if index + 1 < len(ROWS) else None
        if after is not None and after[0] == row[0]:
            swapped = (*ROWS[:index], after, row, *ROWS[index + 2 :])
            yield f"{label}: after the row that follows", swapped


def _row(state: int, after: int, facts: int = 0) -> int:
    """Index of the first row between two states that needs `facts`."""
    return next(
        i
        for i, row in enumerate(ROWS)
        if (row[0], row[4]) == (state, after) and row[1] & facts == facts
    )


def _less(state: int, after: int, facts: int, column: int, gone: int) -> Rows:
    index = next(
        i
        for i, row in enumerate(ROWS)
        if (row[0], row[4]) == (state, after) and row[1] & facts == facts and row[column] & gone
    )
    return with_row(index, changed(ROWS[index], column, ROWS[index][column] & ~gone))


def _first(index: int) -> Rows:
    """Row `index` before all others of its state."""
    return (ROWS[index], *ROWS[:index], *ROWS[index + 1 :])


NAMED: dict[str, Rows] = {
    "start without a press": _less(ARMED, POSITIONING, PRESS, 1, PRESS),
    "start beats stop": _first(_row(ARMED, POSITIONING, PRESS)),
    "running without a plan": tuple(
        changed(changed(r, 1, r[1] & ~PLAN), 3, r[3] & ~PLAN) if r[0] in MOVING else r for r in ROWS
    ),
    "running on when the stage has lost its zero": _less(RUNNING, PARKING, 0, 3, HOMED),
    "armed with needles that may be out": tuple(
        changed(r, 1, r[1] & ~NEEDLES_IN) if r[0] == CONFIGURED else r for r in ROWS
    ),
    "armed without proof of the stop path": tuple(
        changed(r, 1, r[1] & ~PROVEN) if r[4] == ARMED else r for r in ROWS
    ),
    "armed by the host with the button held": _less(CONFIGURED, ARMED, 0, 2, BUTTON),
    "armed again after a stop of the host": _less(PARKING, ARMED, 0, 2, STOP),
    "parked without being parked": _less(PARKING, CONFIGURED, 0, 1, PARKED),
    "a fault that clears itself": with_row(_row(FAULTED, BOOT), (FAULTED, 0, 0, 0, BOOT, 2)),
    "a fault left without homing again": with_row(
        _row(FAULTED, BOOT), changed(ROWS[_row(FAULTED, BOOT)], 4, IDLE)
    ),
    "a fault that does not stop a run": with_row(_row(RUNNING, PARKING, FAULT)),
    "parking without end": with_row(_row(PARKING, FAULTED, transitions.TIMEOUT)),
    "depth taken over too late": with_row(
        _row(ARMED, POSITIONING, PRESS), changed(ROWS[_row(ARMED, POSITIONING, PRESS)], 5, 0)
    ),
}


def verdict(healthy: Exploration, rows: Rows) -> str:
    """What the model check says of a table: what is broken, "harmless", or "" if it sees nothing.

    `healthy` is the exploration of the real table. A table that answers every reachable fact set
    as the real one does is harmless: another row, or the world, holds as well.
    """
    differs = False
    with table(rows):
        for state, answers in enumerate(healthy.answers):
            if [row for row in rows if row[0] == state] == [r for r in ROWS if r[0] == state]:
                continue
            for facts, real in answers.items():
                row = transitions.next_row(state, facts)
                after, action = (row[4], row[5]) if row else (state, 0)
                if (after, action) != real:
                    differs = True
                    wrong = violation(state, facts, after, action)
                    if wrong:
                        return wrong
        if not differs:
            return "harmless"
        return Exploration(transitions.next_row).run().broken
