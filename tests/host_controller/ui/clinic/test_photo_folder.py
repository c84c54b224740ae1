"""A photo is shown when a file has its hash, and never otherwise."""

import hashlib
import os
from pathlib import Path

import pytest

from host_controller import errors
from host_controller.ui.clinic import photo_folder
from host_controller.ui.clinic.folder_dialog import folders_in
from host_controller.ui.clinic.photo_folder import PhotoFolder


def put(path: Path, content: bytes, at: int = 1) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def photos(tmp_path: Path) -> PhotoFolder:
    (tmp_path / "photos").mkdir()
    found = PhotoFolder()
    found.choose(tmp_path / "photos")
    return found


def test_nothing_is_chosen_at_first() -> None:
    assert PhotoFolder().path is None
    assert PhotoFolder().find(["ab" * 32]) == {}


def test_the_choice_is_kept_for_the_next_start(photos: PhotoFolder, tmp_path: Path) -> None:
    assert PhotoFolder().path == tmp_path / "photos"
    (tmp_path / "photos").rmdir()
    assert PhotoFolder().path is None


def test_what_is_no_folder_is_refused(photos: PhotoFolder, tmp_path: Path) -> None:
    with pytest.raises(errors.UsageError, match="cannot be used for photos"):
        photos.choose(tmp_path / "elsewhere")
    assert photos.path == tmp_path / "photos"


def test_a_photo_is_found_by_its_hash_under_any_name(photos: PhotoFolder, tmp_path: Path) -> None:
    wanted = put(tmp_path / "photos/2026/may/renamed.JPG", b"first")
    put(tmp_path / "photos/other.jpg", b"second")
    found = photos.find([wanted, "00" * 32])
    assert found == {wanted: tmp_path / "photos/2026/may/renamed.JPG"}
    shown = photos.read(wanted)
    assert shown is not None
    assert (shown.content, shown.kind) == (b"first", "image/jpeg")


def test_an_edited_photo_is_not_shown(photos: PhotoFolder, tmp_path: Path) -> None:
    """Even when its size and its time are those of before."""
    file = tmp_path / "photos/a.png"
    wanted = put(file, b"as it was")
    assert photos.find([wanted]) == {wanted: file}
    put(file, b"as it wss")
    assert photos.read(wanted) is None


def test_only_what_was_searched_for_in_the_folder_is_served(
    photos: PhotoFolder, tmp_path: Path
) -> None:
    outside = put(tmp_path / "private.png", b"private")
    put(tmp_path / "photos/a.png", b"a")
    assert photos.find([outside]) == {}
    assert photos.read(outside) is None


def test_the_search_ends_with_the_last_that_is_wanted(photos: PhotoFolder, tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path / f"photos/{number}.jpg", b"%d" % number, at=number + 1)
    newest = hashlib.sha256(b"4").hexdigest()
    photos.find([newest])
    assert photos.looked_at == 1


def test_the_newest_come_first_and_other_files_not_at_all(
    photos: PhotoFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "photos/old.jpg", b"old", at=1)
    put(tmp_path / "photos/new.png", b"new", at=2)
    put(tmp_path / "photos/letter.pdf", b"letter", at=3)
    put(tmp_path / "photos/film.jpg", b"x" * 100, at=4)
    monkeypatch.setattr(photo_folder, "LARGEST_BYTES", 50)
    assert [path.name for path in photos.newest(9)] == ["new.png", "old.jpg"]
    assert [path.name for path in photos.newest(1)] == ["new.png"]


def test_a_photo_that_is_gone_is_an_error_with_its_name(
    photos: PhotoFolder, tmp_path: Path
) -> None:
    with pytest.raises(errors.UsageError, match=r"The photo a\.jpg cannot be read"):
        photos.hash_of(tmp_path / "photos/a.jpg")


def test_folders_to_choose_from_are_those_one_sees(tmp_path: Path) -> None:
    for name in ("b", "A", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").touch()
    assert [path.name for path in folders_in(tmp_path) if path.name != "photos"] == ["A", "b"]
    assert folders_in(tmp_path / "missing") == []
