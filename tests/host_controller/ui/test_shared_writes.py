"""Writes of two threads on one port: STOP goes out whole, and its acknowledgement is seen."""

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.transport.base import Transport
from host_controller.ui import shared_writes as module
from host_controller.ui.shared_writes import SharedWrites
from protocol import frame, messages
from protocol.decoder import Decoder

EVENT = frame.build(messages.NOTICE, 0, frame.EVENT, b"\1\0" * 4)


class Port(Transport):
    """Keeps what is written; what is read is given beforehand."""

    def __init__(self) -> None:
        self.url = "port"
        self.written = b""
        self.coming: list[bytes] = []

    def read(self, limit: int, timeout_s: float) -> bytes:
        return self.coming.pop(0) if self.coming else b""

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        pass


def shared() -> tuple[Port, SharedWrites, list[str]]:
    port, told = Port(), list[str]()
    return port, SharedWrites(port, lambda: told.append("taken")), told


def sequence_of_stop(written: bytes) -> int:
    """Of the last frame written, which must be a STOP."""
    decoder, at = Decoder(), 0
    while at < len(written):
        at = decoder.take(written, at, len(written))
    assert decoder.ready
    assert (decoder.number, decoder.flags) == (messages.STOP, frame.REQUEST)
    return decoder.sequence


def acknowledgement(port: Port) -> bytes:
    return frame.build(messages.STOP, sequence_of_stop(port.written), frame.RESPONSE)


def read_all(pipe: SharedWrites, port: Port) -> bytes:
    found = b""
    while port.coming:
        found += pipe.read(4096, 0.0)
    return found


@given(st.data())
def test_an_acknowledgement_is_seen_however_it_is_cut_and_nothing_is_held_back(
    data: st.DataObject,
) -> None:
    port, pipe, told = shared()
    assert pipe.write_stop()
    whole = EVENT + acknowledgement(port) + EVENT
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1))))
    ends = [0, *cuts, len(whole)]
    port.coming = [whole[a:b] for a, b in itertools.pairwise(ends)]
    assert read_all(pipe, port) == whole
    assert told == ["taken"]


def test_the_acknowledgement_of_an_earlier_stop_is_not_taken_for_the_last_one() -> None:
    port, pipe, told = shared()
    pipe.write_stop()
    first = acknowledgement(port)
    pipe.write_stop()
    port.coming = [first]
    read_all(pipe, port)
    assert told == []
    port.coming = [acknowledgement(port)]
    read_all(pipe, port)
    assert told == ["taken"]


def test_events_and_refusals_acknowledge_nothing() -> None:
    port, pipe, told = shared()
    pipe.write_stop()
    sequence = sequence_of_stop(port.written)
    port.coming = [
        EVENT,
        frame.build(messages.STOP, sequence, frame.RESPONSE | frame.ERROR, b"\1" + b"\0" * 13),
        frame.build(messages.KEEPALIVE, sequence, frame.RESPONSE),
    ]
    read_all(pipe, port)
    assert told == []


def test_each_acknowledgement_is_told_once() -> None:
    port, pipe, told = shared()
    pipe.write_stop()
    port.coming = [acknowledgement(port)] * 2
    read_all(pipe, port)
    assert told == ["taken"]


def test_a_line_that_does_not_come_free_is_said_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.0)
    port, pipe, _ = shared()
    entered, leave = threading.Event(), threading.Event()

    def slow(_data: bytes) -> None:
        entered.set()
        leave.wait(10)

    monkeypatch.setattr(port, "write", slow)
    writer = threading.Thread(target=pipe.write, args=(b"plan",))
    writer.start()
    assert entered.wait(10)
    assert not pipe.write_stop()
    leave.set()
    writer.join()


def test_two_hundred_and_fifty_six_stops_later_the_number_begins_again() -> None:
    port, pipe, told = shared()
    for _ in range(300):
        pipe.write_stop()
        port.coming = [acknowledgement(port)]
        read_all(pipe, port)
    assert told == ["taken"] * 300
