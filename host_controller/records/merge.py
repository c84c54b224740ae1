"""Brings what this computer has spooled into the database; nothing is lost and nothing doubled.

Usually that is the end of one chain. After a fork (the data folder was copied to another computer
or restored from a backup, or the database was) the chain is set aside, a new one goes on that
refers to it, and entries the database does not have are written again at its end, each with the
place where it stood. Owns no state.
"""

from pathlib import Path

from host_controller.records import chain
from host_controller.records.chain import Entry, Head
from host_controller.records.file_lock import locked
from host_controller.records.spool import Spool, whole_entries
from host_controller.records.store import Forked, Store

_OF_THE_CHAIN = ("writer", "number", "previous", "hash")


def merge(store: Store) -> Head | None:
    """Hand over everything; returns the head that both sides hold, None when there is none.

    Raises DatabaseAway and OSError; the spool is then as it was.
    """
    with locked(store.home.folder / "merge.lock"):
        return _merge(store)


def _merge(store: Store) -> Head | None:
    spool = Spool(store.home)
    confirmed = _hand_over(store, spool)
    for aside in spool.set_aside():
        _take_over(store, spool, aside)
        confirmed = _hand_over(store, spool)
        aside.unlink()
    return confirmed


def _hand_over(store: Store, spool: Spool) -> Head | None:
    while True:
        head = spool.head()
        if head is None:
            return None
        try:
            confirmed = store.take(head.writer, spool.entries_from)
        except Forked:
            spool.begin_again("spool and database differed")
            continue
        if confirmed is not None:
            return confirmed


def _take_over(store: Store, spool: Spool, aside: Path) -> None:
    entries = whole_entries(aside)
    if not entries:
        return
    try:
        store.take(entries[0]["writer"], lambda _: entries)
    except Forked:
        missing = [entry for entry in entries if not store.holds(entry)]
        if missing:
            spool.append([_moved(entry) for entry in missing])


def _moved(entry: Entry) -> Entry:
    fields = {key: value for key, value in entry.items() if key not in _OF_THE_CHAIN}
    return {**fields, "moved_from": [*chain.head_of(entry), entry["previous"]]}
