"""The decoder delivers what was sent, whole and in order, and never anything else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import frame
from protocol.decoder import Decoder
from protocol.quick_decoder import QuickDecoder
from tests.protocol.samples import Sample, samples

# The second is the pen's: here its machine code runs as Python.
pytestmark = pytest.mark.parametrize("new", [Decoder, QuickDecoder])
SAMPLES = samples()
Delivered = list[tuple[int, int, int, bytes]]


def feed(decoder: Decoder, data: bytes) -> Delivered:
    found = []
    position = 0
    while position < len(data):
        position = decoder.take(data, position, len(data))
        if decoder.ready:
            found.append((decoder.number, decoder.sequence, decoder.flags, decoder.payload()))
    return found


def meaning(sample: Sample) -> tuple[int, int, int, bytes]:
    return (sample.number, sample.sequence, sample.flags, sample.payload)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_delivers_every_message(new: type[Decoder], sample: Sample) -> None:
    decoder = new()
    assert feed(decoder, sample.wire) == [meaning(sample)]
    assert (decoder.good, decoder.bad) == (1, 0)


@given(
    chosen=st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=8),
    cuts=st.lists(st.integers(0, 2000)),
)
def test_any_chunks_deliver_the_same(
    new: type[Decoder], chosen: list[Sample], cuts: list[int]
) -> None:
    stream = b"".join(sample.wire for sample in chosen)
    edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    decoder = new()
    found: Delivered = []
    for start, stop in itertools.pairwise(edges):
        found += feed(decoder, stream[start:stop])
    assert found == [meaning(sample) for sample in chosen]


@given(data=st.binary(max_size=1200))
def test_no_bytes_raise_and_the_frame_after_the_next_delimiter_arrives(
    new: type[Decoder], data: bytes
) -> None:
    decoder = new()
    feed(decoder, data)
    assert feed(decoder, b"\0" + SAMPLES[0].wire)[-1:] == [meaning(SAMPLES[0])]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_bit_flipped_is_refused(new: type[Decoder], sample: Sample) -> None:
    wire = sample.wire
    after = SAMPLES[2]
    for at in range(len(wire) - 1):
        for bit in range(8):
            bad = bytearray(wire)
            bad[at] ^= 1 << bit
            decoder = new()
            assert feed(decoder, bytes(bad) + after.wire) == [meaning(after)], (at, bit)
            assert decoder.bad >= 1


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_byte_dropped_or_doubled_is_refused(new: type[Decoder], sample: Sample) -> None:
    wire = sample.wire
    after = meaning(SAMPLES[2])
    for at in range(len(wire) - 1):
        neighbours = wire[at : at + 2]
        for bad in (wire[:at] + wire[at + 1 :], wire[: at + 1] + wire[at:]):
            decoder = new()
            assert feed(decoder, bad + SAMPLES[2].wire) == [after], (at, neighbours)
            assert decoder.bad == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_byte_inserted_is_refused(new: type[Decoder], sample: Sample) -> None:
    wire = sample.wire
    after = meaning(SAMPLES[2])
    short = len(wire) < 32
    for at in range(len(wire)):
        for value in range(1, 256) if short else (1, 2, wire[at - 1], 254, 255):
            if value:
                decoder = new()
                bad = wire[:at] + bytes([value]) + wire[at:]
                assert feed(decoder, bad + SAMPLES[2].wire) == [after], (at, value)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_delimiter_inserted_anywhere_inside_is_refused(
    new: type[Decoder], sample: Sample
) -> None:
    wire = sample.wire
    for at in range(1, len(wire) - 1):
        decoder = new()
        bad = wire[:at] + b"\0" + wire[at:]
        assert feed(decoder, bad + SAMPLES[2].wire) == [meaning(SAMPLES[2])], at


@pytest.mark.parametrize("sample", SAMPLES[:4], ids=lambda sample: sample.name)
def test_a_lost_delimiter_costs_the_two_frames_it_joined_alone(
    new: type[Decoder], sample: Sample
) -> None:
    decoder = new()
    stream = sample.wire[:-1] + SAMPLES[1].wire + SAMPLES[2].wire
    assert feed(decoder, stream) == [meaning(SAMPLES[2])]
    assert decoder.bad == 1


def test_delimiters_in_a_row_are_no_errors(new: type[Decoder]) -> None:
    decoder = new()
    assert feed(decoder, b"\0\0\0" + SAMPLES[0].wire + b"\0") == [meaning(SAMPLES[0])]
    assert decoder.bad == 0


def test_what_is_dropped_is_counted_by_cause(new: type[Decoder]) -> None:
    decoder = new()
    feed(decoder, b"short\0" + b"x" * 249 + b"\0" + b"y" * 70000 + b"\0")
    assert (decoder.bad_length, decoder.bad_stuffing, decoder.bad_check) == (3, 0, 0)
    wire = SAMPLES[0].wire
    feed(decoder, b"\xff" + wire[1:])
    assert (decoder.bad_length, decoder.bad_stuffing, decoder.bad_check) == (3, 1, 0)
    feed(decoder, wire[:5] + bytes([wire[5] ^ 2]) + wire[6:])
    assert (decoder.bad_length, decoder.bad_stuffing, decoder.bad_check) == (3, 1, 1)
    assert (decoder.good, decoder.bad) == (0, 5)


def test_too_long_stays_too_long_in_any_pieces(new: type[Decoder]) -> None:
    decoder = new()
    for size in (200, 49, 1, 30000, 1):
        assert feed(decoder, b"z" * size) == []
    assert feed(decoder, b"\0" + SAMPLES[0].wire) == [meaning(SAMPLES[0])]
    assert decoder.bad_length == 1


def test_its_memory_is_bounded(new: type[Decoder]) -> None:
    decoder = new()
    feed(decoder, b"q" * 100_000)
    assert len(decoder.buffer) == 248 == frame.WIRE_MAX - 1


def test_reset_forgets_half_a_frame_and_keeps_the_counters(new: type[Decoder]) -> None:
    decoder = new()
    decoder.take(SAMPLES[0].wire, 0, len(SAMPLES[0].wire))
    assert decoder.ready
    decoder.reset()
    assert not decoder.ready
    feed(decoder, SAMPLES[1].wire[:7])
    decoder.reset()
    assert feed(decoder, SAMPLES[2].wire) == [meaning(SAMPLES[2])]
    assert (decoder.good, decoder.bad) == (2, 0)


def test_before_the_first_frame_it_describes_none(new: type[Decoder]) -> None:
    decoder = new()
    assert not decoder.ready
    assert (decoder.number, decoder.sequence, decoder.flags, decoder.size) == (0, 0, 0, 0)
    assert decoder.payload() == b""


def test_bytes_outside_the_given_range_are_not_touched(new: type[Decoder]) -> None:
    decoder = new()
    wire = SAMPLES[0].wire
    data = b"\0junk" + wire + b"junk\0"
    position = decoder.take(data, 5, 5 + len(wire))
    assert decoder.ready
    assert position == 5 + len(wire)
    assert decoder.bad == 0
