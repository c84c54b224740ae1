"""The spool on the disk: appended, shared between programs, never rewritten, private."""

import multiprocessing
import os
from pathlib import Path

import pytest

from host_controller.records import chain
from host_controller.records.home import home
from host_controller.records.spool import Spool

ONE, TWO, THREE = ({"type": "arm", "a": number} for number in (1, 2, 3))


def append_many(folder: str, who: int) -> None:
    os.environ["PEN_DATA_DIR"] = folder
    for number in range(25):
        Spool(home()).append([{"type": "arm", "who": who, "number_of": number}])


def given(spool: Spool) -> list[int]:
    return [entry["a"] for entry in spool.entries() if "a" in entry]


def test_entries_follow_one_another_in_one_chain() -> None:
    spool = Spool(home())
    spool.append([ONE])
    head = spool.append([TWO, THREE])
    assert spool.head() == head
    assert [entry["type"] for entry in spool.entries()] == ["chain begins", "arm", "arm", "arm"]
    assert chain.verify(spool.lines())[::3] == (4, "")
    assert head.number == 4


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_the_folder_and_every_file_belong_to_the_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEN_DATA_DIR", str(tmp_path / "deep" / "folder"))
    Spool(home()).append([ONE])
    folder = tmp_path / "deep" / "folder"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_two_programs_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    folder = os.environ["PEN_DATA_DIR"]
    writers = [context.Process(target=append_many, args=(folder, who)) for who in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    verdict = chain.verify(Spool(home()).lines())
    assert (verdict.lines, verdict.reason) == (51, "")


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_line_cut_by_a_power_loss_is_kept_and_accounted_for(kept: int) -> None:
    spool = Spool(home())
    spool.append([ONE])
    spool.append([TWO])
    lines = spool.lines()
    spool.path.write_bytes(b"".join(lines[:-1]) + lines[-1][:kept])
    spool.append([THREE])
    assert chain.verify(spool.lines()).reason == ""
    assert spool.path.read_bytes().startswith(b"".join(lines[:-1]) + lines[-1][:kept])
    assert given(spool) == [1, 3]


def test_a_line_that_lost_only_its_newline_counts() -> None:
    spool = Spool(home())
    spool.append([ONE])
    spool.path.write_bytes(spool.path.read_bytes()[:-1])
    spool.append([TWO])
    assert given(spool) == [1, 2]
    assert chain.verify(spool.lines()).reason == ""


@pytest.mark.parametrize(
    ("number", "given_back"), [(0, [1, 2, 3]), (3, [2, 3]), (4, [3]), (9, [3])]
)
def test_only_what_is_new_is_read(number: int, given_back: list[int]) -> None:
    """Numbers 2 to 4 are the entries, 1 begins the chain."""
    spool = Spool(home())
    spool.append([ONE, TWO, THREE])
    assert [e["a"] for e in spool.entries_from(number) if "a" in e] == given_back


def test_trimming_leaves_the_head_and_the_chain_goes_on() -> None:
    spool = Spool(home())
    head = spool.append([ONE, TWO])
    assert spool.trim(head)
    assert given(spool) == [2]
    assert spool.append([THREE]).number == head.number + 1
    assert chain.verify(spool.lines()).reason == ""


def test_a_chain_that_begins_again_refers_to_the_one_before() -> None:
    spool = Spool(home())
    head = spool.append([ONE])
    spool.begin_again("spool and database differed")
    first = spool.entries()[0]
    assert (first["type"], first["after"]) == ("chain begins", list(head))
    assert first["writer"] != head.writer
    assert [path.name for path in spool.set_aside()] == [f"spool-{head.writer}.jsonl"]
