"""The telemetry record: the numbers that the pen packs, and what the host reads out of them.

The pen keeps one list of numbers, a field each in the order of the table, and packs it as often as
it likes without the heap; the host unpacks into `Telemetry`, by name (a test holds the orders
together). Owns no state: the counter of frames made is the record's first field.
"""

import struct
from array import array

from protocol import cobs, crc, frame, machine_code, messages, schema
from protocol.interpreter import MICROPYTHON, const, unpacker

TYPE_CHECKING = False
if TYPE_CHECKING:
    Record = array[int] | list[int]

SIZE = schema.TELEMETRY_LAYOUT.size  # bytes of payload
WIRE_SIZE = SIZE + frame.OVERHEAD
FIELDS = tuple([field[0] for field in schema.TELEMETRY_LAYOUT.fields])

# Bound here because the board looks up each dotted name at each use.
_crc32 = crc.crc32
_stuff = cobs.encode
_pack_into = struct.pack_into
_seal = machine_code.seal
_pack_words = machine_code.pack_words
_NUMBER = messages.TELEMETRY
_COUNT = len(FIELDS)
_FORMAT = schema.TELEMETRY_LAYOUT.format
_FRAME_FORMAT = "<BBB" + _FORMAT[1:]  # with the header in front
_unpack = unpacker(_FORMAT)
_CODES = "BHhI"  # of `struct`, in the order of the kinds that machine code knows
_KINDS = bytes([_CODES.index(field[1]) for field in schema.TELEMETRY_LAYOUT.fields])

# Where things lie in the frame (frame.py): header, 50 bytes of payload, CRC, delimiter.
_TYPE_AT = const(1)
_PAYLOAD_AT = const(4)
_CRC_AT = const(54)
_END_AT = const(58)
_SIZE = const(50)
_EVENT = const(4)
_U8 = const(0xFF)
_U16 = const(0xFFFF)
# Measured values: beyond its field such a one is set to the field's end ("at least this much").
# Telemetry is for the eye, and nothing decides by it. The rest is in range by construction.
_MEASURED = (
    ("rate_chz", 0, 0xFFFF),
    ("depth_um", -32768, 32767),
    ("current_ma", -32768, 32767),
    ("temperature_cdeg", -32768, 32767),
    ("punctures_per_cm2", 0, 0xFFFF),
    ("ticks_late", 0, 0xFFFF),
    ("frames_bad", 0, 0xFFFF),
)


class Telemetry:
    """What the pen does and measures; units are in the names, ranges in the table."""

    __slots__ = FIELDS

    def __init__(self, values: "tuple[int, ...]" = (0,) * 23):
        (
            self.counter,
            self.t_ms,
            self.state,
            self.fault,
            self.stop_reason,
            self.zone,
            self.pass_number,
            self.battery_pct,
            self.conditions,
            self.rate_set_chz,
            self.rate_chz,
            self.depth_set_um,
            self.depth_um,
            self.current_ma,
            self.supply_mv,
            self.temperature_cdeg,
            self.duty,
            self.zone_ms,
            self.contact_ms,
            self.punctures,
            self.punctures_per_cm2,
            self.ticks_late,
            self.frames_bad,
        ) = values


def new_record() -> "Record":
    """All fields 0; CPython, which compiles nothing, indexes a list twice as quickly."""
    if MICROPYTHON:
        return array("i", (0,) * _COUNT)
    return [0] * _COUNT


def pack(record: "Record", buffer: bytearray) -> None:
    """Pack the record as the payload of `buffer`, a frame's. On MicroPython without the heap."""
    if MICROPYTHON:
        _pack_words(record, _KINDS, _COUNT, buffer, _PAYLOAD_AT)
        return
    try:
        _pack_into(_FORMAT, buffer, _PAYLOAD_AT, *record)
    except struct.error:
        if not limit(record):
            raise
        pack(record, buffer)


def limit(record: "Record") -> bool:
    """Bring measured values into their fields; whether one was outside."""
    found = False
    for name, low, high in _MEASURED:
        place = FIELDS.index(name)
        value = record[place]
        if not low <= value <= high:
            record[place] = min(max(value, low), high)
            found = True
    return found


def unpack(buffer: "bytes | bytearray", offset: int = 0) -> Telemetry:
    """The record in the SIZE bytes at `offset` (TELEMETRY and STATUS payloads).

    The caller has seen that the payload has SIZE bytes; an error of `struct` when there are fewer.
    """
    return Telemetry(_unpack(buffer, offset))


class TelemetryEncoder:
    """Makes TELEMETRY frames in its own buffer: `link.write(encoder.buffer, encoder.encode(r))`."""

    def __init__(self) -> None:
        self.buffer = frame.new_buffer(SIZE)
        self._covered = memoryview(self.buffer)[_TYPE_AT:_CRC_AT]  # by the CRC

    def encode(self, record: "Record") -> int:
        """Count the record's frames on and make the next one in `buffer`; bytes to send.

        Called from the main loop; on MicroPython without the heap.
        """
        counter = (record[0] + 1) & _U16
        record[0] = counter
        buffer = self.buffer
        if MICROPYTHON:
            _pack_words(record, _KINDS, _COUNT, buffer, _PAYLOAD_AT)
            size: int = _seal(buffer, _NUMBER, counter & _U8, _EVENT, _SIZE)
            return size
        try:
            _pack_into(_FRAME_FORMAT, buffer, _TYPE_AT, _NUMBER, counter & _U8, _EVENT, *record)
        except struct.error:
            if not limit(record):
                raise
            _pack_into(_FRAME_FORMAT, buffer, _TYPE_AT, _NUMBER, counter & _U8, _EVENT, *record)
        _pack_into("<I", buffer, _CRC_AT, _crc32(self._covered))
        _stuff(buffer, _END_AT)
        buffer[_END_AT] = 0
        return WIRE_SIZE
