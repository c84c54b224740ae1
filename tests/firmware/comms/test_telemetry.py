"""Telemetry at the rate asked for, numbered, and lost rather than late."""

import pytest

from firmware.comms.telemetry import TelemetrySender
from protocol import codec, frame, messages, schema, telemetry
from protocol.decoder import Decoder
from protocol.telemetry import FIELDS
from tests.firmware.comms.conversation import Cable


class Desk:
    def __init__(self) -> None:
        self.cable = Cable()
        self.t_ms = 0
        self.sender = TelemetrySender(self.fill, self.cable.write)

    def fill(self, record: list[int]) -> None:
        record[FIELDS.index("t_ms")] = self.t_ms

    def run(self, ms: int, step: int = 1) -> None:
        for _ in range(0, ms, step):
            self.t_ms += step
            self.sender.poll(step)

    def frames(self) -> list[tuple[int, int, bytes]]:
        decoder = Decoder()
        data = bytes(self.cable.to_host)
        self.cable.to_host.clear()
        found = []
        position = 0
        while position < len(data):
            position = decoder.take(data, position, len(data))
            assert decoder.ready
            found.append((decoder.number, decoder.flags, decoder.payload()))
        return found


@pytest.mark.parametrize("rate_hz", [1, 3, 50, 100, 200])
def test_the_rate_is_kept_over_ten_seconds(rate_hz: int) -> None:
    desk = Desk()
    desk.sender.set_rate(rate_hz)
    desk.run(10_000)
    frames = desk.frames()
    assert 10 * rate_hz <= len(frames) <= 10 * rate_hz + 1
    counters = [telemetry.unpack(payload).counter for _, _, payload in frames]
    assert counters == list(range(counters[0], counters[0] + len(frames)))
    assert {row[:2] for row in frames} == {(messages.TELEMETRY, frame.EVENT)}


def test_silence_until_it_is_asked_for_and_after_zero() -> None:
    desk = Desk()
    desk.run(1000)
    assert desk.frames() == []
    desk.sender.set_rate(100)
    desk.run(100)
    assert desk.frames()
    desk.sender.set_rate(0)
    desk.run(1000)
    assert desk.frames() == []


def test_a_pause_is_not_made_up_for_by_a_burst() -> None:
    desk = Desk()
    desk.sender.set_rate(200)
    desk.run(100)
    desk.frames()
    desk.run(500, step=500)
    desk.run(20)
    assert len(desk.frames()) <= 6


def test_what_finds_no_room_is_lost_and_shows_as_a_gap() -> None:
    desk = Desk()
    desk.sender.set_rate(200)
    desk.run(50)
    first = telemetry.unpack(desk.frames()[-1][2]).counter
    desk.cable.room = 0
    desk.run(50)
    assert desk.frames() == []
    assert desk.sender.lost == 10
    desk.cable.room = 1 << 20
    desk.run(50)
    assert telemetry.unpack(desk.frames()[0][2]).counter == first + 11


def test_a_status_is_what_is_measured_now_and_counts_no_frame() -> None:
    desk = Desk()
    desk.sender.set_rate(200)
    desk.run(50)
    counter = telemetry.unpack(desk.frames()[-1][2]).counter
    desk.t_ms = 4711
    buffer = frame.new_buffer()
    desk.sender.pack(buffer)
    found = telemetry.unpack(buffer, frame.PAYLOAD_AT)
    assert (found.t_ms, found.counter) == (4711, counter)
    desk.run(5)
    assert telemetry.unpack(desk.frames()[0][2]).counter == counter + 1


def test_a_notice_carries_the_change() -> None:
    desk = Desk()
    desk.sender.notice(1234, 7, 6, 1, 0, 6)
    desk.sender.notice(2234, 4, 7, 1, 0, 6)
    layout = schema.BY_NUMBER[messages.NOTICE].event
    assert layout is not None
    notices = [codec.unpack(layout, payload) for number, _, payload in desk.frames()]
    assert notices == [(1, 1234, 7, 6, 1, 0, 6), (2, 2234, 4, 7, 1, 0, 6)]
