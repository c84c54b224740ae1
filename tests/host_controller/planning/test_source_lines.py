"""Line numbers of entries: where an editor has to jump to."""

import json

from hypothesis import given
from hypothesis import strategies as st

from host_controller.planning.source_lines import of_json, of_toml

TOML = '''\
# a comment with [brackets]
name = """
zone = "not a key"
"""
[cartridge]
pins = 12

[[zones]]
zone = "nose"   # [[zones]]
[[zones]]
zone = "cheek"
[zones.override]
reason = "scar"
[other]
x = 1
'''


def test_toml_lines() -> None:
    lines = of_toml(TOML)
    assert lines["name"] == 2
    assert "zone" not in lines
    assert lines["cartridge.pins"] == 6
    assert (lines["zones[0]"], lines["zones[0].zone"]) == (8, 9)
    assert (lines["zones[1]"], lines["zones[1].zone"]) == (10, 11)
    assert (lines["zones[1].override"], lines["zones[1].override.reason"]) == (12, 13)
    assert lines["other.x"] == 15


def test_json_lines() -> None:
    text = '{\n"name": "a \\" { [",\n"zones": [\n {"zone": "nose",\n  "depth_mm": 1.5e-1},\n {}\n]}'
    lines = of_json(text)
    assert lines["name"] == 2
    assert lines["zones"] == 3
    assert lines["zones[0].zone"] == 4
    assert lines["zones[0].depth_mm"] == 5
    assert lines["zones[1]"] == 6


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5), st.sampled_from([None, 1]))
def test_any_json_is_walked_to_its_end(data: dict[str, object], indent: int | None) -> None:
    text = json.dumps(data, indent=indent)
    lines = of_json(text)
    assert {key for key in lines if key in data} == set(data)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
