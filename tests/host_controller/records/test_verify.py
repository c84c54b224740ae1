"""Whatever is changed behind the program's back is found, and the first break is named."""

import contextlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table

from host_controller.records import heads, notes
from host_controller.records.home import Home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.records.verify import Report, verify
from tests.host_controller.records import tampering
from tests.host_controller.records.made_up import DAY, treatment, usage


def fill(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three chains that have seen one another, corrections, scores, a pen's log, a closed day."""
    for number, tag in enumerate(("aaaaaa", "bbbbbb", "")):
        with monkeypatch.context() as patch:
            if tag:
                patch.setattr("host_controller.records.spool.computer_tag", lambda _, tag=tag: tag)
            seen = [list(head) for head in store.heads().values()]
            for again in range(2):
                at = DAY + timedelta(days=10 * number + again)
                session_id = 10 * number + again + 1
                entries = treatment(f"r{number}{again}", at, seen=seen, session_id=session_id)
                event = {"type": "pen log", "pen": "PEN00001", "log": "usage",
                         "pen_number": session_id, "time": entries[0]["time"], "record_id": "",
                         "body": usage(session_id, "nose")}  # fmt: skip
                Spool(store.home).append([*entries, event])
            merge(store)
    notes.correct(store, "r10", "client", "C-0043", "wrong client", "np-07")
    for grade in (3, 2):
        notes.score(store, "C-0042", "acne-scars", grade, DAY.date(), "np-07", "r00", ["ab" * 32])
    notes.calibrated(store, "PEN00001", "np-07", -35, 4)
    heads.close_day(store, "2026-03-02")
    confirmed = merge(store)
    assert confirmed is not None
    Spool(store.home).trim(confirmed)


@contextlib.contextmanager
def seen_by_verify(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A transaction that verify reads in, rolled back at the end."""
    with store.engine.connect() as connection:
        transaction = connection.begin()
        tampering.open_to_changes(connection)

        @contextlib.contextmanager
        def same() -> Iterator[Connection]:
            yield connection

        with monkeypatch.context() as patch:
            patch.setattr(store, "reading", same)
            yield connection
        transaction.rollback()


def test_what_nobody_touched_is_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert verify(store) == Report()
    fill(store, monkeypatch)
    report = verify(store)
    assert report.breaks == []
    assert (len(report.heads), report.waiting) == (3, 0)
    assert report.entries == sum(head.number for head in report.heads)


@pytest.mark.slow
@pytest.mark.parametrize("kind", tampering.KINDS)
def test_every_change_is_found_and_the_first_break_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch, rng: random.Random, kind: str
) -> None:
    fill(store, monkeypatch)
    tables: tuple[Table, ...] = tampering.TABLES if kind not in ("forge", "truncate") else (
        tampering.TABLES[0],
    )  # fmt: skip
    done = 0
    with seen_by_verify(store, monkeypatch) as connection:
        for table in tables:
            for _ in range(4 if len(tables) > 1 else 12):
                point = connection.begin_nested()
                what = tampering.tamper(rng, connection, kind, table)
                if what is not None:
                    done += 1
                    breaks = verify(store).breaks
                    assert breaks, what
                    named = breaks[0].place if table.name == "entry" else str(breaks)
                    assert any(name in named for name in what.places), (what, breaks[:3])
                point.rollback()
        assert verify(store).breaks == []
    assert done >= 6


def test_a_whole_database_exchanged_for_an_empty_one_is_found(
    where: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(where)
    fill(store, monkeypatch)
    kept = heads.close_day(store, "2026-03-03").heads
    with seen_by_verify(store, monkeypatch) as connection:
        for table in tampering.TABLES:
            connection.execute(table.delete())
        report = verify(store)
        assert len(report.breaks) >= 3
        (where.folder / "heads.jsonl").unlink()
        Spool(where).path.unlink()  # this computer is new as well
        assert verify(store).breaks == []  # nothing is left that could know
        found = verify(store, kept)  # but what was kept elsewhere does
        assert all("a head kept elsewhere" in one.reason for one in found.breaks)
        assert len(found.breaks) == 3
    store.close()


def test_a_changed_spool_is_found(store: Store) -> None:
    spool = Spool(store.home)
    spool.append(treatment("r1"))
    spool.path.write_bytes(spool.path.read_bytes().replace(b"C-0042", b"C-0043"))
    assert "spool.jsonl" in verify(store).breaks[0].place


def test_heads_that_cannot_be_read_are_a_mistake_of_usage(tmp_path: Path) -> None:
    from host_controller import errors

    for content in ("", "{}", "[1]", '{"day": "x", "heads": [["a", 1, "zz"]]}'):
        (tmp_path / "heads").write_text(content + "\n")
        if content:
            with pytest.raises(errors.UsageError, match="cannot be read as heads"):
                heads.heads_in(tmp_path / "heads")
