"""What flashing needs: each outcome has its reason and, where one is needed, a next step."""

from pathlib import Path

import pytest

from host_controller.diagnosis import flashing
from host_controller.diagnosis.check import OK, SKIPPED, WARNING
from host_controller.flashing import boot_disk, image_file, journal
from tests.host_controller.flashing import images


@pytest.fixture(autouse=True)
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_disk, "unmounted", lambda: "")
    monkeypatch.setattr(boot_disk, "mounted", list)


def test_nothing_under_way() -> None:
    assert [flashing.unfinished_update().outcome, flashing.waiting_disk().outcome] == [OK, OK]


def test_an_unfinished_update_is_told_with_its_pen(tmp_path: Path) -> None:
    image = image_file.load(images.firmware_file(tmp_path))
    update = journal.Update("0011", "", journal.WRITING, "0.1.0", "", "0.2.0", "", "", "2026")
    journal.begin(update, image)
    check = flashing.unfinished_update()
    assert (check.outcome, check.next_step) == (WARNING, "Run `pen recover`.")
    assert "pen 0011 to 0.2.0" in check.finding


def test_a_disk_that_is_not_mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_disk, "unmounted", lambda: "/dev/sdz1")
    check = flashing.waiting_disk()
    assert check.outcome == WARNING
    assert "/dev/sdz1" in check.finding


def test_two_boards_cannot_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot_disk, "mounted", lambda: [Path("/a"), Path("/b")])
    assert flashing.waiting_disk().exit_code == 4


@pytest.mark.parametrize(
    ("system", "program", "outcome"),
    [("Windows", None, SKIPPED), ("Linux", "/usr/bin/udisksctl", OK), ("Linux", None, WARNING)],
)
def test_mounting(
    system: str, program: str | None, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("shutil.which", lambda _name: program)
    assert flashing.mounting().outcome == outcome
