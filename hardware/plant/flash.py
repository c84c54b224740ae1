"""The 2 MB NOR flash: erasing sets a sector to ones, programming only clears bits.

Owns the bytes. Power can be made to fail in the middle of any operation: `cut_after` says after how
many further operations and how far the fatal one gets; it then raises `PowerCut` and stays as torn
as it is. Torn means mixed: some bits have their new value already, the others not yet.
"""

from random import Random

from hardware.board import rev_a as board

_SECTOR = board.FLASH_SECTOR_BYTES
_PAGE = board.FLASH_PAGE_BYTES


class PowerCut(Exception):
    """Power failed inside a flash operation."""


class Flash:
    """The memory array with its operations and their count."""

    __slots__ = ("_cut_fraction", "_operations_left", "_random", "content", "operations")

    def __init__(self, random: Random, size: int = board.FLASH_BYTES) -> None:
        if size <= 0 or size % _SECTOR:
            raise ValueError(f"Flash of {size} bytes is not a whole number of {_SECTOR} B sectors.")
        self.content = bytearray(b"\xff") * size
        self.operations = 0
        self._random = random
        self._operations_left: int | None = None
        self._cut_fraction = 0.0

    def cut_after(self, operations: int | None, fraction: float = 0.5) -> None:
        """Fail in the operation after `operations` more (None = never), `fraction` of it done."""
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"Fraction {fraction} is not between 0 and 1.")
        self._operations_left = operations
        self._cut_fraction = fraction

    def read(self, address: int, count: int) -> bytes:
        """Bytes from `address` on."""
        self._check(address, count, 1)
        return bytes(self.content[address : address + count])

    def erase(self, address: int) -> None:
        """Erase the sector that begins at `address`: 45 ms on the real part."""
        self._check(address, _SECTOR, _SECTOR)
        torn = self._begin()
        blank = b"\xff" * _SECTOR
        self._store(address, blank, torn)

    def program(self, address: int, data: bytes) -> None:
        """Clear bits inside one 256 B page: 0.4 ms on the real part."""
        self._check(address, len(data), 1)
        if address // _PAGE != (address + len(data) - 1) // _PAGE:
            raise ValueError(f"Programming {len(data)} bytes at {address:#x} crosses a page.")
        torn = self._begin()
        old = self.content[address : address + len(data)]
        self._store(address, bytes(a & b for a, b in zip(old, data, strict=True)), torn)

    def _check(self, address: int, count: int, multiple: int) -> None:
        if count <= 0 or address < 0 or address + count > len(self.content) or address % multiple:
            raise ValueError(f"Flash has no such place: {count} bytes at {address:#x}.")

    def _begin(self) -> bool:
        """Count the operation; True when power fails in it."""
        self.operations += 1
        if self._operations_left is None:
            return False
        self._operations_left -= 1
        return self._operations_left < 0

    def _store(self, address: int, new: bytes, torn: bool) -> None:
        if not torn:
            self.content[address : address + len(new)] = new
            return
        self._operations_left = None
        for offset, byte in enumerate(new):
            mask = 0
            for bit in range(8):
                if self._random.random() < self._cut_fraction:
                    mask |= 1 << bit
            old = self.content[address + offset]
            self.content[address + offset] = old & ~mask | byte & mask
        raise PowerCut(f"Power failed in flash operation {self.operations} at {address:#x}.")
