"""Eight programs on two laptops record into one database at once; what came of it."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from host_controller.records import queries, schema
from host_controller.records.home import home
from host_controller.records.store import Store
from host_controller.records.verify import verify
from tests.host_controller.records.killed import REPOSITORY, environment
from tests.host_controller.records.made_up import treatment

LAPTOPS, PROGRAMS = 2, 4  # of each laptop


class Came(NamedTuple):
    """`lost` and `doubled` count entries."""

    sessions: int
    entries: int
    lost: int
    doubled: int
    chains: int
    references: int  # to heads of other chains: what is proved to come before what
    breaks: list[str]
    err: str


def run(folder: Path, database_url: str, each: int, samples: int = 4) -> Came:
    """`each` treatments by each of eight programs."""
    started = []
    for program in range(LAPTOPS * PROGRAMS):
        laptop = folder / f"laptop-{program % LAPTOPS}"
        laptop.mkdir(parents=True, exist_ok=True)
        words = [str(1 + program * each), str(each), str(samples)]
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.host_controller.records.writing", *words],
                cwd=REPOSITORY, env=environment(laptop, database_url),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
    told = [program.communicate(timeout=240) for program in started]
    err = "".join(pair[1] for pair in told)
    record_ids = [line for pair in told for line in pair[0].split()]
    return _count(database_url, record_ids, samples, err)


def _count(database_url: str, record_ids: list[str], samples: int, err: str) -> Came:
    expected = len(treatment("x", samples=samples))
    table = schema.entry
    store = Store.open(home(database_url))
    try:
        with store.reading() as connection:
            rows = connection.execute(
                select(table.c.record_id, func.count()).group_by(table.c.record_id)
            ).all()
            found = {str(row[0]): int(row[1]) for row in rows if row[0]}
            distinct = select(func.count(func.distinct(table.c.line)))
            lines = int(connection.execute(select(func.count(table.c.line))).scalar_one())
            different = int(connection.execute(distinct).scalar_one())
        report = verify(store)
        references = sum(
            head[0] != entry["writer"]
            for record_id in record_ids
            for entry in queries.entries(store, record_id)
            for head in entry.get("seen", [])
        )
    finally:
        store.close()
    lost = sum(max(0, expected - found.get(record_id, 0)) for record_id in record_ids)
    extra = sum(max(0, found[record_id] - expected) for record_id in found)
    breaks = [f"{one.place}: {one.reason}" for one in report.breaks]
    return Came(len(record_ids), sum(found.values()), lost, extra + lines - different,
                len(report.heads), references, breaks, err)  # fmt: skip
