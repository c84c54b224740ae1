"""How long a client's list and the proposal of the next session take with 100 000 sessions."""

import os
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from host_controller.courses.following import following
from host_controller.library import reader
from host_controller.library.library import Library
from host_controller.records import queries
from host_controller.records.home import home
from host_controller.records.store import Store
from host_controller.records.verify import verify
from tests.evidence.figure import figure
from tests.evidence.many_sessions import client_of, fill
from tests.postgres_server import running

SIZES = (1_000, 10_000, 100_000)
CLIENTS = 200  # asked for, at random
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


Times = dict[int, tuple[list[float], list[float]]]


def _grow(stores: dict[str, Store], library: Library) -> dict[str, Times]:
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
    return found


def _worst(times_ms: list[float]) -> float:
    """What 95 of 100 stay under: the machine is busy with other things too."""
    return statistics.quantiles(times_ms, n=20)[-1]


def queries_100k() -> list[dict[str, Any]]:
    """The figure `query_ms_100k`."""
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
                found = _grow(stores, library)
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
    return [figure("query_ms_100k", round(worst, 2), "ms", "<= 100", 4 * CLIENTS, growth)]
