"""Writes the record of one treatment while it goes on, and never makes the treatment wait.

Entries go to the spool by one thread and from there to the database by another. A slow disk, a full
one or a server that is away costs neither the pen's lease nor an entry: what the spool refuses is
kept and tried again, and goes straight to the database meanwhile if that is elsewhere.
Owns both threads, the entries that are not safe yet and the lock of the record.
"""

import contextlib
import queue
import secrets
import threading
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from host_controller import errors
from host_controller.records import chain, kinds, recovery
from host_controller.records.chain import Entry, Head
from host_controller.records.failures import ClockBehind, DatabaseAway, DatabaseNewer
from host_controller.records.home import Home, home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool, chain_begins, new_writer
from host_controller.records.store import Store

if TYPE_CHECKING:
    from host_controller.records.file_lock import HeldFile

RETRY_S = 0.5  # disk
RETRY_DATABASE_S = 2.0
CLOSE_S = 8.0  # for the last entries to reach disk and database
CLOCK_SLACK_S = 120  # a clock that is set by the network jumps a little


def new_record_id(now: datetime) -> str:
    """Id of a treatment: the date for people, random digits against collisions."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


class Recorder:
    """The record of one treatment; `add` returns at once. Use `open` first and `close` last."""

    def __init__(self, where: Home | None = None, now: datetime | None = None) -> None:
        self.home = where or home()
        self.record_id = new_record_id(now or datetime.now(UTC))
        self.problems: deque[errors.PenError] = deque(maxlen=20)  # for the screen, once each
        self.store: Store | None = None
        self.pen_logs_read: dict[str, tuple[int, set[str]]] = {}  # newest of each, see pen_logs
        self._spool = Spool(self.home)
        self._held: HeldFile | None = None
        self._queue: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._added = 0  # by the treatment's thread alone, which therefore waits for nobody
        self._safe = 0  # on disk or in the database
        self._changed = threading.Condition()
        self._disk = threading.Lock()  # held while the disk is written to
        self._refused: list[Entry] = []  # by the disk
        self._direct: list[Entry] = []  # sealed, for the database alone
        self._direct_last: Entry | None = None  # newest of them that the database has
        self._send = threading.Event()
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._told: set[str] = set()

    # --- for the treatment ----------------------------------------------------------------------

    def open(self) -> None:
        """Close what was interrupted, reach the database, start. May take two seconds.

        Raises ClockBehind and DatabaseNewer. A database that is away is a problem, not an end.
        """
        try:
            self._held = recovery.hold(self.home, self.record_id, mine=True)
        except OSError as error:
            self._tell(self._unwritable(error))
        try:
            self._check_clock()
            with contextlib.suppress(DatabaseAway):
                self._reach()
        except errors.PenError:
            if self._held:
                self._held.release()
                self._held = None
            raise
        with contextlib.suppress(OSError, DatabaseAway):
            recovery.close_interrupted(self.home, self.store)
        for work in (self._write_on, self._send_on):
            self._threads.append(threading.Thread(target=work, name=work.__name__, daemon=True))
            self._threads[-1].start()

    def seen_heads(self) -> list[list[Any]]:
        """Heads of all chains the database knows: what this record certainly comes after."""
        if self.store is None:
            return []
        try:
            return sorted(list(head) for head in self.store.heads().values())
        except DatabaseAway:
            return []

    def refuse_used_cartridge(self, cartridge_id: str, session_id: int) -> None:
        """Raise CartridgeSeen for a cartridge that another session used, with whatever pen."""
        from host_controller.records import queries

        if self.store is None:
            return  # the pen refuses what it or the cartridge knows
        with contextlib.suppress(DatabaseAway):
            queries.refuse_used_cartridge(self.store, cartridge_id, session_id)

    def add(self, kind: str, **fields: Any) -> None:
        """Take one entry of type `kind`; it is on the disk a moment later."""
        entry = {
            "schema": kinds.SCHEMA,
            "record_id": self.record_id,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "type": kind,
            **fields,
        }
        self._added += 1
        self._queue.put(entry)

    @property
    def unsafe(self) -> int:
        """How many entries are neither on the disk nor in the database."""
        return self._added - self._safe

    def settle(self, timeout_s: float = CLOSE_S) -> None:
        """Wait until all that was added is safe; raises RecordUnwritable."""
        with self._changed:
            self._changed.wait_for(lambda: self.unsafe == 0 or self._hopeless(), timeout_s)
            if self.unsafe == 0:
                return
        raise self._left_over()

    def close(self) -> None:
        """Write the rest, hand it to the database, let go. Raises RecordUnwritable."""
        try:
            with contextlib.suppress(errors.RecordUnwritable):
                self.settle()
        finally:
            self._let_go()
        if self.unsafe:
            raise self._left_over()

    def _let_go(self) -> None:
        self._ending.set()
        self._queue.put(None)  # the disk is tried once more
        self._send.set()
        for thread in self._threads:
            thread.join(CLOSE_S)
        if self.store is not None:
            with contextlib.suppress(OSError, DatabaseAway):
                head = merge(self.store)
                if head and not recovery.others_open(self.home, self.record_id):
                    self._spool.trim(head)
            self.store.close()
        if self._held:
            self._held.release()

    # --- beginning ------------------------------------------------------------------------------

    def _check_clock(self) -> None:
        with contextlib.suppress(OSError):
            entries = self._spool.entries()
            times = [entry["time"] for entry in entries[-1:] if "time" in entry]
            now = datetime.now(UTC)
            for last in map(datetime.fromisoformat, times):
                if (last - now).total_seconds() > CLOCK_SLACK_S:
                    raise ClockBehind(
                        f"It is {now:%Y-%m-%d %H:%M} UTC here, and the last record was written "
                        f"at {last:%Y-%m-%d %H:%M}."
                    )

    def _reach(self) -> None:
        """Open the store and hand over what is spooled; raises DatabaseAway."""
        try:
            if self.store is None:
                self.store = Store.open(self.home)
                recovery.close_in_database(self.store)
            with contextlib.suppress(OSError):  # a read-only folder has no spool to hand over
                merge(self.store)
        except DatabaseAway as problem:
            self._tell(problem)
            raise
        except DatabaseNewer:
            if not self._threads:
                raise
        except errors.RecordUnwritable as problem:
            self._tell(problem)

    def _tell(self, problem: errors.PenError) -> None:
        if problem.number not in self._told:
            self._told.add(problem.number)
            self.problems.append(problem)

    def _left_over(self) -> errors.RecordUnwritable:
        return errors.RecordUnwritable(
            f"{self.unsafe} entries of the record cannot be written to {self.home.folder}.",
            cause="The disk is full or read-only, and the database does not take them either.",
        )

    def _unwritable(self, error: OSError) -> errors.RecordUnwritable:
        return errors.RecordUnwritable(
            f"The record cannot be written to {self.home.folder}.",
            cause=f"The system says: {error}.",
        )

    # --- the thread that writes to the disk -----------------------------------------------------

    def _write_on(self) -> None:
        while True:
            try:
                entry = self._queue.get(timeout=RETRY_S if self._refused else None)
            except queue.Empty:
                self._write([])
                continue
            batch = [] if entry is None else [entry]
            with contextlib.suppress(queue.Empty):
                while True:
                    more = self._queue.get_nowait()
                    entry = more if more is None else entry
                    batch += [] if more is None else [more]
            self._write(batch)
            if entry is None:
                return

    def _write(self, batch: list[Entry]) -> None:
        with self._disk:
            waiting = self._refused + batch
            if not waiting:
                return
            try:
                self._spool.append(waiting)
            except OSError as error:
                self._refused = waiting
                self._tell(self._unwritable(error))
                self._report(0)
            else:
                self._refused = []
                self._report(len(waiting))
        self._send.set()

    def _report(self, safe: int) -> None:
        with self._changed:
            self._safe += safe
            self._changed.notify_all()

    def _hopeless(self) -> bool:
        """Whether the disk refuses and there is no other place."""
        return bool(self._refused) and (self.home.is_sqlite or self.store is None)

    # --- the thread that sends to the database --------------------------------------------------

    def _send_on(self) -> None:
        late = False
        while not self._ending.is_set():
            self._send.wait(RETRY_DATABASE_S if late else None)
            if self._ending.is_set():
                return
            self._send.clear()
            try:
                self._reach()
                self._send_directly()
                late = bool(self._refused)
            except DatabaseAway:
                late = True

    def _send_directly(self) -> None:
        """Entries that the disk refuses go to a database elsewhere, as a chain of their own."""
        if self.home.is_sqlite or self.store is None:
            return
        with self._disk:
            taken, self._refused = self._refused, []
        for entry in taken:
            last = self._direct[-1] if self._direct else self._direct_last
            if last is None:
                last = self._begin_direct()
            line, _ = chain.seal(entry, chain.head_of(last))
            self._direct.append(chain.opened(line) or {})
        if self._direct:
            known = [self._direct_last] if self._direct_last else []
            writer = self._direct[0]["writer"]
            self.store.take(writer, lambda _: known + self._direct)
            self._direct_last = self._direct[-1]
            mine = [entry for entry in self._direct if entry["type"] != kinds.CHAIN_BEGINS]
            self._direct = []
            self._report(len(mine))

    def _begin_direct(self) -> Entry:
        head = None
        with contextlib.suppress(OSError):
            head = self._spool.head()
        first = chain_begins(head, "the disk refused")
        line, _ = chain.seal(first, Head(new_writer(self.home), 0, chain.FIRST))
        self._direct.append(chain.opened(line) or {})
        return self._direct[-1]
