"""Changes behind the program's back, drawn at random: how many `verify` misses."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from host_controller.records import verify as verifying
from host_controller.records.home import VARIABLE, home
from host_controller.records.store import Store
from tests.evidence.figure import figure
from tests.host_controller.records import tampering
from tests.host_controller.records.test_verify import fill, seen_by_verify
from tests.postgres_server import running

EACH = 1000  # tries on each database
SEED = 5


@contextmanager
def _stores() -> Iterator[Iterator[tuple[Store, pytest.MonkeyPatch]]]:
    folder = Path(tempfile.mkdtemp(prefix="pen-tamper-"))

    def each(urls: dict[str, str]) -> Iterator[tuple[Store, pytest.MonkeyPatch]]:
        for name, url in urls.items():
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PEN_DATA_DIR", str(folder / name))
                patch.setenv(VARIABLE, url)
                store = Store.open(home())
                fill(store, patch)
                yield store, patch
                store.close()

    try:
        with running() as server:
            yield each({"sqlite": "", "postgresql": server.fresh()})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _try(rng: random.Random, store: Store, patch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    tried, missed = 0, []
    with seen_by_verify(store, patch) as connection:
        while tried < EACH:
            kind, table = rng.choice(tampering.KINDS), rng.choice(tampering.TABLES)
            point = connection.begin_nested()
            done = tampering.tamper(rng, connection, kind, table)
            if done is not None:
                tried += 1
                breaks = verifying.verify(store).breaks
                named = breaks[0].place if breaks and done.table == "entry" else str(breaks)
                if not any(place in named for place in done.places):
                    missed.append(f"{done} -> {breaks[:1]}")
            point.rollback()
    return tried, missed


def tampers() -> list[dict[str, Any]]:
    """The figures `tampers_tried` and `tampers_missed`."""
    rng = random.Random(SEED)
    tried, missed = 0, []
    with _stores() as stores:
        for store, patch in stores:
            count, found = _try(rng, store, patch)
            tried += count
            missed += found
    kinds = ", ".join(tampering.KINDS)
    note = f"{kinds} in {len(tampering.TABLES)} tables, SQLite and PostgreSQL alike; seed {SEED}"
    what = missed[0] if missed else "found, and the first break named"
    return [
        figure("tampers_tried", tried, "changes", f">= {2 * EACH}", tried, note),
        figure("tampers_missed", len(missed), "changes", "== 0", tried, what),
    ]
