"""Named tuples of answers have the fields of the wire's table, in its order."""

import pytest

from host_controller import replies
from protocol import codes, messages, schema
from protocol.layout import Layout


def response(number: int) -> Layout:
    layout = schema.BY_NUMBER[number].response
    assert layout is not None
    return layout


def event(number: int) -> Layout:
    layout = schema.BY_NUMBER[number].event
    assert layout is not None
    return layout


@pytest.mark.parametrize(
    ("kind", "layout"),
    [
        (replies.Reading, schema.TELEMETRY_LAYOUT),
        (replies.Notice, event(messages.NOTICE)),
        (replies.PlanInfo, response(messages.PLAN_INFO)),
        (replies.Limits, response(messages.LIMITS)),
        (replies.CartridgeInfo, response(messages.CARTRIDGE)),
        (replies.FaultEntry, response(messages.FAULT_LOG)),
        (replies.UsageEntry, response(messages.USAGE_LOG)),
    ],
)
def test_fields_are_those_of_the_table(kind: type, layout: Layout) -> None:
    assert list(kind._fields) == [field[0] for field in layout.fields]  # type: ignore[attr-defined]


def test_a_reading_names_its_conditions() -> None:
    blank = replies.reading(bytes(schema.TELEMETRY_LAYOUT.size))
    word = 1 << codes.COND_NEEDLES_IN | 1 << codes.COND_CONTACT
    reading = blank._replace(conditions=word, zone=5, stop_reason=1, state=6)
    assert reading.needles_in
    assert reading.condition_names() == ["needles in", "contact"]
    assert (reading.zone_name, reading.stop_name, reading.state_name) == (
        "nose",
        "button",
        "running",
    )


def test_needles_are_not_in_unless_the_pen_says_so() -> None:
    assert not replies.reading(bytes(schema.TELEMETRY_LAYOUT.size)).needles_in


def test_numbers_of_newer_firmware_are_shown_raw() -> None:
    blank = replies.reading(bytes(schema.TELEMETRY_LAYOUT.size))
    odd = blank._replace(state=77, stop_reason=88)
    assert (odd.state_name, odd.stop_name) == ("state 77", "reason 88")


def test_a_payload_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="telemetry of 3 bytes"):
        replies.reading(b"abc")
