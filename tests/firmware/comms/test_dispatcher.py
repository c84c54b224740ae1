"""Every request of the table reaches its service, and every refusal its host."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codes, frame, messages, schema
from tests.firmware.comms.conversation import Conversation
from tests.firmware.comms.fake_services import NO

REFUSED = ("refused", codes.RESULT_WRONG_STATE, 0, 6, 0, 0)

# request, values, what the service notes
PASSED_ON: list[tuple[int, tuple[Any, ...], Any]] = [
    (messages.KEEPALIVE, (), "lease"),
    (messages.SELECT_ZONE, (6,), ("zone", 6)),
    (messages.ARM, (), "arm"),
    (messages.DISARM, (), "stop"),
    (messages.ACKNOWLEDGE, (22,), ("acknowledge", 22)),
    (messages.SET_CLOCK, (1_700_000_000,), ("clock", 1_700_000_000)),
    (messages.TELEMETRY_RATE, (200,), ("rate", 200)),
]


@pytest.mark.parametrize(("number", "values", "noted"), PASSED_ON)
def test_a_request_reaches_its_service_once(
    number: int, values: tuple[Any, ...], noted: Any
) -> None:
    host = Conversation()
    assert host.ask(number, *values) == ()
    assert host.services.asked == [noted]


REFUSABLE: list[tuple[int, tuple[Any, ...]]] = [
    (messages.PLAN_BEGIN, (100, bytes(32))),
    (messages.PLAN_COMMIT, ()),
    (messages.SELECT_ZONE, (6,)),
    (messages.ARM, ()),
    (messages.ACKNOWLEDGE, (22,)),
    (messages.SELF_TEST, ()),
    (messages.SETTINGS_SET, ({"buzzer": 0},)),
    (messages.SET_CLOCK, (1_700_000_000,)),
]


@pytest.mark.parametrize(("number", "values"), REFUSABLE)
def test_a_refusal_comes_with_its_details(number: int, values: tuple[Any, ...]) -> None:
    host = Conversation()
    host.services.refusal = NO
    assert host.ask(number, *values) == REFUSED
    assert host.services.values == {"buzzer": 1}


def test_hello_says_who_the_pen_is() -> None:
    answer = Conversation(greet=False).hello()
    assert answer["product"] == "microneedling-pen"
    assert answer["serial"] == "0011"
    assert answer["capabilities"] == ["plan"]


def test_stop_is_obeyed_before_hello_with_any_sequence_and_schema() -> None:
    host = Conversation(greet=False)
    for sequence in (0, 0, 200, 17):
        host.send(messages.STOP, b"", sequence)
    host.poll()
    assert host.services.asked == ["stop"] * 4
    assert [answer[:3] for answer in host.frames()] == [
        (messages.STOP, sequence, frame.RESPONSE) for sequence in (0, 0, 200, 17)
    ]
    stranger = Conversation(schema_id="00000000")
    stranger.ask(messages.STOP)
    assert stranger.services.asked == ["stop"]


def test_nothing_else_is_obeyed_before_hello() -> None:
    host = Conversation(greet=False)
    for number, values, _ in PASSED_ON:
        assert host.ask(number, *values)[1] == codes.RESULT_HELLO_FIRST
    assert host.services.asked == []


def test_a_host_of_another_schema_gets_hello_and_stop_and_reasons() -> None:
    host = Conversation(schema_id="deadbeef")
    for number, values, _ in PASSED_ON:
        assert host.ask(number, *values)[1] == codes.RESULT_SCHEMA_MISMATCH
    assert host.services.asked == []


@pytest.mark.parametrize("schema_id", [None, "deadbeef"])
def test_update_is_passed_on_whatever_the_schema(schema_id: str | None) -> None:
    host = Conversation(schema_id=schema_id) if schema_id else Conversation()
    assert host.ask(messages.UPDATE, 5, 0, b"boot loader")[:2] == (5, 0)
    assert host.services.asked == [("update", 5, b"boot loader")]


def test_a_refused_update_says_why() -> None:
    host = Conversation()
    host.services.refusal = (codes.RESULT_WRONG_STATE, 0, 6, 0, 0)
    assert host.ask(messages.UPDATE, 5, 0, b"boot loader")[1] == codes.RESULT_WRONG_STATE


def test_a_repeated_request_is_answered_again_but_not_executed_again() -> None:
    host = Conversation()
    host.send(messages.ARM, b"")
    host.send(messages.ARM, b"", host.sequence)
    host.send(messages.ARM, b"", host.sequence)
    host.poll()
    assert host.services.asked == ["arm"]
    answers = host.frames()
    assert len(answers) == 3
    assert len(set(answers)) == 1


def test_a_late_copy_of_an_old_request_is_ignored() -> None:
    host = Conversation()
    host.ask(messages.ARM)
    old = host.sequence
    host.ask(messages.SELECT_ZONE, 6)
    host.send(messages.ARM, b"", old)
    host.poll()
    assert host.services.asked == ["arm", ("zone", 6)]
    assert host.frames() == []


@pytest.mark.parametrize(("number", "values"), [(messages.TELEMETRY_RATE, b"\xc9")])
def test_a_value_out_of_range_is_refused_with_its_range(number: int, values: bytes) -> None:
    host = Conversation()
    flags, _ = host.ask_raw(number, values)
    assert flags & frame.ERROR
    assert host.services.asked == []


def test_lengths_that_are_not_the_tables_are_refused() -> None:
    for row in schema.MESSAGES:
        if row.request is None or row.number in (messages.STOP, messages.HELLO):
            continue
        if row.request.fits(240):
            continue
        host = Conversation()
        flags, _ = host.ask_raw(row.number, bytes(240))
        assert flags & frame.ERROR
        assert host.services.asked == []


def test_questions_without_an_answer_say_why() -> None:
    host = Conversation()
    assert host.ask(messages.PLAN_INFO)[1] == codes.RESULT_NO_PLAN
    assert host.ask(messages.CARTRIDGE)[1] == codes.RESULT_NO_CARTRIDGE
    assert host.ask(messages.FAULT_LOG, 3)[1] == codes.RESULT_NO_SUCH_ENTRY
    assert host.ask(messages.USAGE_LOG, 4)[1] == codes.RESULT_NO_SUCH_ENTRY
    assert host.ask(messages.SETTINGS_GET, b"colour")[1] == codes.RESULT_UNKNOWN_SETTING
    assert host.ask(messages.LIMITS, 17) == ("refused", codes.RESULT_UNKNOWN_ZONE, 17, 17, 1, 16)
    assert host.services.asked == [("fault", 3), ("usage", 4)]


def test_questions_are_answered_in_the_fields_of_the_table() -> None:
    host = Conversation()
    host.services.plan = (bytes(32), 77, 3, 1, 12, 2500, b"lib".ljust(8, b"\0"), bytes(16))
    assert host.ask(messages.PLAN_INFO) == host.services.plan
    host.services.entry = (b"\1\2\3\4", 1, 12, 2500, bytes(8), 36_000, 0, 0)
    assert host.ask(messages.CARTRIDGE) == host.services.entry
    assert host.ask(messages.LIMITS, 1)[:6] == (1, 750, 1500, 2500, 5000, 12000)
    assert host.ask(messages.SETTINGS_GET, b"") == {"names": ["buzzer"]}
    assert host.ask(messages.SETTINGS_GET, b"buzzer") == {"buzzer": 1}
    assert host.ask(messages.SETTINGS_SET, {"buzzer": 0}) == {"buzzer": 0}
    assert host.ask(messages.STATUS)[1] == 1234


def test_the_self_test_is_answered_when_it_is_done() -> None:
    host = Conversation()
    host.send(messages.SELF_TEST, b"")
    host.poll()
    assert host.frames() == []
    reply = host.session.link.deferred(messages.SELF_TEST)
    assert reply is not None
    reply.json([("passed", 1), ("failed", [])])
    host.session.link.finish(codes.RESULT_OK)
    assert len(host.frames()) == 1


def test_writing_waits_for_a_quiet_moment_and_is_then_answered() -> None:
    host = Conversation()
    host.services.quiet = False
    host.send(messages.SETTINGS_SET, b'{"buzzer":0}')
    host.poll()
    assert host.dispatcher.waiting == messages.SETTINGS_SET
    host.dispatcher.poll(host.session.link)
    assert host.frames() == []
    assert host.services.values == {"buzzer": 1}
    host.services.quiet = True
    host.dispatcher.poll(host.session.link)
    assert host.dispatcher.waiting == 0
    answers = host.frames()
    assert [answer[0] for answer in answers] == [messages.SETTINGS_SET]
    assert host.services.values == {"buzzer": 0}
    host.send(messages.SETTINGS_SET, b'{"buzzer":0}', host.sequence)  # repeated: from the cache
    host.poll()
    assert host.frames() == answers


def test_a_zone_is_chosen_when_the_usage_of_the_old_one_can_be_written() -> None:
    host = Conversation()
    host.services.quiet = False
    host.send(messages.SELECT_ZONE, bytes((6,)))
    host.poll()
    assert host.dispatcher.waiting == messages.SELECT_ZONE
    assert ("zone", 6) not in host.services.asked
    host.services.quiet = True
    host.dispatcher.poll(host.session.link)
    assert host.dispatcher.waiting == 0
    assert [answer[0] for answer in host.frames()] == [messages.SELECT_ZONE]
    assert ("zone", 6) in host.services.asked


def test_a_zone_asked_for_while_armed_stops_at_once() -> None:
    host = Conversation()
    host.services.quiet = False
    host.services.refusal = (codes.RESULT_WRONG_STATE, 0, 6, 0, 0)
    host.send(messages.SELECT_ZONE, bytes((6,)))
    host.poll()
    assert host.dispatcher.waiting == 0
    assert ("zone", 6) in host.services.asked


def test_a_commit_that_waits_is_dropped_when_the_host_greets_anew() -> None:
    host = Conversation()
    host.services.quiet = False
    host.ask(messages.PLAN_BEGIN, 50, bytes(32))
    host.send(messages.PLAN_COMMIT, b"")
    host.poll()
    assert host.dispatcher.waiting == messages.PLAN_COMMIT
    host.hello()
    host.services.quiet = True
    host.dispatcher.poll(host.session.link)
    assert host.frames() == []
    assert host.services.kept == []


def test_every_message_of_the_table_has_a_handler() -> None:
    host = Conversation()
    for row in schema.MESSAGES:
        if row.request is not None:
            assert row.number in host.session.link._handler.__self__._handlers  # type: ignore[attr-defined]


def test_a_flood_is_taken_in_pieces_and_cannot_hold_the_main_loop() -> None:
    host = Conversation()
    host.cable.to_pen += b"\x55" * 100_000
    before = len(host.cable.to_pen)
    host.poll(1)
    assert before - len(host.cable.to_pen) <= 256


@given(st.lists(st.binary(max_size=64), max_size=20))
def test_no_bytes_make_the_pen_raise_or_do_anything(pieces: list[bytes]) -> None:
    host = Conversation()
    for piece in pieces:
        host.cable.to_pen += piece
        host.poll(2)
    host.cable.to_pen += b"\0"
    host.poll()
    assert host.services.asked in ([], ["stop"])  # a stop may be guessed; it does no harm
    host.frames()
    bad = host.session.frames_bad
    assert bad <= sum(piece.count(0) for piece in pieces) + 1
    assert host.ask(messages.ARM) == ()
    assert host.session.frames_bad == bad


@given(st.data())
def test_any_payload_to_any_message_is_answered_once_and_never_raises(data: st.DataObject) -> None:
    host = Conversation()
    number = data.draw(st.sampled_from([row.number for row in schema.MESSAGES]))
    payload = data.draw(st.binary(max_size=240))
    host.send(number, payload)
    host.poll()
    assert len(host.frames()) <= 1
