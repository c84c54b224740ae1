"""Damaged frames by the ten million: our decoder beside the reference parser.

    python -m tests.fuzz.frames FRAMES SEED

A batch is a stream of frames of which half are damaged, in pieces of any size. Delivered must be
what the reference delivers, no more, no less, no other. Prints one line of JSON. Owns its tally.
"""

import json
import sys
from dataclasses import asdict, dataclass
from random import Random

from protocol import schema
from protocol.decoder import Decoder
from tests.fuzz import reference

BATCH = 100  # frames
SAMPLES = 4000
ROLES = (1, 2, 4, 10)  # request, response, event, refusal


@dataclass
class Tally:
    """What came of it."""

    frames: int = 0
    wrong: int = 0
    delivered: int = 0
    first_wrong: str = ""


def samples(random: Random) -> list[bytes]:
    """Whole frames of any type, role and length, zeros frequent in some."""
    numbers = [message.number for message in schema.MESSAGES]
    found = []
    for _ in range(SAMPLES):
        size = random.choice((0, 1, 4, 50, random.randrange(241), 240))
        payload = random.randbytes(size)
        if random.random() < 0.3:
            payload = bytes(byte & random.choice((0, 1, 255)) for byte in payload)
        number = random.choice(numbers) if random.random() < 0.9 else random.randrange(256)
        found.append(reference.frame(number, random.randrange(256), random.choice(ROLES), payload))
    return found


def damaged(whole: bytes, other: bytes, draw: int) -> bytes:
    """`whole` with damage chosen by the 64 bits of `draw`."""
    size = len(whole)
    at = (draw >> 8 & 0xFFFF) % size
    there = (draw >> 24 & 0xFFFF) % size
    byte = draw >> 40 & 0xFF
    kind = draw & 15
    if kind < 3:  # a bit
        return whole[:at] + bytes((whole[at] ^ 1 << (byte & 7),)) + whole[at + 1 :]
    if kind < 5:  # a byte
        return whole[:at] + bytes((byte,)) + whole[at + 1 :]
    if kind == 5:  # a byte lost
        return whole[:at] + whole[at + 1 :]
    if kind == 6:  # a byte more
        return whole[:at] + bytes((byte,)) + whole[at:]
    if kind == 7:  # cut off
        return whole[:at]
    if kind == 8:
        return whole[at:]
    if kind == 9:  # two frames grown together
        return whole[:at] + other[there % len(other) :]
    if kind == 10:  # a stretch repeated
        low, high = min(at, there), max(at, there)
        return whole[:high] + whole[low:]
    if kind == 11:  # two bits, which a sum would miss
        first, second = min(at, there), max(at, there)
        if first == second:
            return whole
        flipped = bytearray(whole)
        flipped[first] ^= 1 << (byte & 7)
        flipped[second] ^= 1 << (byte & 7)
        return bytes(flipped)
    if kind == 12:  # a stretch of zeros
        return whole[:at] + bytes(byte & 15) + whole[at:]
    if kind == 13:  # longer than any frame
        return whole[:at].replace(b"\0", b"\1") * 3 + whole[at:]
    if kind == 14:  # the delimiter is lost
        return whole[:-1]
    return whole[::-1]


def run(frames: int, seed: int) -> Tally:
    """At least `frames` frames through one decoder."""
    random = Random(f"frames {seed}")
    pool = samples(random)
    decoder = Decoder()
    tally = Tally()
    bits = random.getrandbits
    while tally.frames < frames:
        parts = []
        for _ in range(BATCH // 2):
            draw = bits(64)
            parts.append(damaged(pool[draw % SAMPLES], pool[draw >> 32 & 2047], bits(64)))
            parts.append(pool[draw >> 48 & 2047])
        parts.append(b"\0")  # a batch ends between frames
        stream = b"".join(parts)
        found = delivered(decoder, stream, bits(16) + 1)
        tally.frames += BATCH
        tally.delivered += len(found)
        if found != reference.deliveries(stream):
            tally.wrong += 1
            tally.first_wrong = tally.first_wrong or stream.hex()
    return tally


def delivered(decoder: Decoder, stream: bytes, piece: int) -> list[bytes]:
    """What our decoder makes of a stream that comes in pieces."""
    found = []
    buffer = decoder.buffer
    take = decoder.take
    for start in range(0, len(stream), piece):
        position, stop = start, min(start + piece, len(stream))
        while position < stop:
            position = take(stream, position, stop)
            if decoder.ready:
                found.append(bytes(buffer[1 : 4 + decoder.size]))
    return found


if __name__ == "__main__":
    print(json.dumps(asdict(run(int(sys.argv[1]), int(sys.argv[2])))))
