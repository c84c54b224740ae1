"""Several requests in one go: answered in their order, never repeated, given up as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import frame, messages
from protocol.requester_link import BusyError, RequesterLink
from tests.protocol.answering_pen import Pen

THREE = [(messages.KEEPALIVE, b""), (messages.SELECT_ZONE, b"\x06"), (messages.DISARM, b"")]


def answer(number: int, sequence: int, flags: int = frame.RESPONSE) -> bytes:
    return frame.build(number, sequence, flags)


def numbers(link: RequesterLink, data: bytes, now_ms: int = 0) -> list[int]:
    return [reply.number for reply in link.receive(data, now_ms)]


def test_the_frames_stand_one_behind_the_other_and_their_sequence_wraps() -> None:
    link = RequesterLink(0, 254)
    assert link.burst(THREE, 0) == (
        frame.build(messages.KEEPALIVE, 255, frame.REQUEST)
        + frame.build(messages.SELECT_ZONE, 0, frame.REQUEST, b"\x06")
        + frame.build(messages.DISARM, 1, frame.REQUEST)
    )
    assert link.statistics.requests == 3
    assert link.statistics.bytes_out == 9 + 10 + 9


def test_each_answer_is_handed_on_and_the_last_ends_the_wait() -> None:
    link = RequesterLink(0, 254)
    link.burst(THREE, 0)
    assert numbers(link, answer(messages.KEEPALIVE, 255)) == [messages.KEEPALIVE]
    assert link.waiting
    both = answer(messages.SELECT_ZONE, 0) + answer(messages.DISARM, 1)
    assert numbers(link, both) == [messages.SELECT_ZONE, messages.DISARM]
    assert not link.waiting
    assert not link.failed
    assert link.statistics.replies == 3
    assert link.request(messages.ARM, b"", 0) == frame.build(messages.ARM, 2, frame.REQUEST)


def test_the_pen_carries_them_out_in_their_order() -> None:
    pen, link = Pen(), RequesterLink(0, 9)
    pen.greet(9)
    pen.asked.clear()
    answers = pen.say(link.burst(THREE, 0))
    assert [number for number, _ in pen.asked] == [number for number, _ in THREE]
    assert [(number, sequence) for number, sequence, _, _ in answers] == [
        (messages.KEEPALIVE, 10),
        (messages.SELECT_ZONE, 11),
        (messages.DISARM, 12),
    ]


@pytest.mark.parametrize("later", [1, 2])
def test_an_answer_that_is_passed_over_gives_all_up_at_once(later: int) -> None:
    link = RequesterLink(0, 0)
    link.burst(THREE, 0)
    number, sequence = THREE[later][0], 1 + later
    assert numbers(link, answer(number, sequence)) == []
    assert link.failed
    assert not link.waiting
    assert link.statistics.failures == 1
    assert numbers(link, answer(messages.KEEPALIVE, 1)) == []  # too late
    assert link.request(messages.ARM, b"", 0) == frame.build(messages.ARM, 4, frame.REQUEST)
    assert not link.failed


def test_nothing_of_it_is_ever_sent_again() -> None:
    link = RequesterLink(0, 0)
    link.burst(THREE, 1000, 250)
    numbers(link, answer(messages.KEEPALIVE, 1), 1010)
    assert link.poll(1249) == b""
    assert link.waiting
    assert link.next_poll_ms(1249) == 1
    assert link.poll(1250) == b""
    assert link.failed
    assert not link.waiting
    assert link.statistics.retries == 0


def test_what_was_answered_before_is_a_stray_and_does_no_harm() -> None:
    link = RequesterLink(0, 0)
    link.burst(THREE, 0)
    numbers(link, answer(messages.KEEPALIVE, 1))
    assert numbers(link, answer(messages.KEEPALIVE, 1)) == []
    assert numbers(link, answer(messages.DISARM, 2)) == []  # another message's, same sequence
    assert not link.failed
    assert numbers(link, answer(messages.SELECT_ZONE, 2)) == [messages.SELECT_ZONE]


@pytest.mark.parametrize("ending", ["stop", "hello"])
def test_stop_and_hello_end_it(ending: str) -> None:
    link = RequesterLink(0, 0)
    link.burst(THREE, 0)
    (link.stop if ending == "stop" else link.hello)(0)
    number = messages.STOP if ending == "stop" else messages.HELLO
    assert numbers(link, answer(messages.KEEPALIVE, 1)) == []
    assert not link.failed
    assert numbers(link, answer(number, 4)) == [number]
    assert not link.waiting


def test_one_is_a_request_that_is_not_repeated() -> None:
    link = RequesterLink(0, 0)
    assert link.burst(THREE[:1], 0, 50) == frame.build(messages.KEEPALIVE, 1, frame.REQUEST)
    assert link.poll(50) == b""
    assert link.failed


def test_while_something_is_outstanding_or_a_payload_is_too_long_nothing_is_sent() -> None:
    link = RequesterLink(0, 0)
    with pytest.raises(ValueError, match="241 bytes"):
        link.burst([*THREE, (messages.PLAN_CHUNK, bytes(241))], 0)
    assert not link.waiting
    assert link.request(messages.ARM, b"", 0)[1:3] == bytes((messages.ARM, 1))
    with pytest.raises(BusyError):
        link.burst(THREE, 0)
    assert link.statistics.requests == 1


def test_a_payload_may_fill_its_frame() -> None:
    link = RequesterLink(0, 0)
    link.burst([*THREE, (messages.PLAN_CHUNK, bytes(240))], 0)
    assert link.waiting


@given(
    st.integers(0, 255),
    st.integers(1, 100),
    st.lists(st.integers(0, 99), max_size=150),
)
def test_whatever_comes_back_in_whatever_order_what_is_handed_on_is_a_beginning(
    first: int, count: int, came: list[int]
) -> None:
    link = RequesterLink(0, first)
    link.burst([(messages.KEEPALIVE, b"")] * count, 0)
    handed_on: list[int] = []
    for place in came:
        data = answer(messages.KEEPALIVE, (first + 1 + place) & 0xFF)
        handed_on += [reply.sequence for reply in link.receive(data, 0)]
    assert handed_on == [(first + 1 + place) & 0xFF for place in range(len(handed_on))]
    assert not (link.waiting and link.failed)
    if len(handed_on) == count:
        assert not link.waiting
        assert not link.failed
