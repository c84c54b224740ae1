"""What is printed: nothing cut off, no colour where none is wanted, quiet ends of pipes."""

import subprocess
import sys

import pytest

from host_controller.cli.demo import complaints, zone_figures
from host_controller.cli.output import Output
from host_controller.errors import NoPenFound
from host_controller.planning import plan_file

PLAN = plan_file.load("host_controller/planning/examples/three_zones.toml")


def test_a_table_in_a_pipe_is_aligned_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    Output().table(("zone", "depth", "remark"), [("nose", "0.25 mm", "x" * 200)], right=("depth",))
    head, row = capsys.readouterr().out.splitlines()
    assert head == "zone    depth  remark"
    assert row == "nose  0.25 mm  " + "x" * 200


def test_a_table_at_a_narrow_terminal_wraps_its_last_column(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    Output().table(("zone", "remark"), [("nose", "word " * 20)])
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert sum(line.count("word") for line in lines) == 20


def test_errors_have_colour_at_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = NoPenFound("No pen found.")
    Output().error(error)
    assert "\x1b" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Output().error(error)
    assert "\x1b[1;31merror E110\x1b[0m" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "")
    Output().error(error)
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m host_controller.cli.main plan zones | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith("zone")


TRUTH = {
    "depth_um_min": 245.0, "depth_um_max": 256.1, "rate_hz_min": 79.6, "rate_hz_max": 80.2,
    "punctures": 3600, "stops": 2, "parked_ms_max": 104.6,
}  # fmt: skip


def test_figures_of_a_zone_come_from_the_truth() -> None:
    assert zone_figures(PLAN.zones[2], TRUTH) == {
        "zone": "nose",
        "depth_um_set": 250,
        "depth_um_max_error": 6.1,
        "rate_chz_set": 8000,
        "rate_pct_max_error_steady": 0.5,
        "punctures_per_cm2": 300,
        "stops": 2,
        "parked_ms_max": 105,
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"depth_um_max": 401.0}, "depth is 151"),
        ({"rate_hz_min": 71.9}, "rate is 10.12 %"),
        ({"parked_ms_max": 251.0}, "parking took 251 ms"),
        ({"punctures": 0}, "0% of the planned dose"),
        ({"punctures": 4200}, "117% of the planned dose"),
    ],
)
def test_a_demo_is_well_only_when_all_is(change: dict[str, float], words: str) -> None:
    zone = zone_figures(PLAN.zones[2], {**TRUTH, **change})
    found = complaints({"zones": [zone], "faults": 0, "needles_in": True}, PLAN)
    assert words in " ".join(found)
    assert bool(found) == bool(words)


def test_a_fault_or_exposed_needles_are_not_well() -> None:
    found = complaints({"zones": [], "faults": 1, "needles_in": False}, PLAN)
    assert found == ["1 faults", "needles are not in"]
