"""Telemetry files: every field with its unit, back as it was, nothing taken that is not whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors, telemetry_csv
from host_controller.replies import Reading
from protocol import schema

FIELDS = schema.TELEMETRY_LAYOUT.fields
readings = st.builds(Reading, *(st.integers(field[3], field[4]) for field in FIELDS))


def test_the_header_names_fields_and_units_of_the_wire() -> None:
    names = telemetry_csv.header().split(",")
    assert names[:3] == ["counter", "t_ms [ms]", "state"]
    assert "rate_chz [0.01 Hz]" in names
    assert "depth_um [um]" in names
    assert "current_ma [mA]" in names
    assert "supply_mv [mV]" in names
    assert "temperature_cdeg [0.01 C]" in names
    assert len(names) == len(FIELDS) == 23


@given(st.lists(readings, max_size=5))
def test_what_was_written_is_read_again(rows: list[Reading]) -> None:
    lines = telemetry_csv.text(rows).splitlines(keepends=True)
    assert telemetry_csv.parse(lines, "a.csv") == rows


@given(st.lists(readings, min_size=1, max_size=3), st.data())
def test_a_torn_last_line_is_left_out(rows: list[Reading], data: st.DataObject) -> None:
    text = telemetry_csv.text(rows)
    last = len(telemetry_csv.line(rows[-1])) + 1
    torn = text[: len(text) - data.draw(st.integers(1, last))]
    assert telemetry_csv.parse(torn.splitlines(keepends=True), "a.csv") == rows[:-1]


@pytest.mark.parametrize("first", ["", "counter,t_ms\n", "a;b\n"])
def test_another_file_is_refused(first: str) -> None:
    with pytest.raises(errors.UsageError):
        telemetry_csv.parse([first], "a.csv")


@pytest.mark.parametrize(
    ("field", "value"), [("state", "9"), ("t_ms", "-1"), ("t_ms", "x"), ("depth_um", "0.5")]
)
def test_a_changed_value_is_told_with_its_line(field: str, value: str) -> None:
    empty = Reading(*[max(0, row[3]) for row in FIELDS])
    values = [value if name == field else str(v) for name, v in empty._asdict().items()]
    lines = [
        telemetry_csv.header() + "\n",
        telemetry_csv.line(empty) + "\n",
        ",".join(values) + "\n",
    ]
    with pytest.raises(errors.UsageError) as refused:
        telemetry_csv.parse(lines, "a.csv")
    assert "Line 3" in refused.value.sentence
