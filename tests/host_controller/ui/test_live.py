"""The live page's words and figures: what the pen says, and what to do next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.ui import advice, live_values
from host_controller.ui.catalogue import LANGUAGES, Texts
from host_controller.ui.desk import LOST
from host_controller.ui.treat_page import is_old
from host_controller.ui.zone_choice import ASKED, FOLLOWED, NONE, NOT_FOLLOWED, ZoneChoice
from protocol import codes
from tests.host_controller.ui.said import READY, conditions, plan, row, said, view

SAY = Texts("en")
OUT = conditions(*(bit for bit in READY if bit != codes.COND_NEEDLES_IN))


def next_step(reading: object, *, complete: bool = False, more: bool = False) -> str:
    return advice.next_step(SAY, reading, plan(), row(), complete=complete, more=more)  # type: ignore[arg-type]


def test_needles_are_called_in_only_when_the_pen_senses_it() -> None:
    assert live_values.values(SAY, said(depth_um=-40), row())["depth"] == "in"
    out = said(depth_um=20, conditions=OUT)
    shown = live_values.values(SAY, out, row())
    assert shown["depth"] == "0.02 mm"
    assert shown["needles"] == "NOT sensed in"
    assert live_values.marked(out, row())["needles"]
    running = said(codes.STATE_RUNNING, conditions=OUT)
    assert live_values.values(SAY, running, row())["needles"] == "out"
    assert not live_values.marked(running, row())["needles"]


def test_measured_stands_beside_planned_with_two_decimals_and_unit() -> None:
    running = said(
        codes.STATE_RUNNING, conditions=OUT, depth_um=508, rate_chz=9012, punctures_per_cm2=75
    )
    shown = live_values.values(SAY, running, row())
    assert (shown["depth"], shown["depth_set"]) == ("0.51 mm", "planned 0.50 mm")
    assert (shown["rate"], shown["rate_set"]) == ("90 Hz", "planned 90 Hz")
    assert (shown["dose"], shown["dose_set"]) == ("75", "of 300")
    assert shown["time"] == "0:00 / 5:00"


def test_a_depth_that_is_half_of_the_tolerance_off_is_marked() -> None:
    # 0.15 mm is the most that a puncture may be off
    near = said(codes.STATE_RUNNING, depth_um=570)
    far = said(codes.STATE_RUNNING, depth_um=580)
    assert not live_values.marked(near, row())["depth"]
    assert live_values.marked(far, row())["depth"]


@given(st.integers(0, 10_000), st.integers(1, 5000), st.integers(1, 6))
def test_coverage_never_passes_the_whole(done: int, limit: int, passes: int) -> None:
    found = live_values.coverage(done, limit, passes)
    assert 0 <= found.zone_pct <= 100
    assert 0 <= found.passed <= passes
    assert 0 <= found.pass_pct < 100
    assert (found.zone_pct == 100) == (done >= limit) == (found.passed == passes)


def test_the_hint_counts_passes_by_their_share_of_the_dose() -> None:
    assert "Pass 2 of 2: 50 %" in live_values.coverage_hint(SAY, said(punctures_per_cm2=225), row())
    assert "done" in live_values.coverage_hint(SAY, said(punctures_per_cm2=300), row())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", range(len(codes.STATE_NAMES)))
def test_every_state_has_a_next_step_in_every_language(state: int, language: str) -> None:
    say = Texts(language)
    fault = codes.FAULT_STALL if state == codes.STATE_FAULT else 0
    found = advice.next_step(
        say, said(state, fault=fault), plan(), row(), complete=False, more=False
    )
    assert found.endswith((".", "?"))


def test_after_half_of_its_time_the_zone_is_asked_about() -> None:
    assert "still on the forehead" in next_step(said(codes.STATE_RUNNING, zone_ms=150_001))
    assert "still" not in next_step(said(codes.STATE_RUNNING, zone_ms=150_000))


def test_a_finished_zone_sends_to_the_next_one() -> None:
    done = said(stop_reason=codes.STOP_DOSE)
    assert "next zone" in next_step(done, complete=True)
    assert "full depth" in next_step(done, complete=True, more=True)


def test_a_missing_cartridge_is_asked_for() -> None:
    assert next_step(said(codes.STATE_IDLE, conditions=0)).startswith("Seat a cartridge")


def test_a_zone_counts_as_chosen_when_the_pen_says_so() -> None:
    choice = ZoneChoice()
    assert choice.state(1, 0.0) == NONE
    choice.ask(3, 10.0)
    assert choice.state(1, 10.5) == ASKED
    assert choice.state(3, 10.6) == FOLLOWED
    assert choice.state(1, 11.6) == NOT_FOLLOWED


def test_values_are_old_after_half_a_second_or_a_loss() -> None:
    heard = view(said(), heard_s=100.0)
    assert not is_old(heard, 100.4)
    assert is_old(heard, 100.6)
    assert is_old(view(said(), heard_s=100.0, link=LOST), 100.1)
