"""Inputs worth keeping: whole samples to start from, and whatever once went wrong.

One JSON file per target in `kept/`: {"name": "bytes in hex"}. Owns no state.
"""

import json
from pathlib import Path

FOLDER = Path(__file__).with_name("kept")


def inputs(target: str) -> dict[str, bytes]:
    """All inputs of a target by name."""
    kept = json.loads((FOLDER / f"{target}.json").read_text(encoding="utf-8"))
    return {name: bytes.fromhex(data) for name, data in kept.items()}
