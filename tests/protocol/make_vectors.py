"""Write protocol/vectors/*.json: golden bytes for our interpreters and for any stranger's client.

`python -m tests.protocol.make_vectors`; test_vectors.py fails when a file is not what this makes.
A changed vector is a changed wire: HELLO, STOP and UPDATE must never change (test_fixed.py).
"""

import binascii
import json
from pathlib import Path
from typing import Any

from protocol import cartridge_layout, cobs, frame, messages
from protocol.layout import JSON
from tests.protocol import conversation
from tests.protocol.samples import PLAN, PLAN_BYTES, PLAN_DIGEST, Sample, samples

FOLDER = Path(__file__).resolve().parents[2] / "protocol" / "vectors"

STUFFED = (b"", b"\0", b"\0\0", b"pen", b"\0pen", b"pen\0", b"p\0\0en", bytes(range(1, 254)))
CHECKED = (b"", b"\0", b"123456789", b"\xff" * 32, bytes(range(256)))


def text(value: Any) -> Any:
    """A field as JSON: bytes in hex."""
    return value.hex() if isinstance(value, bytes) else value


def described(sample: Sample) -> dict[str, Any]:
    """One golden frame."""
    if sample.layout.kind == JSON:
        fields = dict(sample.fields)
    else:
        names = [field[0] for field in sample.layout.fields]
        fields = {n: text(v) for n, v in zip(names, sample.fields, strict=True)}
    return {
        "name": sample.name,
        "number": sample.number,
        "sequence": sample.sequence,
        "flags": sample.flags,
        "kind": sample.layout.kind,
        "format": sample.layout.format if sample.layout.kind != JSON else "",
        "fields": fields,
        "payload": sample.payload.hex(),
        "frame": sample.wire.hex(),
    }


def stuffed(message: bytes) -> bytes:
    """The stuffed form of a message, without delimiter."""
    buffer = bytearray(b"\0" + message)
    cobs.encode(buffer, len(buffer))
    return bytes(buffer)


def refused() -> list[dict[str, str]]:
    """Bytes of which a receiver must deliver nothing; all end in a delimiter."""
    good = frame.build(messages.SELECT_ZONE, 3, frame.REQUEST, b"\x06")
    raw = good[:-1]
    long = bytes([frame.REQUEST]) * 3 + bytes(241)
    long += binascii.crc32(long).to_bytes(4, "little")
    short = bytes([messages.STOP, 0])
    short += binascii.crc32(short).to_bytes(4, "little")
    inside = bytearray(good)
    inside[5:5] = b"\0"
    cases = [
        ("one bit of the payload flipped", raw[:4] + bytes([raw[4] ^ 1]) + raw[5:]),
        ("one bit of the CRC flipped", raw[:-1] + bytes([raw[-1] ^ 0x80])),
        ("one bit of the sequence flipped", raw[:2] + bytes([raw[2] ^ 4]) + raw[3:]),
        ("last byte missing", raw[:-1]),
        ("first byte missing", raw[1:]),
        ("one byte doubled", raw[:4] + raw[3:]),
        ("two bytes swapped", raw[:1] + raw[2:0:-1] + raw[3:]),
        ("a delimiter in the middle", bytes(inside[:-1])),
        ("a link that points beyond the end", b"\xff" + raw[1:]),
        ("a link that points before the end", bytes([raw[0] - 1]) + raw[1:]),
        ("CRC with its bytes in the other order", raw[:-4] + raw[:-5:-1]),
        ("two bytes and a right CRC, a byte too few", stuffed(short)),
        ("payload of 241 bytes with a right CRC", stuffed(long)),
        ("longer than any frame", b"\x01" * 300),
        ("text", b"hello, are you there?\r\n"),
    ]
    return [{"name": name, "bytes": (data + b"\0").hex()} for name, data in cases]


def plan() -> dict[str, Any]:
    """The plan of the samples: values, bytes, hash."""
    return {
        "session_id": PLAN.session_id,
        "flags": PLAN.flags,
        "pins": PLAN.pins,
        "needle_um": PLAN.needle_um,
        "library_id": PLAN.library_id.hex(),
        "name": PLAN.name.hex(),
        "rows": [vars(row) for row in PLAN.rows],
        "bytes": PLAN_BYTES.hex(),
        "sha256": PLAN_DIGEST.hex(),
    }


def cartridge() -> dict[str, Any]:
    """A new cartridge's identity and the mark of its use."""
    identity = cartridge_layout.Identity(1, 12, 2500, b"L2027-03", 9999)
    mark = cartridge_layout.UsedMark(PLAN.session_id, 9800)
    return {
        "identity": vars(identity) | {"lot": identity.lot.hex()},
        "identity_bytes": cartridge_layout.pack_identity(identity).hex(),
        "used": vars(mark),
        "used_bytes": cartridge_layout.pack_used(mark).hex(),
    }


def files() -> dict[str, Any]:
    """Content of every file by its name."""
    return {
        "frames.json": [described(sample) for sample in samples()],
        "refused.json": refused(),
        "conversation.json": [
            {"name": name, "host": host.hex(), "pen": pen.hex()}
            for name, host, pen in conversation.play()
        ],
        "stuffing.json": [{"message": m.hex(), "stuffed": stuffed(m).hex()} for m in STUFFED],
        "crc32.json": [{"bytes": c.hex(), "crc32": binascii.crc32(c)} for c in CHECKED],
        "plan.json": plan(),
        "cartridge.json": cartridge(),
    }


def rendered(content: Any) -> str:
    """A list with one entry per line, so that a changed vector is a changed line."""
    if isinstance(content, list):
        rows = ",\n".join(" " + json.dumps(entry) for entry in content)
        return f"[\n{rows}\n]\n"
    return json.dumps(content, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_text(rendered(content))
