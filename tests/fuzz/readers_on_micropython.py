"""Reads lines "reader hex" and prints what the pen's code makes of the bytes.

`micropython tests/fuzz/readers_on_micropython.py < FILE`; the same on CPython.
"""

import sys

sys.path.insert(0, ".")

from firmware.hal.ports import Flash
from firmware.storage.record_store import RecordStore
from firmware.storage.settings import Settings
from firmware.treatment import plan as plan_check
from protocol import cartridge_layout


class Cells(Flash):
    """Two sectors."""

    def __init__(self) -> None:
        self.cells = bytearray(b"\xff" * 8192)

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Copy."""
        buffer[:] = self.cells[address : address + len(buffer)]

    def erase(self, address: int) -> None:
        """To ones."""
        self.cells[address : address + 4096] = b"\xff" * 4096

    def program(self, address: int, data: bytes) -> None:
        """Into what is blank."""
        self.cells[address : address + len(data)] = data


def plan(data: bytes) -> str:
    """Why it is refused."""
    return str(plan_check.refusal(data))


def cartridge(data: bytes) -> str:
    """Identity and mark."""
    identity = cartridge_layout.unpack_identity(data[:32])
    mark = cartridge_layout.unpack_used(data[32:48])
    told = "no identity" if identity is None else f"{identity.pins} {identity.needle_um}"
    return told + (", no mark" if mark is None else f", {mark.session_id} {mark.day}")


def settings(data: bytes) -> str:
    """Whether every value in force is in its range, whatever the record says."""
    store = RecordStore(Cells(), 0)
    store.write(data)
    held = Settings(store)
    wrong = [name for name in held.names() if held.problem(name, held.get(name)) is not None]
    return "in range" if not wrong else str(wrong)


READERS = {"plan": plan, "cartridge": cartridge, "settings": settings}

for line in sys.stdin:
    reader, _, text = line.strip().partition(" ")
    print(READERS[reader](bytes.fromhex(text)))
