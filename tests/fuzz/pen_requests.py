"""Requests of any type, length and content to a whole pen, whose button nobody ever presses.

    python -m tests.fuzz.pen_requests REQUESTS SEED

The pen is the firmware on the bench, so that everything behind a request is the real thing. A
request is valid, valid but for a value at the end of its range, of a wrong length, or noise; its
order is right, a repetition, or anything. Whatever comes: no exception reaches tick or main loop,
no fault, every answer is a good frame to a request, nothing moves, and the heap does not grow.
Owns one pen.
"""

import json
import sys
import tracemalloc
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from hardware.simulator.bench import Bench
from protocol import codes, messages, plan_layout, schema, version
from protocol.layout import JSON, Layout
from tests.fuzz import reference
from tests.system.harness import plan_image, row

BOOT_MS = 3000
PER_MS = 3  # requests on their way at once
TELLING = (messages.STATUS, messages.TELEMETRY)  # state and fault at 6 and 7
EDGES = (0, 1, 2, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
# fmt: off
WORDS = (
    b"{", b"}", b"[", b"]", b":", b",", b'"', b'"buzzer"', b'"light_percent"', b'"version"', b"1",
    b"-1", b"9" * 60, b"1e9", b"true", b"null", b'"\\ud800"', b'"\\', b'{"buzzer":0}', b"{}",
    b'{"light_percent":', b"[[[[[[[[", b" ", b"NaN", b'"kt_ppt":1000',
)
# fmt: on
NUMBERS = [message.number for message in schema.MESSAGES if message.request is not None]
TODAY_S = (1_767_323_045).to_bytes(4, "little")
PLANS = [
    plan_image([row("cheek", 1000)]).data,
    plan_image([row("nose", 250), row("chin", 500), row("cheek", 1500)], session_id=9).data,
    plan_image([row("cheek", 2500)], tethered=False).data,  # deeper than the zone allows
]


@dataclass
class Tally:
    """What came of it."""

    requests: int = 0
    answered: int = 0
    refused: int = 0
    wrong: int = 0
    first_wrong: str = ""
    armed: int = 0  # times the pen was seen armed: it may be, without a press it does nothing
    growth: int = 0  # bytes of Python's heap, last quarter over the second


class Requests:
    """Draws requests."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"requests {seed}")
        self._sequence = 0
        self._last = b""
        # A clock set at random soon makes the cartridge expire, and then nothing is armed any more.
        self._numbers = [n for n in NUMBERS if n != messages.SET_CLOCK or seed % 4 == 0]
        self._next: list[bytes] = []  # of a plan that is being sent

    def frame(self) -> bytes:
        """The next one."""
        random = self.random
        how = random.randrange(100)
        if how < 3 and self._last:
            return self._last
        if how < 5:
            return random.randbytes(random.randrange(1, 300))
        if how < 8:
            return self.hello()
        if not self._next and how < 20:
            self._next = self._plan()
        if self._next:
            payload = self._next.pop(0)
            return self._framed(payload[0], payload[1:])
        number = random.choice(self._numbers) if how < 92 else random.randrange(0x40, 256)
        return self._framed(number, self._payload(number))

    def hello(self) -> bytes:
        """A new conversation, mostly with the right schema."""
        known = version.SCHEMA_ID.encode()
        theirs = known if self.random.random() < 0.95 else self.random.randbytes(8)
        self._sequence = self.random.randrange(256)
        nonce = self.random.randbytes(4)
        return b"\0" + reference.frame(messages.HELLO, self._sequence, 1, theirs + nonce)

    def _framed(self, number: int, payload: bytes) -> bytes:
        random = self.random
        step = 1 if random.random() < 0.95 else random.randrange(256)
        flags = 1 if random.random() < 0.98 else random.randrange(256)
        sequence = (self._sequence + step) & 0xFF
        if step == 1:
            self._sequence = sequence
        self._last = reference.frame(number, sequence, flags, payload[:240])
        return self._last

    def _plan(self) -> list[bytes]:
        """Begin, chunks, commit, zone, lease, arm; often with something wrong in it."""
        random = self.random
        data = bytearray(random.choice(PLANS))
        if random.random() < 0.5:
            data[random.randrange(len(data))] = random.randrange(256)
        if random.random() < 0.2:
            del data[random.randrange(len(data)) :]
        size = len(data).to_bytes(2, "little")
        steps = [bytes((messages.SET_CLOCK,)) + TODAY_S] * random.randrange(2)
        steps.append(bytes((messages.PLAN_BEGIN,)) + size + plan_layout.digest(data))
        at = 0
        while at < len(data):
            part = data[at : at + random.randrange(1, 239)]
            steps.append(bytes((messages.PLAN_CHUNK,)) + at.to_bytes(2, "little") + part)
            at += len(part)
        steps.append(bytes((messages.PLAN_COMMIT,)))
        steps.append(bytes((messages.SELECT_ZONE, random.choice((5, 6, 9)))))
        steps += [bytes((messages.KEEPALIVE,)), bytes((messages.ARM,))]
        if random.random() < 0.3:
            del steps[random.randrange(len(steps))]
        return steps

    def _payload(self, number: int) -> bytes:
        random = self.random
        message = schema.BY_NUMBER.get(number)
        layout = None if message is None else message.request
        if layout is None or random.random() < 0.15:
            return random.randbytes(random.choice((0, 1, 2, 8, 34, random.randrange(241), 240)))
        if layout.kind == JSON:
            return b"".join(random.choices(WORDS, k=random.randrange(12)))[:240]
        return self._values(layout)

    def _values(self, layout: Layout) -> bytes:
        """Fields with values from the ends of their ranges, or any; and any tail."""
        random = self.random
        data = bytearray(random.randbytes(layout.size))
        if random.random() < 0.8:
            at = 0
            while at < layout.size:
                width = min(random.choice((1, 2, 4)), layout.size - at)
                value = random.choice(EDGES) if random.random() < 0.7 else random.randrange(300)
                data[at : at + width] = (value & (1 << 8 * width) - 1).to_bytes(width, "little")
                at += width
        tail = random.choice((b"", b"buzzer", b"\xff" * 8, random.randbytes(32)))
        return bytes(data) + tail[: layout.tail_high]


class FuzzedPen:
    """A booted pen with a cartridge, whose host is mad.

    Only the CPython twin can be looked into; what the others say of state and fault is believed.
    """

    def __init__(self, seed: int, twin: str = "cpython") -> None:
        self.bench = Bench(twin, seed=1 + seed % 1000)
        self.bench.advance(BOOT_MS)
        self.app: Any = getattr(self.bench.twin, "app", None)
        self.requests = Requests(seed)
        self.tally = Tally()
        self._sent = b""
        self._half = b""
        self.bench.host_write(self.requests.hello())

    def run(self, requests: int) -> None:
        """Send so many requests."""
        bench = self.bench
        for _ in range(requests // PER_MS):
            self._sent = b"".join(self.requests.frame() for _ in range(PER_MS))
            bench.host_write(self._sent)
            bench.advance(1)
            self.tally.requests += PER_MS
            said = self._judge()
            if said:
                self.tally.wrong += 1
                self.tally.first_wrong = self.tally.first_wrong or f"{said}: {self._sent.hex()}"
                return

    def _judge(self) -> str:
        """What is wrong after this millisecond, in words; empty when nothing is."""
        bench, app, truth = self.bench, self.app, self.bench.truth
        if bench.firmware_error:
            return bench.firmware_error
        if app is not None:
            if app.statistics.errors:
                return str(app.statistics.last_error)
            said = self._judge_state(app.supervisor.state, app.supervisor.faults.current)
            if said:
                return said
        if truth.driven or truth.exposed or truth.strokes:
            return "something moves"
        if bench.misuses:
            return str(bench.misuses[0])
        return self._judge_answers()

    def _judge_state(self, state: int, fault: int) -> str:
        if fault:
            return f"fault {fault}"
        if state > codes.STATE_ARMED:
            return f"state {codes.STATE_NAMES[state]} without a press"
        self.tally.armed += state == codes.STATE_ARMED
        return ""

    def _judge_answers(self) -> str:
        stream = self._half + self.bench.host_read()
        end = stream.rfind(b"\0") + 1
        stream, self._half = stream[:end], stream[end:]
        answers = reference.deliveries(stream)
        if len(answers) != sum(1 for piece in stream.split(b"\0") if piece):
            return "the pen sent a damaged frame"
        for answer in answers:
            if answer[2] & 2:
                self.tally.answered += 1
                self.tally.refused += answer[2] >> 3
            elif answer[2] != 4:
                return f"an answer with flags {answer[2]}"
            if self.app is None and answer[0] in TELLING and len(answer) == 3 + 50:
                said = self._judge_state(answer[3 + 6], answer[3 + 7])
                if said:
                    return said
        return ""

    def answers_at_last(self) -> bool:
        """Whether the pen still says HELLO and its state."""
        self.bench.advance(300)
        self.bench.host_read()
        self._half = b""
        self.bench.host_write(self.requests.hello())
        before = self.tally.answered
        self.bench.advance(20)
        return self._judge_answers() == "" and self.tally.answered > before


def run(requests: int, seed: int, twin: str = "cpython") -> Tally:
    """Send `requests` to one pen."""
    pen = FuzzedPen(seed, twin)
    pen.run(requests)
    if not pen.tally.wrong and not pen.answers_at_last():
        pen.tally.wrong, pen.tally.first_wrong = 1, "it does not answer any more"
    pen.bench.close()
    return pen.tally


def growth(requests: int, seed: int) -> Tally:
    """The same, with Python's heap watched after each quarter."""
    pen = FuzzedPen(seed)
    tracemalloc.start()
    used = []
    for _ in range(4):
        pen.run(requests // 4)
        used.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    pen.bench.close()
    pen.tally.growth = used[3] - used[1]
    return pen.tally


if __name__ == "__main__":
    what = growth if sys.argv[3:] == ["growth"] else run
    print(json.dumps(asdict(what(int(sys.argv[1]), int(sys.argv[2])))))
