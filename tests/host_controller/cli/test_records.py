"""`pen records` as a person uses it: list, show, verify, export, close the day, correct."""

import csv
import io
import json
from pathlib import Path

import pytest

from host_controller.records.home import home
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.cli.conftest import Run
from tests.host_controller.records.made_up import DAY, treatment

ONE, TWO = "20260302-090000-0a0b0c", "20260302-100000-0d0e0f"


@pytest.fixture
def two() -> None:
    """Two records on their way into the database."""
    Spool(home()).append(treatment(ONE, DAY, client="C-0042"))
    Spool(home()).append(treatment(TWO, DAY, client="C-0043", session_id=8, simulated="cpython"))


def test_an_empty_store_says_how_records_come(pen: Run) -> None:
    assert "pen treat" in pen("records").out
    assert pen("records", "--json").object == {"schema": "pen.records/1", "records": []}
    assert "whole: 0 entries" in pen("records", "verify").out


@pytest.mark.usefixtures("two")
def test_records_are_listed_and_shown(pen: Run) -> None:
    listed = pen("records")
    assert listed.out.index(ONE) < listed.out.index(TWO)  # the newest is at the end
    assert "complete (simulated)" in listed.out
    mine = pen("records", "list", "--client", "C-0042", "--json").object["records"]
    assert [row["record_id"] for row in mine] == [ONE]
    assert mine[0]["zones"] == ["forehead", "cheek", "nose"]
    shown = pen("records", "show", "20260302-09").out
    for words in ("C-0042", "1.00 mm", "110 Hz", "300/cm²", "scar, approved by dr-03", "head "):
        assert words in shown
    assert "SIMULATED" not in shown
    assert pen("records", "show", TWO).out.startswith("SIMULATED (cpython)")
    found = pen("records", "show", ONE, "--json").object
    assert found["schema"] == "pen.records.session/1"
    assert found["zones"][1]["depth_um_mean"] == 1000
    raw = pen("records", "show", ONE, "--entries").out.splitlines()
    assert json.loads(raw[0])["entry"]["type"] == "begin"


@pytest.mark.usefixtures("two")
def test_a_record_that_is_not_there(pen: Run) -> None:
    for result in (pen("records", "show", "nope"), pen("records", "show", "20260302")):
        assert result.code == 1
        assert "error E142" in result.err
        assert "next:" in result.err


@pytest.mark.usefixtures("two")
def test_an_export_holds_every_zone_once(pen: Run, tmp_path: Path) -> None:
    table, lines = tmp_path / "zones.csv", tmp_path / "records.jsonl"
    assert pen("records", "export", "--csv", str(table), "--to", str(lines)).code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [(row["record_id"], row["zone"]) for row in rows] == [
        (record_id, zone) for record_id in (ONE, TWO) for zone in ("forehead", "cheek", "nose")
    ]
    assert (rows[1]["depth_um_set"], rows[1]["depth_um_mean"], rows[1]["lot"]) == (
        "1000",
        "1000",
        "L2409",
    )
    objects = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [found["record_id"] for found in objects] == [ONE, TWO]
    assert objects[0]["begun"] == "2026-03-02T09:00:00.000+00:00"
    again = pen("records", "export", "--csv", str(table))
    assert (again.code, "Nothing is overwritten" in again.err) == (2, True)


@pytest.mark.usefixtures("two")
def test_an_export_can_leave_out_who(pen: Run) -> None:
    plain = pen("records", "export").out
    assert "C-0042" in plain
    bare = pen("records", "export", "--redact").out
    for word in ("C-0042", "C-0043", "np-07", "dr-03"):
        assert word not in bare
    assert ONE in bare


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--since", "2026-03-02"), 2),
        (("--until", "2026-03-01"), 0),
        (("--since", "2026-03-02", "--until", "2026-03-02"), 2),
        ((ONE,), 1),
    ],
)
def test_an_export_of_a_period(pen: Run, options: tuple[str, ...], count: int) -> None:
    assert len(pen("records", "export", *options).out.splitlines()) == count


@pytest.mark.parametrize(
    "options", [("--since", "yesterday"), ("--since", "2026-03-02", "--until", "2026-03-01")]
)
def test_a_period_that_cannot_be_meant(pen: Run, options: tuple[str, ...]) -> None:
    result = pen("records", "export", *options)
    assert (result.code, "error E148" in result.err) == (2, True)


@pytest.mark.usefixtures("two")
def test_a_closed_day_keeps_heads_that_show_a_cut(pen: Run, tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere"
    closed = pen("records", "close-day", "--to", str(kept))
    assert closed.code == 0
    assert "away from this computer" in closed.out
    assert pen("records", "verify", "--heads", str(kept)).code == 0
    for path in home().folder.iterdir():  # the computer is lost with all that is on it
        if path.is_file():
            path.unlink()
    assert pen("records", "verify").code == 0
    result = pen("records", "verify", "--heads", str(kept))
    assert (result.code, "error E140" in result.err) == (8, True)
    assert "a head kept elsewhere" in result.err
    assert pen("records", "verify", "--heads", str(kept), "--json").code == 8


@pytest.mark.usefixtures("two")
def test_a_changed_entry_is_named(pen: Run) -> None:
    assert pen("records", "verify").code == 0
    store = Store.open()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_no_update")
        connection.exec_driver_sql(
            "UPDATE entry SET line = replace(line, 'C-0042', 'C-0099') WHERE type = 'begin'"
        )
    store.close()
    result = pen("records", "verify")
    assert result.code == 8
    assert f"(record {ONE}, begin): was changed" in result.err
    assert pen("records", "show", ONE).code == 8


@pytest.mark.usefixtures("two")
def test_a_correction_is_appended(pen: Run) -> None:
    arguments = ("records", "correct", "20260302-09", "client", "C-0050", "--reason",
                 "wrong client")  # fmt: skip
    missing = pen(*arguments)
    assert (missing.code, "--by STAFF-CODE" in missing.err) == (2, True)
    assert pen(*arguments, "--by", "np-07").code == 0
    assert "C-0042 -> C-0050" in pen("records", "show", ONE).out
    assert pen("records", "verify").code == 0
    assert pen(*arguments[:4], "Anna Schmidt", *arguments[5:], "--by", "np-07").code == 2


@pytest.mark.usefixtures("two")
def test_merge_leaves_the_head_alone_in_the_spool(pen: Run) -> None:
    assert pen("records", "merge").code == 0
    assert len(Spool(home()).lines()) == 1
    assert pen("records", "verify").code == 0


def test_a_database_that_cannot_be_reached_is_told(
    pen: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEN_DATABASE_URL", "postgresql://pen@127.0.0.1:1/clinic")
    result = pen("records")
    assert result.code == 1
    assert "error E144" in result.err
    assert "next:" in result.err


def test_records_of_another_database_are_taken_over(pen: Run, tmp_path: Path) -> None:
    missing = pen("records", "take-over", f"sqlite:///{tmp_path}/none.sqlite")
    assert (missing.code, "There is no file" in missing.err) == (2, True)
    other = home(f"sqlite:///{tmp_path}/other.sqlite")
    Store.open(other).close()
    result = pen("records", "take-over", other.url)
    assert (result.code, "0 entries were new" in result.err) == (0, True)
