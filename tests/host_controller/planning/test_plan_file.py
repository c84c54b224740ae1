"""Plan files: what is accepted, and how each mistake is named."""

from pathlib import Path

import pytest

from host_controller import errors
from host_controller.planning import plan_file, plan_source
from host_controller.planning.plan import Plan

EXAMPLES = sorted(Path("host_controller/planning/examples").iterdir())

HEAD = """\
format = "pen-plan/1"
name = "test"
[cartridge]
pins = 12
"""


def zone(lines: str, head: str = HEAD) -> str:
    return f"{head}[[zones]]\n{lines}\n"


def check(text: str, name: str = "test.toml") -> Plan:
    return plan_file.check(plan_source.parse(name, text.encode()))


def refused(text: str, name: str = "test.toml") -> errors.PenError:
    with pytest.raises(errors.PenError) as caught:
        check(text, name)
    return caught.value


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_good(path: Path) -> None:
    assert plan_file.load(str(path)).zones


def test_what_is_left_out_has_the_starting_value_of_the_zone() -> None:
    (row,) = check(zone('zone = "cheek"\ndepth_mm = 1')).zones
    assert (row.zone, row.depth_um, row.rate_chz, row.passes) == (6, 1000, 11000, 2)
    assert (row.time_limit_s, row.dose_limit_per_cm2, row.area_mm2) == (300, 300, 4000)


def test_what_is_written_is_taken_to_the_last_digit() -> None:
    text = (
        'zone = "nose"\ndepth_mm = 0.29\nrate_hz = 77.25\npasses = 3\ntime_limit_s = 61\n'
        "dose_limit_per_cm2 = 251\narea_cm2 = 13"
    )
    (row,) = check(zone(text)).zones
    assert (row.depth_um, row.rate_chz, row.passes, row.time_limit_s) == (290, 7725, 3, 61)
    assert (row.dose_limit_per_cm2, row.area_mm2) == (251, 1300)


def test_json_says_the_same_as_toml() -> None:
    json_text = (
        '{"format": "pen-plan/1", "name": "test", "cartridge": {"pins": 12},\n'
        ' "zones": [{"zone": "nose", "depth_mm": 0.25}]}'
    )
    assert check(json_text, "test.json") == check(zone('zone = "nose"\ndepth_mm = 0.25'))


def test_a_file_saved_by_an_editor_with_a_mark_in_front_is_read() -> None:
    text = "\ufeff" + zone('zone = "nose"\ndepth_mm = 0.25').replace("\n", "\r\n")
    assert check(text).zones[0].depth_um == 250


# --- values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth", "words", "exit_code"),
    [
        ("0.80", "above what even an override allows for nose", 7),
        ("0.60", "above the cap for nose. Allowed: up to 0.50 mm; to 0.75 mm with an override", 7),
        ("2.51", "out of range. Allowed: 0.05 to 2.50 mm", 7),
        ("0.04", "out of range", 7),
        ("0", "out of range", 7),
        ("-0.25", "negative", 7),
        ("nan", "not a finite number", 2),
        ("inf", "not a finite number", 2),
        ("1e400", "out of range", 7),
        ("true", "true or false is there", 2),
        ('"0.25"', "the text '0.25' is there", 2),
        ('"deep"', "the text 'deep' is there", 2),
        ("[0.25]", "a list is there", 2),
        ("1979-05-27", "date is there", 2),
        ("0.255", "finer than the pen's step of 0.01 mm", 2),
        ("25", "Hundredths of a millimetre? Then write 0.25.", 7),
        ("250", "Micrometres? Then write 0.25.", 7),
        ("2.6", "2.6 mm is out of range. Allowed: 0.05 to 2.50 mm", 7),
    ],
)
def test_depths_that_are_refused(depth: str, words: str, exit_code: int) -> None:
    error = refused(zone(f'zone = "nose"\ndepth_mm = {depth}'))
    assert words in str(error)
    assert "test.toml:7: zones[0].depth_mm" in str(error)
    assert error.exit_code == exit_code


@pytest.mark.parametrize("depth", ["2.6", "5", "0.80"])
def test_a_depth_that_is_ten_times_another_gets_no_other_depth_as_advice(depth: str) -> None:
    assert "Then write" not in str(refused(zone(f'zone = "nose"\ndepth_mm = {depth}')))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rate_hz = 24", "24 Hz is out of range. Allowed: 50 to 150 Hz"),
        ("rate_hz = 151", "out of range"),
        ("rate_hz = 5400", "Strokes per minute? Then write 90."),
        ("rate_hz = 90.001", "finer than 0.01 Hz"),
        ("passes = 0", "Allowed: 1 to 6"),
        ("passes = 7", "Allowed: 1 to 6"),
        ("passes = 1.5", "not a whole number"),
        ("time_limit_s = 1801", "Allowed: 1 to 1800 s"),
        ("dose_limit_per_cm2 = 5001", "Allowed: 1 to 5000 punctures"),
        ("area_cm2 = 0", "Allowed: 1 to 600 cm²"),
        ("area_cm2 = 601", "Allowed: 1 to 600 cm²"),
        ("pases = 2", "Did you mean 'passes'?"),
        ("colour = 2", "Known here: zone, depth_mm"),
    ],
)
def test_other_values_that_are_refused(line: str, words: str) -> None:
    error = refused(zone(f'zone = "nose"\ndepth_mm = 0.25\n{line}'))
    assert words in str(error)
    assert "test.toml:8: zones[0]." in str(error)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ('"forhead"', "Did you mean 'forehead'?"),
        ('"Nose"', "Did you mean 'nose'?"),
        ('"eyelid"', "none can be added"),
        ('"elbow grease"', "is not a zone"),
        ("5", "no zone name"),
        ('""', "is not a zone"),
    ],
)
def test_unknown_zones(name: str, words: str) -> None:
    assert words in str(refused(zone(f"zone = {name}\ndepth_mm = 0.25")))


# --- overrides, demonstrations, cartridges -----------------------------------------------------


def test_an_override_lifts_the_cap_and_is_kept_with_its_approval() -> None:
    text = (
        'zone = "nose"\ndepth_mm = 0.75\n[zones.override]\nreason = "scar"\napproved_by = "dr-03"'
    )
    (row,) = check(zone(text)).zones
    assert (row.depth_um, row.override_reason, row.override_text) == (750, 1, "scar")
    assert row.approved_by == "dr-03"


@pytest.mark.parametrize(
    ("depth", "override", "words"),
    [
        ("0.76", '{ reason = "scar", approved_by = "dr-03" }', "what even an override allows"),
        ("0.75", '{ reason = "scar" }', "'approved_by' is missing"),
        ("0.75", '{ approved_by = "dr-03" }', "'reason' is missing"),
        ("0.75", '{ reason = "scarr", approved_by = "x" }', "Did you mean 'scar'?"),
        ("0.75", "true", "An override is a table"),
        ("0.50", '{ reason = "scar", approved_by = "dr-03" }', "needs no override"),
        ("0.75", '{ reason = "scar", approved_by = "dr-03", depth = 2 }', "'depth' means nothing"),
    ],
)
def test_overrides_that_are_refused(depth: str, override: str, words: str) -> None:
    text = zone(f'zone = "nose"\ndepth_mm = {depth}\noverride = {override}')
    assert words in str(refused(text))


def test_a_demonstration_is_shallow_and_may_be_slow() -> None:
    head = HEAD.replace('name = "test"\n', "demo = true\n")
    plan = check(zone('zone = "cheek"\ndepth_mm = 0.25\nrate_hz = 25', head))
    assert plan.demo
    assert plan.zones[0].rate_chz == 2500
    assert "a demonstration" in str(refused(zone('zone = "cheek"\ndepth_mm = 0.26', head)))


def test_a_nano_cartridge_is_shallow() -> None:
    head = HEAD.replace("12", '"nano"')
    assert check(zone('zone = "cheek"\ndepth_mm = 0.50', head)).pins == 0
    assert "a nano cartridge" in str(refused(zone('zone = "cheek"\ndepth_mm = 0.51', head)))


@pytest.mark.parametrize("pins", ["13", "0", '"12"', "true", "12.0"])
def test_cartridges_nobody_has(pins: str) -> None:
    error = refused(zone('zone = "nose"\ndepth_mm = 0.25', HEAD.replace("12", pins)))
    assert '12, 24, 36 or "nano"' in str(error)


# --- whole plans --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "The plan has no zones"),
        (HEAD + "zones = 3", "Known here: pins, needle_mm"),
        (zone("depth_mm = 0.25"), "'zone' is missing"),
        (zone('zone = "nose"'), "'depth_mm' is missing. Depth is never assumed"),
        (zone('zone = "nose"\ndepth_mm = 0.25').replace('format = "pen-plan/1"', ""), "name the f"),
        (zone('zone = "nose"\ndepth_mm = 0.25').replace("plan/1", "plan/9"), "another version"),
        (
            zone('zone = "nose"\ndepth_mm = 0.25').replace("[cartridge]\npins = 12", ""),
            "[cartridge",
        ),
        (zone('zone = "nose"\ndepth_mm = 0.25').replace('"test"', '"' + "x" * 17 + '"'), "1 to 16"),
        (zone('zone = "nose"\ndepth_mm = 0.25').replace('"test"', '"tést"'), "1 to 16"),
        (zone('zone = "nose"\ndepth_mm = 0.25').replace("name =", "mode ="), "hold, latch"),
        (
            zone('zone = "nose"\ndepth_mm = 0.25').replace('name = "test"', "demo = 1"),
            "true or fal",
        ),
        (
            zone('zone = "nose"\ndepth_mm = 0.25\n[[zones]]\nzone = "nose"\ndepth_mm = 0.3'),
            "already",
        ),
    ],
)
def test_plans_that_are_refused(text: str, words: str) -> None:
    assert words in str(refused(text))


def test_seventeen_zones_are_too_many() -> None:
    text = HEAD + '[[zones]]\nzone = "nose"\ndepth_mm = 0.25\n' * 17
    error = refused(text)
    assert "17 zones are too many" in str(error)
    assert error.exit_code == 7


def test_every_mistake_is_named_in_one_run() -> None:
    text = zone('zone = "nose"\ndepth_mm = 9\n[[zones]]\nzone = "chek"\ndepth_mm = "x"')
    error = refused(text)
    assert len(error.lines) == 3
    assert [detail["line"] for detail in error.details] == [7, 9, 10]
    assert error.details[0]["allowed"] == "0.05 to 2.50 mm"


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"format = ", "not valid TOML"),
        (b'a = "\xff"', "byte 5 is not UTF-8"),
        (b"\xff\xfea\x00", "not UTF-8"),
        (b"a = 1\na = 2", "not valid TOML"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "test.toml"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "test.toml"
    path.write_bytes(content)
    with pytest.raises(errors.PlanUnreadable) as caught:
        plan_file.load(str(path))
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": 1, "a": 2}', "'a' is there twice"),
        (b'{"a": 1,}', "not valid JSON"),
        (b"[1, 2]", "holds a list"),
        (b'{"a": NaN}', "'a' means nothing"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (b'{"a": ' + b"[" * 30000 + b"]" * 30000 + b"}", "nested too deeply"),
    ],
)
def test_json_files_that_cannot_be_read(content: bytes, words: str) -> None:
    assert words in str(refused(content.decode(), "test.json"))


def test_ten_megabytes_are_refused_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "test.toml"
    with path.open("wb") as stream:
        stream.truncate(10_000_000)

    def must_not_open(*_: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", must_not_open)
    with pytest.raises(errors.PlanUnreadable, match="larger than 64 KiB"):
        plan_file.load(str(path))


@pytest.mark.parametrize("name", ["missing.toml", ".", "/dev/zero", "a\0b"])
def test_names_that_are_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.PlanUnreadable):
        plan_file.load(str(tmp_path / name))


def test_a_first_pass_needs_a_second_also_where_one_is_the_zones_own() -> None:
    shallow = "depth_mm = 0.25\nfirst_depth_mm = 0.15"
    assert check(zone(f'zone = "nose"\n{shallow}')).zones[0].first_depth_um == 150
    one = refused(zone(f'zone = "periorbital"\n{shallow}'))  # one pass, if nothing is said
    assert "one pass only" in str(one)
