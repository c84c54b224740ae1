"""Finds records by what somebody types: a record's number, a client, a pen or a day.

Which of these it is shows in how it is written, so every search goes by an index. Owns no state.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from host_controller.records import queries, schema
from host_controller.records.courses_due import text_of
from host_controller.records.pseudonyms import is_pseudonym
from host_controller.records.store import Store

MOST = 50

_RECORD = re.compile(r"[0-9]{8}(-[0-9]{0,6}(-[0-9a-f]{0,6})?)?")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


def records(prefix: str) -> Select[Any]:
    """Sessions whose record's number begins so, the newest first."""
    table = schema.session
    wanted = select(table).where(table.c.record_id >= prefix, table.c.record_id < prefix + "~")
    return wanted.order_by(table.c.record_id.desc()).limit(MOST)


def begun(since: str, until: str) -> Select[Any]:
    """Sessions begun in [since, until), the newest first."""
    table = schema.session
    wanted = select(table).where(table.c.begun >= since, table.c.begun < until)
    return wanted.order_by(table.c.begun.desc()).limit(MOST)


def of_pen(serial: str) -> Select[Any]:
    """A pen's sessions, the newest first."""
    table = schema.session
    return select(table).where(table.c.pen == serial).order_by(table.c.begun.desc()).limit(MOST)


def _days(text: str) -> tuple[date, date] | None:
    """First and next day of what is written as a day or a month."""
    try:
        if _MONTH.fullmatch(text):
            first = date.fromisoformat(f"{text}-01")
            return first, (first + timedelta(31)).replace(day=1)
        first = date.fromisoformat(text)
    except ValueError:
        return None
    return first, first + timedelta(1)


def _moment(day: date) -> str:
    return text_of(datetime.combine(day, time()).astimezone())


def wanted(text: str) -> list[Select[Any]]:
    """The questions that `text` may mean, the likeliest first."""
    if not text:
        return [queries.newest(MOST)]
    days = _days(text) if "-" in text else None
    if days is not None:
        return [begun(*map(_moment, days))]
    found = [records(text)] if _RECORD.fullmatch(text) else []
    if is_pseudonym(text):
        found.append(queries.of_client(text.upper(), MOST))
    return [*found, of_pen(text.upper()), of_pen(text)]


def search(store: Store, text: str, simulated: bool) -> list[Row[Any]]:
    """Sessions found, the newest first; raises DatabaseAway."""
    for question in wanted(text):
        rows = [row for row in queries.ask(store, question) if simulated or not row.simulated]
        if rows:
            return rows
    return []
