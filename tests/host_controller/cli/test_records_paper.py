"""`pen records report|aftercare|fhir|quality`: files that appear once, and figures of a month."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from host_controller.records.home import home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.cli.conftest import Run
from tests.host_controller.records.made_up import DAY, treatment

RECORD = "20260302-090000-aaaaaa"


def stored(record_id: str, at: datetime = DAY, **changes: object) -> None:
    store = Store.open(home())
    Spool(store.home).append(treatment(record_id, at, **changes))  # type: ignore[arg-type]
    merge(store)
    store.close()


@pytest.fixture
def kept(folders: Path) -> Path:
    """A store with one treatment, on SQLite."""
    stored(RECORD)
    return folders


@pytest.mark.parametrize(
    ("command", "option", "begins"),
    [("report", "--pdf", b"%PDF"), ("aftercare", "--pdf", b"%PDF"), ("fhir", "--to", b"{")],
)
def test_a_file_is_written_once(
    pen: Run, kept: Path, tmp_path: Path, command: str, option: str, begins: bytes
) -> None:
    to = tmp_path / "out"
    assert pen("records", command, "20260302", option, str(to)).code == 0
    first = to.read_bytes()
    assert first.startswith(begins)
    again = pen("records", command, "20260302", option, str(to))
    assert again.code == 1
    assert "E152" in again.err
    assert to.read_bytes() == first


def test_the_file_is_named_after_the_record(
    pen: Run, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("report", "aftercare", "fhir"):
        assert pen("records", command, RECORD).code == 0
    assert sorted(path.name for path in tmp_path.glob(f"{RECORD}*")) == sorted(
        (f"{RECORD}.pdf", f"{RECORD}-aftercare.pdf", f"{RECORD}.fhir.json")
    )


def test_an_unknown_record_and_a_missing_folder_are_told(
    pen: Run, kept: Path, tmp_path: Path
) -> None:
    assert "E1" in pen("records", "report", "2031").err
    told = pen("records", "report", RECORD, "--pdf", str(tmp_path / "no" / "x.pdf"))
    assert told.code == 1
    assert "cannot be written" in told.err


def test_a_clinic_edits_the_shipped_texts(pen: Run, kept: Path, tmp_path: Path) -> None:
    shown = pen("records", "aftercare", "--show-texts")
    own = tmp_path / "own.toml"
    own.write_text(shown.out.replace("After your treatment", "At home"), encoding="utf-8")
    to = tmp_path / "leaflet.pdf"
    assert pen("records", "aftercare", RECORD, "--texts", str(own), "--pdf", str(to)).code == 0
    own.write_text("title =", encoding="utf-8")
    wrong = pen("records", "aftercare", RECORD, "--texts", str(own))
    assert wrong.code == 2
    assert "E151" in wrong.err
    assert pen("records", "aftercare", RECORD, "--texts", str(tmp_path / "none")).code == 2
    assert pen("records", "aftercare", RECORD, "--next", "soon").code != 0


def test_a_month_in_figures(pen: Run, kept: Path) -> None:
    month = f"{DAY:%Y-%m}"
    found = pen("--json", "records", "quality", "--month", month).object
    assert found["sessions"] == 1
    assert found["zones"] == 3
    assert found["share_in_library"] == pytest.approx(2 / 3)  # the cheek was overridden
    text = pen("records", "quality", "--month", month).out
    assert "67%" in text
    assert "cheek" in text
    assert pen("--json", "records", "quality", "--month", "2026-12").object["sessions"] == 0


def test_the_turn_of_a_year_is_no_gap(pen: Run, folders: Path) -> None:
    stored("20261231-235959-aaaaaa", DAY.replace(month=12, day=31, hour=23, minute=59))
    assert pen("--json", "records", "quality", "--month", "2026-12").object["sessions"] == 1
    assert pen("--json", "records", "quality", "--month", "2027-01").object["sessions"] == 0


@pytest.mark.parametrize("month", ["nov", "2026", "2026-13", "2026-11-22", ""])
def test_what_is_no_month_is_refused(pen: Run, kept: Path, month: str) -> None:
    told = pen("records", "quality", "--month", month) if month else pen("records", "quality", "x")
    assert told.code == 2


def test_simulated_records_count_when_asked_for(pen: Run, folders: Path) -> None:
    stored(RECORD, simulated="cpython")
    arguments = ("--json", "records", "quality", "--month", f"{DAY:%Y-%m}")
    assert pen(*arguments).object["sessions"] == 0
    assert pen(*arguments, "--simulated").object["sessions"] == 1


def test_the_bundle_is_that_of_the_record(pen: Run, kept: Path, tmp_path: Path) -> None:
    to = tmp_path / "bundle.json"
    pen("records", "fhir", RECORD, "--to", str(to))
    assert json.loads(to.read_text())["identifier"]["value"] == RECORD
