"""A plan is whole, right and stored before it is in force; anything less leaves the old one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.comms.plan_receiver import PlanReceiver
from protocol import codes, messages, plan_layout
from tests.firmware.comms.conversation import Conversation
from tests.firmware.comms.fake_services import OK

DATA = bytes(range(200)) + b"tail"
HASH = plan_layout.digest(DATA)
GAP = codes.RESULT_CHUNK_GAP


class Desk:
    def __init__(self) -> None:
        self.kept: list[tuple[bytes, bytes]] = []
        self.refusal = OK
        self.store = OK
        self.receiver = PlanReceiver(self.check, self.keep)

    def check(self, data: bytearray) -> tuple[int, int, int, int, int]:
        return self.refusal

    def keep(self, data: bytes, sha256: bytes) -> tuple[int, int, int, int, int]:
        if self.store == OK:
            self.kept.append((data, sha256))
        return self.store


def pushed(desk: Desk, pieces: list[tuple[int, bytes]], sha256: bytes = HASH) -> int:
    """Result of the commit after these pieces, or of the first piece that is refused."""
    desk.receiver.begin(len(DATA), sha256)
    for offset, piece in pieces:
        found = desk.receiver.chunk(offset, piece)
        if found != OK:
            return found[0]
    return desk.receiver.commit()[0]


def cut(data: bytes, size: int) -> list[tuple[int, bytes]]:
    return [(offset, data[offset : offset + size]) for offset in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 100, 204])
def test_a_whole_plan_is_kept_once_with_its_hash(size: int) -> None:
    desk = Desk()
    assert pushed(desk, cut(DATA, size)) == codes.RESULT_OK
    assert desk.kept == [(DATA, HASH)]
    assert desk.receiver.commit()[0] == GAP  # and not a second time
    assert len(desk.kept) == 1


@given(st.integers(1, 60), st.integers(0, 203), st.sampled_from(["drop", "twice", "swap", "more"]))
def test_a_transfer_with_a_mistake_keeps_nothing(size: int, where: int, mistake: str) -> None:
    pieces = cut(DATA, size)
    index = where % len(pieces)
    if mistake == "drop":
        del pieces[index]
    elif mistake == "twice":
        pieces.insert(index, pieces[index])
    elif mistake == "more":
        pieces.append((len(DATA), b"x"))
    elif len(pieces) > 1:
        other = (index + 1) % len(pieces)
        pieces[index], pieces[other] = pieces[other], pieces[index]
    else:
        return
    desk = Desk()
    assert pushed(desk, pieces) == GAP
    assert desk.kept == []


@given(st.integers(0, 203), st.integers(0, 7))
def test_a_flipped_bit_is_found_by_the_hash(place: int, bit: int) -> None:
    data = bytearray(DATA)
    data[place] ^= 1 << bit
    desk = Desk()
    assert pushed(desk, [(0, bytes(data))]) == codes.RESULT_HASH_MISMATCH
    assert desk.kept == []


def test_a_plan_beyond_a_limit_is_refused_and_not_stored() -> None:
    desk = Desk()
    desk.refusal = (codes.RESULT_ABOVE_ZONE_CAP, 1, 800, 50, 750)
    desk.receiver.begin(len(DATA), HASH)
    desk.receiver.chunk(0, DATA)
    assert desk.receiver.commit() == desk.refusal
    assert desk.kept == []


def test_storage_that_fails_is_told() -> None:
    desk = Desk()
    desk.store = (codes.RESULT_STORAGE_FAILED, 0, 0, 0, 0)
    assert pushed(desk, [(0, DATA)]) == codes.RESULT_STORAGE_FAILED


def test_a_new_beginning_forgets_the_old() -> None:
    desk = Desk()
    desk.receiver.begin(len(DATA), HASH)
    desk.receiver.chunk(0, DATA[:50])
    assert pushed(desk, [(0, DATA)]) == codes.RESULT_OK


def test_commit_and_chunk_without_a_beginning_are_refused() -> None:
    desk = Desk()
    assert desk.receiver.commit()[0] == GAP
    assert desk.receiver.chunk(0, b"x")[0] == GAP


def test_over_the_wire_and_with_a_new_hello_in_the_middle() -> None:
    host = Conversation()
    assert host.ask(messages.PLAN_BEGIN, len(DATA), HASH) == ()
    assert host.ask(messages.PLAN_CHUNK, 0, DATA[:150]) == (150,)
    host.hello()  # the host was restarted
    assert host.ask(messages.PLAN_CHUNK, 150, DATA[150:])[1] == GAP
    assert host.ask(messages.PLAN_COMMIT)[1] == GAP
    assert host.services.kept == []
    host.ask(messages.PLAN_BEGIN, len(DATA), HASH)
    host.ask(messages.PLAN_CHUNK, 0, DATA[:150])
    assert host.ask(messages.PLAN_CHUNK, 150, DATA[150:]) == (204,)
    assert host.ask(messages.PLAN_COMMIT) == ()
    assert host.services.kept == [DATA]
