"""`pen flash`, `recover` and `service` as a person runs them, with a simulated pen in real time."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from host_controller.flashing import image_file, journal
from host_controller.flashing.world import World
from host_controller.simulated import announcements
from host_controller.simulated.process import SimulatorProcess
from tests.host_controller.cli.conftest import Run
from tests.host_controller.flashing import images


class Sim(NamedTuple):
    """A simulated pen as `pen simulate` leaves it to others."""

    url: str
    serial: str
    disk: Path


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[Sim]:
    disk = tmp_path / "disk"
    options = ["--twin", "cpython", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
    with SimulatorProcess([*options, "--boot-disk", str(disk)]) as simulator:
        ready = simulator.ready
        serial = "73696d5f63eca6f3"
        announced = announcements.announce(
            announcements.SimulatedPen(
                ready.url, serial, os.getpid(), ready.twin, ready.boot_disk, ready.control
            )
        )
        yield Sim(ready.url, serial, disk)
        announcements.withdraw(announced)


@pytest.mark.system
def test_flash_says_each_step_and_then_there_is_nothing_to_do(
    pen: Run, sim: Sim, tmp_path: Path
) -> None:
    file = images.firmware_file(tmp_path)
    first = pen("flash", str(file))
    assert first.code == 0, first.err
    assert first.out == f"done: pen {sim.serial} runs firmware 0.2.0+1a2b3c4d\n"
    for word in ("0.1.0+simulated -> 0.2.0+1a2b3c4d", "backup", "disk", "writing", "verified"):
        assert word in first.err
    assert all(len(line) < 80 for line in first.err.splitlines() if str(tmp_path) not in line)
    again = pen("--json", "flash", str(file))
    assert (again.code, again.object["changed"], again.err) == (0, False, "")
    assert again.object["schema"] == "pen.flash/1"
    info = pen("--json", "info").object
    assert info["firmware"] == "0.2.0+1a2b3c4d"
    assert info["image"] == image_file.load(file).image_id
    service = pen("service")
    assert service.code == 7
    assert "error R04" in service.err
    assert "switch the pen off and on with its button held down" in service.err


@pytest.mark.system
def test_recover_takes_up_what_a_board_in_its_boot_loader_waits_for(
    pen: Run, sim: Sim, tmp_path: Path
) -> None:
    image = image_file.load(images.firmware_file(tmp_path))
    update = journal.Update(
        sim.serial, sim.url, journal.ASKED, "0.1.0", "", "0.2.0+1a2b3c4d", image.image_id, "", "x"
    )
    journal.begin(update, image)
    image.path.unlink()
    trace = tmp_path / "trace.jsonl"
    result = pen("recover", "--trace", str(trace))
    assert result.code == 0, result.err
    assert trace.read_text().count('"dir"') > 50  # before and after the boot loader
    assert "interrupted before it was written; it goes on" in result.err
    assert result.out == f"done: pen {sim.serial} runs firmware 0.2.0+1a2b3c4d\n"
    assert pen("recover").out == "no update is unfinished; `pen flash FILE` begins one\n"


def test_files_that_cannot_be_flashed_are_refused_before_a_pen_is_looked_for(
    pen: Run, tmp_path: Path
) -> None:
    missing = pen("flash", str(tmp_path / "none.uf2"))
    assert (missing.code, missing.out) == (8, "")
    assert "error E171" in missing.err
    other = images.firmware_file(tmp_path, board="pen-rev-b")
    assert pen("--json", "flash", str(other)).object["number"] == "E172"
    assert pen("flash").code == 2


def test_without_a_pen_there_is_nothing_to_flash(pen: Run, tmp_path: Path) -> None:
    result = pen("flash", str(images.firmware_file(tmp_path)))
    assert result.code == 3
    assert "error E110" in result.err
    assert "boot pad" in result.err


def test_two_boards_in_their_boot_loaders_are_one_too_many(
    pen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "disks", lambda _self: [tmp_path / "one", tmp_path / "other"])
    result = pen("flash", str(images.firmware_file(tmp_path)))
    assert result.code == 4
    assert "error E197" in result.err
    assert journal.unfinished() == []


def test_an_update_can_be_forgotten(pen: Run, tmp_path: Path) -> None:
    image = image_file.load(images.firmware_file(tmp_path))
    update = journal.Update("0011", "", journal.WRITING, "0.1.0", "", "0.2.0", "", "/b", "x")
    journal.begin(update, image)
    result = pen("recover", "--forget")
    assert result.code == 0
    assert "the update of pen 0011 to 0.2.0 is forgotten" in result.out
    assert journal.unfinished() == []


def test_a_recovery_that_sees_nothing_says_what_to_do(pen: Run, tmp_path: Path) -> None:
    image = image_file.load(images.firmware_file(tmp_path))
    update = journal.Update("0011", "", journal.WRITING, "0.1.0", "", "0.2.0", "", "", "x")
    journal.begin(update, image)
    result = pen("recover")
    assert result.code == 3
    assert "error E198" in result.err
    assert "boot pad" in result.err
