"""Opens the store for a command: closes what was interrupted, merges what was spooled.

Owns no state.
"""

import contextlib
from collections.abc import Callable, Iterator

from host_controller import errors
from host_controller.records import recovery
from host_controller.records.failures import DatabaseAway
from host_controller.records.home import home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store


def _silent(_text: str) -> None:
    """Nobody is told."""


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
        closed: list[str] = []
        with contextlib.suppress(OSError):  # a folder that is read-only can still be read
            merge(store)
            closed = recovery.close_interrupted(where, store) + recovery.close_in_database(store)
            if closed:
                merge(store)
        for record_id in closed:
            tell(f"record {record_id} was not closed; it is now, as interrupted")
        yield store
    finally:
        store.close()


def writable(store: Store, write: Callable[[], None]) -> None:
    """Run `write`; raises RecordUnwritable where the folder or the disk refuses."""
    try:
        write()
    except OSError as error:
        raise errors.RecordUnwritable(
            f"The record cannot be written to {store.home.folder}.",
            cause=f"The system says: {error}.",
        ) from error
