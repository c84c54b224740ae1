"""The boot loader's disk is found wherever the system put it, and told from any other disk."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardware.simulator.boot_disk import INFO
from host_controller.flashing import boot_disk
from host_controller.flashing.failures import NoBootDisk
from host_controller.simulated import announcements


def disk(folder: Path, info: str = INFO) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "INFO_UF2.TXT").write_text(info)
    return folder


def test_a_boot_disk_is_known_by_what_it_says(tmp_path: Path) -> None:
    assert boot_disk.is_boot_disk(disk(tmp_path / "a"))
    assert not boot_disk.is_boot_disk(disk(tmp_path / "b", "Board-ID: RP2350\n"))
    assert not boot_disk.is_boot_disk(disk(tmp_path / "c", "Board-ID: RPI-RP2X\n"))
    assert not boot_disk.is_boot_disk(tmp_path / "none")


def test_only_boot_disks_of_all_disks(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    pen = disk(tmp_path / "pen")
    assert boot_disk.mounted([stick, pen, pen]) == [pen]


def test_a_simulated_pens_disk_is_found_by_its_announcement(tmp_path: Path) -> None:
    import os

    pen = disk(tmp_path / "disk")
    announced = announcements.announce(
        announcements.SimulatedPen("socket://x:1", "0011", os.getpid(), "cpython", str(pen))
    )
    assert boot_disk.mounted([]) == [pen]
    announcements.withdraw(announced)
    assert boot_disk.mounted([]) == []


def test_the_table_of_mounts_is_read_with_its_escapes(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "/dev/sdb1 /media/me/RPI-RP2\\040two vfat rw 0 0\n"
        "/dev/sdc1 /media/me/card msdos rw 0 0\n"
    )
    assert boot_disk._linux_mounts(table) == [
        ("/dev/sdb1", Path("/media/me/RPI-RP2 two")),
        ("/dev/sdc1", Path("/media/me/card")),
    ]


def test_a_mount_whose_disk_was_pulled_is_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tmp_path / "sdb1"
    device.touch()
    pen = disk(tmp_path / "pen")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr(boot_disk, "_linux_mounts", lambda: [(str(device), pen)])
    assert boot_disk.mounted() == [pen]
    device.unlink()
    assert boot_disk.mounted() == []


def test_a_disk_that_is_there_but_not_mounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tmp_path / "sdb1"
    device.touch()
    link = tmp_path / "RPI-RP2"
    link.symlink_to(device)
    monkeypatch.setattr(boot_disk, "_BY_LABEL", link)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr(boot_disk, "_linux_mounts", list)
    assert boot_disk.unmounted() == str(device)
    monkeypatch.setattr(boot_disk, "_linux_mounts", lambda: [(str(device), tmp_path)])
    assert boot_disk.unmounted() == ""


def test_without_udisks_a_person_is_told_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(NoBootDisk) as missing:
        boot_disk.mount("/dev/sdb1")
    assert "sudo mount /dev/sdb1" in missing.value.next_step


@pytest.mark.parametrize(
    ("code", "said", "fails"),
    [(0, "", False), (1, "AlreadyMounted", False), (1, "Not authorized", True)],
)
def test_what_udisks_says_is_passed_on(
    code: int, said: str, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/udisksctl")
    done = SimpleNamespace(returncode=code, stderr=said)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: done)
    if fails:
        with pytest.raises(NoBootDisk) as refused:
            boot_disk.mount("/dev/sdb1")
        assert refused.value.cause == said
    else:
        boot_disk.mount("/dev/sdb1")
