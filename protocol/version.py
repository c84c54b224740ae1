"""The schema id: eight hex digits that are equal exactly when two sides speak the same wire.

First digits of the SHA-256 of a canonical text of the table, of the names and numbers of states,
conditions, faults, stops and results, and of the zones. Sentences of documentation are left out:
correcting one separates nobody. Equal on every interpreter. Owns no state.
"""

import binascii
import hashlib

from protocol import codes, schema, zones
from protocol.layout import Layout


def canonical_lines() -> "list[str]":
    """One line per message, field, code and zone, in an order that no interpreter changes."""
    lines = []
    for message in schema.MESSAGES:
        lines.append("message %d %s %d" % (message.number, message.name, int(message.fixed)))
        _layout(lines, "request", message.request)
        _layout(lines, "response", message.response)
        _layout(lines, "event", message.event)
    _layout(lines, "error", schema.ERROR_REPLY)
    names = [name for name in dir(codes) if name == name.upper() and not name.endswith("_NAMES")]
    for name in sorted(names):
        lines.append("code %s %d" % (name, getattr(codes, name)))
    for number, name in zones.ZONES:
        lines.append("zone %d %s" % (number, name))
    return lines


def _layout(lines: "list[str]", role: str, layout: "Layout | None") -> None:
    if layout is None:
        return
    lines.append("%s %s" % (role, layout.kind))
    for name, code, unit, low, high in layout.fields:
        lines.append("field %s %s %s %d %d" % (name, code, unit, low, high))


def schema_id() -> str:
    """The eight hex digits, computed from the table."""
    digest = hashlib.sha256()
    for line in canonical_lines():
        digest.update(line.encode() + b"\n")  # one string of 8 KB is much to ask of the pen's heap
    return binascii.hexlify(digest.digest()).decode()[:8]


SCHEMA_ID = schema_id()
