"""kill -9 at every write of a treatment, and a disk that fills up, on both databases.

Every system call that writes, in each thread that makes it, is a point once; runs overlap, since a
treatment at real pace mostly waits.
"""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from host_controller.records.home import home
from host_controller.records.store import Store
from tests.evidence.figure import figure
from tests.host_controller.records import killed
from tests.host_controller.records.killed import Found
from tests.postgres_server import Server, running

AT_ONCE = 4
TEMPLATE = "pen_template"
FULL_SIZES = (2600, 3000, 3400, 3800, 4200, 4600, 5000, 5400, 5800, 6200)  # bytes a file may have
ROOM_AGAIN_S = 1.8


class Point(NamedTuple):
    """One run: killed at a call or a time, or with files limited to a size for a while or ever."""

    database: str
    call: str
    number: int
    full_s: float = 0.0

    def held(self, found: Found) -> bool:
        """Whether the record is what it has to be after this."""
        if found.breaks or found.lost_s > 1.0:
            return False
        if self.call != "full":
            closed = found.outcome in ("interrupted", "complete")
            return closed or (not found.outcome and found.lost_s == 0)
        if found.ended == 1:
            return found.outcome == "complete"
        return found.ended == 2 and found.outcome in ("interrupted", "")


class Bed:
    """Where runs happen; both databases with their tables."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._folder = folder
        self._server = server
        self._runs = 0
        self._lock = threading.Lock()
        killed.prepared(folder / "prepared")
        server.sql(f"CREATE DATABASE {TEMPLATE}")
        Store.open(home(server.url(TEMPLATE))).close()

    def _place(self, database: str) -> tuple[Path, str]:
        with self._lock:
            self._runs += 1
            folder = self._folder / f"run-{self._runs}"
            if database == "sqlite":
                shutil.copytree(self._folder / "prepared", folder)
                return folder, ""
            return folder, self._server.fresh(TEMPLATE)

    def points(self) -> list[Point]:
        """Every point there is."""
        found = []
        for database in ("sqlite", "postgresql"):
            counts = killed.count_calls(*self._place(database))
            found += [
                Point(database, call, number)
                for call, most in counts.items()
                for number in range(1, most + 1)
            ]
            found += [
                Point(database, "full", size, seconds)
                for size in FULL_SIZES
                for seconds in (0.0, ROOM_AGAIN_S)
            ]
            found += [Point(database, "time", kill_ms) for kill_ms in range(0, 1600, 40)]
        return found

    def run(self, point: Point) -> Found:
        """One treatment."""
        folder, url = self._place(point.database)
        if point.call == "time":
            return killed.treat(folder, url, kill_ms=point.number)
        if point.call == "full":
            return killed.treat(folder, url, full_bytes=point.number, full_s=point.full_s)
        return killed.treat(folder, url, (point.call, point.number))


def _runs(bed: Bed, points: list[Point]) -> Iterator[tuple[Point, Found]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(points, pool.map(bed.run, points), strict=True)


def kill_points() -> list[dict[str, Any]]:
    """The figures `record_kill_points` and `record_lost_s_max`."""
    folder = Path(tempfile.mkdtemp(prefix="pen-kill-"))
    try:
        with running(durable=True) as server:
            bed = Bed(folder, server)
            points = bed.points()
            results = list(_runs(bed, points))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    held = sum(point.held(found) for point, found in results)
    wrong = [(point, found) for point, found in results if not point.held(found)]
    really = sum(found.killed for _, found in results)
    full = sum(point.call == "full" for point in points)
    note = (
        f"{really} runs ended by SIGKILL at a write, fsync, rename, unlink or send or in between, "
        f"{full} with a full disk (half of them for good), on SQLite and PostgreSQL; "
        "chain whole and record closed"
    )
    if wrong:
        note = f"first that did not: {wrong[0]}"
    lost = max(found.lost_s for _, found in results)
    told = "needle time that the record does not know; real pace, 4 programs on this machine"
    return [
        figure("record_kill_points", held, "points", f">= {len(points)}", len(points), note),
        figure("record_lost_s_max", round(lost, 3), "s", "<= 1.0", len(points), told),
    ]
