"""The plant's NOR flash behind the firmware's port, with power cuts to order. Owns the plant."""

from collections.abc import Callable, Iterator
from random import Random

from firmware.hal.ports import Flash
from hardware.plant.flash import Flash as Nor
from hardware.plant.flash import PowerCut

__all__ = ["FRACTIONS", "NorFlash", "PowerCut", "every_cut"]

# How far the fatal operation gets: not at all, a few bits, half, all but a few, all.
FRACTIONS = (0.0, 0.02, 0.5, 0.98, 1.0)


class NorFlash(Flash):
    """A region of `sectors` sectors."""

    def __init__(self, sectors: int, seed: int = 1) -> None:
        self.nor = Nor(Random(seed), sectors * 4096)

    def size(self) -> int:
        return len(self.nor.content)

    def read_into(self, address: int, buffer: bytearray) -> None:
        buffer[:] = self.nor.read(address, len(buffer))

    def erase(self, address: int) -> None:
        self.nor.erase(address)

    def program(self, address: int, data: bytes) -> None:
        self.nor.program(address, data)


def every_cut(
    prepare: Callable[[], NorFlash], work: Callable[[NorFlash], None]
) -> Iterator[tuple[NorFlash, bool]]:
    """(flash after a power cut, whether the work was finished) for every operation of `work`."""
    flash = prepare()
    before = flash.nor.operations
    work(flash)
    count = flash.nor.operations - before
    for operation in range(count):
        for fraction in FRACTIONS:
            flash = prepare()
            flash.nor.cut_after(operation, fraction)
            try:
                work(flash)
            except PowerCut:
                yield flash, False
            else:
                raise AssertionError("the cut did not come")
    flash = prepare()
    work(flash)
    yield flash, True
