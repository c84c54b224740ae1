"""The machine code does what the native functions do: as Python here, compiled on MicroPython."""

import binascii
import itertools
import random
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import frame, machine_code, schema
from protocol.decoder import Decoder
from protocol.quick_decoder import QuickDecoder
from tests.firmware.hal.test_rp2040_conformance import compiled, literal_loads

ROOT = Path(__file__).resolve().parents[2]
BYTES = st.integers(0, 255)
PAYLOADS = st.lists(st.one_of(st.just(0), BYTES), max_size=240).map(bytes)
WORDS = st.integers(-(2**29), 2**29 - 1)
CODES = "BHhI"


@given(number=BYTES, sequence=BYTES, flags=BYTES, payload=PAYLOADS, room=st.integers(0, 9))
def test_a_frame_is_sealed_as_natively(
    number: int, sequence: int, flags: int, payload: bytes, room: int
) -> None:
    size = len(payload)
    native = bytearray(b"\xaa" * 4 + payload + b"\x55" * (5 + room))
    machine = bytearray(native)
    assert frame.seal_natively(native, number, sequence, flags, size) == size + 9
    assert machine_code.seal(machine, number, sequence, flags, size) == size + 9
    assert machine == native


def heard(decoder: Decoder, pieces: list[bytes]) -> list[object]:
    """What a decoder says after each step through `pieces`."""
    said: list[object] = []
    for data in pieces:
        position = 0
        while position < len(data):
            position = decoder.take(data, position, len(data))
            said.append((position, decoder.ready))
            if decoder.ready:
                said.append((decoder.number, decoder.sequence, decoder.flags, decoder.payload()))
    said.append((decoder.good, decoder.bad))
    said.append((decoder.bad_length, decoder.bad_stuffing, decoder.bad_check))
    return said


@given(
    payloads=st.lists(PAYLOADS, min_size=1, max_size=4),
    harm=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=3),
    cuts=st.lists(st.integers(0, 2000), max_size=4),
)
def test_both_decoders_say_the_same_of_damaged_frames_in_any_pieces(
    payloads: list[bytes], harm: list[tuple[int, int]], cuts: list[int]
) -> None:
    stream = bytearray(b"".join(frame.build(7, n, 1, data) for n, data in enumerate(payloads)))
    for place, change in harm:
        stream[place % len(stream)] ^= change
    edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    pieces = [bytes(stream[start:stop]) for start, stop in itertools.pairwise(edges)]
    assert heard(QuickDecoder(), pieces) == heard(Decoder(), pieces)


@given(fields=st.lists(st.tuples(st.sampled_from(CODES), WORDS), max_size=30))
def test_words_are_packed_as_struct_does_with_the_ends_of_16_bits(
    fields: list[tuple[str, int]],
) -> None:
    shown = []
    for code, value in fields:
        low, high = {"H": (0, 65535), "h": (-32768, 32767)}.get(code, (value, value))
        mask = {"B": 0xFF, "I": 0xFFFFFFFF}.get(code, -1)
        shown.append(min(max(value, low), high) & mask)
    expected = struct.pack("<" + "".join(code for code, _ in fields), *shown)
    buffer = bytearray(len(expected) + 2)
    kinds = bytes(CODES.index(code) for code, _ in fields)
    machine_code.pack_words([value for _, value in fields], kinds, len(fields), buffer, 1)
    assert buffer == b"\0" + expected + b"\0"


def test_kinds_of_fields_are_numbered_as_telemetry_takes_them() -> None:
    kinds = (machine_code.U8, machine_code.U16, machine_code.I16, machine_code.U32)
    assert kinds == tuple(range(4))
    assert {field[1] for field in schema.TELEMETRY_LAYOUT.fields} == set(CODES)


@given(source=st.binary(max_size=20), start=st.integers(0, 20), size=st.integers(0, 20))
def test_a_copy_is_a_slice(source: bytes, start: int, size: int) -> None:
    start = min(start, len(source))
    stop = min(start + size, len(source))
    target = bytearray(b"\xee" * 21)
    machine_code.copy(target, source, start, stop)
    assert target == source[start:stop] + b"\xee" * (21 - (stop - start))


def test_the_table_is_that_of_the_polynomial() -> None:
    table = [0] * 256
    machine_code.fill_table(table)
    for byte in range(256):
        entry = byte
        for _ in range(8):
            entry = entry >> 1 ^ 0xEDB88320 * (entry & 1)
        assert table[byte] == entry


# --- compiled ------------------------------------------------------------------------------------


def contents(rng: random.Random) -> list[bytes]:
    mixed = [
        bytes(rng.choice((0, 0, rng.randrange(256))) for _ in range(rng.randrange(240)))
        for _ in range(40)
    ]
    return [b"", b"\0", b"\1", bytes(240), b"\xff" * 240, b"\0" + b"\1" * 239, *mixed]


def run(program: Path, code: str) -> None:
    done = subprocess.run(
        [program, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr


def test_compiled_it_makes_the_frames_of_cpython(
    each_micropython: Path, rng: random.Random
) -> None:
    expected = [(data, frame.build(data[0] if data else 9, 200, 2, data)) for data in contents(rng)]
    run(
        each_micropython,
        f"""
from protocol import frame, machine_code
assert frame.seal is machine_code.seal
for data, wire in {expected!r}:
    assert frame.build(data[0] if data else 9, 200, 2, data) == wire, data
""",
    )


def test_compiled_it_decides_as_on_cpython(each_micropython: Path, rng: random.Random) -> None:
    damaged = []
    for data in contents(rng)[:24]:
        wire = bytearray(frame.build(3, 4, 1, data))
        for _ in range(rng.randrange(3)):
            wire[rng.randrange(len(wire))] ^= rng.choice((1, 2, 128, 255))
        cut = rng.randrange(len(wire))
        pieces = [bytes(wire[:cut]), bytes(wire[cut:]) + b"\0"]
        damaged.append((pieces, heard(Decoder(), pieces)))
    run(
        each_micropython,
        f"""
from protocol.quick_decoder import QuickDecoder
for pieces, expected in {damaged!r}:
    decoder = QuickDecoder()
    said = []
    for data in pieces:
        position = 0
        while position < len(data):
            position = decoder.take(data, position, len(data))
            said.append((position, decoder.ready))
            if decoder.ready:
                said.append((decoder.number, decoder.sequence, decoder.flags, decoder.payload()))
    said.append((decoder.good, decoder.bad))
    said.append((decoder.bad_length, decoder.bad_stuffing, decoder.bad_check))
    assert said == expected, (pieces, said)
""",
    )


def test_compiled_it_packs_as_on_cpython(each_micropython: Path, rng: random.Random) -> None:
    ends = [-(2**29), -32769, -32768, -1, 0, 255, 256, 32767, 32768, 65535, 65536, 2**29 - 1]
    values = [*(ends * 4), *(rng.randrange(-(2**29), 2**29) for _ in range(40))]
    kinds = bytes(sorted(index % 4 for index in range(len(values))))
    buffer = bytearray(4 * len(values))
    machine_code.pack_words(values, kinds, len(values), buffer, 0)
    run(
        each_micropython,
        f"""
from array import array
from protocol import machine_code
values = array("i", {values!r})
buffer = bytearray({len(buffer)})
machine_code.pack_words(values, {kinds!r}, len(values), buffer, 0)
assert buffer == {bytes(buffer)!r}
""",
    )


def test_frozen_on_the_board_it_needs_no_alignment(tmp_path: Path) -> None:
    """Constants of more than a byte would be loaded from where freezing does not align them."""
    assert literal_loads(compiled(ROOT / "protocol" / "machine_code.py", tmp_path)) == []


@pytest.mark.parametrize("data", [b"123456789", b""])
def test_the_check_is_binasciis(data: bytes) -> None:
    buffer = bytearray(len(data) + 9)
    buffer[4 : 4 + len(data)] = data
    machine_code.seal(buffer, 1, 1, 1, len(data))
    decoder = Decoder()
    decoder.take(buffer, 0, len(buffer))
    end = 4 + len(data)
    covered = bytes([1, 1, 1]) + data
    assert decoder.buffer[end : end + 4] == binascii.crc32(covered).to_bytes(4, "little")
