"""How long lists, proposals and what a clinic looks up take with 100 000 sessions."""

import os
import random
import shutil
import statistics
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from host_controller.courses import due
from host_controller.courses.following import following
from host_controller.library import reader
from host_controller.library.library import Library
from host_controller.records import fleet, queries, search
from host_controller.records.fleet import NeedleTime
from host_controller.records.home import home
from host_controller.records.store import Store
from host_controller.records.verify import verify
from host_controller.reports.month import month_quality
from host_controller.ui.clinic import due_tab
from tests.evidence.figure import figure
from tests.evidence.many_sessions import client_of, fill
from tests.host_controller.records.made_up import DAY
from tests.postgres_server import running

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1_000, 10_000, 100_000)
CLIENTS = 200  # asked for, at random
LOOKS = 20  # of each question of the clinic's page
PEN = "PEN00001"
LIBRARY = "host_controller/library/starter_library.toml"


def _ask(store: Store, library: Library, sessions: int) -> tuple[list[float], list[float]]:
    """(ms to list a client, ms to propose the next session) of random clients."""
    rng = random.Random(sessions)
    lists, proposals = [], []
    for _ in range(CLIENTS):
        client = client_of(rng.randrange(sessions), SIZES[-1])
        start = time.perf_counter()
        assert queries.ask(store, queries.of_client(client, 20))
        lists.append(1000 * (time.perf_counter() - start))
        start = time.perf_counter()
        history = queries.history(store, client)
        assert following(history, library, "acne-scars") is not None
        proposals.append(1000 * (time.perf_counter() - start))
    return lists, proposals


def _look_up(store: Store, library: Library, sessions: int) -> dict[str, list[float]]:
    """Milliseconds of each question of the clinic's page, as it asks them."""
    rng = random.Random(sessions)
    last = DAY + timedelta(minutes=20 * sessions)
    months = [f"{last - timedelta(days=31 * back):%Y-%m}" for back in range(1, 6)]
    needles = NeedleTime(PEN)
    asked: dict[str, Callable[[], object]] = {
        state: partial(due_tab.found, store, library, last.date(), state, "", False)
        for state in due.STATES
    }
    asked |= {
        "client": lambda: queries.history(store, client_of(rng.randrange(sessions), SIZES[-1])),
        "month": lambda: month_quality(store, rng.choice(months)),
        "pen": lambda: fleet.pen_seen(store, PEN),
        "needle time, a page": lambda: needles.more(store),
        "search": lambda: search.search(store, f"{last - timedelta(days=9):%Y-%m-%d}", False),
    }
    found: dict[str, list[float]] = {}
    for name, question in asked.items():
        for _ in range(LOOKS):
            start = time.perf_counter()
            question()
            found.setdefault(name, []).append(1000 * (time.perf_counter() - start))
    return found


Times = dict[int, tuple[list[float], list[float]]]


Looks = dict[str, dict[str, list[float]]]  # by database and question


def _grow(stores: dict[str, Store], library: Library) -> tuple[dict[str, Times], Looks]:
    found: dict[str, Times] = {name: {} for name in stores}
    head, filled = None, 0
    for size in SIZES:
        head = fill(list(stores.values()), filled, size, SIZES[-1], head)
        filled = size
        for name, store in stores.items():
            with store.engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
            found[name][size] = _ask(store, library, size)
            if size == SIZES[0]:
                assert verify(store).whole  # it is what the store itself would have written
    looks = {name: _look_up(store, library, SIZES[-1]) for name, store in stores.items()}
    return found, looks


def _worst(times_ms: list[float]) -> float:
    """What 95 of 100 stay under: the machine is busy with other things too."""
    return statistics.quantiles(times_ms, n=20)[-1]


def queries_100k() -> list[dict[str, Any]]:
    """The figures `query_ms_100k` and `clinic_ms_100k`."""
    library = reader.load(LIBRARY)
    folder = Path(tempfile.mkdtemp(prefix="pen-query-"))
    before = os.environ.get("PEN_DATA_DIR")
    os.environ["PEN_DATA_DIR"] = str(folder)
    try:
        with running(durable=False) as server:
            stores = {
                "SQLite": Store.open(home()),
                "PostgreSQL": Store.open(home(server.fresh())),
            }
            try:
                found, looks = _grow(stores, library)
            finally:
                for store in stores.values():
                    store.close()
    finally:
        os.environ.pop("PEN_DATA_DIR")
        if before is not None:
            os.environ["PEN_DATA_DIR"] = before
        shutil.rmtree(folder, ignore_errors=True)
    notes = []
    for name, sizes in found.items():
        lists = " / ".join(f"{statistics.median(sizes[size][0]):.1f}" for size in SIZES)
        proposals = " / ".join(f"{statistics.median(sizes[size][1]):.1f}" for size in SIZES)
        notes.append(f"{name}: list {lists} ms, proposal {proposals} ms")
    worst = max(_worst(times) for sizes in found.values() for times in sizes[SIZES[-1]])
    growth = f"medians at {' / '.join(f'{size:,}' for size in SIZES)} sessions: {'; '.join(notes)}"
    slowest = {
        name: max((_worst(times), question) for question, times in questions.items())
        for name, questions in looks.items()
    }
    told = "; ".join(f"{name}: {ms:.0f} ms, {what}" for name, (ms, what) in slowest.items())
    return [
        figure("query_ms_100k", round(worst, 2), "ms", "<= 100", 4 * CLIENTS, growth),
        figure(
            "clinic_ms_100k",
            round(max(ms for ms, _ in slowest.values()), 2),
            "ms",
            "<= 100",
            sum(len(times) for questions in looks.values() for times in questions.values()),
            f"each question of the clinic's page, 95 of 100 under; the slowest of each: {told}",
        ),
    ]
