"""An answer that takes longer: given once, repeated from the cache, never in the way of STOP."""

from typing import Any

from protocol import codec, codes, frame, messages, schema
from protocol.reply import Reply
from protocol.responder_link import DEFERRED, ResponderLink
from tests.protocol.answering_pen import Pen


def deferring() -> Pen:
    pen = Pen()
    pen.greet()
    pen.results[messages.SELF_TEST] = DEFERRED
    return pen


def test_a_deferred_answer_comes_when_it_is_finished() -> None:
    pen = deferring()
    assert pen.ask(messages.SELF_TEST, 1) == []
    assert pen.ask(messages.SELF_TEST, 1) == []  # repeated meanwhile: neither executed nor answered
    assert len(pen.asked) == 2
    reply = pen.link.deferred(messages.SELF_TEST)
    assert reply is not None
    pen.link.finish(reply.json([("passed", 1)]))
    answer = (messages.SELF_TEST, 1, frame.RESPONSE, b'{"passed":1}')
    assert pen.ask(messages.SELF_TEST, 1) == [answer]  # now from the cache
    assert len(pen.asked) == 2
    assert pen.link.deferred(messages.SELF_TEST) is None


def test_stop_is_obeyed_while_an_answer_is_deferred() -> None:
    pen = deferring()
    pen.ask(messages.SELF_TEST, 1)
    assert pen.ask(messages.STOP, 2) == [(messages.STOP, 2, frame.RESPONSE, b"")]
    reply = pen.link.deferred(messages.SELF_TEST)
    assert reply is not None
    pen.link.finish(reply.json([]))
    assert pen.ask(messages.SELF_TEST, 1)[0][3] == b"{}"


def test_an_answer_nobody_waits_for_any_more_is_not_sent() -> None:
    pen = deferring()
    assert pen.link.deferred(messages.SELF_TEST) is None
    pen.ask(messages.SELF_TEST, 1)
    assert pen.link.deferred(messages.ARM) is None
    pen.ask(messages.ARM, 2)
    assert pen.link.deferred(messages.SELF_TEST) is None
    pen.ask(messages.SELF_TEST, 3)
    pen.greet(0, 99)
    assert pen.link.deferred(messages.SELF_TEST) is None


def test_before_any_hello_nothing_is_deferred() -> None:
    assert ResponderLink(Pen().handle, Pen().write).deferred(0) is None


def test_nothing_is_written_while_an_answer_is_deferred() -> None:
    pen = deferring()
    pen.ask(messages.SELF_TEST, 1)
    written: list[int] = []
    pen.link._write = lambda _buffer, count: written.append(count) or count  # type: ignore[func-returns-value]
    pen.ask(messages.SELF_TEST, 1)
    assert written == []


def test_a_stop_that_is_refused_with_details_keeps_them() -> None:
    class Refusing(Pen):
        def handle(self, number: int, values: tuple[Any, ...], reply: Reply) -> int:
            if number == messages.STOP:
                return reply.refuse(codes.RESULT_OUT_OF_RANGE, 1, 2, 3, 4)
            return super().handle(number, values, reply)

    [(number, sequence, flags, payload)] = Refusing().ask(messages.STOP, 9)
    assert (number, sequence, flags) == (messages.STOP, 9, frame.RESPONSE | frame.ERROR)
    details = codec.unpack(schema.ERROR_REPLY, payload)
    assert details == (codes.RESULT_OUT_OF_RANGE, 1, 2, 3, 4)
