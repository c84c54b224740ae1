"""Requests of the control port: what they do, and what a wrong one is told."""

from pathlib import Path
from typing import Any

import pytest

from hardware.simulator import control as control_words
from hardware.simulator.bench import Bench
from hardware.simulator.control import Control
from tests.hardware.simulator.stand_in import EchoTwin, echo_bench, grant_and_drive


@pytest.fixture
def bench() -> Bench:
    return echo_bench()


@pytest.fixture
def control(bench: Bench) -> Control:
    return Control(bench, stepped=True)


def test_the_person_does_as_told(bench: Bench, control: Control) -> None:
    request = {
        "press": True,
        "contact": True,
        "zone": "forehead",
        "pressure": 1.5,
        "glide_mm_s": 30,
        "gap_um": 100,
        "tilt_deg": 15,
    }
    assert control.handle(request) == {"ok": True}
    person = bench.person
    assert (person.pressed, person.contact, person.zone) == (True, True, "forehead")
    assert (person.pressure, person.glide_mm_s, person.gap_um) == (1.5, 30.0, 100.0)


def test_a_script_happens_in_simulated_time(bench: Bench, control: Control) -> None:
    bench.advance(100)
    answer = control.handle(
        {"script": [[50, {"zone": "nose", "press": True}], [80, {"press": False}]]}
    )
    assert answer == {"ok": True}
    bench.advance(50)
    assert (bench.person.zone, bench.person.pressed) == ("cheek", False)
    bench.advance(1)
    assert (bench.person.zone, bench.person.pressed) == ("nose", True)
    bench.advance(30)
    assert bench.person.pressed is False


@pytest.mark.parametrize(
    ("pins", "state"), [(12, "new"), (36, "used"), (0, "expired"), (24, "blank")]
)
def test_a_cartridge_can_be_changed(bench: Bench, control: Control, pins: int, state: str) -> None:
    before = bench.plant.cartridge
    assert before is not None
    assert control.handle({"cartridge": "remove"})["ok"]
    assert bench.plant.cartridge is None
    assert control.handle({"cartridge": {"pins": pins, "state": state}})["ok"]
    after = bench.plant.cartridge
    assert after is not None
    assert after.memory.unique_id != before.memory.unique_id
    assert (after.memory.content[:2] == b"PC") == (state != "blank")
    assert (after.memory.content[32] != 0xFF) == (state == "used")


def test_faults_go_on_and_off_by_name(bench: Bench, control: Control) -> None:
    names = control.handle({"faults": "list"})["names"]
    assert {"tach_lost", "to_pen_silent", "hold_main", "supply_cut"} <= set(names)
    assert control.handle({"fault": "tach_lost"})["active"] == {"tach_lost": True}
    control.handle({"fault": "ntc_code", "value": 4095})
    control.handle({"fault": "to_host_delay_ms", "on": True, "value": 12})
    answer = control.handle({"fault": "hold_main", "on": True})
    assert answer["active"] == {
        "tach_lost": True,
        "ntc_code": 4095,
        "to_host_delay_ms": 12,
        "hold_main": True,
    }
    assert bench.hold_main
    assert control.handle({"fault": "tach_lost", "on": False})["active"].keys() == {
        "ntc_code",
        "to_host_delay_ms",
        "hold_main",
    }
    assert control.handle({"faults": "clear"})["active"] == {}
    assert bench.host.to_host.fault.delay_ms == 0


def test_every_fault_can_be_set_and_healed(control: Control) -> None:
    for name in control.handle({"faults": "list"})["names"]:
        answer = control.handle({"fault": name, "on": True})
        if not answer["ok"]:
            assert "needs a value" in answer["error"]
            answer = control.handle({"fault": name, "on": True, "value": 2})
        assert name in answer["active"]
        answer = control.handle({"fault": name, "on": False})
        assert answer == {"ok": True, "active": {}}


def test_bytes_and_time_travel_together(bench: Bench, control: Control) -> None:
    answer = control.handle({"data": "0001ff", "advance_ms": 50, "until_bytes": True, "id": 7})
    assert answer == {"ok": True, "id": 7, "data": "0001ff", "advanced_ms": 1, "now_ms": 1}
    answer = control.handle({"advance_ms": 50, "until_bytes": True})
    assert answer == {"ok": True, "data": "", "advanced_ms": 50, "now_ms": 51}


def test_in_real_time_nobody_moves_the_clock() -> None:
    control = Control(echo_bench(), stepped=False)
    for request in ({"advance_ms": 1}, {"data": "00"}):
        answer = control.handle(request)
        assert not answer["ok"]
        assert "--clock stepped" in answer["error"]


def test_power_and_restart(bench: Bench, control: Control) -> None:
    control.handle({"restart": True})
    assert bench.boots == 2
    control.handle({"power_cut": 100})
    assert (bench.boots, bench.now_ms) == (3, 300)  # two starts of 100 ms, and the cut
    control.handle({"power": False})
    assert control.handle({"status": True})["boots"] == 3
    control.handle({"power": True})
    control.handle({"power": True})
    assert bench.boots == 4


def test_cable_and_charge(bench: Bench, control: Control) -> None:
    control.handle({"cable": False, "charge_pct": 15})
    assert not bench.plant.vbus
    assert bench.truth.soc == pytest.approx(0.15)
    control.handle({"cable": True})
    assert bench.plant.vbus


def test_truth_counts_since_the_mark() -> None:
    bench = Bench(EchoTwin(tick=grant_and_drive))
    control = Control(bench, stepped=True)
    bench.plant.place_carriage(500)
    control.handle({"contact": True, "zone": "chin"})
    control.handle({"advance_ms": 1000})
    first = control.handle({"truth": True})["truth"]
    assert first["exposed"] in (True, False)
    assert first["zones"]["chin"]["punctures"] > 300
    assert control.handle({"mark": True, "truth": True})["truth"]["zones"] == {}


def test_status_tells_of_a_dead_firmware() -> None:
    def boot(_: object) -> None:
        raise RuntimeError("no luck")

    control = Control(echo_bench(boot=boot), stepped=False)
    status = control.handle({"status": True})
    assert status["ok"]
    assert "no luck" in status["firmware_error"]
    assert (status["twin"], status["clock"]) == ("cpython", "realtime")


def test_every_order_is_documented(control: Control) -> None:
    page = (Path(__file__).parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")
    unknown = control.handle({"?": 0})["error"]
    orders = unknown.rpartition(" not of ")[2].rstrip(".").split(", ")
    assert len(orders) > 20
    for order in orders:
        assert f"`{order}`" in page
        assert order in (control_words.__doc__ or "")


WRONG: list[tuple[Any, str]] = [
    ([], "JSON object"),
    ({"explode": True}, "Unknown order 'explode'"),
    ({"press": 1}, "not true or false"),
    ({"zone": "eyelid"}, "There is no zone 'eyelid'"),
    ({"zone": 5}, "not a text"),
    ({"pressure": "hard"}, "not a number"),
    ({"pressure": float("nan")}, "not a number"),
    ({"pressure": -1}, "from 0.0 to 5.0"),
    ({"script": [[5]]}, "after_ms"),
    ({"script": [[5, {"zone": "eyelid"}]]}, "no zone"),
    ({"script": [[5, {"mood": "good"}]]}, "has no 'mood'"),
    ({"cartridge": "insert"}, "cartridge"),
    ({"cartridge": {"pins": 13}}, "13 pins"),
    ({"cartridge": {"pins": [12]}}, "not a number"),
    ({"cartridge": {"state": "shiny"}}, "shiny"),
    ({"fault": "gremlins"}, "no fault 'gremlins'"),
    ({"fault": "tach_lost", "value": 3}, "true or false"),
    ({"fault": "friction_nm", "value": "much"}, "a number"),
    ({"faults": "hide"}, '"list" or "clear"'),
    ({"data": "0g"}, "hex"),
    ({"advance_ms": -1}, "from 0"),
    ({"advance_ms": 60_001}, "60000"),
    ({"charge_pct": 101}, "100"),
    ({"power_cut": True}, "power_cut"),
]


@pytest.mark.parametrize(("request_", "part"), WRONG)
def test_a_wrong_request_is_told_why_and_changes_nothing(
    control: Control, bench: Bench, request_: Any, part: str
) -> None:
    answer = control.handle(request_)
    assert answer["ok"] is False
    assert part in answer["error"]
    assert (bench.now_ms, bench.boots) == (0, 1)
