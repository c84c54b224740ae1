"""Questions to the store: every one by an index, whatever the number of sessions.

A test looks at the query plans. Times are the UTC texts of the entries, which sort as they are.
Owns no state.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from host_controller import errors
from host_controller.courses.history import History, Score, SessionSummary, ZoneSummary
from host_controller.records import chain, database, kinds, schema
from host_controller.records.chain import Entry
from host_controller.records.failures import CartridgeSeen
from host_controller.records.pseudonyms import other_spellings
from host_controller.records.store import Store

Rows = Sequence[Row[Any]]
PAGE = 50  # records whose entries are read at a time


def ask(store: Store, wanted: Select[Any]) -> Rows:
    """All rows; raises DatabaseAway."""
    with database.told(store.home), store.reading() as connection:
        return connection.execute(wanted).all()


def newest(count: int) -> Select[Any]:
    """The newest sessions."""
    return select(schema.session).order_by(schema.session.c.begun.desc()).limit(count)


def of_client(client: str, count: int) -> Select[Any]:
    """The newest sessions of a client."""
    table = schema.session
    wanted = select(table).where(table.c.client == client)
    return wanted.order_by(table.c.begun.desc()).limit(count)


def known_of(clients: Sequence[str]) -> Select[Any]:
    """Which of some clients have sessions."""
    table = schema.session
    return select(table.c.client).where(table.c.client.in_(clients)).distinct()


def between(since: str, until: str) -> Select[Any]:
    """Sessions begun in [since, until), oldest first."""
    table = schema.session
    wanted = select(table.c.record_id).where(table.c.begun >= since, table.c.begun < until)
    return wanted.order_by(table.c.begun)


def zones_of(record_ids: Sequence[str]) -> Select[Any]:
    """Figures of the zones of some records."""
    table = schema.zone
    wanted = select(table).where(table.c.record_id.in_(record_ids))
    return wanted.order_by(table.c.record_id, table.c.number)


def scores_of(client: str) -> Select[Any]:
    """A client's scores, oldest first."""
    table = schema.score
    return select(table).where(table.c.client == client).order_by(table.c.given_on, table.c.number)


def lines_of(record_id: str) -> Select[Any]:
    """The entries of a record."""
    table = schema.entry
    wanted = select(table.c.line).where(table.c.record_id == record_id)
    return wanted.order_by(table.c.writer, table.c.number)


def use_of(cartridge_id: str) -> Select[Any]:
    """The session that used a cartridge."""
    return select(schema.cartridge).where(schema.cartridge.c.cartridge_id == cartridge_id)


def pen_events_of(pen: str, session_id: int) -> Select[Any]:
    """What a pen wrote about a session."""
    table = schema.pen_event
    wanted = select(table).where(table.c.pen == pen, table.c.session_id == session_id)
    return wanted.order_by(table.c.log, table.c.number)


def begun_with(prefix: str) -> Select[Any]:
    """Records whose id begins with `prefix`."""
    table = schema.session
    above = prefix + "~"  # sorts after every character of an id
    return select(table.c.record_id).where(table.c.record_id >= prefix, table.c.record_id < above)


def begin_of(record_id: str) -> Select[Any]:
    """The first entry of a record."""
    table = schema.entry
    wanted = select(table.c.line).where(table.c.record_id == record_id, table.c.type == kinds.BEGIN)
    return wanted.order_by(table.c.writer, table.c.number).limit(1)


# --- answers ------------------------------------------------------------------------------------


def entries(store: Store, record_id: str) -> list[Entry]:
    """The entries of a record in the order of its chain; raises NoSuchRecord."""
    rows = ask(store, lines_of(record_id))
    found = [chain.opened(row.line.encode()) for row in rows]
    if not found:
        raise errors.NoSuchRecord(f"There is no record {record_id!r}.")
    if None in found:
        raise errors.RecordBroken(f"An entry of record {record_id} was changed.")
    return [entry for entry in found if entry is not None]


def beginning(store: Store, record_id: str) -> Entry:
    """The first entry of a record, as written; empty where it has none. Raises DatabaseAway."""
    lines = ask(store, begin_of(record_id))
    found: Entry = json.loads(lines[0].line) if lines else {}
    return found


def refuse_used_cartridge(store: Store, cartridge_id: str, session_id: int) -> None:
    """Raise CartridgeSeen when another session used this cartridge."""
    for row in ask(store, use_of(cartridge_id)):
        if row.session_id != session_id:
            raise CartridgeSeen(
                f"Cartridge {cartridge_id} was used on {row.used[:10]} in record {row.record_id}."
            )


def _zone(row: Row[Any]) -> ZoneSummary:
    return ZoneSummary(
        zone=row.zone,
        depth_um=row.depth_um,
        rate_chz=row.rate_chz,
        passes=row.passes,
        area_mm2=row.area_mm2,
        punctures_per_cm2=row.punctures_per_cm2,
        zone_ms=row.zone_ms,
        contact_ms=row.contact_ms,
        override_reason=row.override_reason,
    )


def must_be_spelled_as_before(store: Store, history: History) -> None:
    """Raise UsageError for a client without records whose number is known spelled otherwise."""
    if history.sessions or history.scores:
        return
    others = other_spellings(history.client)
    known = [row.client for row in ask(store, known_of(others))] if others else []
    if known:
        raise errors.UsageError(
            f"{history.client} has no record here, but {known[0]} has.",
            cause="One person under two numbers would have two histories.",
            next_step=f"Write {known[0]}, or give a new client a number of their own.",
        )


def summaries(store: Store, sessions: Rows) -> Iterator[SessionSummary]:
    """Summaries of session rows, in their order."""
    record_ids = [row.record_id for row in sessions]
    zones: dict[str, list[ZoneSummary]] = {}
    for at in range(0, len(record_ids), PAGE):
        for row in ask(store, zones_of(record_ids[at : at + PAGE])):
            zones.setdefault(row.record_id, []).append(_zone(row))
    for row in sessions:
        yield SessionSummary(
            record_id=row.record_id,
            begun=datetime.fromisoformat(row.begun).astimezone(UTC),
            outcome=row.outcome,
            concern=row.concern,
            zones=tuple(zones.get(row.record_id, ())),
            operator=row.operator,
            library_id=row.library_id,
            pins=row.pins,
            needle_um=row.needle_um,
            early_reason=row.early_reason,
        )


def _score(row: Row[Any]) -> Score:
    photos = json.loads(row.photos)
    return Score(
        concern=row.concern,
        grade=row.grade,
        on=date.fromisoformat(row.given_on),
        by=row.given_by,
        record_id=row.record_id,
        before_sha256=tuple(photos["before"]),
        after_sha256=tuple(photos["after"]),
    )


def history(store: Store, client: str, most: int = 200, *, simulated: bool = False) -> History:
    """What a client had: the newest `most` sessions, without demonstrations.

    Those of simulated pens are left out as well, but where `simulated` asks for them.
    """
    found = ask(store, of_client(client, most))
    rows = [row for row in found if not row.demo and (simulated or not row.simulated)]
    scores = tuple(_score(row) for row in ask(store, scores_of(client)))
    return History(client, tuple(summaries(store, rows)), scores)
