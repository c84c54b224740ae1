"""The real image on its way: written by the chip's boot loader, run, and its hash counted there."""

from pathlib import Path

import pytest

from firmware.boards import image as images
from hardware.simulator.bench import Bench
from hardware.simulator.twin_rp2040 import Rp2040Twin
from host_controller.flashing import failures, image_file, journal
from host_controller.flashing.update import Updater
from tests.emulated.newer import newer
from tests.system.update_world import URL, BenchWorld


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"PEN_{name}_DIR", str(tmp_path / name.lower()))


def test_an_interrupted_copy_waits_and_the_next_run_ends_it(
    image: images.Image, tmp_path: Path
) -> None:
    file = image_file.load(newer(image, tmp_path))
    told: list[str] = []
    with Bench(Rp2040Twin(image.area()), boot_disk=tmp_path / "disk") as bench:
        world = BenchWorld(bench, tmp_path / "disk")
        updater = Updater(world, file, lambda word, _text: told.append(word), lambda *_: None)
        world.cut_at_chunk = 30  # of 130: the pen loses its power
        with pytest.raises((failures.WritingFailed, failures.NotBack)):
            updater.flash(URL, False)
        assert bench.boot_loader.waiting
        assert not bench.plant.enable_level
        world.cut_at_chunk = 0
        (update,) = journal.unfinished()
        outcome = updater.carry_on(update)
        assert outcome.version == "9.0.0+emulated"
        assert outcome.old_version.startswith(images.NAME.removeprefix("pen-rev-a-"))
        assert outcome.image == file.info.sha256.hex()[:16]
        assert told[-3:] == ["verified", "self-test", "restored"]
        assert bench.firmware_error is None
        assert bench.misuses == []
