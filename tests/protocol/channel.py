"""A conversation over a bad line, in virtual time. Runs on both interpreters.

The line loses, damages, delays and repeats what is written to it, both ways, and keeps the order of
what it delays (a byte stream does) except for its repetitions, which may come much later.
`micropython tests/protocol/channel.py CASES SEED` prints one line of JSON.
"""

import json
import sys

sys.path.insert(0, ".")

from protocol import codes, messages, schema
from protocol.requester_link import RequesterLink
from protocol.responder_link import ResponderLink
from tests.protocol.mutation_campaign import Dice

GIVE_UP_MS = 60_000


class Line:
    """One direction."""

    def __init__(self, dice: Dice, loss: int, damage: int, repeats: int, delay_ms: int) -> None:
        self._dice = dice
        self._loss = loss  # percent of writes
        self._damage = damage
        self._repeats = repeats
        self._delay_ms = delay_ms  # at most
        self._queue = []  # (time, order, bytes)
        self._last_ms = 0
        self._order = 0

    def write(self, data: bytes, now_ms: int) -> None:
        """Send `data`, or what is left of it."""
        dice = self._dice
        if dice.roll(100) < self._loss:
            return
        if data and dice.roll(100) < self._damage:
            data = bytearray(data)
            data[dice.roll(len(data))] ^= 1 << dice.roll(8)
        self._last_ms = max(self._last_ms, now_ms + dice.roll(self._delay_ms + 1))
        self._put(self._last_ms, data)
        if dice.roll(100) < self._repeats:
            self._put(self._last_ms + dice.roll(4 * self._delay_ms + 400), data)

    def _put(self, when_ms: int, data: bytes) -> None:
        self._order += 1
        self._queue.append((when_ms, self._order, bytes(data)))
        self._queue.sort()

    def read(self, now_ms: int) -> bytes:
        """What has arrived."""
        found = b""
        while self._queue and self._queue[0][0] <= now_ms:
            found += self._queue.pop(0)[2]
        return found


class Conversation:
    """A host that sends numbered requests to a pen that notes them."""

    def __init__(self, seed: int, loss: int, damage: int, repeats: int, delay_ms: int) -> None:
        dice = Dice(seed)
        self.executed = []  # offsets of PLAN_CHUNK requests, in the order the pen executed them
        self.answered = []  # those the host holds an answer to
        self.mismatched = 0  # answers that belong to another request
        self.stops = 0
        self.now_ms = 0
        self._there = Line(dice, loss, damage, repeats, delay_ms)
        self._back = Line(dice, loss, damage, repeats, delay_ms)
        self.host = RequesterLink(dice.roll(30000), dice.roll(256))
        self.pen = ResponderLink(self._handle, self._write)

    def _handle(self, number: int, values: tuple, reply: object) -> int:
        if number == messages.HELLO:
            return reply.json([("product", "test")])
        if number == messages.STOP:
            self.stops += 1
        if number == messages.PLAN_CHUNK:
            self.executed.append(values[0])
            return reply.fields(values[0])
        return codes.RESULT_OK

    def _write(self, buffer: bytearray, count: int) -> int:
        self._back.write(bytes(buffer[:count]), self.now_ms)
        return count

    def _exchange(self, data: bytes) -> "object":
        """Send and wait; the reply, None when it was given up."""
        self._there.write(data, self.now_ms)
        until_ms = self.now_ms + GIVE_UP_MS
        while self.host.waiting and self.now_ms < until_ms:
            self.now_ms += 5
            arrived = self._there.read(self.now_ms)
            if arrived:
                self.pen.receive(arrived, len(arrived))
            for found in self.host.receive(self._back.read(self.now_ms), self.now_ms):
                return found
            again = self.host.poll(self.now_ms)
            if again:
                self._there.write(again, self.now_ms)
        return None

    def hello(self) -> bool:
        """Open the conversation."""
        return self._exchange(self.host.hello(self.now_ms, 100, 200)) is not None

    def run(self, requests: int, attempts: int) -> None:
        """Send `requests` numbered requests, each at most `attempts` times."""
        layout = schema.BY_NUMBER[messages.PLAN_CHUNK].request
        for offset in range(1, requests + 1):
            payload = offset.to_bytes(2, "little") + b"x"
            assert layout.fits(len(payload))
            data = self.host.request(messages.PLAN_CHUNK, payload, self.now_ms, 100, attempts)
            reply = self._exchange(data)
            if reply is not None and not reply.is_error:
                self.answered.append(offset)
                if reply.payload != payload[:2]:
                    self.mismatched += 1

    def stop(self) -> bool:
        """Stop the pen."""
        return self._exchange(self.host.stop(self.now_ms)) is not None


def wrong(conversation: Conversation) -> str:
    """What went wrong, empty when nothing did."""
    executed = conversation.executed
    if conversation.mismatched:
        return "an answer of another request"
    if len(set(executed)) != len(executed):
        return "executed twice"
    if sorted(executed) != executed:
        return "out of order"
    if [offset for offset in conversation.answered if offset not in executed]:
        return "answered, not executed"
    return ""


def main(arguments: "list[str]") -> None:
    """Many conversations over lines of every kind; their sums as JSON."""
    cases = int(arguments[0])
    dice = Dice(int(arguments[1]))
    failures = []
    executed = 0
    answered = 0
    for _ in range(cases):
        line = (dice.roll(40), dice.roll(30), dice.roll(40), dice.roll(150))
        seed = dice.roll(30000)
        conversation = Conversation(seed, line[0], line[1], line[2], line[3])
        if conversation.hello():
            conversation.run(20, 6)
            conversation.stop()
        executed += len(conversation.executed)
        answered += len(conversation.answered)
        if wrong(conversation):
            failures.append((wrong(conversation), seed, line))
    print(json.dumps([failures, executed, answered]))


if __name__ == "__main__":
    main(sys.argv[1:])
