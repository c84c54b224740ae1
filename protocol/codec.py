"""Values of a table row to bytes and back, with every length and range checked.

For the sender a value out of range is a FieldError; for the receiver it is an answer to give, so
nothing here raises on received bytes except ValueError from `unpack_json`. Owns no state.
"""

import json
import struct

from protocol.layout import JSON, Layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

JSON_MAX = 240  # bytes of text


class FieldError(ValueError):
    """A value its field cannot carry; nothing was packed."""

    def __init__(self, index: int, name: str, value: int, low: int, high: int):
        super().__init__("%s is %d, allowed is %d to %d" % (name, value, low, high))
        self.index = index  # of the field in its layout, from 0
        self.name = name
        self.value = value  # of a bytes field: its length
        self.low = low
        self.high = high


def first_out_of_range(layout: Layout, values: "tuple[Any, ...] | list[Any]") -> int:
    """Index of the first value outside its field's range; -1 when all are inside."""
    for index, (_, _, _, low, high) in enumerate(layout.fields):
        if not low <= _measure(values[index]) <= high:
            return index
    return -1


def _measure(value: "int | bytes") -> int:
    """What the range of a field is about: the number itself, or how many bytes."""
    return value if isinstance(value, int) else len(value)


def pack_into(
    layout: Layout, buffer: bytearray, offset: int, values: "tuple[Any, ...] | list[Any]"
) -> int:
    """Pack one value per field of a STRUCT layout at `offset`; the number of bytes packed.

    Raises FieldError for a value out of range, ValueError for a wrong number of values or no room.
    """
    total = _packed_size(layout, values)
    if offset + total > len(buffer):
        raise ValueError("%d bytes do not fit" % total)
    if layout.tail_high:
        buffer[offset + layout.size : offset + total] = values[-1]
        values = values[:-1]
    struct.pack_into(layout.format, buffer, offset, *values)
    return total


def pack(layout: Layout, values: "tuple[Any, ...] | list[Any]" = ()) -> bytes:
    """The payload of a STRUCT layout as new bytes; errors as `pack_into`."""
    buffer = bytearray(_packed_size(layout, values))
    pack_into(layout, buffer, 0, values)
    return bytes(buffer)


def _packed_size(layout: Layout, values: "tuple[Any, ...] | list[Any]") -> int:
    """Bytes of these values, all found to be in range."""
    if len(values) != len(layout.fields):
        raise ValueError("%d values for %d fields" % (len(values), len(layout.fields)))
    wrong = first_out_of_range(layout, values)
    if wrong >= 0:
        name, _, _, low, high = layout.fields[wrong]
        raise FieldError(wrong, name, _measure(values[wrong]), low, high)
    return layout.size + len(values[-1]) if layout.tail_high else layout.size


def unpack_from(
    layout: Layout, buffer: "bytes | bytearray", offset: int, size: int
) -> "tuple[Any, ...]":
    """One value per field of a STRUCT layout from `size` bytes at `offset`.

    The caller has asked `layout.fits(size)` before. Ranges are not judged here: see
    `first_out_of_range`.
    """
    values = struct.unpack_from(layout.format, buffer, offset)
    if layout.tail_high:
        values += (bytes(buffer[offset + layout.size : offset + size]),)
    return values


def unpack(layout: Layout, payload: "bytes | bytearray") -> "tuple[Any, ...]":
    """One value per field of a whole payload; ValueError when its length is not the layout's."""
    if layout.kind == JSON or not layout.fits(len(payload)):
        raise ValueError("%d bytes are not a payload of this layout" % len(payload))
    return unpack_from(layout, payload, 0, len(payload))


def unpack_named(layout: Layout, payload: "bytes | bytearray") -> "dict[str, Any]":
    """The same by field name; for a JSON layout the object. ValueError as `unpack`."""
    if layout.kind == JSON:
        return unpack_json(payload)
    named = {}
    for index, value in enumerate(unpack(layout, payload)):
        named[layout.fields[index][0]] = value
    return named


def pack_json(pairs: "list[tuple[str, Any]]") -> bytes:
    """A JSON object in ASCII with its keys in the order given (equal on every interpreter).

    Raises ValueError for what is no text, integer, boolean, null or list of these, and for more
    than 240 bytes.
    """
    parts = []
    for key, value in pairs:
        if not _plain(value):
            raise ValueError("%s: only text, integers, null and lists travel as JSON" % key)
        text = json.dumps(key) + ":" + json.dumps(value, separators=(",", ":"))
        parts.append(_escaped(text))
    payload = ("{" + ",".join(parts) + "}").encode()
    if len(payload) > JSON_MAX:
        raise ValueError("%d bytes of JSON, at most %d fit" % (len(payload), JSON_MAX))
    return payload


def unpack_json(payload: "bytes | bytearray") -> "dict[str, Any]":
    """The object of a JSON payload; ValueError when it is no ASCII or not as `pack_json` makes."""
    for byte in payload:
        if not 32 <= byte <= 126:
            raise ValueError("the payload is not ASCII")
    if payload[:1] != b"{" or payload[-1:] != b"}":
        raise ValueError("the payload is not a JSON object")
    found = json.loads(bytes(payload).decode())
    if not isinstance(found, dict) or not all(_plain(value) for value in found.values()):
        raise ValueError("the payload is not a JSON object of text, integers, null and lists")
    if not all(isinstance(key, str) for key in found):  # MicroPython takes {1:2}
        raise ValueError("the payload has a name that is no text")
    return found


def _escaped(text: str) -> str:
    """JSON text with what is not printable ASCII as escapes.

    MicroPython's `json` leaves DEL and what lies beyond ASCII; where there is none, looking at each
    character would take a board a tenth of a millisecond for each.
    """
    if len(text.encode()) == len(text) and "\x7f" not in text:
        return text
    escaped = ""
    for character in text:
        code = ord(character)
        if 32 <= code <= 126:
            escaped += character
        elif code < 0x10000:
            escaped += "\\u%04x" % code
        else:
            code -= 0x10000
            escaped += "\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))
    return escaped


def _plain(value: "Any") -> bool:
    """Whether `value` is text, an integer, a boolean, null or a list of these, and no deeper."""
    if isinstance(value, list):
        return all(item is None or isinstance(item, (int, str)) for item in value)
    return value is None or isinstance(value, (int, str))
