"""Requests and answers over one transport: single-threaded, without a thread or a hidden wait.

`request` sends one message and pumps until it is answered; `pump` is one pass: read what has come,
sort events from replies, renew the lease when it is due, repeat what was not answered. Time comes
from the clock passed in, so a stepped simulator moves it as well as a wall clock does.
Owns the link, the transport, the lease and the events not yet fetched.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from host_controller import errors, replies, timeouts
from host_controller.refusals import PenRefused
from host_controller.transport.base import Transport
from protocol import codec, hello, messages, schema
from protocol.layout import JSON
from protocol.requester_link import Frame, RequesterLink

ClockMs = Callable[[], int]

_EVENTS_KEPT = 4096  # 20 s of telemetry at 200 Hz, for a caller that looks rarely

_PATIENCE = {
    messages.PLAN_COMMIT: (timeouts.COMMIT_MS, timeouts.COMMIT_ATTEMPTS),
    messages.SETTINGS_SET: (timeouts.COMMIT_MS, timeouts.COMMIT_ATTEMPTS),
    messages.SELECT_ZONE: (timeouts.REPLY_MS, timeouts.COMMIT_ATTEMPTS),  # may wait for homing
    messages.ACKNOWLEDGE: (timeouts.COMMIT_MS, timeouts.COMMIT_ATTEMPTS),
    messages.SELF_TEST: (timeouts.SELF_TEST_MS, timeouts.SELF_TEST_ATTEMPTS),
}


def monotonic_ms() -> int:
    """The wall's steady clock."""
    return time.monotonic_ns() // 1_000_000


def message_name(number: int) -> str:
    """Name of a message for people."""
    row = schema.BY_NUMBER.get(number)
    return row.name if row else f"0x{number:02X}"


def _packed(number: int, values: Sequence[Any]) -> bytes:
    """The payload of a request."""
    row = schema.BY_NUMBER[number]
    assert row.request is not None
    if row.request.kind == JSON:
        return codec.pack_json(list(values[0].items()))
    return codec.pack(row.request, tuple(values))


def _read(number: int, reply: Frame) -> Any:
    """The values of an answer; raises BadReply."""
    row = schema.BY_NUMBER[number]
    if row.response is None or (not row.response.fields and row.response.kind != JSON):
        return ()
    try:
        if row.response.kind == JSON:
            return codec.unpack_json(reply.payload)
        return codec.unpack(row.response, reply.payload)
    except ValueError as error:
        raise errors.BadReply(f"The answer to {row.name} cannot be read: {error}.") from error


class Client:
    """One conversation with one pen; not thread-safe."""

    def __init__(self, transport: Transport, clock_ms: ClockMs = monotonic_ms) -> None:
        self.transport = transport
        self.clock_ms = clock_ms
        self.link = RequesterLink(secrets.randbits(32), secrets.randbits(8))
        self.identity: hello.PenIdentity | None = None
        self.readings: deque[replies.Reading] = deque(maxlen=_EVENTS_KEPT)
        self.notices: deque[replies.Notice] = deque(maxlen=_EVENTS_KEPT)
        self.events_unreadable = 0
        # Called at the head of every pass, for a program with other duties; what it raises ends the
        # request that is under way.
        self.each_pass: Callable[[], None] | None = None
        self._lease = False
        self._lease_due_ms = 0
        self._replies: deque[Frame] = deque()
        self._awaited: Sequence[int] = ()  # message numbers of the caller's outstanding requests

    # --- one pass -------------------------------------------------------------------------------

    def pump(self, timeout_s: float = timeouts.PUMP_S) -> None:
        """One pass; waits up to `timeout_s` for bytes. Raises PenUnplugged."""
        if self.each_pass is not None:
            self.each_pass()
        self._renew_lease()
        again = self.link.poll(self.clock_ms())
        if again:
            self.transport.write(again)
        data = self.transport.read(timeouts.READ_BYTES, self._wait_s(timeout_s))
        if data:
            for arrived in self.link.receive(data, self.clock_ms()):
                self._sort(arrived)

    def _wait_s(self, timeout_s: float) -> float:
        """Do not sleep past the next repetition or the next renewal of the lease."""
        now_ms = self.clock_ms()
        due = self.link.next_poll_ms(now_ms)
        wait_ms = timeout_s * 1000
        if due >= 0:
            wait_ms = min(wait_ms, due)
        if self._lease:
            wait_ms = min(wait_ms, max(0, self._lease_due_ms - now_ms))
        return max(wait_ms, 1) / 1000

    def _sort(self, arrived: Frame) -> None:
        if arrived.is_reply:
            if arrived.number in self._awaited:
                self._replies.append(arrived)
            return  # otherwise the answer to a keepalive: nothing to do
        try:
            if arrived.number == messages.TELEMETRY:
                self.readings.append(replies.reading(arrived.payload))
            elif arrived.number == messages.NOTICE:
                layout = schema.BY_NUMBER[messages.NOTICE].event
                assert layout is not None
                self.notices.append(replies.Notice(*codec.unpack(layout, arrived.payload)))
        except ValueError:
            self.events_unreadable += 1

    # --- lease ----------------------------------------------------------------------------------

    def hold_lease(self) -> None:
        """Renew the pen's permission from now on, in every `pump`."""
        self._lease = True
        self._lease_due_ms = self.clock_ms()

    def release_lease(self) -> None:
        """Let it expire: a tethered pen stops within 250 ms."""
        self._lease = False

    @property
    def lease_held(self) -> bool:
        """Whether the lease is being renewed."""
        return self._lease

    def _renew_lease(self) -> None:
        now_ms = self.clock_ms()
        if not self._lease or now_ms < self._lease_due_ms or self.link.waiting:
            return  # any request that is under way will be answered or given up soon
        self._lease_due_ms = now_ms + timeouts.KEEPALIVE_MS
        self.transport.write(
            self.link.request(
                messages.KEEPALIVE,
                b"",
                now_ms,
                timeouts.KEEPALIVE_REPLY_MS,
                timeouts.KEEPALIVE_ATTEMPTS,
            )
        )

    @property
    def silent_ms(self) -> int:
        """Milliseconds since the last good frame; 0 before the first."""
        last = self.link.statistics.last_good_ms
        return self.clock_ms() - last if last >= 0 else 0

    # --- requests -------------------------------------------------------------------------------

    def request(self, number: int, *values: Any) -> Any:
        """Send a message and return its answer: a tuple of fields, or an object (JSON messages).

        Raises PenRefused, NoAnswer, BadReply, PenUnplugged, and protocol's FieldError for a value
        the message cannot carry.
        """
        payload = _packed(number, values)
        self._take_turn()
        patience = _PATIENCE.get(number, (timeouts.REPLY_MS, timeouts.REPLY_ATTEMPTS))
        self._await(number)
        self.transport.write(self.link.request(number, payload, self.clock_ms(), *patience))
        return self._answer(number)

    def burst(self, *requests: tuple[Any, ...]) -> list[Any] | None:
        """Send requests (number, values ...) in one go; their answers, or None.

        None: one was refused or an answer is missing, and the pen may have carried out any of
        them. So it is for requests that can simply be made again, one by one, which then tells
        the reason. It is quick: the pen answers all while one answer travels.
        """
        numbers = [number for number, *_ in requests]
        frames = [(number, _packed(number, values)) for number, *values in requests]
        self._take_turn()
        self._await(*numbers)
        self.transport.write(self.link.burst(frames, self.clock_ms(), timeouts.BURST_MS))
        while len(self._replies) < len(numbers):
            if self.link.failed:
                self._await()
                return None
            self.pump()
        arrived = list(self._replies)
        self._await()
        if any(reply.is_error for reply in arrived):
            return None
        return [_read(number, reply) for number, reply in zip(numbers, arrived, strict=True)]

    def _take_turn(self) -> None:
        """Wait until a request may be made."""
        self._renew_lease()  # first: requests without a pause must not starve it
        while self.link.waiting:  # a keepalive: answered, or given up after 120 ms
            self.pump()

    def _await(self, *numbers: int) -> None:
        """Replies to these messages are for the caller from now on."""
        self._awaited = numbers
        self._replies.clear()

    def stop(self) -> None:
        """Send STOP at once, whatever is outstanding, and wait for its acknowledgement."""
        self._await(messages.STOP)
        self.transport.write(
            self.link.stop(self.clock_ms(), timeouts.STOP_MS, timeouts.STOP_ATTEMPTS)
        )
        self._answer(messages.STOP)

    def say_hello(self) -> hello.PenIdentity:
        """Open the conversation and learn who the pen is; raises NoAnswer, NotAPen, BadReply."""
        self._await(messages.HELLO)
        self.transport.write(
            self.link.hello(self.clock_ms(), timeouts.HELLO_MS, timeouts.HELLO_ATTEMPTS)
        )
        payload = self._await_reply(messages.HELLO).payload
        try:
            self.identity = hello.parse(payload)
        except ValueError as error:
            raise errors.BadReply(f"The pen's greeting cannot be read: {error}.") from error
        return self.identity

    def _answer(self, number: int) -> Any:
        return _read(number, self._await_reply(number))

    def _await_reply(self, number: int) -> Frame:
        while not self._replies:
            if self.link.failed:
                self._await()
                raise self._no_answer(number)
            self.pump()
        reply = self._replies[0]
        self._await()
        if reply.is_error:
            raise PenRefused(*reply.error())
        return reply

    def _no_answer(self, number: int) -> errors.PenError:
        statistics = self.link.statistics
        name = message_name(number)
        if statistics.bytes_in and not statistics.frames_good:
            return errors.NotAPen(
                f"{self.transport.url} answers, but not as a pen does "
                f"({statistics.bytes_in} bytes, no good frame)."
            )
        if statistics.last_good_ms < 0:
            return errors.NoAnswer(f"Nothing on {self.transport.url} answers.")
        return errors.NoAnswer(
            f"The pen did not answer {name}; its last good frame came {self.silent_ms} ms ago.",
            cause=f"The cable is loose, or the pen hangs or restarts ({statistics.frames_bad} bad "
            f"frames, {statistics.retries} repetitions, longest silence "
            f"{statistics.longest_silence_ms} ms).",
            next_step="A tethered pen stops by itself within 250 ms. Look that the needles are "
            "in, then connect again.",
        )

    def close(self) -> None:
        """Let go of the port."""
        self.transport.close()
