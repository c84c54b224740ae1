"""The pens that records tell of: version and library of their last session, needle time, faults.

Needle time is summed in pages of sessions, so that no question takes long. Faults are those of the
pen's own log, as far as it was read. Owns no state.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select

from host_controller.records import queries, schema
from host_controller.records.store import Store

PAGE = 1000  # sessions whose needle time is summed in one question
MOST_PENS = 100


@dataclass(frozen=True)
class Calibration:
    """The last time that a pen was compared with gauges."""

    done: datetime
    done_by: str
    depth_error_um: int
    rate_error_ppt: int


@dataclass(frozen=True)
class PenSeen:
    """A pen as its last session saw it; "" and None where nothing is known."""

    serial: str
    firmware: str
    library: str
    simulated: bool
    last: datetime | None
    faults: int
    last_fault: str
    calibration: Calibration | None


class NeedleTime:
    """Running needles of one pen, all its life and since a moment; `more` adds a page."""

    def __init__(self, serial: str, since: str = "") -> None:
        self.serial = serial
        self.since = since
        self.all_ms = 0
        self.since_ms = 0
        self._after = ""

    def more(self, store: Store) -> bool:
        """Add one page; whether there may be another. Raises DatabaseAway."""
        rows = queries.ask(store, needles_of(self.serial, self._after))
        for row in rows:
            self.all_ms += int(row.needles_ms or 0)
            if row.begun > self.since:
                self.since_ms += int(row.needles_ms or 0)
        if len(rows) < PAGE:
            return False
        self._after = rows[-1].begun
        return True


# --- questions ----------------------------------------------------------------------------------


def next_pen(after: str, table: Any = schema.session) -> Select[Any]:
    """The first serial number after another: one step on the index."""
    return select(func.min(table.c.pen)).where(table.c.pen > after)


def last_of(serial: str) -> Select[Any]:
    """The newest session of a pen."""
    table = schema.session
    return select(table).where(table.c.pen == serial).order_by(table.c.begun.desc()).limit(1)


def calibration_of(serial: str) -> Select[Any]:
    """The newest calibration of a pen."""
    table = schema.calibration
    return select(table).where(table.c.pen == serial).order_by(table.c.done.desc()).limit(1)


def faults_of(serial: str) -> Select[Any]:
    """How many entries of its fault log were read, and the newest number."""
    table = schema.pen_event
    mine = (table.c.pen == serial) & (table.c.log == "faults")
    counted: tuple[Any, ...] = (
        func.count().label("times"),
        func.max(table.c.number).label("newest"),
    )
    return select(*counted).where(mine)


def fault_numbered(serial: str, number: int) -> Select[Any]:
    """One entry of a pen's fault log."""
    table = schema.pen_event
    return select(table.c.body).where(
        table.c.pen == serial, table.c.log == "faults", table.c.number == number
    )


def needles_of(serial: str, after: str) -> Select[Any]:
    """Needle time of a page of a pen's sessions begun after a moment, oldest first.

    A zone that was entered again goes on counting, so its highest count is that of all.
    """
    session, zone = schema.session, schema.zone
    each = (
        select(func.max(zone.c.zone_ms).label("ms"))
        .where(zone.c.record_id == session.c.record_id)
        .group_by(zone.c.zone)
        .correlate(session)
        .subquery()
    )
    needles = select(func.sum(each.c.ms)).scalar_subquery().label("needles_ms")
    wanted = select(session.c.begun, needles).where(
        session.c.pen == serial, session.c.begun > after
    )
    return wanted.order_by(session.c.begun).limit(PAGE)


# --- answers ------------------------------------------------------------------------------------


def serials(store: Store) -> list[str]:
    """Pens that treated or were calibrated, in order; raises DatabaseAway."""
    found: set[str] = set()
    for table in (schema.session, schema.calibration):
        after = ""
        for _ in range(MOST_PENS):
            after = queries.ask(store, next_pen(after, table))[0][0]
            if after is None:
                break
            found.add(after)
    return sorted(found)


def pen_seen(store: Store, serial: str) -> PenSeen:
    """What is known of a pen, without its needle time; raises DatabaseAway."""
    sessions = queries.ask(store, last_of(serial))
    last = sessions[0] if sessions else None
    begin = queries.beginning(store, last.record_id) if last else {}
    planning = begin.get("planning") or {}
    version = planning.get("library_version") or ""
    library = str(planning.get("library_id") or (last.library_id if last else ""))
    count, fault = _faults(store, serial)
    return PenSeen(
        serial=serial,
        firmware=str(begin.get("firmware", "")),
        library=f"{library} {version}".strip(),
        simulated=bool(last and last.simulated),
        last=_moment(last.begun) if last else None,
        faults=count,
        last_fault=fault,
        calibration=_calibration(store, serial),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _faults(store: Store, serial: str) -> tuple[int, str]:
    row = queries.ask(store, faults_of(serial))[0]
    if not row.times:
        return 0, ""
    bodies = queries.ask(store, fault_numbered(serial, row.newest))
    return int(row.times), str(json.loads(bodies[0].body).get("fault", ""))


def _calibration(store: Store, serial: str) -> Calibration | None:
    rows = queries.ask(store, calibration_of(serial))
    if not rows:
        return None
    row = rows[0]
    return Calibration(_moment(row.done), row.done_by, row.depth_error_um, row.rate_error_ppt)
