"""The hash of what a library says: everything in its file but the steps of its life.

Comments and the order of keys do not count: they change no value that reaches a pen. Pure.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

LIFE = "life"


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 0.50 and 0.5 are the same length
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no content of a library")


def _exact(value: Any) -> Any:
    """Whole numbers as decimals too: `1` and `1.0` are one value."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, dict):
        return {key: _exact(entry) for key, entry in value.items()}
    return [_exact(entry) for entry in value] if isinstance(value, list) else value


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256, 64 hex digits, of a library file's parsed content without its life."""
    content = {key: value for key, value in data.items() if key != LIFE}
    text = json.dumps(_exact(content), sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
