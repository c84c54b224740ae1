"""Values go to bytes and come back; what does not fit is refused, at every boundary."""

import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec, schema
from protocol.layout import JSON, STRUCT, Layout

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = {
    f"{message.name}-{role}": layout
    for message in schema.MESSAGES
    for role in ("request", "response", "event")
    if (layout := getattr(message, role)) is not None and layout.kind == STRUCT
} | {"refusal": schema.ERROR_REPLY}
ALL = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def values_of(layout: Layout) -> st.SearchStrategy[tuple[Any, ...]]:
    parts: list[st.SearchStrategy[Any]] = []
    for _name, code, _unit, low, high in layout.fields:
        number = code not in ("*",) and not code.endswith("s")
        parts.append(st.integers(low, high) if number else st.binary(min_size=low, max_size=high))
    return st.tuples(*parts)


def lowest(layout: Layout) -> list[Any]:
    return [
        low if code in "BHIhi" else bytes(low) for _name, code, _unit, low, _high in layout.fields
    ]


@ALL
@given(data=st.data())
def test_round_trip(layout: Layout, data: st.DataObject) -> None:
    values = data.draw(values_of(layout))
    payload = codec.pack(layout, values)
    assert layout.fits(len(payload))
    assert codec.unpack(layout, payload) == values
    named = codec.unpack_named(layout, payload)
    assert tuple(named[field[0]] for field in layout.fields) == values
    assert codec.first_out_of_range(layout, values) == -1
    buffer = bytearray(b"\xee" * 300)
    assert codec.pack_into(layout, buffer, 7, values) == len(payload)
    assert buffer == b"\xee" * 7 + payload + b"\xee" * (293 - len(payload))
    assert codec.unpack_from(layout, buffer, 7, len(payload)) == values


@ALL
def test_ends_of_every_field(layout: Layout) -> None:
    for index, (name, code, _unit, low, high) in enumerate(layout.fields):
        for end in (low, high):
            values = lowest(layout)
            values[index] = end if code in "BHIhi" else bytes(end)
            assert codec.unpack(layout, codec.pack(layout, values))[index] == values[index]
        for beyond in (low - 1, high + 1):
            if beyond < 0 and code not in "hiBHI":
                continue
            values = lowest(layout)
            values[index] = beyond if code in "BHIhi" else bytes(beyond)
            assert codec.first_out_of_range(layout, values) == index
            with pytest.raises(codec.FieldError) as refusal:
                codec.pack(layout, values)
            error = refusal.value
            assert (error.index, error.name, error.value) == (index, name, beyond)
            assert (error.low, error.high) == (low, high)
            assert str(error) == f"{name} is {beyond}, allowed is {low} to {high}"


@ALL
def test_a_wrong_number_of_values_is_refused(layout: Layout) -> None:
    with pytest.raises(ValueError, match="values for"):
        codec.pack(layout, [*lowest(layout), 0])
    if layout.fields:
        with pytest.raises(ValueError, match="values for"):
            codec.pack(layout, lowest(layout)[:-1])


@ALL
def test_a_wrong_length_is_refused(layout: Layout) -> None:
    low = layout.size + layout.tail_low
    high = layout.size + layout.tail_high
    for size in range(250):
        if low <= size <= high:
            assert len(codec.unpack(layout, bytes(size))) == len(layout.fields)
        else:
            with pytest.raises(ValueError, match="not a payload of this layout"):
                codec.unpack(layout, bytes(size))


def test_no_room_is_refused_before_anything_is_written() -> None:
    buffer = bytearray(10)
    with pytest.raises(ValueError, match="14 bytes do not fit"):
        codec.pack_into(schema.ERROR_REPLY, buffer, 0, (1, 2, 3, 4, 5))
    assert buffer == bytes(10)


def test_values_as_struct_would_have_packed_them() -> None:
    values = (7, 6, -1800, 0, 1500)
    assert codec.pack(schema.ERROR_REPLY, values) == struct.pack("<BBiii", *values)


# --- JSON -----------------------------------------------------------------------------------------
SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text('ab"\\\n\x7fë😀', max_size=4)
)
PLAIN = st.one_of(SCALAR, st.lists(SCALAR, max_size=2))


@given(found=st.dictionaries(st.text("abcdef", min_size=1, max_size=4), PLAIN, max_size=2))
def test_json_round_trip(found: dict[str, Any]) -> None:
    payload = codec.pack_json(list(found.items()))
    assert codec.unpack_json(payload) == found
    assert codec.unpack_named(Layout(JSON, ()), payload) == found


def test_json_keeps_the_order_of_its_keys() -> None:
    assert codec.pack_json([("b", 1), ("a", [2, "x"])]) == b'{"b":1,"a":[2,"x"]}'


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), float("inf"), [1, 2.0], {"a": 1}, b"bytes", [[1]], [b"x"]]
)
def test_json_takes_no_floats_objects_or_bytes(value: Any) -> None:
    with pytest.raises(ValueError, match="travel as JSON"):
        codec.pack_json([("key", value)])


@pytest.mark.parametrize("length", [230, 231, 232, 240])
def test_json_has_at_most_240_bytes(length: int) -> None:
    pairs = [("key", "x" * length)]  # {"key":""} are ten more
    if length + 10 <= 240:
        assert len(codec.pack_json(pairs)) == length + 10
    else:
        with pytest.raises(ValueError, match=f"{length + 10} bytes of JSON, at most 240 fit"):
            codec.pack_json(pairs)


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"{", b"}", b"[]", b"7", b"null", b'"text"', b'{"a":1', b'"a":1}', b'{"a" 1}'),
        *(b'{"a":1.5}', b'{"a":[1,2.5]}', b'{"a":1e3}', b'{"a":{"b":1}}', b'{"a":NaN}'),
        *(b'{"a":[[1]]}', b'{"a":' + b"[" * 117 + b"]" * 117 + b"}", b'{"a":[{}]}'),
        *(b'{"a":1}\n', b' {"a":1}', b'{"a":"\xc3\xa4"}', b'{"a":"\xff"}', b"{" * 120 + b"}" * 120),
    ],
)
def test_what_is_no_plain_json_object_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (json has its own sentences)
        codec.unpack_json(payload)


@given(payload=st.binary(max_size=240))
def test_no_bytes_raise_more_than_value_error(payload: bytes) -> None:
    try:
        found = codec.unpack_json(payload)
    except ValueError:
        return
    assert isinstance(found, dict)


HARD = 'Zoë \x7f\n"\\ 😀'
HARD_PAYLOAD = b'{"name":"Zo\\u00eb \\u007f\\n\\"\\\\ \\ud83d\\ude00"}'


def test_text_outside_printable_ascii_is_escaped() -> None:
    assert codec.pack_json([("name", HARD)]) == HARD_PAYLOAD
    assert codec.unpack_json(HARD_PAYLOAD) == {"name": HARD}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("~ !z", b"~ !z"),
        ("~ !\x7f", b"~ !\\u007f"),
        ("~ !\x80", b"~ !\\u0080"),
        ("~ !\uffff", b"~ !\\uffff"),
        ("~ !\U00010000", b"~ !\\ud800\\udc00"),
    ],
)
def test_each_kind_of_character_is_escaped_alone_and_printable_ascii_never(
    text: str, escaped: bytes
) -> None:
    assert codec.pack_json([("n", text)]) == b'{"n":"' + escaped + b'"}'


def test_micropython_escapes_and_sends_back_the_same(each_micropython: Path) -> None:
    code = (
        "from protocol import codec; import sys; "
        f"found = codec.unpack_json({HARD_PAYLOAD!r}); "
        f"assert codec.pack_json(list(found.items())) == {HARD_PAYLOAD!r}; "
        f"assert codec.pack_json([('name', {HARD!r})]) == {HARD_PAYLOAD!r}"
    )
    subprocess.run([each_micropython, "-c", code], cwd=ROOT, timeout=20, check=True)


DEEP = [b'{"a":' + b"[" * 117 + b"]" * 117 + b"}", b"{" * 120 + b"}" * 120, b'{"a":{"b":1}}']


def test_micropython_refuses_nesting_without_running_out_of_stack(each_micropython: Path) -> None:
    code = f"""
from protocol import codec
for payload in {DEEP!r}:
    try:
        codec.unpack_json(payload)
    except ValueError:
        continue
    raise SystemExit(1)
"""
    subprocess.run(
        [each_micropython, "-X", "heapsize=192k", "-c", code], cwd=ROOT, timeout=20, check=True
    )


def test_a_name_that_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """MicroPython's parser takes {1:2} and {null:2}."""
    monkeypatch.setattr(codec.json, "loads", lambda text: {None: 2})
    with pytest.raises(ValueError, match="name that is no text"):
        codec.unpack_json(b"{null:2}")
