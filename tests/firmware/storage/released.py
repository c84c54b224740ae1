"""What released firmware has left in the flash of pens: bytes frozen when they were written.

One file per release in `released/`, never changed: the written part of each sector, and what its
own firmware read from it. Owns no state.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("released")


@dataclass(frozen=True)
class Released:
    """The record region of a pen, and what is in it."""

    name: str
    cells: bytes
    settings: dict[str, int]
    plan: bytes
    faults: list[tuple[Any, ...]]  # oldest first, without their number
    usage: list[tuple[Any, ...]]


def released() -> list[Released]:
    """All of them, oldest first."""
    return [_read(path) for path in sorted(FOLDER.glob("*.json"))]


def _read(path: Path) -> Released:
    kept = json.loads(path.read_text(encoding="utf-8"))
    cells = bytearray(b"\xff") * (128 * 4096)
    for sector, written in kept["sectors"].items():
        data = bytes.fromhex(written)
        cells[int(sector) * 4096 : int(sector) * 4096 + len(data)] = data
    expects = kept["expects"]
    usage = [(*one[:2], bytes.fromhex(one[2]), *one[3:]) for one in expects["usage"]]
    return Released(
        path.stem,
        bytes(cells),
        expects["settings"],
        bytes.fromhex(expects["plan"]),
        [tuple(one) for one in expects["faults"]],
        usage,
    )
