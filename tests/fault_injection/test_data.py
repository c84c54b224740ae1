"""The matrix leaves nothing out, and its tables speak of things that exist."""

import pytest

from hardware.plant import faults as plant
from protocol import codes
from tests.fault_injection import expected, faults, judge, matrix, states
from tests.fault_injection.case import Case, Outcome

NAMES = [fault.name for fault in faults.FAULTS]

# What was asked for, in the words of the matrix.
ASKED = {
    "driver short", "driver shorted through", "PWM stuck full", "PWM stuck at 0",
    "tachometer lost", "tachometer stuck", "tachometer noisy", "tachometer drops",
    "current at the rail", "current dead", "Hall + 0.3 mm", "home switch open",
    "home switch shorted", "steps lost inwards", "steps lost outwards", "cartridge out 1 ms",
    "cartridge out 10 ms", "cartridge out 100 ms", "button stuck down", "button bouncing",
    "NTC open", "NTC shorted", "battery sags", "battery worn", "supply cut", "link dropped",
    "link delayed", "link jittered", "link flooded", "heap exhausted", "collection 200 ms",
    "loop in main", "loop in tick", "exception in tick", "clock wraps",
}  # fmt: skip


def test_every_fault_that_was_asked_for_is_there() -> None:
    assert set(NAMES) >= ASKED
    assert len(set(NAMES)) == len(NAMES)


def test_every_switch_of_the_plant_is_thrown() -> None:
    thrown = {fault.switch for fault in faults.FAULTS} | {"hall_drift_um"}
    assert set(plant.NAMES) - thrown == set()


def test_every_state_is_reached() -> None:
    assert {place for place in states.REACH if place != states.START} == set(codes.STATE_NAMES)
    assert set(expected.PLACES) == set(states.REACH)


def test_what_is_expected_is_expected_of_a_fault_that_exists() -> None:
    assert expected.faults_named() <= set(NAMES)
    for fault in faults.FAULTS:
        for place in fault.states:
            expected.expected(fault.name, place)


def test_what_is_excused_is_a_rule_that_there_is() -> None:
    there = {*judge._always(outcome(), expected.GOES_ON), "shown", "seen", "stop", "state"}
    for rules, _ in judge.RESIDUAL.values():
        assert set(rules) <= there


def test_each_residual_risk_names_a_fault_and_has_a_reason() -> None:
    for (fault, place), (rules, reason) in judge.RESIDUAL.items():
        assert fault in NAMES
        assert place in ("", judge.LATCHED, *states.REACH)
        assert rules or judge.RESIDUAL[fault, ""]  # none here: what is excused elsewhere is not
        assert len(reason) > 20 or not rules


def test_the_whole_matrix_is_every_fault_in_every_state_under_three_loads() -> None:
    cases = list(matrix.cases())
    held = [case for case in cases if not case.latch]
    plain = [case for case in held if case.phase is None and case.twin == "cpython"]
    assert len(plain) == 3 * sum(len(fault.states) for fault in faults.FAULTS)
    assert len([case for case in cases if case.phase is not None]) == 300
    assert len({case.id for case in cases}) == len(cases)
    assert {case.fault for case in matrix.short()} >= ASKED - {"button stuck down"}


def test_every_fault_meets_a_latched_run_and_what_ends_one_meets_it_everywhere() -> None:
    latched = [case for case in matrix.cases() if case.latch]
    assert {case.fault for case in latched if case.state == "running"} == set(NAMES)
    buttons = {"button stuck down", "button stuck up", "button bouncing"}
    cables = {name for name in NAMES if name.startswith("link ")} | {"cable pulled"}
    assert len(cables) == 6
    everywhere = {"start", "positioning", "running", "parking"}
    for fault in buttons | cables | {"loop in main", "loop in main, no host"}:
        met = {(case.state, case.load) for case in latched if case.fault == fault}
        assert met == {(state, load.name) for state in everywhere for load in states.LOADS}


@pytest.mark.parametrize(
    ("fault", "broken", "residual"),
    [("NTC open", True, False), ("button stuck down", False, True)],
)
def test_needles_that_run_without_a_press_are_told(
    fault: str, broken: bool, residual: bool
) -> None:
    end = Outcome("-", fault, "armed", "skin", "cpython", strokes=1, ended=codes.STATE_CONFIGURED)
    if fault == "NTC open":
        end.code = end.first = end.logged = codes.FAULT_TEMPERATURE_SENSOR
    verdict = judge.judge(end)
    assert (bool(verdict.broken), bool(verdict.residual)) == (broken, residual)


@pytest.mark.parametrize(
    ("ended_by", "stop", "good"),
    [("host", codes.STOP_HOST, True), ("plug", 0, False), ("thumb", codes.STOP_BUTTON, False)],
)
def test_an_open_button_wire_leaves_a_latched_run_to_the_host(
    ended_by: str, stop: int, good: bool
) -> None:
    end = Outcome("-", "button stuck up", "running", "skin", "cpython", latch=True)
    end.still_ms, end.in_ms, end.ended = 20.0, 60.0, codes.STATE_CONFIGURED
    end.ended_by, end.stop = ended_by, stop
    verdict = judge.judge(end)
    assert bool(verdict.broken) != good
    assert bool(verdict.residual) == good  # told, and not as good


def test_the_same_of_a_held_run_is_no_risk_that_is_known() -> None:
    end = Outcome("-", "button stuck up", "running", "skin", "cpython", ended_by="host")
    end.still_ms, end.in_ms, end.ended = 20.0, 60.0, codes.STATE_CONFIGURED
    assert judge.judge(end).broken


@pytest.mark.parametrize(("code", "good"), [(codes.FAULT_BUTTON_STUCK, True), (0, False)])
def test_a_latched_run_whose_button_stays_down_ends_in_a_fault(code: int, good: bool) -> None:
    end = Outcome("-", "button stuck down", "start", "skin", "cpython", latch=True)
    end.code = end.first = end.logged = code
    end.noticed_ms = 10_300.0 if code else None
    end.ended = codes.STATE_FAULT if code else codes.STATE_ARMED
    assert bool(judge.judge(end).broken) != good


def outcome(**values: object) -> Outcome:
    """A good end of a lost tachometer while needles run, but for `values`."""
    good = Outcome("-", "tachometer lost", "running", "skin", "cpython")
    good.noticed_ms = good.off_ms = good.cut_ms = 29.0
    good.off_after_notice_ms = 0.0
    good.still_ms, good.in_ms = 25.0, 60.0
    good.strokes, good.strokes_noticed = 4, 1
    good.ended = codes.STATE_FAULT
    good.code = good.first = good.logged = codes.FAULT_STALL
    for name, value in values.items():
        setattr(good, name, value)
    return good


def test_a_good_end_is_good() -> None:
    assert judge.judge(outcome()) == judge.Verdict((), (), "")


@pytest.mark.parametrize(
    "values",
    [
        {"off_after_notice_ms": 2.1},
        {"noticed_ms": 32.1},
        {"off_ms": 34.1},
        {"cut_ms": 31.1},
        {"still_ms": 50.1},
        {"still_ms": None},
        {"in_ms": 250.1},
        {"in_ms": None},
        {"strokes_noticed": 6},
        {"strokes_too_deep": 2},
        {"driven_again": 1},
        {"first": codes.FAULT_TACHOMETER},
        {"logged": codes.FAULT_TACHOMETER},
        {"logged": 0, "code": 0, "first": 0},
        {"ended": codes.STATE_RUNNING},
        {"ended": -1},
        {"ended_by": "host"},
        {"ended_by": "plug"},
        {"firmware_error": "Traceback"},
        {"out_at_end": True},
    ],
    ids=str,
)
def test_whatever_is_over_its_limit_is_not(values: dict[str, object]) -> None:
    assert judge.judge(outcome(**values)).broken


@pytest.mark.parametrize(("off_ms", "good"), [(5.0, True), (5.1, False)])
def test_a_dead_interpreter_has_5_ms(off_ms: float, good: bool) -> None:
    dead = Outcome("-", "dead", "running", "skin", "cpython", off_ms=off_ms, cut_ms=off_ms)
    dead.still_ms, dead.in_ms = 20.0, 100.0
    dead.ended, dead.code, dead.first = codes.STATE_FAULT, codes.FAULT_WATCHDOG, 0
    dead.logged = codes.FAULT_WATCHDOG
    assert bool(judge.judge(dead).broken) != good


def test_a_graver_fault_takes_the_place_of_the_one_that_is_shown_and_no_other_does() -> None:
    end = Outcome("-", "enable reads 1", "fault", "skin", "cpython", noticed_ms=8.0)
    end.ended = codes.STATE_FAULT
    end.code = end.first = end.logged = codes.FAULT_ENABLE
    assert judge.judge(end).broken == ()
    end.code = end.first = codes.FAULT_CARTRIDGE_LOST
    end.logged = 0
    assert judge.judge(end).broken
    end.fault, end.code, end.first = "NTC open", codes.FAULT_TEMPERATURE_SENSOR, 0
    end.logged = codes.FAULT_TEMPERATURE_SENSOR
    assert judge.judge(end).broken


def test_cases_are_named_for_what_they_are() -> None:
    assert Case("supply cut", "running", "scar", 7).id == "supply cut/running/scar/phase 7"
    assert Case("dead", "boot", "free", None, "micropython").id == "dead/boot/free/micropython"
    assert Case("dead", "running", "free", latch=True).id == "dead/running/free/latched"
