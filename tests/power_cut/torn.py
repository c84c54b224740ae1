"""A NOR flash whose supply fails in an operation to order, and what the cells then hold.

What the chip can do: an erase works on all cells of a sector at once, a program pulse on all bits
of a page at once, each cell at its own speed; so any subset of the bits may have arrived, in any
order. Operations themselves never overtake each other: the chip takes the next command when it has
done the last. A controller that buffers pages could reorder programs between two erases; `subset`
goes that far too. Owns the cells.
"""

from dataclasses import dataclass
from random import Random

from firmware.hal.ports import Flash

SECTOR = 4096
PAGE = 256


class PowerCut(BaseException):
    """The supply failed. Nothing in the firmware can catch it."""


@dataclass(frozen=True)
class Tear:
    """How far the operation came: `share` of the bits, spread over it or from one end."""

    how: str  # "spread", "front" or "back"
    share: float
    seed: int = 0

    def __str__(self) -> str:
        return f"{self.how} {self.share:.0%}" + (f" seed {self.seed}" if self.seed else "")


BEFORE = Tear("spread", 0.0)
AFTER = Tear("spread", 1.0)
INSIDE = (
    Tear("spread", 0.02, 1),
    Tear("spread", 0.5, 2),
    Tear("spread", 0.5, 3),
    Tear("spread", 0.98, 4),
    Tear("front", 0.1),
    Tear("front", 0.6),
    Tear("back", 0.4),
    Tear("back", 0.9),
)
TEARS = (BEFORE, *INSIDE, AFTER)


class TornFlash(Flash):
    """The record region. `cut(n, tear)`: the supply fails in the n-th operation from now."""

    def __init__(self, cells: "bytearray | None" = None, sectors: int = 128) -> None:
        self.cells = bytearray(b"\xff") * (sectors * SECTOR) if cells is None else cells
        self.operations = 0
        self._cut_at = -1
        self._tear = AFTER

    def copy(self) -> "TornFlash":
        """The same cells with a sound supply."""
        return TornFlash(bytearray(self.cells))

    def cut(self, operation: int, tear: Tear) -> None:
        """Fail in the operation after `operation` more."""
        self._cut_at = self.operations + operation
        self._tear = tear

    def size(self) -> int:
        return len(self.cells)

    def read_into(self, address: int, buffer: bytearray) -> None:
        if address < 0 or address + len(buffer) > len(self.cells):
            raise ValueError(f"no such place: {len(buffer)} bytes at {address:#x}")
        buffer[:] = self.cells[address : address + len(buffer)]

    def erase(self, address: int) -> None:
        if address % SECTOR:
            raise ValueError(f"{address:#x} is not the beginning of a sector")
        self._store(address, b"\xff" * SECTOR)

    def program(self, address: int, data: bytes) -> None:
        if address // PAGE != (address + len(data) - 1) // PAGE:
            raise ValueError(f"{len(data)} bytes at {address:#x} cross a page")
        old = self.cells[address : address + len(data)]
        self._store(address, bytes(a & b for a, b in zip(old, data, strict=True)))

    def _store(self, address: int, new: bytes) -> None:
        number = self.operations
        self.operations += 1
        end = address + len(new)
        if number == self._cut_at:
            new = torn(bytes(self.cells[address:end]), new, self._tear)
        self.cells[address:end] = new
        if number == self._cut_at:
            raise PowerCut


def torn(old: bytes, new: bytes, tear: Tear) -> bytes:
    """What the cells hold when only a part of the bits of `new` has arrived."""
    size = len(new)
    arrived = round(size * tear.share)
    if tear.how == "front":
        return new[:arrived] + old[arrived:]
    if tear.how == "back":
        return old[: size - arrived] + new[size - arrived :]
    if tear.share in (0.0, 1.0):
        return new if tear.share else old
    random = Random(f"tear {tear.seed} {size}")
    mask = bytes(
        sum(1 << bit for bit in range(8) if random.random() < tear.share) for _ in range(64)
    )
    return bytes(
        o & ~m & 0xFF | n & m
        for o, n, m in zip(old, new, (mask * (size // 64 + 1))[:size], strict=True)
    )
