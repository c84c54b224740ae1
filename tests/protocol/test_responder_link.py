"""The pen's end: each request executed at most once, each answered, STOP always obeyed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec, codes, frame, messages, schema
from protocol.reply import Reply
from tests.protocol.answering_pen import Pen, refusal


@pytest.fixture
def pen() -> Pen:
    pen = Pen()
    pen.greet()
    pen.asked.clear()
    return pen


def test_hello_is_answered_and_opens_the_conversation() -> None:
    pen = Pen()
    assert not pen.link.greeted
    assert pen.greet(9) == [(messages.HELLO, 9, frame.RESPONSE, b'{"product":"test"}')]
    assert pen.link.greeted
    assert pen.link.schema_matches
    assert pen.ask(messages.ARM, 10) == [(messages.ARM, 10, frame.RESPONSE, b"")]
    assert [number for number, _values in pen.asked] == [messages.HELLO, messages.ARM]


@pytest.mark.parametrize(
    "message", [m for m in schema.MESSAGES if m.request is not None], ids=lambda m: m.name
)
def test_before_hello_only_stop_is_obeyed(message) -> None:
    pen = Pen()
    if message.number == messages.HELLO:
        return
    answers = pen.ask(message.number, 4, bytes(message.request.size + message.request.tail_low))
    if message.number == messages.STOP:
        assert answers == [(messages.STOP, 4, frame.RESPONSE, b"")]
        assert pen.asked == [(messages.STOP, ())]
    else:
        assert answers == [refusal(message.number, 4, codes.RESULT_HELLO_FIRST)]
        assert pen.asked == []


@pytest.mark.parametrize("size", [0, 11, 13, 240])
def test_hello_of_another_length_is_refused(size: int) -> None:
    pen = Pen()
    expected = refusal(messages.HELLO, 3, codes.RESULT_BAD_LENGTH, 0, size, 12, 12)
    assert pen.ask(messages.HELLO, 3, bytes(size)) == [expected]
    assert not pen.link.greeted


def test_another_schema_gets_hello_stop_and_update_alone() -> None:
    pen = Pen()
    assert pen.greet(0, 7, "ffffffff")[0][2] == frame.RESPONSE
    assert not pen.link.schema_matches
    for sequence, message in enumerate(schema.MESSAGES[1:], 1):
        if message.request is None:
            continue
        payload = bytes(message.request.size + message.request.tail_low)
        answers = pen.ask(message.number, sequence, payload)
        if message.fixed:
            assert answers[0][:2] == (message.number, sequence)
            assert pen.asked[-1][0] == message.number
        else:
            expected = refusal(message.number, sequence, codes.RESULT_SCHEMA_MISMATCH)
            assert answers == [expected]
            assert pen.asked[-1][0] != message.number


def test_a_repeated_request_is_answered_again_and_not_executed(pen: Pen) -> None:
    chunk = codec.pack(schema.BY_NUMBER[messages.PLAN_CHUNK].request, (3, b"abc"))
    first = pen.ask(messages.PLAN_CHUNK, 1, chunk)
    for _ in range(5):
        assert pen.ask(messages.PLAN_CHUNK, 1, chunk) == first
    assert pen.asked == [(messages.PLAN_CHUNK, (3, b"abc"))]
    assert pen.link.repeated == 5


def test_a_repeated_refusal_is_the_same_refusal(pen: Pen) -> None:
    pen.results[messages.ARM] = codes.RESULT_WRONG_STATE
    expected = [refusal(messages.ARM, 1, codes.RESULT_WRONG_STATE, 1, 2, 3, 4)]
    assert pen.ask(messages.ARM, 1) == expected
    pen.results.clear()
    assert pen.ask(messages.ARM, 1) == expected
    assert len(pen.asked) == 1


def test_repetitions_in_one_chunk_are_executed_once(pen: Pen) -> None:
    one = frame.build(messages.ARM, 1, frame.REQUEST)
    two = frame.build(messages.DISARM, 2, frame.REQUEST)
    answers = pen.say(one + b"\0" + one + two + b"\0" + two + one)
    assert [answer[0] for answer in answers] == [messages.ARM] * 2 + [messages.DISARM] * 2
    assert [number for number, _values in pen.asked] == [messages.ARM, messages.DISARM]


@pytest.mark.parametrize("ahead", range(256))
def test_order_is_kept_by_a_window_of_half_the_circle(ahead: int) -> None:
    pen = Pen()
    pen.greet(200)
    pen.ask(messages.ARM, 201)
    pen.asked.clear()
    answers = pen.ask(messages.DISARM, (201 + ahead) & 0xFF)
    if ahead == 0:  # the sequence of the last request with other contents
        assert answers == [
            refusal(messages.DISARM, 201, codes.RESULT_SEQUENCE, 0, 201, 202),
        ]
        assert pen.asked == []
    elif ahead < 128:
        assert pen.asked == [(messages.DISARM, ())]
        assert len(answers) == 1
    else:
        assert (answers, pen.asked) == ([], [])
        assert pen.link.stale == 1


def test_same_message_and_sequence_with_other_contents_is_no_repetition(pen: Pen) -> None:
    pen.ask(messages.SELECT_ZONE, 1, b"\x06")
    expected = refusal(messages.SELECT_ZONE, 1, codes.RESULT_SEQUENCE, 0, 1, 2)
    assert pen.ask(messages.SELECT_ZONE, 1, b"\x07") == [expected]
    assert pen.asked == [(messages.SELECT_ZONE, (6,))]
    assert pen.ask(messages.SELECT_ZONE, 1, b"\x06")[0][2] == frame.RESPONSE


def test_a_late_copy_of_hello_changes_nothing() -> None:
    pen = Pen()
    pen.greet(0)
    pen.ask(messages.ARM, 1)
    assert pen.greet(0) == []
    assert pen.ask(messages.ARM, 1) == [(messages.ARM, 1, frame.RESPONSE, b"")]
    assert [number for number, _values in pen.asked] == [messages.HELLO, messages.ARM]


def test_a_repeated_hello_is_answered_from_the_cache() -> None:
    pen = Pen()
    assert pen.greet(0) == pen.greet(0)
    assert len(pen.asked) == 1


def test_hello_with_a_new_nonce_starts_anew_at_any_sequence() -> None:
    pen = Pen()
    pen.greet(100, 1)
    pen.ask(messages.ARM, 101)
    pen.greet(50, 2)
    assert pen.ask(messages.ARM, 51) == [(messages.ARM, 51, frame.RESPONSE, b"")]
    numbers = [number for number, _values in pen.asked]
    assert numbers == [messages.HELLO, messages.ARM, messages.HELLO, messages.ARM]


def test_stop_is_obeyed_at_any_sequence_and_leaves_the_order_alone(pen: Pen) -> None:
    pen.ask(messages.ARM, 1)
    for sequence in (0, 1, 1, 77, 200):
        assert pen.ask(messages.STOP, sequence) == [(messages.STOP, sequence, frame.RESPONSE, b"")]
    assert [number for number, _values in pen.asked] == [messages.ARM] + [messages.STOP] * 5
    assert pen.ask(messages.ARM, 1) == [(messages.ARM, 1, frame.RESPONSE, b"")]  # from the cache
    assert len(pen.asked) == 6
    pen.ask(messages.DISARM, 2)
    assert pen.asked[-1] == (messages.DISARM, ())


def test_stop_is_answered_plainly_after_a_refusal() -> None:
    pen = Pen()
    assert pen.ask(messages.ARM, 3) == [refusal(messages.ARM, 3, codes.RESULT_HELLO_FIRST)]
    assert pen.ask(messages.STOP, 4) == [(messages.STOP, 4, frame.RESPONSE, b"")]


def test_what_happened_is_counted(pen: Pen) -> None:
    link = pen.link
    assert (link.executed, link.repeated, link.stale, link.refused) == (1, 0, 0, 0)  # HELLO
    pen.ask(messages.ARM, 1)
    pen.ask(messages.ARM, 1)
    pen.ask(messages.ARM, 200)
    pen.ask(messages.STOP, 2)
    pen.ask(0x3F, 2)
    pen.ask(messages.SELECT_ZONE, 2)  # another request with the same sequence
    pen.ask(messages.SELECT_ZONE, 3)  # without its zone
    assert (link.executed, link.repeated, link.stale, link.refused) == (3, 1, 1, 3)


def test_a_new_link_has_greeted_nobody_and_counted_nothing() -> None:
    link = Pen().link
    assert not link.greeted
    assert not link.schema_matches
    assert (link.executed, link.repeated, link.stale, link.refused) == (0, 0, 0, 0)
    assert link.decoder.bad == 0


@pytest.mark.parametrize("nonce", [0, 1, 2**31, 2**32 - 1])
def test_any_nonce_opens_and_repeats(nonce: int) -> None:
    pen = Pen()
    assert pen.greet(5, nonce) == pen.greet(5, nonce)
    assert pen.link.greeted
    assert len(pen.asked) == 1
    assert pen.link.repeated == 1


def test_stop_with_a_payload_of_a_later_age_is_obeyed(pen: Pen) -> None:
    assert pen.ask(messages.STOP, 1, b"why") == [(messages.STOP, 1, frame.RESPONSE, b"")]
    assert pen.asked == [(messages.STOP, ())]


def test_what_stop_could_not_do_is_said(pen: Pen) -> None:
    pen.results[messages.STOP] = codes.RESULT_FAULT_LATCHED
    assert pen.ask(messages.STOP, 1) == [refusal(messages.STOP, 1, codes.RESULT_FAULT_LATCHED)]


@pytest.mark.parametrize("number", [0, 0x04, 0x0F, 0x23, 0x3F, messages.TELEMETRY, 0xFF])
def test_what_is_no_request_is_refused(pen: Pen, number: int) -> None:
    expected = refusal(number, 1, codes.RESULT_UNKNOWN_TYPE, 0, number)
    assert pen.ask(number, 1) == [expected]
    assert pen.asked == []


@pytest.mark.parametrize(
    "message",
    [m for m in schema.MESSAGES if m.request is not None and m.number > messages.STOP],
    ids=lambda m: m.name,
)
def test_every_wrong_length_is_refused(pen: Pen, message) -> None:
    request = message.request
    low = request.size + request.tail_low
    high = request.size + request.tail_high
    sequence = 0
    for size in range(241):
        if not low <= size <= high:
            sequence = (sequence + 1) & 0xFF
            answers = pen.ask(message.number, sequence, bytes(size))
            parts = (codes.RESULT_BAD_LENGTH, 0, size, low, high)
            assert answers == [refusal(message.number, sequence, *parts)]
    assert pen.asked == []


def test_every_value_out_of_range_is_refused_with_its_field_and_range(pen: Pen) -> None:
    cases = [
        (messages.TELEMETRY_RATE, b"\xc9", 0, 201, 0, 200),
        (messages.PLAN_BEGIN, b"\x31\x00" + bytes(32), 0, 49, 50, 260),
        (messages.PLAN_BEGIN, b"\x05\x01" + bytes(32), 0, 261, 50, 260),
        (messages.PLAN_CHUNK, b"\x05\x01x", 0, 261, 0, 260),
        (messages.SET_CLOCK, bytes(4), 0, 0, 946684800, 2**31 - 1),
    ]
    for sequence, (number, payload, field, value, low, high) in enumerate(cases, 1):
        parts = (codes.RESULT_OUT_OF_RANGE, field, value, low, high)
        assert pen.ask(number, sequence, payload) == [refusal(number, sequence, *parts)]
    assert pen.asked == []
    assert pen.link.refused == len(cases)


@pytest.mark.parametrize("payload", [b'{"a":1.5}', b"[1]", b"\xff\xfe", b"{}x", b'{"a":{}}'])
def test_what_is_no_json_object_is_refused(pen: Pen, payload: bytes) -> None:
    expected = refusal(messages.SETTINGS_SET, 1, codes.RESULT_BAD_FORMAT)
    assert pen.ask(messages.SETTINGS_SET, 1, payload) == [expected]
    assert pen.asked == []


def test_json_reaches_the_handler_as_an_object(pen: Pen) -> None:
    answers = pen.ask(messages.SETTINGS_SET, 1, b'{"buzzer":0}')
    assert pen.asked == [(messages.SETTINGS_SET, ({"buzzer": 0},))]
    assert answers == [(messages.SETTINGS_SET, 1, frame.RESPONSE, b'{"buzzer":0}')]


@pytest.mark.parametrize("flags", [0, 2, 3, 4, 5, 8, 9, 255])
def test_only_a_plain_request_is_looked_at(pen: Pen, flags: int) -> None:
    assert pen.say(frame.build(messages.STOP, 1, flags)) == []
    assert pen.asked == []


def test_a_bare_result_becomes_a_refusal(pen: Pen) -> None:
    pen.results[messages.DISARM] = codes.RESULT_WRONG_STATE
    assert pen.ask(messages.DISARM, 1) == [refusal(messages.DISARM, 1, codes.RESULT_WRONG_STATE)]


def test_details_beyond_32_bits_show_the_end(pen: Pen) -> None:
    reply = Reply()
    reply.refuse(codes.RESULT_OUT_OF_RANGE, 0, 2**40, -(2**40), 2**31 - 1)
    values = codec.unpack_from(schema.ERROR_REPLY, reply.buffer, frame.PAYLOAD_AT, 14)
    assert values[2:] == (2**31 - 1, -(2**31 - 1), 2**31 - 1)


def test_a_reply_without_a_response_layout_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="has no response"):
        Reply().fields(1)


def test_a_handlers_wrong_answer_raises_and_is_not_sent(pen: Pen) -> None:
    def wrong(number: int, values: tuple[Any, ...], reply: Reply) -> int:
        return reply.fields(70000)

    pen.link._handler = wrong
    with pytest.raises(codec.FieldError):
        pen.ask(messages.PLAN_CHUNK, 1, b"\0\0x")
    assert pen.out == b""


@given(data=st.binary(max_size=600))
def test_no_bytes_raise_or_reach_the_handler(data: bytes) -> None:
    pen = Pen()
    pen.greet()
    pen.asked.clear()
    pen.say(data)
    assert pen.asked == []
    assert pen.ask(messages.STOP, 1) == [] or pen.asked == [(messages.STOP, ())]
    assert pen.say(b"\0" + frame.build(messages.STOP, 2, frame.REQUEST))[-1][:2] == (2, 2)


@given(
    number=st.sampled_from([m.number for m in schema.MESSAGES]),
    payload=st.binary(max_size=240),
)
def test_any_payload_is_answered_once_and_well_formed(number: int, payload: bytes) -> None:
    pen = Pen()
    pen.greet()
    answers = pen.ask(number, 1, payload)
    assert len(answers) == 1
    assert answers[0][:2] == (number, 1)
    assert answers[0][2] in (frame.RESPONSE, frame.RESPONSE | frame.ERROR)
