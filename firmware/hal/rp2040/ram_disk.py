"""A disk in memory for the service's prompt, so that files can be copied to a pen and back.

The flash's own storage holds the pen's records and no file system, and none is ever made there.
What lies on this disk is gone with the next reset. Owns the disk's bytes.
"""

import vfs

from protocol.interpreter import const

_BLOCK = const(512)
_BLOCKS = const(128)  # 64 KB, a third of the heap, at a prompt that has it to itself
_COUNT = const(4)  # ioctl requests of a block device
_SIZE = const(5)


class RamDisk:
    """A block device as MicroPython asks for one."""

    def __init__(self) -> None:
        self._bytes = bytearray(_BLOCK * _BLOCKS)

    def readblocks(self, block: int, buffer: bytearray) -> None:
        """Fill `buffer` from `block` on."""
        at = block * _BLOCK
        buffer[:] = memoryview(self._bytes)[at : at + len(buffer)]

    def writeblocks(self, block: int, buffer: bytes) -> None:
        """Keep `buffer` from `block` on."""
        at = block * _BLOCK
        self._bytes[at : at + len(buffer)] = buffer

    def ioctl(self, request: int, _argument: int) -> int:
        """How many blocks there are, and how large; anything else is done already."""
        if request == _COUNT:
            return _BLOCKS
        return _BLOCK if request == _SIZE else 0


def mount() -> None:
    """Make an empty disk and mount it as the root."""
    disk = RamDisk()
    vfs.VfsFat.mkfs(disk)  # type: ignore[arg-type]
    vfs.mount(disk, "/")
