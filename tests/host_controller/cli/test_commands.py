"""Each command against a fake pen: for people, for programs, and its exit code."""

import json
from pathlib import Path

import pytest

from protocol import codes, plan_layout
from tests.host_controller.cli.conftest import Run
from tests.host_controller.fake_pen import FakePen

PLAN = "host_controller/planning/examples/three_zones.toml"


def test_info(at: Run, fake: FakePen) -> None:
    text = at("info")
    assert text.code == 0
    for words in ("FAKE0001", "cartridge ok", "in (sensed)", "12 pins", "87 %", "29.5 °C"):
        assert words in text.out
    found = at("info", "--json").object
    assert found["schema"] == "pen.info/1"
    assert found["serial_number"] == "FAKE0001"
    assert found["status"]["state_name"] == "cartridge ok"
    assert found["cartridge"]["lot"] == b"L2409".ljust(8, b"\0").hex()
    assert found["plan"] is None
    assert fake.unix_s  # connecting tells the pen the date


def test_info_shows_a_fault_with_its_next_step(at: Run, fake: FakePen) -> None:
    fake.raise_fault(codes.FAULT_STALL)
    assert "fault F22: The needle motor was driven but did not turn." in at("info").out


def test_info_without_cartridge(at: Run, fake: FakePen) -> None:
    fake.cartridge = False
    assert "cartridge    none" in at("info").out


def test_self_test(at: Run, fake: FakePen) -> None:
    assert "passed" in at("self-test").out
    assert at("self-test", "--json").object["passed"] is True
    fake.failed_checks = ["hall", "index"]
    failed = at("self-test")
    assert failed.code == 9
    assert "hall, index" in failed.err
    as_json = at("self-test", "--json")
    assert as_json.code == 9
    assert as_json.object["failed"] == ["hall", "index"]


def test_settings(at: Run, fake: FakePen) -> None:
    assert at("settings").out.splitlines() == ["light_pct  60", "name       pen one"]
    assert at("settings", "get", "light_pct", "--json").object["settings"] == {"light_pct": 60}
    assert at("settings", "set", "light_pct=20", "name=two").code == 0
    assert fake.settings == {"light_pct": 20, "name": "two"}
    dry = at("settings", "set", "light_pct=99", "--dry-run")
    assert "20 -> 99 (dry run)" in dry.err
    assert fake.settings["light_pct"] == 20
    assert at("settings", "get", "lite").code == 2
    assert at("settings", "set", "light_pct").code == 2


def test_plan_new_check_push_show(at: Run, fake: FakePen, tmp_path: Path) -> None:
    file = str(tmp_path / "mine.toml")
    assert at("plan", "new", file).code == 0
    again = at("plan", "new", file)
    assert again.code == 2
    assert "not touched" in again.err
    assert "0.50 mm" in at("plan", "check", file).out
    dry = at("plan", "push", file, "--dry-run")
    assert dry.code == 0
    assert fake.plan is None
    pushed = at("plan", "push", file, "--session", "1f", "--json").object
    assert pushed["session_id"] == 0x1F
    assert fake.plan is not None
    assert pushed["sha256"] == plan_layout.digest(fake.plan).hex()
    shown = at("plan", "show")
    assert "forehead" in shown.out
    assert "session 0000001f" in shown.out
    found = at("plan", "show", "--json").object
    assert [zone["zone"] for zone in found["plan"]["zones"]] == ["forehead", "cheek", "nose"]


def test_a_plan_from_another_computer_is_shown_as_such(
    at: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at("plan", "push", PLAN)
    monkeypatch.setenv("PEN_DATA_DIR", str(tmp_path / "elsewhere"))
    assert "another computer" in at("plan", "show").out
    assert at("plan", "show", "--json").object["plan"] is None
    refused = at("treat", "--yes")
    assert refused.code == 2
    assert "another computer" in refused.err


def test_plan_zones(pen: Run) -> None:
    assert "derived, not clinically approved" in pen("plan", "zones").out
    found = pen("plan", "zones", "--json").object
    assert len(found["zones"]) == 16
    assert found["approval"] == "derived, not clinically approved"


def test_select(at: Run, fake: FakePen) -> None:
    assert at("select", "nose").code == 7  # no plan yet
    at("plan", "push", PLAN)
    assert "nose is chosen; the pen is configured" in at("select", "nose").out
    assert fake.zone == 5
    assert at("select", "hand").code == 7
    misspelt = at("select", "nosse")
    assert misspelt.code == 2
    assert "next:  Did you mean 'nose'?" in misspelt.err


def test_monitor(at: Run) -> None:
    text = at("monitor", "--count", "3", "--hz", "100")
    assert text.code == 0
    assert len(text.out.splitlines()) == 3
    assert all(len(line) <= 79 for line in text.out.splitlines())
    rows = [json.loads(line) for line in at("monitor", "--count", "3", "--json").out.splitlines()]
    assert [row["schema"] for row in rows] == ["pen.monitor.reading/1"] * 3
    assert rows[0]["needles_in"] is True


def test_stop(at: Run) -> None:
    assert "stopped, needles in" in at("stop").out
    assert at("stop", "--json").object == {
        "schema": "pen.stop/1",
        "state_name": "cartridge ok",
        "needles_in": True,
    }


def test_faults(at: Run, fake: FakePen) -> None:
    text = at("faults")
    assert "no fault stands" in text.out
    assert "F22" in text.out
    fake.raise_fault(codes.FAULT_STALL)
    assert "standing: F22 (medium)" in at("faults").out
    found = at("faults", "list", "--json").object
    assert found["standing"] == "F22"
    assert found["history"][0]["sentence"].startswith("The needle motor")
    wrong = at("faults", "ack", "F30")
    assert wrong.code == 2
    assert fake.fault == codes.FAULT_STALL
    assert "F22 is acknowledged" in at("faults", "ack", "f22").out
    none = at("faults", "ack")
    assert (none.code, none.out) == (0, "no fault stands\n")
    assert at("faults", "ack", "F22", "--json").object["acknowledged"] is None


def test_log_of_the_pen(at: Run) -> None:
    assert "225/cm²" in at("records", "pen").out
    assert at("records", "pen", "--json").object["entries"][0]["cartridge_id"] == "01020304"


def test_doctor(at: Run, pen: Run, fake: FakePen) -> None:
    good = at("doctor")
    assert good.code == 0
    assert "round trip" in good.out
    fake.raise_fault(codes.FAULT_STALL)
    bad = at("doctor", "--json")
    assert bad.code == 9
    outcomes = {check["name"]: check["outcome"] for check in bad.object["checks"]}
    assert outcomes["fault"] == "failed"
    assert outcomes["pen"] == "ok"
    none = pen("doctor")
    assert none.code == 3
    assert "no serial port at all" in none.out


def test_doctor_prints_the_rule_for_linux(pen: Run) -> None:
    rule = pen("doctor", "--udev-rule")
    assert 'TAG+="uaccess"' in rule.out
    assert "udevadm" in rule.err
    assert "uaccess" in pen("doctor", "--udev-rule", "--json").object["rule"]


def test_list_finds_simulated_pens_and_gives_reasons(pen: Run) -> None:
    import os

    from host_controller.simulated.announcements import SimulatedPen, announce

    none = pen("list")
    assert none.code == 3
    assert "no serial port at all" in none.err
    assert pen("list", "--json").code == 3
    announce(SimulatedPen("socket://127.0.0.1:9", "SIM9", os.getpid(), "cpython"))
    assert "SIM9" in pen("list").out
    assert pen("list", "--json").object["pens"][0]["serial_number"] == "SIM9"


def test_a_trace_is_written_and_can_be_replayed(at: Run, pen: Run, tmp_path: Path) -> None:
    trace = str(tmp_path / "trace.jsonl")
    first = at("info", "--json", "--trace", trace).object
    again = pen("info", "--json", "--port", f"replay://{trace}").object
    assert again["status"] == first["status"]
    assert again["serial_number"] == first["serial_number"]


def test_verbose_shows_frames_by_name(at: Run) -> None:
    shown = at("stop", "-v").err
    assert "> STOP" in shown
    assert "< STOP" in shown


def test_the_port_comes_from_the_environment_and_the_configuration(
    pen: Run, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text(f'port = "{url}"\n')
    assert pen("stop").code == 0
    monkeypatch.setenv("PEN_PORT", "socket://127.0.0.1:1")
    assert pen("stop").code == 3
    assert pen("stop", "--port", url).code == 0
    config.write_text("port = 5\n")
    assert pen("stop").code == 2
