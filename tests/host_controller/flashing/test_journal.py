"""An update under way is on disk, whole or not at all, with everything it needs to go on."""

import dataclasses
from pathlib import Path

import pytest

from host_controller.flashing import image_file, journal
from host_controller.flashing.failures import BackupFailed
from host_controller.flashing.image_file import ImageFile
from tests.host_controller.flashing import images

UPDATE = journal.Update(
    "0011", "socket://x:1", journal.ASKED, "0.1.0", "aa", "0.2.0", "bb", "/b", "2026-01-02"
)


@pytest.fixture
def image(tmp_path: Path) -> ImageFile:
    return image_file.load(images.firmware_file(tmp_path))


def test_what_was_begun_is_found_with_its_firmware(image: ImageFile) -> None:
    journal.begin(UPDATE, image)
    assert journal.unfinished() == [UPDATE]
    image.path.unlink()  # whoever flashed it may remove the file
    assert journal.firmware_of(UPDATE).data == image.data


def test_a_step_is_written_down(image: ImageFile) -> None:
    journal.begin(UPDATE, image)
    journal.step(UPDATE, journal.WRITING)
    assert [update.step for update in journal.unfinished()] == ["writing"]


def test_what_has_ended_leaves_nothing(image: ImageFile, folders: Path) -> None:
    journal.begin(UPDATE, image)
    journal.end(UPDATE)
    journal.end(UPDATE)
    assert journal.unfinished() == []
    assert list((folders / "data" / "updates").iterdir()) == []


def test_several_pens_the_oldest_first(image: ImageFile) -> None:
    later = dataclasses.replace(UPDATE, serial="0022", begun="2026-01-03")
    journal.begin(later, image)
    journal.begin(UPDATE, image)
    assert [update.serial for update in journal.unfinished()] == ["0011", "0022"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "pen.update/1"}', "null"])
def test_a_damaged_file_is_no_update(text: str, image: ImageFile) -> None:
    journal.begin(UPDATE, image)
    (journal.folder() / "0033.json").write_text(text)
    assert journal.unfinished() == [UPDATE]


def test_a_folder_that_cannot_be_written(
    image: ImageFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("PEN_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(BackupFailed):
        journal.begin(UPDATE, image)
