"""The journal on the disk: appended, shared, never rewritten, free of names."""

import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from host_controller import errors
from host_controller.records.journal import Journal, TreatmentRecord, pseudonym


def append_many(folder: str, who: int) -> None:
    journal = Journal(Path(folder))
    for number in range(25):
        journal.append({"who": who, "number": number})


def test_a_record_is_readable_and_chained(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    record = TreatmentRecord(journal, datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    record.add("begin", client="C-0042")
    record.add("end", outcome="complete")
    assert record.record_id.startswith("20261122-170000-")
    entries = journal.entries()
    assert [entry["type"] for entry in entries] == ["begin", "end"]
    assert entries[1]["previous"] == entries[0]["hash"]
    verdict = journal.verify()
    assert (verdict.lines, verdict.head, verdict.reason) == (2, record.head, "")


def test_the_file_belongs_to_the_user_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "folder")
    journal.append({"a": 1})
    if os.name == "posix":
        assert journal.path.stat().st_mode & 0o777 == 0o600


def test_two_programs_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(str(tmp_path), who)) for who in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verdict = Journal(tmp_path).verify()
    assert (verdict.lines, verdict.reason) == (50, "")


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_line_cut_by_a_power_loss_is_kept_and_accounted_for(tmp_path: Path, kept: int) -> None:
    journal = Journal(tmp_path)
    journal.append({"a": 1})
    journal.append({"a": 2})
    lines = journal.lines()
    journal.path.write_bytes(lines[0] + lines[1][:kept])
    journal.append({"a": 3})
    verdict = journal.verify()
    assert verdict.reason == ""
    assert journal.path.read_bytes().startswith(lines[0] + lines[1][:kept])
    assert journal.entries()[-1]["a"] == 3


def test_a_line_that_lost_only_its_newline_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append({"a": 1})
    journal.path.write_bytes(journal.path.read_bytes()[:-1])
    journal.append({"a": 2})
    assert [entry["a"] for entry in journal.entries()] == [1, 2]
    assert journal.verify().reason == ""


def test_a_folder_that_cannot_be_written_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.RecordUnwritable) as caught:
        Journal(tmp_path / "file").append({"a": 1})
    assert "PEN_DATA_DIR" in caught.value.next_step


@pytest.mark.parametrize("text", ["C-0042", "np_07", "7"])
def test_numbers_and_codes_are_taken(text: str) -> None:
    assert pseudonym(text, "a client number") == text


@pytest.mark.parametrize(
    "text", ["Anna Schmidt", "anna@clinic.example", "", "x" * 33, "Änne", "-x", "a\n"]
)
def test_what_looks_like_a_name_is_refused(text: str) -> None:
    with pytest.raises(errors.UsageError, match="cannot be used as a client number"):
        pseudonym(text, "a client number")
