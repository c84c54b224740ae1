"""Questions are answered by an index, and what a client had is told rightly."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects import sqlite

from host_controller import errors
from host_controller.records import courses_due, fleet, month, notes, queries, schema, search
from host_controller.records.home import home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.records.made_up import DAY, treatment
from tests.postgres_server import Server

SPAN = ("2026-01-01", "2026-02-01")
ALL: dict[str, Select[Any]] = {
    "newest": queries.newest(20),
    "of_client": queries.of_client("C-0042", 20),
    "between": queries.between("2026-01-01", "2026-01-02"),
    "zones_of": queries.zones_of(["r1", "r2"]),
    "scores_of": queries.scores_of("C-0042"),
    "lines_of": queries.lines_of("r1"),
    "use_of": queries.use_of("01020304"),
    "pen_events_of": queries.pen_events_of("PEN00001", 7),
    "begun_with": queries.begun_with("20260302"),
    "last_treated": courses_due.last_treated(*SPAN, 100),
    "last_treated_of_a_concern": courses_due.last_treated(*SPAN, 100, concern="wrinkles"),
    "next_pen": fleet.next_pen("PEN00001"),
    "next_calibrated": fleet.next_pen("PEN00001", schema.calibration),
    "last_of_pen": fleet.last_of("PEN00001"),
    "begin_of": queries.begin_of("r1"),
    "calibration_of": fleet.calibration_of("PEN00001"),
    "faults_of": fleet.faults_of("PEN00001"),
    "fault_numbered": fleet.fault_numbered("PEN00001", 3),
    "needles_of": fleet.needles_of("PEN00001", "2026"),
    "month_unclosed": month.unclosed(SPAN, simulated=False),
    "month_ends": month.ends(SPAN, simulated=False),
    "month_zones": month.zones(SPAN, simulated=False),
    "known_of": queries.known_of(["C-1", "C_1"]),
    "found_records": search.records("20260302-09"),
    "found_begun": search.begun(*SPAN),
    "found_of_pen": search.of_pen("PEN00001"),
    "month_events": month.events(SPAN, simulated=False),
}
# What is made within one question and walked through: a page of sessions, a month of them.
OWN = ("anon_1", "anon_2", "(subquery-1)", "(subquery-2)", "(subquery-3)", "(subquery-4)")
SORTED = ("scores_of", "needles_of")  # few rows, or what was just made


def sql(store: Store, wanted: Select[Any]) -> str:
    return str(wanted.compile(store.engine, compile_kwargs={"literal_binds": True}))


@pytest.mark.parametrize("name", ALL)
def test_sqlite_reads_no_table_from_end_to_end(name: str, folders: object) -> None:
    store = Store.open(home())
    literal = ALL[name].compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with store.reading() as connection:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {literal}")).all()
    store.close()
    plan = [row[3] for row in rows]
    assert any("USING INDEX" in line or "USING COVERING INDEX" in line for line in plan), plan
    scans = [line for line in plan if line.startswith("SCAN") and line.split()[1] not in OWN]
    assert scans == (["SCAN session USING INDEX session_by_time"] if name == "newest" else [])
    assert not any("TEMP B-TREE FOR ORDER BY" in line for line in plan if name not in SORTED)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ALL)
def test_postgresql_has_an_index_for_every_question(
    name: str, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With sequential scans forbidden where anything else is possible, none is left."""
    store = Store.open(home(postgres.url("pen_template")))
    with store.reading() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        rows = connection.execute(text(f"EXPLAIN {sql(store, ALL[name])}")).all()
    store.close()
    plan = "\n".join(row[0] for row in rows)
    assert "Seq Scan" not in plan, plan
    assert "Index" in plan, plan


def test_a_clients_history_leaves_out_what_was_none(store: Store) -> None:
    spool = Spool(store.home)
    for number in range(4):
        spool.append(
            treatment(
                f"r{number}",
                DAY + timedelta(days=30 * number),
                session_id=number + 1,
                simulated="cpython" if number == 1 else "",
                demo=number == 2,
            )
        )
    merge(store)
    notes.score(store, "C-0042", "acne-scars", 2, DAY.date(), "np-07", "r0", ["ab" * 32])
    found = queries.history(store, "C-0042")
    assert [session.record_id for session in found.sessions] == ["r3", "r0"]
    last = found.sessions[0]
    assert (last.concern, last.outcome, last.begun) == (
        "acne-scars",
        "complete",
        DAY + timedelta(days=90),
    )
    assert [(zone.zone, zone.depth_um, zone.punctures_per_cm2) for zone in last.zones] == [
        ("forehead", 500, 300),
        ("cheek", 1000, 300),
        ("nose", 250, 300),
    ]
    assert last.zones[1].override_reason == "scar"
    assert [(score.grade, score.before_sha256) for score in found.scores] == [(2, ("ab" * 32,))]
    assert queries.history(store, "C-0001").sessions == ()


@pytest.mark.parametrize("typed", ["C0042", "C_0042"])
def test_a_number_that_is_known_with_another_mark_is_not_a_new_client(
    store: Store, typed: str
) -> None:
    """One person under two numbers would have two histories, and skin that rested twice."""
    Spool(store.home).append(treatment("r1", client="C-0042"))
    merge(store)
    with pytest.raises(errors.UsageError, match=f"{typed} has no record here, but C-0042 has"):
        queries.must_be_spelled_as_before(store, queries.history(store, typed))
    for client in ("C-0042", "C-0043", "42", "D-0042"):
        queries.must_be_spelled_as_before(store, queries.history(store, client))


def test_the_last_session_of_each_client_is_found_for_the_due_list(store: Store) -> None:
    spool = Spool(store.home)
    for number, client in enumerate(("C-1", "C-2", "C-1", "")):
        at = DAY + timedelta(days=number)
        spool.append(treatment(f"r{number}", at, client=client, session_id=number + 1))
    merge(store)
    found = courses_due.last_sessions(store, DAY)
    assert [(client, session.record_id) for client, session in found] == [
        ("C-1", "r2"),
        ("C-2", "r1"),
    ]
