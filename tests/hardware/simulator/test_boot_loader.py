"""A simulated pen's boot loader: when it waits, what its disk shows, how it is left."""

from pathlib import Path

import pytest

from hardware.simulator.bench import Bench
from hardware.simulator.boot_disk import BootDisk
from hardware.simulator.boot_loader import BootLoader, made_up_area
from tests.host_controller.flashing import images


@pytest.fixture
def flash() -> bytearray:
    return bytearray(b"\xff" * 0x20_0000)


def test_a_delivered_pen_starts_and_shows_no_disk(flash: bytearray, tmp_path: Path) -> None:
    loader = BootLoader(flash, tmp_path / "disk")
    assert loader.starts()
    assert not loader.waiting
    assert list((tmp_path / "disk").iterdir()) == []
    assert loader.area == made_up_area()
    assert flash[0xC0000:] == b"\xff" * 0x14_0000  # nothing of the pen's own was touched


def test_the_disk_says_what_a_real_one_says(flash: bytearray, tmp_path: Path) -> None:
    loader = BootLoader(flash, tmp_path)
    loader.enter()
    assert "Board-ID: RPI-RP2" in (tmp_path / "INFO_UF2.TXT").read_text()
    assert (tmp_path / "INDEX.HTM").exists()
    loader.power_off()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_grows_is_taken_as_it_comes(flash: bytearray, tmp_path: Path) -> None:
    loader = BootLoader(flash, tmp_path)
    loader.enter()
    file = images.firmware(pages=40)
    with (tmp_path / "ANY.NAM").open("wb", buffering=0) as copy:
        for at in range(0, len(file), 700):  # not at the ends of blocks
            assert not loader.looks(10)
            copy.write(file[at : at + 700])
    assert loader.looks(20)
    assert loader.starts()
    assert list(tmp_path.iterdir()) == []
    assert flash[:5000] == images.image(pages=40)[:5000]


def test_a_copy_that_begins_anew_is_read_from_its_beginning(
    flash: bytearray, tmp_path: Path
) -> None:
    loader = BootLoader(flash, tmp_path)
    loader.enter()
    file = images.firmware()
    (tmp_path / "PEN.UF2").write_bytes(file[:5000])
    loader.looks(10)
    (tmp_path / "PEN.UF2").write_bytes(b"")
    loader.looks(20)
    (tmp_path / "PEN.UF2").write_bytes(file)
    assert loader.looks(30)


def test_a_folder_with_something_in_it_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match=r"thesis\.txt"):
        BootDisk(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_bench_without_its_first_page_waits_until_it_is_flashed(tmp_path: Path) -> None:
    with Bench("cpython", boot_disk=tmp_path) as bench:
        bench.plant.flash.content[0] ^= 1
        bench.restart()
        loader = bench.boot_loader
        assert loader.waiting
        boots = bench.boots
        bench.advance(500)
        assert not bench.plant.enable_level
        (tmp_path / "PEN.UF2").write_bytes(images.firmware())
        bench.advance(50)
        assert bench.boots == boots + 1
        assert list(tmp_path.iterdir()) == []  # the disk is gone
        bench.advance(500)
        assert bench.firmware_error is None
