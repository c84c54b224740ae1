"""The host's end: one request at a time, repeated until answered, and everything counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec, codes, frame, messages, schema, version
from protocol.requester_link import ATTEMPTS, TIMEOUT_MS, BusyError, Frame, RequesterLink
from protocol.telemetry import TelemetryEncoder, new_record


def answer(number: int, sequence: int, payload: bytes = b"", flags: int = frame.RESPONSE) -> bytes:
    return frame.build(number, sequence, flags, payload)


def telemetry(counter: int) -> bytes:
    record = new_record()
    record[0] = (counter - 1) & 0xFFFF
    encoder = TelemetryEncoder()
    return bytes(encoder.buffer[: encoder.encode(record)])


def notice(counter: int) -> bytes:
    event = schema.BY_NUMBER[messages.NOTICE].event
    assert event is not None
    payload = codec.pack(event, (counter, 0, 0, 0, 0, 0, 0))
    return frame.build(messages.NOTICE, counter & 0xFF, frame.EVENT, payload)


def test_hello_carries_schema_and_nonce_and_ends_what_came_before() -> None:
    link = RequesterLink(nonce=41, sequence=254)
    payload = version.SCHEMA_ID.encode() + (42).to_bytes(4, "little")
    assert link.hello(0) == b"\0" + frame.build(messages.HELLO, 255, frame.REQUEST, payload)
    assert link.waiting


def test_each_hello_has_a_new_nonce_within_32_bits() -> None:
    link = RequesterLink(nonce=2**32 - 1)
    assert b"\0\0\0\0" in payload_of(link.hello(0))
    assert b"\1\0\0\0" in payload_of(link.hello(0))


def payload_of(data: bytes) -> bytes:
    from protocol.decoder import Decoder

    decoder = Decoder()
    position = 0
    while not decoder.ready:
        position = decoder.take(data, position, len(data))
    return decoder.payload()


def test_requests_are_numbered_and_wrap() -> None:
    link = RequesterLink(0, 254)
    for sequence in (255, 0, 1):
        expected = frame.build(messages.ARM, sequence, frame.REQUEST)
        assert link.request(messages.ARM, b"", 0) == expected
        assert [reply.sequence for reply in link.receive(answer(messages.ARM, sequence), 0)] == [
            sequence
        ]
        assert not link.waiting


def test_one_request_at_a_time() -> None:
    link = RequesterLink(0)
    link.request(messages.ARM, b"", 0)
    with pytest.raises(BusyError, match="0x16 is still outstanding"):
        link.request(messages.DISARM, b"", 0)
    assert link.statistics.requests == 1


def test_a_payload_that_is_too_long_is_refused_and_nothing_is_outstanding() -> None:
    link = RequesterLink(0)
    with pytest.raises(ValueError, match="at most 240"):
        link.request(messages.PLAN_CHUNK, bytes(241), 0)
    assert not link.waiting


def test_repeats_on_time_and_gives_up_after_its_attempts() -> None:
    link = RequesterLink(0)
    first = link.request(messages.ARM, b"", 1000)
    sent_ms = [1000]
    for now in range(1000, 2000):
        data = link.poll(now)
        if data:
            assert data == b"\0" + first
            sent_ms.append(now)
        if link.failed:
            break
    assert sent_ms == [1000 + TIMEOUT_MS * attempt for attempt in range(ATTEMPTS)]
    assert now == 1000 + TIMEOUT_MS * ATTEMPTS
    assert not link.waiting
    assert (link.statistics.retries, link.statistics.failures) == (ATTEMPTS - 1, 1)
    assert link.poll(9999) == b""


def test_limits_restated() -> None:
    assert (TIMEOUT_MS, ATTEMPTS) == (100, 5)


def test_a_caller_may_wait_longer() -> None:
    link = RequesterLink(0)
    link.request(messages.PLAN_COMMIT, b"", 0, 700, 2)
    assert link.next_poll_ms(0) == 700
    assert link.poll(699) == b""
    assert link.next_poll_ms(699) == 1
    assert link.poll(700) != b""
    assert link.poll(1399) == b""
    assert link.next_poll_ms(1500) == 0
    assert link.poll(1400) == b""
    assert link.failed
    assert link.next_poll_ms(1400) == -1


def test_the_next_request_clears_the_failure() -> None:
    link = RequesterLink(0)
    link.request(messages.ARM, b"", 0, 10, 1)
    assert link.poll(10) == b""
    assert link.failed
    link.request(messages.ARM, b"", 20)
    assert not link.failed


def test_only_the_matching_reply_ends_the_wait() -> None:
    link = RequesterLink(0, 4)
    link.request(messages.ARM, b"", 0)
    strays = [
        answer(messages.ARM, 4),
        answer(messages.DISARM, 5),
        answer(messages.ARM, 5, flags=frame.REQUEST),
        answer(messages.ARM, 5, flags=frame.ERROR),
    ]
    for stray in strays:
        assert link.receive(stray, 1) == []
        assert link.waiting
    found = link.receive(answer(messages.ARM, 5), 3)
    assert [(f.number, f.sequence, f.is_reply, f.is_error) for f in found] == [
        (messages.ARM, 5, True, False)
    ]
    assert link.receive(answer(messages.ARM, 5), 4) == []  # its repetition
    assert link.statistics.strays == len(strays) + 1
    assert link.statistics.round_trip_ms == 3


def test_a_refusal_says_why() -> None:
    link = RequesterLink(0)
    link.request(messages.PLAN_COMMIT, b"", 0)
    payload = codec.pack(schema.ERROR_REPLY, (codes.RESULT_ABOVE_ZONE_CAP, 6, 1800, 0, 1500))
    data = answer(messages.PLAN_COMMIT, 1, payload, frame.RESPONSE | frame.ERROR)
    (found,) = link.receive(data, 0)
    assert found.is_reply
    assert found.is_error
    assert found.error() == (codes.RESULT_ABOVE_ZONE_CAP, 6, 1800, 0, 1500)


def test_what_is_no_refusal_has_no_error() -> None:
    assert Frame(1, 1, frame.RESPONSE, b"").error() == (0, 0, 0, 0, 0)
    assert Frame(1, 1, frame.RESPONSE | frame.ERROR, b"short").error() == (0, 0, 0, 0, 0)
    assert not Frame(1, 1, frame.EVENT, b"").is_reply


def test_stop_goes_out_at_once_whatever_is_outstanding() -> None:
    link = RequesterLink(0)
    link.request(messages.PLAN_COMMIT, b"", 0)
    assert link.stop(5) == b"\0" + frame.build(messages.STOP, 2, frame.REQUEST)
    assert link.receive(answer(messages.PLAN_COMMIT, 1), 6) == []
    assert link.waiting
    assert [f.number for f in link.receive(answer(messages.STOP, 2), 7)] == [messages.STOP]
    assert link.statistics.failures == 1


def test_stop_is_repeated_every_40_ms_for_a_second() -> None:
    link = RequesterLink(0)
    link.stop(0)
    times = [now for now in range(2000) if link.poll(now)]
    assert times == list(range(40, 1000, 40))
    assert link.failed


def test_hello_replaces_what_is_outstanding() -> None:
    link = RequesterLink(0)
    link.request(messages.ARM, b"", 0)
    assert link.hello(1)
    assert link.receive(answer(messages.ARM, 1), 2) == []
    assert link.waiting


# --- telemetry ------------------------------------------------------------------------------------


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 65535))
def test_every_loss_is_counted(arrives: list[bool], start: int) -> None:
    link = RequesterLink(0)
    arrives = [True, *arrives, True]
    for offset, arrived in enumerate(arrives):
        if arrived:
            (found,) = link.receive(telemetry((start + offset) & 0xFFFF), offset)
            assert not found.is_reply
    counted = link.statistics.telemetry
    assert counted.received == sum(arrives)
    assert counted.lost == len(arrives) - sum(arrives)
    assert counted.out_of_order == 0


def test_a_frame_from_the_past_is_out_of_order_and_no_loss() -> None:
    link = RequesterLink(0)
    for counter in (10, 11, 9, 12):
        link.receive(telemetry(counter), 0)
    counted = link.statistics.telemetry
    assert (counted.received, counted.lost, counted.out_of_order) == (4, 0, 1)


@pytest.mark.parametrize(("jump", "lost", "behind"), [(0x8000, 0x7FFF, 0), (0x8001, 0, 1)])
def test_half_the_circle_tells_loss_from_past(jump: int, lost: int, behind: int) -> None:
    link = RequesterLink(0)
    link.receive(telemetry(0), 0)
    link.receive(telemetry(jump), 0)
    counted = link.statistics.telemetry
    assert (counted.lost, counted.out_of_order) == (lost, behind)


def test_hello_lets_a_restarted_pen_count_from_anywhere() -> None:
    link = RequesterLink(0)
    link.receive(telemetry(500) + notice(20), 0)
    link.hello(1)
    link.receive(telemetry(3) + notice(1), 2)
    assert (link.statistics.telemetry.lost, link.statistics.telemetry.out_of_order) == (0, 0)
    notices = link.statistics.notices
    assert (notices.received, notices.lost, notices.out_of_order) == (2, 0, 0)


def test_notices_are_counted_apart() -> None:
    link = RequesterLink(0)
    link.receive(notice(1) + telemetry(7) + notice(4), 0)
    assert link.statistics.notices.lost == 2
    assert link.statistics.telemetry.lost == 0


def test_an_event_without_a_counter_is_delivered_uncounted() -> None:
    link = RequesterLink(0)
    found = link.receive(frame.build(0x42, 0, frame.EVENT, b"x" * 9) + frame.build(0x43, 0, 4), 0)
    assert [event.number for event in found] == [0x42, 0x43]
    assert link.statistics.telemetry.received == 0


@pytest.mark.parametrize(("size", "counted"), [(0, 0), (1, 0), (2, 1)])
def test_a_counter_needs_two_bytes(size: int, counted: int) -> None:
    link = RequesterLink(0)
    link.receive(frame.build(messages.TELEMETRY, 0, frame.EVENT, bytes(size)), 0)
    assert link.statistics.telemetry.received == counted


# --- statistics -----------------------------------------------------------------------------------


def test_what_a_support_engineer_asks_for() -> None:
    link = RequesterLink(0)
    link.request(messages.STATUS, b"", 0)
    link.poll(100)
    link.receive(b"noise that is no frame\0", 150)
    link.receive(answer(messages.STATUS, 1), 180)
    link.receive(telemetry(1), 1180)
    link.receive(telemetry(2), 1190)
    statistics = link.statistics
    assert (statistics.frames_good, statistics.frames_bad) == (3, 1)
    assert (statistics.last_good_ms, statistics.longest_silence_ms) == (1190, 1000)
    assert (statistics.requests, statistics.replies, statistics.retries) == (1, 1, 1)
    assert (statistics.round_trip_ms, statistics.round_trip_max_ms) == (180, 180)
    assert statistics.bytes_in == 23 + 9 + 59 + 59
    assert statistics.bytes_out == 9 + 10


def test_round_trips_are_measured_from_the_first_attempt() -> None:
    link = RequesterLink(0)
    for sequence, (sent_ms, answered_ms) in enumerate([(1000, 1250), (2000, 2007)], 1):
        link.request(messages.STATUS, b"", sent_ms)
        link.poll(sent_ms + 100)
        link.receive(answer(messages.STATUS, sequence), answered_ms)
    assert (link.statistics.round_trip_ms, link.statistics.round_trip_max_ms) == (7, 250)


def test_a_new_link_waits_for_nothing() -> None:
    link = RequesterLink(0)
    assert not link.waiting
    assert not link.failed
    assert link.poll(10**6) == b""
    assert link.next_poll_ms(0) == -1


def test_before_the_first_frame_there_is_no_last_good_one() -> None:
    assert RequesterLink(0).statistics.last_good_ms == -1


def test_a_stop_that_gives_nothing_up_is_no_failure() -> None:
    link = RequesterLink(0)
    link.stop(0)
    assert link.statistics.failures == 0
    link.stop(0)
    assert link.statistics.failures == 1


def test_an_event_of_another_kind_is_no_notice() -> None:
    link = RequesterLink(0)
    other = frame.build(0x7E, 0, frame.EVENT, b"\5\0")
    assert [event.number for event in link.receive(other, 0)] == [0x7E]
    assert link.statistics.notices.received == link.statistics.telemetry.received == 0


def test_a_gap_behind_the_wrap_is_counted() -> None:
    link = RequesterLink(0)
    link.receive(telemetry(65_535), 0)
    link.receive(telemetry(5), 0)  # 0 to 4 are missing
    assert link.statistics.telemetry.lost == 5
