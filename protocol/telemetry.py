"""The telemetry record and its encoder, which allocates nothing.

The pen keeps one `Telemetry`, sets its integers and encodes it as often as it likes; the host
decodes into the same class. The field order is the table's (a test holds the two together).
Owns the counter of frames made.
"""

import struct

from protocol import cobs, crc, frame, messages, schema
from protocol.interpreter import MICROPYTHON, WIDE_INTEGERS, const, unpacker

SIZE = schema.TELEMETRY_LAYOUT.size  # bytes of payload
WIRE_SIZE = SIZE + frame.OVERHEAD
FIELDS = tuple([field[0] for field in schema.TELEMETRY_LAYOUT.fields])

# Bound here because the board looks up each dotted name at each use.
_crc32 = crc.crc32
_pack_into = struct.pack_into
_STRUCT_ERROR = getattr(struct, "error", ValueError)  # MicroPython has no name for it
_stuff = cobs.encode
_write_check = crc.write_lean
_PAYLOAD_FORMAT = schema.TELEMETRY_LAYOUT.format
_unpack = unpacker(_PAYLOAD_FORMAT)
_FRAME_FORMAT = "<BBB" + _PAYLOAD_FORMAT[1:]  # with the header in front
_NUMBER = messages.TELEMETRY

# Where things lie in the frame (frame.py): header, 50 bytes of payload, CRC, delimiter.
_TYPE_AT = const(1)
_CRC_AT = const(54)
_END_AT = const(58)
_EVENT = const(4)
_U8 = const(0xFF)
_U16 = const(0xFFFF)
_U30 = const(0x3FFFFFFF)
_LOW = const(-32768)
_HIGH = const(32767)


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


def fill(record: Telemetry, buffer: bytearray) -> None:
    """Pack header and payload of a TELEMETRY frame into `buffer`, a frame's. Allocates nothing.

    A measured value beyond its field is set to the field's end ("at least this much"): telemetry is
    for the eye, and nothing decides by it. The rest is in range by construction.
    """
    if MICROPYTHON:  # its `struct` would cut off what does not fit, without a word
        limit(record)
    try:
        _pack_into(
            _FRAME_FORMAT,
            buffer,
            _TYPE_AT,
            _NUMBER,
            record.counter & _U8,
            _EVENT,
            record.counter,
            record.t_ms & _U30,
            record.state,
            record.fault,
            record.stop_reason,
            record.zone,
            record.pass_number,
            record.battery_pct,
            record.conditions,
            record.rate_set_chz,
            record.rate_chz,
            record.depth_set_um,
            record.depth_um,
            record.current_ma,
            record.supply_mv,
            record.temperature_cdeg,
            record.duty,
            record.zone_ms,
            record.contact_ms,
            record.punctures,
            record.punctures_per_cm2,
            record.ticks_late,
            record.frames_bad,
        )
    except _STRUCT_ERROR:
        if not limit(record):
            raise
        fill(record, buffer)


def limit(record: Telemetry) -> bool:
    """Bring measured values into their fields; whether one was outside."""
    found = False
    if record.rate_chz > _U16:
        record.rate_chz = _U16
        found = True
    if not _LOW <= record.depth_um <= _HIGH:
        record.depth_um = _end(record.depth_um)
        found = True
    if not _LOW <= record.current_ma <= _HIGH:
        record.current_ma = _end(record.current_ma)
        found = True
    if not _LOW <= record.temperature_cdeg <= _HIGH:
        record.temperature_cdeg = _end(record.temperature_cdeg)
        found = True
    if record.punctures_per_cm2 > _U16:
        record.punctures_per_cm2 = _U16
        found = True
    if record.ticks_late > _U16:
        record.ticks_late = _U16
        found = True
    if record.frames_bad > _U16:
        record.frames_bad = _U16
        found = True
    return found


def _end(value: int) -> int:
    """The end of a signed 16-bit field on the side of `value`."""
    return _HIGH if value > 0 else _LOW


def unpack(buffer: "bytes | bytearray", offset: int = 0) -> Telemetry:
    """The record in the SIZE bytes at `offset` (TELEMETRY and STATUS payloads).

    The caller has seen that the payload has SIZE bytes; an error of `struct` when there are fewer.
    """
    return Telemetry(_unpack(buffer, offset))


class TelemetryEncoder:
    """Makes TELEMETRY frames in its own buffer: `link.write(encoder.buffer, encoder.encode(r))`."""

    def __init__(self) -> None:
        self.buffer = frame.new_buffer(SIZE)
        # What the CRC covers, for the native CRC where its result is no object.
        self._covered = memoryview(self.buffer)[_TYPE_AT:_CRC_AT]

    def encode(self, record: Telemetry) -> int:
        """Count `record.counter` on and make its frame in `buffer`; bytes to send.

        Called from the main loop; allocates nothing on any interpreter.
        """
        record.counter = (record.counter + 1) & _U16
        buffer = self.buffer
        fill(record, buffer)
        if WIDE_INTEGERS:
            _pack_into("<I", buffer, _CRC_AT, _crc32(self._covered))
        else:
            _write_check(buffer, _TYPE_AT, _CRC_AT)
        _stuff(buffer, _END_AT)
        buffer[_END_AT] = 0
        return WIRE_SIZE
