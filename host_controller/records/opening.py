"""Opens the store for whoever asks: closes what was interrupted, merges what was spooled.

Owns no state.
"""

import contextlib
from collections.abc import Callable, Iterator

from host_controller.records import kinds, recovery
from host_controller.records.failures import DatabaseAway
from host_controller.records.home import home
from host_controller.records.merge import merge
from host_controller.records.session_view import session_record
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.records.views import SessionRecord


def _silent(_text: str) -> None:
    """Nobody is told."""


def complete(store: Store) -> list[str]:
    """Bring in what this computer knows; returns the records closed as interrupted.

    A folder that is read-only can still be read. Raises DatabaseAway.
    """
    closed: list[str] = []
    with contextlib.suppress(OSError):
        merge(store)
        closed = recovery.close_interrupted(store.home, store) + recovery.close_in_database(store)
        if closed:
            merge(store)
    return closed


def stored(record_id: str) -> SessionRecord:
    """A record as this computer has it: from its spool while the database is away.

    Raises NoSuchRecord, RecordBroken, DatabaseAway for a record that is not in the spool either.
    """
    try:
        with opened() as store:
            return store.session(record_id)
    except DatabaseAway:
        entries = [one for one in Spool(home()).entries() if one.get("record_id") == record_id]
        if not any(one["type"] == kinds.BEGIN for one in entries):
            raise
        return session_record(entries)


@contextlib.contextmanager
def opened(tell: Callable[[str], None] = _silent) -> Iterator[Store]:
    """The store, complete as far as this computer knows. Raises DatabaseAway, DatabaseNewer."""
    where = home()
    try:
        store = Store.open(where)
    except DatabaseAway as problem:
        waiting = len(Spool(where).entries())
        if waiting:
            problem.lines = (f"{waiting} entries wait in {where.spool}.",)
        raise
    try:
        for record_id in complete(store):
            tell(f"record {record_id} was not closed; it is now, as interrupted")
        yield store
    finally:
        store.close()
