"""The used mark in a cartridge's own memory, its write cut short: used, or blank as before.

The chip erases and programs a page of 16 bytes in one cycle of 5 ms; when its supply goes in it,
each bit is old, erased or new. Owns the count.
"""

from random import Random

from firmware.drivers.cartridge_memory import CartridgeMemory
from firmware.hal.ports import I2c
from firmware.treatment import cartridge as judgement
from hardware.simulator.cartridges import make_cartridge
from protocol import codes
from protocol.cartridge_layout import USED_AT, USED_SIZE
from tests.power_cut.every_cut import Tally
from tests.power_cut.torn import TEARS, torn

SESSION = 77
TODAY_S = 1_767_323_045
SEEDS = 40


class Chip(I2c):
    """The plant's memory chip on the firmware's port, without waiting times."""

    def __init__(self) -> None:
        self.memory = make_cartridge(12).memory
        self._t_us = 0

    def read_into(self, address: int, register: int, buffer: bytearray) -> None:
        self._t_us += 10_000
        answer = self.memory.transfer(self._t_us, bytes((register,)), len(buffer))
        assert answer is not None
        buffer[:] = answer

    def write(self, address: int, data: bytes) -> None:
        self._t_us += 10_000
        assert self.memory.transfer(self._t_us, data, 0) == b""


def refusal(chip: Chip, session_id: int) -> int:
    """What a pen that starts anew says of the cartridge."""
    memory = CartridgeMemory(chip)
    memory.read()
    found = judgement.refusal(memory.identity, memory.blank, memory.mark, session_id, TODAY_S)
    return found[0]


def every_mark(tally: Tally) -> None:
    """Every tear, and bits at random between old, erased and new."""
    chip = Chip()
    CartridgeMemory(chip).write_mark(SESSION, 9000)
    new = bytes(chip.memory.content[USED_AT : USED_AT + USED_SIZE])
    old = b"\xff" * USED_SIZE
    cells = [(f"mark, {tear}", torn(old, new, tear)) for tear in TEARS]
    for seed in range(SEEDS):
        random = Random(f"mark {seed}")
        mask = random.randbytes(USED_SIZE)
        cells.append((f"mark, seed {seed}", bytes(n | m for n, m in zip(new, mask, strict=True))))
    for name, left in cells:
        tally.take(name, judge(left, new))


def judge(left: bytes, new: bytes) -> list[str]:
    """Blank: nobody was treated yet. The whole mark: that session's. All else: nobody's more."""
    chip = Chip()
    chip.memory.content[USED_AT : USED_AT + USED_SIZE] = left
    own, other = refusal(chip, SESSION), refusal(chip, SESSION + 1)
    if left == b"\xff" * USED_SIZE:
        want = (codes.RESULT_OK, codes.RESULT_OK)
    elif left[:10] == new[:10]:
        want = (codes.RESULT_OK, codes.RESULT_CARTRIDGE_USED)
    else:
        want = (codes.RESULT_CARTRIDGE_USED, codes.RESULT_CARTRIDGE_USED)
    return [] if (own, other) == want else [f"own session {own}, another {other}"]
