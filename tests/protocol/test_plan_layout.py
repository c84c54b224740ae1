"""A plan's bytes: what is packed is read back; what is no plan is refused with its place."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import plan_layout
from protocol.plan_layout import Plan, PlanFormatError, PlanRow
from tests.protocol.samples import PLAN, PLAN_BYTES

U8 = st.integers(0, 0xFF)
U16 = st.integers(0, 0xFFFF)
ROWS = st.builds(PlanRow, U8, U8, U16, U16, U16, U16, U16, U8)
NAMES = st.text("abcdefghij -", max_size=16).map(lambda text: text.rstrip().encode())
PLANS = st.builds(
    Plan,
    session_id=st.integers(0, 2**32 - 1),
    flags=st.integers(0, 7),
    pins=U8,
    needle_um=U16,
    library_id=st.binary(min_size=8, max_size=8),
    name=NAMES,
    rows=st.lists(ROWS, min_size=1, max_size=16),
)


def shape(plan: Plan) -> dict[str, object]:
    return vars(plan) | {"rows": [vars(row) for row in plan.rows]}


@given(plan=PLANS)
def test_round_trip(plan: Plan) -> None:
    data = plan_layout.pack(plan)
    assert len(data) == 36 + 14 * len(plan.rows)
    assert shape(plan_layout.unpack(data)) == shape(plan)
    assert plan_layout.digest(data) == hashlib.sha256(data).digest()


def test_layout_byte_by_byte() -> None:
    assert PLAN_BYTES[:36] == (
        b"PN\x01\x03" + b"\xcd\xab\x34\x12" + b"\x02\x0c\xc4\x09" + b"starter0three zones\0\0\0\0\0"
    )
    # zone 1, 2 passes, 500 um, 100.00 Hz, 240 s, 300 per cm2, 4000 mm2, no override, reserved
    assert PLAN_BYTES[36:50] == bytes.fromhex("01 02 f401 1027 f000 2c01 a00f 00 00")


def test_sizes_restated() -> None:
    assert (plan_layout.HEADER_SIZE, plan_layout.ROW_SIZE) == (36, 14)
    assert plan_layout.SIZE_MAX == 36 + 16 * 14 == 260


def test_row_finds_a_zone() -> None:
    row = PLAN.row(6)
    assert row is not None
    assert row.depth_um == 1000
    assert PLAN.row(2) is None


@pytest.mark.parametrize("count", [0, 17])
def test_one_to_sixteen_zones(count: int) -> None:
    plan = Plan(1, 0, 12, 2500, b"", b"", [PlanRow(1, 1, 1, 1, 1, 1, 1)] * count)
    with pytest.raises(ValueError, match=f"1 to 16 zones, this has {count}"):
        plan_layout.pack(plan)


@pytest.mark.parametrize(
    ("name", "high"),
    [("session_id", 2**32 - 1), ("flags", 7), ("pins", 255), ("needle_um", 65535)],
)
@pytest.mark.parametrize("below", [True, False])
def test_header_values_that_do_not_fit_are_refused(name: str, high: int, below: bool) -> None:
    plan = plan_layout.unpack(PLAN_BYTES)
    for value in (0, high):
        setattr(plan, name, value)
        assert getattr(plan_layout.unpack(plan_layout.pack(plan)), name) == value
    setattr(plan, name, -1 if below else high + 1)
    with pytest.raises(ValueError, match=f"{name} is .*, allowed is 0 to {high}"):
        plan_layout.pack(plan)


@pytest.mark.parametrize("name", plan_layout.ROW_FIELDS)
def test_row_values_that_do_not_fit_are_refused(name: str) -> None:
    high = 255 if name in ("zone", "passes", "override_reason") else 65535
    for value, fits in ((-1, False), (0, True), (high, True), (high + 1, False)):
        plan = plan_layout.unpack(PLAN_BYTES)
        setattr(plan.rows[1], name, value)
        if fits:
            found = plan_layout.unpack(plan_layout.pack(plan))
            assert getattr(found.rows[1], name) == value
        else:
            with pytest.raises(ValueError, match=f"{name} is {value}"):
                plan_layout.pack(plan)


@pytest.mark.parametrize(("library", "name"), [(b"9 letters", b""), (b"", b"seventeen letters")])
def test_long_names_are_refused(library: bytes, name: bytes) -> None:
    plan = Plan(1, 0, 12, 2500, library, name, PLAN.rows)
    with pytest.raises(ValueError, match="library id has 8 bytes at most, the name 16"):
        plan_layout.pack(plan)


def test_what_is_no_plan_says_why_and_where() -> None:
    error = PlanFormatError(49, "reserved")
    assert str(error) == "reserved (at byte 49)"
    assert (error.offset, error.reason) == (49, "reserved")


@pytest.mark.parametrize("count", [0, 17, 255])
def test_more_or_fewer_zones_than_there_are_is_the_reason_whatever_the_length(count: int) -> None:
    data = changed(3, count)[:36] + bytes(14 * max(count, 1))
    with pytest.raises(PlanFormatError, match=rf"^{count} zones, allowed are 1 to 16 \(at byte 3"):
        plan_layout.zone_count(data)


def test_a_name_may_fill_its_field() -> None:
    plan = plan_layout.unpack(PLAN_BYTES)
    plan.name = b"sixteen letters!"
    assert plan_layout.unpack(plan_layout.pack(plan)).name == b"sixteen letters!"


def changed(at: int, value: int) -> bytes:
    data = bytearray(PLAN_BYTES)
    data[at] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "offset", "reason"),
    [
        (b"", 0, "too short"),
        (PLAN_BYTES[:49], 49, "too short"),
        (changed(0, 0), 0, "not a plan"),
        (changed(2, 2), 2, "layout 2 is unknown, known is 1"),
        (changed(3, 0), 3, "0 zones"),
        (changed(3, 17), 3, "17 zones"),
        (changed(3, 2), 3, "78 bytes do not hold 2 zones"),
        (PLAN_BYTES + b"\0", 3, "79 bytes do not hold 3 zones"),
        (PLAN_BYTES[:-1], 3, "77 bytes do not hold 3 zones"),
        (changed(8, 8), 8, "unknown flags"),
        (changed(49, 1), 49, "reserved"),
        (changed(77, 255), 77, "reserved"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_place(data: bytes, offset: int, reason: str) -> None:
    with pytest.raises(PlanFormatError, match=reason) as refusal:
        plan_layout.unpack(data)
    assert refusal.value.offset == offset


@given(data=st.binary(max_size=280))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for tried in (data, PLAN_BYTES[:4] + data):
        try:
            plan_layout.unpack(tried)
        except PlanFormatError:
            pass
