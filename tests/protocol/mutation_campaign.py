"""Damaged frames by the million: what a decoder must never deliver. Runs on both interpreters.

    python -m tests.protocol.mutation_campaign CASES SEED
    micropython tests/protocol/mutation_campaign.py CASES SEED

prints one line of JSON. A case sends one damaged frame and two whole ones, in two pieces. What must
come out needs no decoder to tell: cut what was sent at its zeros, and those pieces count that equal
a frame of the pool byte for byte; every other piece is damaged. Anything else delivered, or one of
them missing, is wrong.
"""

import json
import sys

sys.path.insert(0, ".")

from protocol import frame, schema
from protocol.quick_decoder import quickest_decoder

KINDS = (
    "flip a bit",
    "flip three bits",
    "replace a byte",
    "drop a byte",
    "double a byte",
    "insert a byte",
    "insert a delimiter",
    "swap two bytes",
    "cut the end off",
    "cut the front off",
    "drop a stretch",
    "random stretch",
    "splice two frames",
    "noise in front",
)


class Dice:
    """Random numbers within 30 bits, the same on every interpreter (Wichmann and Hill's)."""

    def __init__(self, seed: int) -> None:
        self._x = seed % 30268 + 1
        self._y = (seed >> 4) % 30306 + 1
        self._z = (seed >> 9) % 30322 + 1
        for _ in range(20):
            self.roll(2)

    def roll(self, sides: int) -> int:
        """0..sides - 1; sides up to 2^15."""
        self._x = 171 * self._x % 30269
        self._y = 172 * self._y % 30307
        self._z = 170 * self._z % 30323
        return (self._x ^ (self._y << 7) ^ (self._z << 14)) % sides

    def data(self, size: int) -> bytearray:
        """Random bytes, a quarter of them zero."""
        return bytearray([self.roll(256) if self.roll(4) else 0 for _ in range(size)])


def pool(dice: Dice) -> "list[bytes]":
    """Frames of every message in every role, with random payloads of the lengths it allows."""
    frames = []
    for message in schema.MESSAGES:
        for layout, flags in (
            (message.request, frame.REQUEST),
            (message.response, frame.RESPONSE),
            (message.event, frame.EVENT),
            (schema.ERROR_REPLY, frame.RESPONSE | frame.ERROR),
        ):
            if layout is not None:
                for _ in range(3):
                    size = layout.size + layout.tail_low
                    size += dice.roll(layout.tail_high - layout.tail_low + 1)
                    payload = dice.data(size)
                    frames.append(frame.build(message.number, dice.roll(256), flags, payload))
    return frames


def damage(kind: int, whole: bytes, other: bytes, dice: Dice) -> bytearray:
    """A copy of `whole` with damage of this kind."""
    data = bytearray(whole)
    size = len(data)
    at = dice.roll(size)
    if kind == 0:
        data[at] ^= 1 << dice.roll(8)
    elif kind == 1:
        for _ in range(3):
            data[dice.roll(size)] ^= 1 << dice.roll(8)
    elif kind == 2:
        data[at] = dice.roll(256)
    elif kind == 3:
        data = data[:at] + data[at + 1 :]
    elif kind == 4:
        data = data[: at + 1] + data[at:]
    elif kind == 5:
        data = data[:at] + bytes([dice.roll(256)]) + data[at:]
    elif kind == 6:
        data = data[:at] + b"\0" + data[at:]
    elif kind == 7:
        there = dice.roll(size)
        data[at], data[there] = data[there], data[at]
    elif kind == 8:
        data = data[:at]
    elif kind == 9:
        data = data[at:]
    elif kind == 10:
        data = data[:at] + data[at + 1 + dice.roll(20) :]
    elif kind == 11:
        stretch = dice.data(1 + dice.roll(12))
        data = data[:at] + stretch + data[at + len(stretch) :]
    elif kind == 12:
        data = data[:at] + other[dice.roll(len(other)) :]
    else:
        data = dice.data(1 + dice.roll(60)) + data
    return data


class Tally:
    """What came of it."""

    def __init__(self) -> None:
        self.cases = 0
        self.wrong = 0
        self.delivered = 0
        self.refused = 0  # pieces that were no frame
        self.first_wrong = ""


def run(cases: int, seed: int) -> Tally:
    """Send `cases` damaged frames through one decoder."""
    dice = Dice(seed)
    frames = pool(dice)
    meaning = {}
    for wire in frames:
        meaning[wire[:-1]] = unstuffed(wire)
    count = len(frames)
    decoder = quickest_decoder()
    tally = Tally()
    delivered = []
    for case in range(cases):
        kind = case % len(KINDS)
        first = frames[dice.roll(count)]
        second = frames[dice.roll(count)]
        data = bytes(damage(kind, frames[dice.roll(count)], first, dice)) + first + second
        cut = dice.roll(len(data))
        delivered.clear()
        for start, stop in ((0, cut), (cut, len(data))):
            position = start
            while position < stop:
                position = decoder.take(data, position, stop)
                if decoder.ready:
                    delivered.append(bytes(decoder.buffer[1 : 8 + decoder.size]))
        expected = [meaning[piece] for piece in data.split(b"\0") if piece in meaning]
        tally.delivered += len(delivered)
        if delivered != expected:
            tally.wrong += 1
            if not tally.first_wrong:
                tally.first_wrong = f"{KINDS[kind]}: {data.hex()}"
    tally.cases = cases
    tally.refused = decoder.bad
    return tally


def unstuffed(wire: bytes) -> bytes:
    """Header, payload and CRC of a frame, by the book: independent of protocol.cobs."""
    out = bytearray()
    at = 0
    while wire[at]:
        code = wire[at]
        out += wire[at + 1 : at + code]
        at += code
        if wire[at]:
            out.append(0)
    return bytes(out)


def main(arguments: "list[str]") -> None:
    """Print the tally as JSON."""
    tally = run(int(arguments[0]), int(arguments[1]))
    print(json.dumps(tally.__dict__))


if __name__ == "__main__":
    main(sys.argv[1:])
