"""The telemetry record and its encoder, which allocates nothing.

The pen keeps one `Telemetry`, sets its integers and encodes it as often as it likes; the host
decodes into the same class. The field order is the table's (a test holds the two together).
Owns the counter of frames made.
"""

import struct

from protocol import cobs, crc, frame, messages, schema
from protocol.interpreter import const

_FORMAT = schema.TELEMETRY_LAYOUT.format
SIZE = schema.TELEMETRY_LAYOUT.size  # bytes of payload
WIRE_SIZE = SIZE + frame.OVERHEAD

_pack_into = struct.pack_into
_unpack_from = struct.unpack_from
_U16 = const(0xFFFF)
_U30 = const(0x3FFFFFFF)
_I16 = const(32767)


class Telemetry:
    """What the pen does and measures; units are in the names, ranges in the table."""

    def __init__(self) -> None:
        self.counter = 0
        self.t_ms = 0
        self.state = 0
        self.fault = 0
        self.stop_reason = 0
        self.zone = 0
        self.pass_number = 0
        self.battery_pct = 0
        self.conditions = 0
        self.rate_set_chz = 0
        self.rate_chz = 0
        self.depth_set_um = 0
        self.depth_um = 0
        self.current_ma = 0
        self.supply_mv = 0
        self.temperature_cdeg = 0
        self.duty = 0
        self.zone_ms = 0
        self.contact_ms = 0
        self.punctures = 0
        self.punctures_per_cm2 = 0
        self.ticks_late = 0
        self.frames_bad = 0


def pack(record: Telemetry, buffer: bytearray, offset: int) -> int:
    """Pack `record` at `offset`; the number of bytes. Allocates nothing.

    A measured value beyond its field shows the field's end ("at least this much"): telemetry is
    for the eye, and nothing decides by it. The rest is in range by construction.
    """
    rate_chz = record.rate_chz
    depth_um = record.depth_um
    current_ma = record.current_ma
    temperature_cdeg = record.temperature_cdeg
    density = record.punctures_per_cm2
    ticks_late = record.ticks_late
    frames_bad = record.frames_bad
    _pack_into(
        _FORMAT,
        buffer,
        offset,
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
        rate_chz if rate_chz < _U16 else _U16,
        record.depth_set_um,
        depth_um if -_I16 < depth_um < _I16 else _end(depth_um),
        current_ma if -_I16 < current_ma < _I16 else _end(current_ma),
        record.supply_mv,
        temperature_cdeg if -_I16 < temperature_cdeg < _I16 else _end(temperature_cdeg),
        record.duty,
        record.zone_ms,
        record.contact_ms,
        record.punctures,
        density if density < _U16 else _U16,
        ticks_late if ticks_late < _U16 else _U16,
        frames_bad if frames_bad < _U16 else _U16,
    )
    return SIZE


def _end(value: int) -> int:
    """The end of a signed 16-bit field on the side of `value`."""
    return _I16 if value > 0 else -_I16


def unpack_into(record: Telemetry, buffer: "bytes | bytearray", offset: int) -> None:
    """Set every attribute of `record` from the SIZE bytes at `offset`."""
    (
        record.counter,
        record.t_ms,
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
    ) = _unpack_from(_FORMAT, buffer, offset)


def unpack(payload: "bytes | bytearray") -> Telemetry:
    """The record of a TELEMETRY or STATUS payload; ValueError when its length is not SIZE."""
    if len(payload) != SIZE:
        raise ValueError("telemetry has %d bytes, this has %d" % (SIZE, len(payload)))
    record = Telemetry()
    unpack_into(record, payload, 0)
    return record


class TelemetryEncoder:
    """Makes TELEMETRY frames in its own buffer: `link.write(encoder.buffer, encoder.encode(r))`."""

    def __init__(self) -> None:
        self.buffer = bytearray(WIRE_SIZE)
        # Header and payload, for the native CRC where its result is no object (crc.WIDE).
        self._covered = memoryview(self.buffer)[frame.TYPE_AT : frame.PAYLOAD_AT + SIZE]

    def encode(self, record: Telemetry) -> int:
        """Count `record.counter` on and make its frame in `buffer`; bytes to send.

        Called from the main loop; allocates nothing on any interpreter.
        """
        counter = (record.counter + 1) & _U16
        record.counter = counter
        buffer = self.buffer
        buffer[frame.TYPE_AT] = messages.TELEMETRY
        buffer[frame.SEQUENCE_AT] = counter & 0xFF
        buffer[frame.FLAGS_AT] = frame.EVENT
        end = frame.PAYLOAD_AT + pack(record, buffer, frame.PAYLOAD_AT)
        if crc.WIDE:
            _pack_into("<I", buffer, end, crc.crc32(self._covered))
        else:
            crc.write_in_halves(buffer, frame.TYPE_AT, end)
        end += crc.SIZE
        cobs.encode(buffer, end)
        buffer[end] = 0
        return end + 1
