"""The record, its encoder and the table say the same, to the last bit and at every end."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec, frame, messages, schema, telemetry
from protocol.decoder import Decoder
from protocol.telemetry import Telemetry, TelemetryEncoder
from tests.protocol.samples import AT_THE_ENDS, RUNNING

FIELDS = schema.TELEMETRY_LAYOUT.fields
VALUES = st.tuples(*(st.integers(low, high) for _name, _code, _unit, low, high in FIELDS))


def values_of(record: Telemetry) -> tuple[int, ...]:
    return tuple(getattr(record, name) for name in telemetry.FIELDS)


def sent(record: list[int]) -> bytes:
    encoder = TelemetryEncoder()
    return bytes(encoder.buffer[: encoder.encode(record)])


def test_field_order_is_the_tables() -> None:
    order = tuple(name for name, *_rest in FIELDS)
    assert order == telemetry.FIELDS
    assert values_of(Telemetry(tuple(range(23)))) == tuple(range(23))
    assert values_of(Telemetry()) == (0,) * 23
    assert telemetry.new_record() == [0] * 23


@given(values=VALUES)
def test_the_frame_is_the_tables(values: tuple[int, ...]) -> None:
    record = list(values)
    wire = sent(record)
    counter = (values[0] + 1) % 65536
    payload = codec.pack(schema.TELEMETRY_LAYOUT, (counter, *values[1:]))
    assert wire == frame.build(messages.TELEMETRY, counter & 0xFF, frame.EVENT, payload)
    assert record[0] == counter


@given(values=VALUES)
def test_comes_back_as_it_was(values: tuple[int, ...]) -> None:
    decoder = Decoder()
    wire = sent(list(values))
    decoder.take(wire, 0, len(wire))
    assert decoder.ready
    found = telemetry.unpack(decoder.buffer, frame.PAYLOAD_AT)
    assert values_of(found) == ((values[0] + 1) % 65536, *values[1:])
    assert values_of(telemetry.unpack(decoder.payload())) == values_of(found)


@pytest.mark.parametrize("position", range(len(FIELDS)), ids=telemetry.FIELDS)
@pytest.mark.parametrize("end", [3, 4], ids=["low", "high"])
def test_each_end_of_each_field(position: int, end: int) -> None:
    values = list(RUNNING)
    values[position] = int(FIELDS[position][end])
    payload = bytearray(60)
    telemetry.pack(values, payload)
    assert codec.unpack(schema.TELEMETRY_LAYOUT, payload[4:54]) == tuple(values)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        *(("rate_chz", 65535, 65535), ("rate_chz", 65536, 65535), ("rate_chz", 2**29, 65535)),
        *(("depth_um", 32768, 32767), ("depth_um", -32769, -32768), ("depth_um", -(2**29), -32768)),
        *(("current_ma", 40000, 32767), ("current_ma", -40000, -32768)),
        *(("temperature_cdeg", 99999, 32767), ("temperature_cdeg", -99999, -32768)),
        *(("punctures_per_cm2", 70000, 65535), ("ticks_late", 2**20, 65535)),
        ("frames_bad", 65536, 65535),
    ],
)
def test_beyond_its_field_a_measured_value_shows_the_end(name: str, value: int, shown: int) -> None:
    record = list(RUNNING)
    record[telemetry.FIELDS.index(name)] = value
    payload = bytearray(60)
    telemetry.pack(record, payload)
    found = telemetry.unpack(payload, 4)
    assert getattr(found, name) == shown
    assert sum(a != b for a, b in zip(values_of(found), RUNNING, strict=True)) == 1
    record[telemetry.FIELDS.index(name)] = value
    decoder = Decoder()
    decoder.take(sent(record), 0, telemetry.WIRE_SIZE)
    again = telemetry.unpack(decoder.buffer, 4)
    assert values_of(again)[1:] == values_of(found)[1:]


@pytest.mark.parametrize("name", ["rate_chz", "punctures_per_cm2", "ticks_late", "frames_bad"])
def test_what_counts_from_nothing_shows_nothing_where_it_is_less(name: str) -> None:
    at = telemetry.FIELDS.index(name)
    for value in (-1, 0):
        record = list(RUNNING)
        record[at] = value
        record[telemetry.FIELDS.index("depth_um")] = 99_999  # something else is to be limited
        payload = bytearray(60)
        telemetry.pack(record, payload)
        assert getattr(telemetry.unpack(payload, 4), name) == 0


def test_whatever_is_left_in_its_buffer_the_frame_is_whole() -> None:
    encoder = TelemetryEncoder()
    encoder.buffer[:] = b"\xff" * len(encoder.buffer)
    size = encoder.encode(list(RUNNING))
    assert bytes(encoder.buffer[:size]) == sent(list(RUNNING))


@pytest.mark.parametrize("name", ["state", "zone", "battery_pct", "duty", "punctures"])
def test_a_value_wrong_by_construction_is_not_hidden(name: str) -> None:
    record = list(RUNNING)
    record[telemetry.FIELDS.index(name)] = 2**33
    with pytest.raises(struct.error):
        telemetry.pack(record, bytearray(60))
    with pytest.raises(struct.error):
        TelemetryEncoder().encode(record)


def test_limit_says_whether_it_changed_anything() -> None:
    record = list(AT_THE_ENDS)
    assert not telemetry.limit(record)
    record[telemetry.FIELDS.index("rate_chz")] += 1
    assert telemetry.limit(record)
    assert tuple(record) == AT_THE_ENDS


def test_the_counter_wraps_after_65535_and_the_sequence_is_its_low_byte() -> None:
    record = list(AT_THE_ENDS)
    decoder = Decoder()
    for expected in (0, 1, 2):
        wire = sent(record)
        decoder.take(wire, 0, len(wire))
        assert telemetry.unpack(decoder.buffer, 4).counter == expected
        assert decoder.sequence == expected


def test_sizes_restated() -> None:
    assert telemetry.SIZE == 50
    assert telemetry.WIRE_SIZE == 59
    # 200 frames a second on full-speed USB, which carries well over 500 kB a second.
    assert telemetry.WIRE_SIZE * 200 == 11_800


def test_a_short_payload_raises() -> None:
    with pytest.raises(Exception, match="requires a buffer"):
        telemetry.unpack(bytes(49))
