"""The record region of the pen's flash: kept by the bench, so it outlives the firmware.

Owns the bytes. Behaves as the part does: an erase sets a whole sector to 0xFF, programming only
clears bits, and power that goes away half-way leaves half of the work done. With a file behind
it, every operation is in the file before the firmware hears that it is finished.
"""

from pathlib import Path
from typing import BinaryIO

from hardware.board import rev_a

SECTOR = rev_a.FLASH_SECTOR_BYTES
PAGE = rev_a.FLASH_PAGE_BYTES


class FlashMisuse(Exception):
    """The firmware asked for what the part cannot do."""


class PowerCutInFlash(Exception):
    """Power went away during an operation that a test had chosen."""


class FlashMemory:
    """`size` bytes, all 0xFF when new; kept in the file at `path` if one is given."""

    def __init__(self, size: int, path: Path | None = None) -> None:
        if size <= 0 or size % SECTOR:
            raise ValueError(f"Flash region of {size} bytes is not a multiple of {SECTOR}.")
        self.size = size
        self.data = bytearray(b"\xff" * size)
        self.operations = 0  # erases and programs so far
        self.erases = [0] * (size // SECTOR)  # wear of each sector
        self.cut_at_operation: int | None = None  # power goes away during this one
        self.cut_permille = 500  # of that operation's bytes are done by then
        self._file: BinaryIO | None = None
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        if path.exists():
            held = path.read_bytes()
            if len(held) != self.size:
                raise ValueError(
                    f"{path} holds {len(held)} bytes, this pen's flash region has {self.size}. "
                    "Choose another file, or delete it to begin with an empty flash."
                )
            self.data[:] = held
        else:
            path.write_bytes(self.data)
        self._file = path.open("r+b", buffering=0)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, address: int, count: int) -> bytes:
        """Return `count` bytes from `address`."""
        self._check(address, count)
        return bytes(self.data[address : address + count])

    def erase(self, address: int) -> None:
        """Set the sector at `address` to 0xFF."""
        if address % SECTOR:
            raise FlashMisuse(f"Erase at {address} is not at the start of a sector.")
        self._check(address, SECTOR)
        self.erases[address // SECTOR] += 1
        self._change(address, b"\xff" * SECTOR)

    def program(self, address: int, data: bytes) -> None:
        """Clear the bits that are 0 in `data`, which lies within one page."""
        self._check(address, len(data))
        if address // PAGE != (address + max(len(data), 1) - 1) // PAGE:
            raise FlashMisuse(f"Program of {len(data)} bytes at {address} crosses a page.")
        held = self.data[address : address + len(data)]
        self._change(address, bytes(a & b for a, b in zip(held, data, strict=True)))

    def _change(self, address: int, new: bytes) -> None:
        done = len(new)
        cut = self.operations == self.cut_at_operation
        self.operations += 1
        if cut:
            done = len(new) * self.cut_permille // 1000
        self.data[address : address + done] = new[:done]
        if self._file is not None:
            self._file.seek(address)
            self._file.write(new[:done])
        if cut:
            self.cut_at_operation = None
            raise PowerCutInFlash(f"Power cut in operation {self.operations - 1} on the flash.")

    def _check(self, address: int, count: int) -> None:
        if address < 0 or count < 0 or address + count > self.size:
            raise FlashMisuse(f"{count} bytes at {address} are not within {self.size} bytes.")
