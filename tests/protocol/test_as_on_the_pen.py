"""What the pen does with machine code, done here as Python: the same bytes come out."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import frame, machine_code, quick_decoder, schema, telemetry
from protocol.decoder import Decoder
from protocol.telemetry import TelemetryEncoder
from tests.protocol.samples import AT_THE_ENDS, RUNNING

FIELDS = schema.TELEMETRY_LAYOUT.fields
VALUES = st.tuples(
    *(st.integers(low, min(high, 2**29 - 1)) for _name, _code, _unit, low, high in FIELDS)
)


@given(values=VALUES)
def test_a_record_is_packed_and_sent_alike(values: tuple[int, ...]) -> None:
    here, there = bytearray(b"\x11" * 60), bytearray(b"\x11" * 60)
    telemetry.pack(list(values), here)
    encoder = TelemetryEncoder()
    wire = bytes(encoder.buffer[: encoder.encode(list(values))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry, "MICROPYTHON", True)
        telemetry.pack(list(values), there)
        encoder = TelemetryEncoder()
        record = list(values)
        size = encoder.encode(record)
    assert here == there
    assert (size, len(wire)) == (59, 59)
    assert bytes(encoder.buffer[:size]) == wire
    assert record == [(values[0] + 1) % 65_536, *values[1:]]


def test_on_the_pen_nothing_is_packed_by_what_needs_the_heap() -> None:
    def by_tuple(*_: object) -> None:
        raise AssertionError("struct makes a tuple of the record")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry, "MICROPYTHON", True)
        patch.setattr(telemetry, "_pack_into", by_tuple)
        telemetry.pack(list(RUNNING), bytearray(60))
        assert TelemetryEncoder().encode(list(RUNNING)) == 59


@pytest.mark.parametrize("values", [RUNNING, AT_THE_ENDS])
def test_a_new_record_has_all_fields_on_both(values: tuple[int, ...]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry, "MICROPYTHON", True)
        record = telemetry.new_record()
    assert list(record) == telemetry.new_record() == [0] * len(values)
    assert not isinstance(record, list)


def test_here_the_native_functions_are_used() -> None:
    assert frame.seal is frame.seal_natively
    assert quick_decoder.quickest_decoder is Decoder


def test_constants_of_the_kernels() -> None:
    assert (machine_code.FILLED, machine_code.VERDICT, machine_code.WORDS) == (0, 1, 2)
    verdicts = (
        machine_code.NO_FRAME,
        machine_code.BAD_LENGTH,
        machine_code.BAD_STUFFING,
        machine_code.BAD_CHECK,
    )
    assert verdicts == (256, 257, 258, 259)
    assert machine_code._TABLE[1] == 0x77073096
    assert len(machine_code._TABLE) == 256


def test_a_zero_in_any_byte_of_the_check_is_stuffed() -> None:
    wanted = {0, 1, 2, 3}
    number = 0
    while wanted:
        data = number.to_bytes(3, "little")
        number += 1
        check = binascii.crc32(b"\7\1\1" + data).to_bytes(4, "little")
        zeros = {place for place in wanted if check[place] == 0}
        if zeros:
            wanted -= zeros
            buffer = bytearray(b"\0" * 4 + data + b"\x55" * 5)
            native = bytearray(buffer)
            assert machine_code.seal(buffer, 7, 1, 1, 3) == 12
            frame.seal_natively(native, 7, 1, 1, 3)
            assert buffer == native
            assert buffer.index(0) == 11


def test_a_kernel_collects_no_more_than_the_longest_frame() -> None:
    """A buffer of just its size is never written beyond."""
    buffer, state = bytearray(248), [0, 0]
    for size in (247, 248, 249, 250, 1000):
        state[:] = [0, 0]
        machine_code.collect(buffer, state, b"\x01" * size + b"\0", 0, size + 1)
        # A chain of ones is well stuffed; its check is wrong.
        assert state == [0, 259 if size <= 248 else 257]
    state[:] = [0, 0]
    assert machine_code.collect(buffer, state, b"\x01" * 9, 2, 7) == 7
    assert state == [5, 256]


def test_the_sign_of_a_word_is_given_back_with_two_to_the_29() -> None:
    """On a 64-bit build machine code sees 32 bits without their sign."""
    buffer = bytearray(2)
    machine_code.pack_words([-2], bytes([machine_code.I16]), 1, buffer, 0)
    assert buffer == b"\xfe\xff"
    assert 1 << 29 in machine_code.pack_words.__code__.co_consts
