"""The table keeps its own rules: unique, bounded, inside 30 bits, described."""

import struct

import pytest

from docs.generate_protocol import meanings
from protocol import messages, schema
from protocol.layout import JSON, STRUCT, Layout, Message

EVERY = [
    (message, role, layout)
    for message in schema.MESSAGES
    for role in ("request", "response", "event")
    if (layout := getattr(message, role)) is not None
]
NAMES = [f"{message.name}-{role}" for message, role, _ in EVERY]
CODE_LIMITS = {"B": (0, 2**8 - 1), "H": (0, 2**16 - 1), "I": (0, 2**32 - 1)} | {
    "h": (-(2**15), 2**15 - 1),
    "i": (-(2**31), 2**31 - 1),
}
# Wider than the 31-bit integers of the board, so never to be handled in the tick.
WIDE = {"nonce", "offset", "session_id", "used_session_id", "unix_s", "value", "low", "high"}


def test_numbers_and_names_are_unique() -> None:
    assert len({message.number for message in schema.MESSAGES}) == len(schema.MESSAGES)
    assert len({message.name for message in schema.MESSAGES}) == len(schema.MESSAGES)
    assert set(schema.BY_NUMBER) == {message.number for message in schema.MESSAGES}


def test_every_number_has_its_row_under_the_same_name() -> None:
    numbers = {name: value for name, value in vars(messages).items() if name.isupper()}
    assert numbers == {message.name: message.number for message in schema.MESSAGES}


@pytest.mark.parametrize("message", schema.MESSAGES, ids=lambda message: message.name)
def test_a_message_is_a_request_with_response_or_an_event(message: Message) -> None:
    asked = message.request is not None and message.response is not None
    assert asked != (message.event is not None)
    assert (message.number >= 0x40) == (message.event is not None)
    assert 1 <= message.since <= schema.EDITION


@pytest.mark.parametrize(("message", "role", "layout"), EVERY, ids=NAMES)
def test_fits_one_frame(message: Message, role: str, layout: Layout) -> None:
    assert 0 <= layout.size + layout.tail_low <= layout.size + layout.tail_high <= 240
    assert layout.kind in (STRUCT, JSON)
    if layout.kind == STRUCT:
        assert struct.calcsize(layout.format) == layout.size


@pytest.mark.parametrize(("message", "role", "layout"), EVERY, ids=NAMES)
def test_fields_are_named_once_and_ranges_fit_their_codes(
    message: Message, role: str, layout: Layout
) -> None:
    names = [field[0] for field in layout.fields]
    assert len(set(names)) == len(names)
    for position, (name, code, _unit, low, high) in enumerate(layout.fields):
        assert low <= high
        if layout.kind == JSON:
            assert code in ("text", "integer", "list")
        elif code == "*":
            assert position == len(layout.fields) - 1
        elif code.endswith("s"):
            assert low == high == int(code[:-1])
        else:
            assert CODE_LIMITS[code][0] <= low
            assert high <= CODE_LIMITS[code][1]
            if max(abs(low), abs(high)) >= 2**30:
                assert name in WIDE


def test_telemetry_stays_inside_30_bits() -> None:
    for _name, _code, _unit, low, high in schema.TELEMETRY_LAYOUT.fields:
        assert -(2**30) <= low <= high < 2**30


@pytest.mark.parametrize(("message", "role", "layout"), EVERY, ids=NAMES)
def test_everything_is_explained(message: Message, role: str, layout: Layout) -> None:
    explained = meanings()
    assert explained[message.name, "", ""].endswith(".")
    for field in layout.fields:
        assert len(explained[message.name, role, field[0]]) > 2


def test_what_the_table_must_say_restated() -> None:
    by_name = {message.name: message for message in schema.MESSAGES}
    rate = by_name["TELEMETRY_RATE"].request
    assert rate is not None
    assert rate.fields[0][3:] == (0, 200)
    begin = by_name["PLAN_BEGIN"].request
    assert begin is not None
    assert begin.fields[0][3:] == (36 + 14, 36 + 16 * 14)
    assert schema.TELEMETRY_LAYOUT.size == 50
    assert {m.name for m in schema.MESSAGES if m.fixed} == {"HELLO", "STOP", "UPDATE"}
