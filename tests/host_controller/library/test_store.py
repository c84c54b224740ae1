"""The libraries of a computer: pushed whole, found again, and a change to a copy shows."""

import json
from datetime import date
from pathlib import Path

import pytest

from host_controller.library import life_file, store
from host_controller.library.failures import (
    LibraryEdited,
    LibraryStepRefused,
    LibraryUnreadable,
    NoSuchLibrary,
)
from tests.host_controller.library.small import TEXT, changed

TODAY = date(2026, 6, 1)


def released(path: Path, text: str = TEXT) -> Path:
    path.write_text(text, encoding="utf-8")
    for state in ("reviewed", "approved", "released"):
        life_file.take_step(path, state, "dr-02", TODAY)
    return path


def test_before_the_first_push_the_starter_is_in_force() -> None:
    assert store.in_force().library_id == "starter"
    (kept,) = store.all_kept()
    assert (kept.in_force, kept.library.state) == (True, "draft")


def test_a_pushed_library_is_in_force_and_kept(tmp_path: Path) -> None:
    first = store.put_in_force(released(tmp_path / "a.toml"), "np-07", TODAY)
    assert store.in_force().sha256 == first.sha256
    text = changed("version = 3", "version = 4", TEXT)
    second = store.put_in_force(released(tmp_path / "b.toml", text), "np-07", TODAY)
    assert store.in_force().version == 4
    assert [(k.library.version, k.in_force) for k in store.all_kept()] == [
        (1, False), (3, False), (4, True),
    ]  # fmt: skip
    assert store.by_hash(first.sha256).version == 3
    assert store.path_of("clinic") == store.path_of(second.tag)
    assert store.path_of(first.tag).name == f"clinic-3-{first.tag}.toml"
    assert store.path_of("starter") == store.SHIPPED


@pytest.mark.parametrize("steps", [(), ("reviewed",), ("reviewed", "approved")])
def test_only_what_is_released_is_put_in_force(tmp_path: Path, steps: tuple[str, ...]) -> None:
    path = tmp_path / "a.toml"
    path.write_text(TEXT)
    for state in steps:
        life_file.take_step(path, state, "dr-02", TODAY)
    with pytest.raises(LibraryStepRefused, match="only a released library"):
        store.put_in_force(path, "np-07", TODAY)
    assert store.in_force().library_id == "starter"


def test_a_copy_that_was_edited_is_not_used(tmp_path: Path) -> None:
    library = store.put_in_force(released(tmp_path / "a.toml"), "np-07", TODAY)
    copy = store.path_of(library.tag)
    text = copy.read_text()
    copy.write_text(changed("default = 0.80", "default = 0.90", text))
    with pytest.raises(LibraryEdited):
        store.in_force()
    # Even with a life that fits its new content it is not what was pushed.
    copy.write_text(changed("default = 0.80", "default = 0.90", text[: text.index("[[life]]")]))
    with pytest.raises(LibraryEdited, match="after it was pushed"):
        store.in_force()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"pushes": 3}', '{"pushes": [1]}'])
def test_a_damaged_list_of_pushes_is_told(tmp_path: Path, content: str) -> None:
    store.put_in_force(released(tmp_path / "a.toml"), "np-07", TODAY)
    (store.folder() / store.IN_FORCE).write_text(content)
    with pytest.raises(LibraryEdited, match="damaged"):
        store.in_force()


def test_a_copy_that_is_gone_is_told(tmp_path: Path) -> None:
    library = store.put_in_force(released(tmp_path / "a.toml"), "np-07", TODAY)
    store.path_of(library.tag).unlink()
    with pytest.raises(LibraryUnreadable):
        store.in_force()


def test_a_push_says_who_and_when(tmp_path: Path) -> None:
    store.put_in_force(released(tmp_path / "a.toml"), "np-07", TODAY)
    (push,) = json.loads((store.folder() / store.IN_FORCE).read_text())["pushes"]
    assert (push["by"], push["on"]) == ("np-07", "2026-06-01")


def test_a_library_that_was_retired_is_no_longer_in_force(tmp_path: Path) -> None:
    library = store.put_in_force(released(tmp_path / "a.toml"), "np-07", TODAY)
    assert not store.retire("0" * 64, TODAY)
    assert store.retire(library.sha256, TODAY)
    with pytest.raises(LibraryStepRefused, match="retired on 2026-06-01"):
        store.in_force()
    assert not any(kept.in_force for kept in store.all_kept())
    assert store.by_hash(library.sha256) == library  # old plans stay readable
    text = changed("version = 3", "version = 4", TEXT)
    assert store.put_in_force(released(tmp_path / "b.toml", text), "np-07", TODAY).version == 4
    assert store.in_force().version == 4


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(NoSuchLibrary):
        store.path_of("hospital")
    with pytest.raises(NoSuchLibrary):
        store.by_hash("0" * 64)
    assert store.path_of("mine.toml") == Path("mine.toml")
