"""Closes as "interrupted" the records of treatments whose program ended without closing them.

A program that treats holds a lock named for its record; the system frees it when the program ends,
however it ends. A record that was begun, has no end and is not held is therefore an interrupted
one. Owns the folder of those locks.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select

from host_controller.records import database, kinds, schema
from host_controller.records.chain import Entry
from host_controller.records.file_lock import HeldFile
from host_controller.records.home import Home, computer_tag
from host_controller.records.spool import Spool
from host_controller.records.store import Store

INTERRUPTED = "interrupted"


def hold(home: Home, record_id: str, *, mine: bool = False) -> HeldFile:
    """Hold a record open; raises OSError when another program does, or the folder is read-only.

    `mine`: the record is a new one of this program. Then nobody can have it for longer than it
    takes to see that there is nothing to close, and that moment is waited for.
    """
    home.make()
    home.open_records.mkdir(exist_ok=True, mode=0o700)
    return HeldFile(home.open_records / f"{record_id}.lock", wait=mine)


def others_open(home: Home, mine: str) -> bool:
    """Whether another record of this computer is held open or was never closed."""
    return any(path.stem != mine for path in home.open_records.glob("*.lock"))


def end_of(record_id: str) -> Entry:
    """The entry that closes an interrupted record, written at the next start."""
    return {
        "schema": kinds.SCHEMA,
        "record_id": record_id,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "type": kinds.END,
        "outcome": INTERRUPTED,
        "faults": [],
        "needles_in": None,
        "battery_pct": None,
        "error": None,
        "recovered": True,
    }


def _unclosed(entries: list[Entry]) -> list[str]:
    begun = [entry["record_id"] for entry in entries if entry["type"] == kinds.BEGIN]
    ended = {entry["record_id"] for entry in entries if entry["type"] == kinds.END}
    return [record_id for record_id in begun if record_id not in ended]


def _close(home: Home, record_ids: list[str], still_open: Callable[[str], bool]) -> list[str]:
    """Close those that nobody holds and that are `still_open` once they are held."""
    closed = []
    for record_id in record_ids:
        try:
            held = hold(home, record_id)
        except OSError:
            continue  # a program is treating
        if still_open(record_id):
            Spool(home).append([end_of(record_id)])
            closed.append(record_id)
        held.release()
    return closed


def close_interrupted(home: Home, store: Store | None = None) -> list[str]:
    """Close what the spool holds open and, if there is a `store`, it does too; returns the ids.

    Raises OSError.
    """
    spool = Spool(home)

    def still_open(record_id: str) -> bool:
        if record_id not in _unclosed(spool.entries()):
            return False
        return store is None or _open_in(store, record_id)

    found = _close(home, _unclosed(spool.entries()), still_open)
    for path in home.open_records.glob("*.lock"):  # held by nobody and nothing to close
        try:
            HeldFile(path).release()
        except OSError:
            continue
    return found


def _open_in(store: Store, record_id: str) -> bool:
    table = schema.session
    with database.told(store.home), store.reading() as connection:
        wanted = select(table.c.outcome).where(table.c.record_id == record_id)
        return connection.execute(wanted).scalar() in (None, "open")


def close_in_database(store: Store) -> list[str]:
    """Close what was sent to the database without passing the spool. Raises OSError."""
    table = schema.session
    mine = table.c.writer.startswith(f"{computer_tag(store.home.folder)}-")
    with database.told(store.home), store.reading() as connection:
        wanted = select(table.c.record_id).where(table.c.outcome == "open", mine)
        record_ids = [str(row[0]) for row in connection.execute(wanted)]

    def still_open(record_id: str) -> bool:
        ended = any(
            entry["type"] == kinds.END and entry["record_id"] == record_id
            for entry in Spool(store.home).entries()
        )
        return not ended and _open_in(store, record_id)

    return _close(store.home, record_ids, still_open)
