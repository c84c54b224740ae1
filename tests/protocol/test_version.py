"""The schema id: the same on every interpreter, another for any change that matters."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from protocol import codes, schema, version, zones
from protocol.layout import STRUCT, Layout, Message

ROOT = Path(__file__).resolve().parents[2]


def test_eight_hex_digits_of_the_canonical_text() -> None:
    text = "".join(line + "\n" for line in version.canonical_lines())
    assert hashlib.sha256(text.encode()).hexdigest()[:8] == version.SCHEMA_ID
    assert text.isascii()


def test_the_text_holds_every_name_and_number() -> None:
    lines = version.canonical_lines()
    assert "message 64 TELEMETRY 0" in lines
    assert "message 2 STOP 1" in lines
    assert "field rate_hz B Hz 0 200" in lines
    assert "code FAULT_STALL 22" in lines
    assert "zone 4 periorbital" in lines
    assert len([line for line in lines if line.startswith("zone ")]) == zones.ZONE_COUNT
    numbered = [name for name, value in vars(codes).items() if isinstance(value, int)]
    assert len([line for line in lines if line.startswith("code ")]) == len(
        [name for name in numbered if name.isupper()]
    )


def test_micropython_computes_the_same(each_micropython: Path) -> None:
    done = subprocess.run(
        [
            *(each_micropython, "-X", "heapsize=192k", "-c"),
            "from protocol import version as v; print(v.SCHEMA_ID, len(v.canonical_lines()))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.split() == [version.SCHEMA_ID, str(len(version.canonical_lines()))]


@pytest.mark.parametrize(
    "row",
    [
        Message(0x23, "MORE", request=schema.NOTHING, response=schema.NOTHING),
        Message(0x22, "OTHER", request=schema.NOTHING, response=schema.TELEMETRY_LAYOUT),
        Message(0x22, "STATUS", request=schema.NOTHING, response=schema.NOTHING),
        Message(0x22, "STATUS", request=schema.NOTHING, event=schema.TELEMETRY_LAYOUT),
        Message(
            0x22,
            "STATUS",
            request=Layout(STRUCT, (("a", "B", "", 0, 9),)),
            response=schema.TELEMETRY_LAYOUT,
        ),
    ],
)
def test_a_changed_row_changes_the_id(monkeypatch, row: Message) -> None:
    before = version.schema_id()
    rows = [row if message.number == 0x22 else message for message in schema.MESSAGES]
    rows += [row] if row.number == 0x23 else []
    monkeypatch.setattr(schema, "MESSAGES", rows)
    assert version.schema_id() != before


@pytest.mark.parametrize(
    "field",
    [
        *(("b", "B", "V", 0, 9), ("a", "H", "V", 0, 9), ("a", "B", "mV", 0, 9)),
        *(("a", "B", "V", 1, 9), ("a", "B", "V", 0, 8)),
    ],
)
def test_each_part_of_a_field_counts(monkeypatch, field: tuple[str, str, str, int, int]) -> None:
    ids = set()
    for one in (("a", "B", "V", 0, 9), field):
        layout = Layout(STRUCT, (one,))
        monkeypatch.setattr(schema, "MESSAGES", [Message(1, "X", layout, schema.NOTHING)])
        ids.add(version.schema_id())
    assert len(ids) == 2


def test_an_appended_code_or_zone_changes_the_id(monkeypatch) -> None:
    ids = {version.schema_id()}
    monkeypatch.setattr(codes, "FAULT_NEW", 99, raising=False)
    ids.add(version.schema_id())
    monkeypatch.setattr(zones, "ZONES", (*zones.ZONES, (17, "heel")))
    ids.add(version.schema_id())
    assert len(ids) == 3
