"""The service's disk: blocks come back as they were written, and all of it is mounted."""

import importlib
import sys
from types import ModuleType

import pytest


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    vfs = ModuleType("vfs")
    vars(vfs)["log"] = []
    vars(vfs)["VfsFat"] = type(
        "VfsFat", (), {"mkfs": staticmethod(lambda disk: vfs.log.append(("mkfs", disk)))}
    )
    vars(vfs)["mount"] = lambda disk, place: vfs.log.append((place, disk))
    monkeypatch.setitem(sys.modules, "vfs", vfs)
    name = "firmware.hal.rp2040.ram_disk"
    sys.modules.pop(name, None)
    found = importlib.import_module(name)
    sys.modules.pop(name, None)
    return found


def test_it_has_128_blocks_of_512_bytes(module: ModuleType) -> None:
    disk = module.RamDisk()
    assert (disk.ioctl(4, 0), disk.ioctl(5, 0)) == (128, 512)
    assert [disk.ioctl(request, 0) for request in (1, 2, 3, 6)] == [0, 0, 0, 0]


def test_blocks_come_back(module: ModuleType) -> None:
    disk = module.RamDisk()
    two = bytes(range(256)) * 4
    disk.writeblocks(126, two)
    one = bytearray(512)
    disk.readblocks(127, one)
    assert one == two[512:]
    disk.readblocks(125, one)
    assert one == bytes(512)


def test_it_is_made_and_mounted_as_the_root(module: ModuleType) -> None:
    module.mount()
    (made, first), (place, second) = module.vfs.log
    assert (made, place) == ("mkfs", "/")
    assert first is second
