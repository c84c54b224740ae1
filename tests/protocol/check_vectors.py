"""Reproduce and decode every golden vector. Runs on both interpreters.

micropython tests/protocol/check_vectors.py prints "N vectors" or the first that fails.
"""

import binascii
import json
import sys

sys.path.insert(0, ".")

from protocol import cartridge_layout, cobs, codec, crc, frame, plan_layout, schema
from protocol.decoder import Decoder
from protocol.interpreter import MICROPYTHON
from protocol.layout import JSON
from protocol.quick_decoder import QuickDecoder
from tests.protocol import conversation

FOLDER = "protocol/vectors/"


def load(name: str) -> "object":
    """Content of one file."""
    with open(FOLDER + name) as file:  # noqa: PTH123
        return json.load(file)


def hexed(text: str) -> bytes:
    """Bytes of a hex string, empty ones too."""
    return binascii.unhexlify(text)


def hex_of(data: bytes) -> str:
    """The hex string of bytes."""
    return binascii.hexlify(data).decode()


def decoded(data: bytes) -> "tuple[list[Decoder], Decoder]":
    """Frames delivered out of `data`: (number, sequence, flags, payload) each, and the decoder."""
    found, decoder = delivered(Decoder(), data)
    by_machine, quick = delivered(QuickDecoder(), data)
    assert by_machine == found
    assert quick.bad == decoder.bad
    return found, decoder


def delivered(decoder: Decoder, data: bytes) -> "tuple[list[Decoder], Decoder]":
    """The same of one decoder."""
    found = []
    position = 0
    while position < len(data):
        position = decoder.take(data, position, len(data))
        if decoder.ready:
            found.append((decoder.number, decoder.sequence, decoder.flags, decoder.payload()))
    return found, decoder


def layout_of(entry: dict) -> "object":
    """The layout the table has for a golden frame."""
    message = schema.BY_NUMBER[entry["number"]]
    if entry["flags"] == frame.REQUEST:
        return message.request
    if entry["flags"] == frame.EVENT:
        return message.event
    if entry["flags"] == frame.RESPONSE:
        return message.response
    return schema.ERROR_REPLY


def check_frame(entry: dict) -> None:
    """Values to bytes and back."""
    layout = layout_of(entry)
    payload = hexed(entry["payload"])
    wire = hexed(entry["frame"])
    head = (entry["number"], entry["sequence"], entry["flags"])
    assert layout.kind == entry["kind"]
    named = codec.unpack_named(layout, payload)
    if layout.kind == JSON:
        assert named == entry["fields"]
    else:
        assert layout.format == entry["format"]
        values = []
        for name, _, _, _, _ in layout.fields:
            value = entry["fields"][name]
            if not isinstance(value, int):
                value = hexed(value)
            assert named[name] == value, name
            values.append(value)
        assert codec.pack(layout, values) == payload
        assert codec.first_out_of_range(layout, values) < 0
    assert frame.build(head[0], head[1], head[2], payload) == wire
    found, _ = decoded(wire)
    assert found == [(head[0], head[1], head[2], payload)]


def check_refused(entry: dict) -> None:
    """Nothing is delivered, and the next frame is."""
    data = hexed(entry["bytes"])
    good = frame.build(0x16, 9, frame.REQUEST, b"")
    found, decoder = decoded(data + good)
    assert found == [(0x16, 9, frame.REQUEST, b"")]
    assert decoder.bad >= 1


def check_stuffing(entry: dict) -> None:
    """The encoder, which only CPython has by itself, and the decoder."""
    message = hexed(entry["message"])
    stuffed = hexed(entry["stuffed"])
    if not MICROPYTHON:
        buffer = bytearray(b"\0" + message)
        cobs.encode(buffer, len(buffer))
        assert bytes(buffer) == stuffed
    buffer = bytearray(stuffed)
    assert cobs.decode(buffer, len(buffer))
    assert bytes(buffer[1:]) == message


def check_crc(entry: dict) -> None:
    """Written and found intact."""
    data = hexed(entry["bytes"])
    buffer = bytearray(data + bytes(4))
    crc.write(buffer, 0, len(data))
    assert bytes(buffer[len(data) :]) == entry["crc32"].to_bytes(4, "little")
    assert crc.intact(buffer)


def check_plan(entry: dict) -> None:
    """A plan and its hash."""
    data = hexed(entry["bytes"])
    plan = plan_layout.unpack(data)
    assert plan_layout.pack(plan) == data
    assert plan_layout.digest(data) == hexed(entry["sha256"])
    assert [row.__dict__ for row in plan.rows] == entry["rows"]
    assert plan.session_id == entry["session_id"]
    assert plan.name == hexed(entry["name"])


def check_cartridge(entry: dict) -> None:
    """Identity and mark."""
    area = hexed(entry["identity_bytes"])
    identity = cartridge_layout.unpack_identity(area)
    assert cartridge_layout.pack_identity(identity) == area
    assert identity.lot == hexed(entry["identity"]["lot"])
    area = hexed(entry["used_bytes"])
    mark = cartridge_layout.unpack_used(area)
    assert mark.__dict__ == entry["used"]
    assert cartridge_layout.pack_used(mark) == area
    assert not cartridge_layout.is_unused(area)


def run() -> int:
    """Check all; the number of vectors, AssertionError at the first that fails."""
    count = 0
    for name, check in (
        ("frames.json", check_frame),
        ("refused.json", check_refused),
        ("stuffing.json", check_stuffing),
        ("crc32.json", check_crc),
    ):
        for entry in load(name):
            try:
                check(entry)
            except AssertionError:
                print(name, entry)
                raise
            count += 1
    steps = conversation.play()
    vectors = load("conversation.json")
    assert len(steps) == len(vectors)
    for entry, (name, host, pen) in zip(vectors, steps):  # noqa: B905 (not on MicroPython)
        assert [entry["name"], entry["host"], entry["pen"]] == [name, hex_of(host), hex_of(pen)]
        count += 1
    check_plan(load("plan.json"))
    check_cartridge(load("cartridge.json"))
    return count + 2


if __name__ == "__main__":
    print(f"{run()} vectors")
