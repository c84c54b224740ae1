"""A held file is held by one, also when the one before lets go in the very moment."""

import threading
from pathlib import Path
from typing import IO

import pytest

from host_controller.records import file_lock
from host_controller.records.file_lock import HeldFile


def test_one_holds_and_the_next_may_after_it(tmp_path: Path) -> None:
    first = HeldFile(tmp_path / "x.lock")
    with pytest.raises(BlockingIOError):
        HeldFile(tmp_path / "x.lock")
    first.release()
    HeldFile(tmp_path / "x.lock").release()
    assert list(tmp_path.iterdir()) == []


def test_a_file_removed_between_opening_and_locking_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise two programs hold one record, and one closes it while the other still writes."""
    path = tmp_path / "x.lock"
    before = HeldFile(path)
    opened: list[int] = []
    plain_open = file_lock._open

    def let_go_after_opening(name: Path) -> IO[bytes]:
        stream = plain_open(name)
        if not opened:
            before.release()
        opened.append(stream.fileno())
        return stream

    monkeypatch.setattr(file_lock, "_open", let_go_after_opening)
    held = HeldFile(path)
    assert path.exists()
    with pytest.raises(BlockingIOError):
        HeldFile(path)
    held.release()


def test_who_waits_gets_it_when_the_other_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    before = HeldFile(path)
    got: list[HeldFile] = []
    waiting = threading.Thread(target=lambda: got.append(HeldFile(path, wait=True)))
    waiting.start()
    before.release()
    waiting.join(10)
    assert path.exists()
    with pytest.raises(BlockingIOError):
        HeldFile(path)
    got[0].release()
