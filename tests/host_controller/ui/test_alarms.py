"""Alarms: every fault has its priority, number and words in every language; a normal treatment
has none."""

import pytest

from host_controller import errors
from host_controller.records.failures import DatabaseAway
from host_controller.ui import alarms
from host_controller.ui.alarms import Alarm, Pressed, of_reading, standing, words
from host_controller.ui.catalogue import LANGUAGES, Texts
from host_controller.ui.desk import LOST, View
from protocol import codes
from protocol.texts import FAULT_TEXTS
from tests.host_controller.ui.said import said, view

FAULTS = [fault for fault in FAULT_TEXTS if fault]
# Restated by hand: tissue may be harmed, or a stop did not finish.
HIGH = {"F10", "F11", "F12", "F13", "F26", "F27", "F28", "F61", "F63", "F64", "F67"}
MEDIUM_STOPS = {"S03", "S08", "S13"}


def numbers(found: list[Alarm]) -> list[str]:
    return [alarm.number for alarm in found]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_an_alarm_with_the_pens_number(fault: int) -> None:
    (alarm,) = of_reading(said(codes.STATE_FAULT, fault=fault, stop_reason=codes.STOP_FAULT))
    assert alarm.number == f"F{fault:02d}"
    assert (alarm.priority == "high") == (alarm.number in HIGH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alarm_has_its_words_in_every_language(language: str) -> None:
    say = Texts(language)
    known = [Alarm("low", f"F{fault:02d}") for fault in FAULTS]
    known += [Alarm("low", f"W{bit:02d}") for bit in alarms.WARNINGS]
    known += [Alarm("low", f"S{reason:02d}") for reason in alarms.STOPS]
    known += [Alarm("low", alarms.LEFT_ALONE), Alarm("high", alarms.STOP_UNHEARD)]
    for alarm in known:
        sentence, next_step = words(say, alarm)
        assert sentence.endswith(".")
        assert next_step.endswith(".")


@pytest.mark.parametrize(("language", "word"), [("en", "needles"), ("de", "Nadeln")])
def test_who_reads_of_a_fault_that_hides_others_looks_at_the_needles(
    language: str, word: str
) -> None:
    for number in ("F12", "F13", "F26", "F28", "F63", "F67"):
        assert word in words(Texts(language), Alarm("high", number))[1]


def test_no_text_of_an_alarm_sends_a_practitioner_to_a_terminal() -> None:
    say = Texts("en")
    for fault in FAULTS:
        sentence, next_step = words(say, Alarm("low", f"F{fault:02d}"))
        assert "`" not in sentence + next_step
        assert "--" not in next_step


def test_a_fault_of_newer_firmware_is_as_urgent_as_can_be() -> None:
    (alarm,) = of_reading(said(codes.STATE_FAULT, fault=99))
    assert alarm.priority == "high"
    assert "99" in alarm.sentence


@pytest.mark.parametrize(
    "reason",
    [
        codes.STOP_NONE,
        codes.STOP_BUTTON,
        codes.STOP_HOST,
        codes.STOP_ARM_EXPIRED,
        codes.STOP_ZONE_TIME,
        codes.STOP_DOSE,
        codes.STOP_CARTRIDGE,
        codes.STOP_PLAN_CHANGED,
    ],
)
def test_what_belongs_to_a_normal_treatment_is_no_alarm(reason: int) -> None:
    assert of_reading(said(stop_reason=reason)) == []
    assert of_reading(said(codes.STATE_RUNNING, codes.COND_DOSE_WARN)) == []


def test_warnings_and_stops_have_their_priority() -> None:
    assert of_reading(said(codes.STATE_RUNNING, codes.COND_DWELL_WARN)) == [Alarm("medium", "W16")]
    assert of_reading(said(codes.STATE_RUNNING, codes.COND_RATE_WARN)) == [Alarm("low", "W14")]
    for reason in (codes.STOP_LEASE, codes.STOP_DWELL, codes.STOP_NOT_READY):
        (alarm,) = of_reading(said(stop_reason=reason))
        assert (alarm.priority, alarm.number in MEDIUM_STOPS) == ("medium", True)
    assert of_reading(said(codes.STATE_RUNNING, stop_reason=codes.STOP_DWELL)) == []


def lost_from(state: int) -> View:
    gone = view(said(state), link=LOST)
    return View(LOST, errors.PenUnplugged("gone"), reading=gone.reading, heard_s=gone.heard_s)


def test_a_loss_is_medium_where_the_needles_may_have_been_out() -> None:
    assert standing(lost_from(codes.STATE_RUNNING), Pressed(), (), 101.0)[0].priority == "medium"
    assert standing(lost_from(codes.STATE_ARMED), Pressed(), (), 101.0)[0].priority == "medium"
    assert standing(lost_from(codes.STATE_CONFIGURED), Pressed(), (), 101.0)[0].priority == "low"


def test_what_a_lost_pen_said_last_is_no_alarm_of_now() -> None:
    gone = lost_from(codes.STATE_RUNNING)
    assert gone.reading is not None
    warm = gone.reading._replace(conditions=1 << codes.COND_TEMPERATURE_WARN)
    found = standing(View(LOST, gone.problem, reading=warm), Pressed(), (), 101.0)
    assert numbers(found) == ["E116"]


def test_stop_that_the_pen_does_not_confirm_is_high() -> None:
    running = view(said(codes.STATE_RUNNING), heard_s=100.6)
    assert standing(running, Pressed(stop_s=100.0), (), 100.4) == []
    assert standing(running, Pressed(stop_s=100.0), (), 100.6) == [Alarm("high", "E162")]
    at_rest = view(said(), heard_s=100.6)
    assert standing(at_rest, Pressed(stop_s=100.0), (), 100.6) == []


def test_stop_and_a_pen_that_was_lost_while_running_is_high() -> None:
    found = standing(lost_from(codes.STATE_RUNNING), Pressed(stop_s=100.5), (), 101.5)
    assert numbers(found) == ["E162", "E116"]


def test_a_later_run_after_a_stop_is_no_alarm() -> None:
    # STOP at 100, at rest since, armed and running again a minute later
    running = view(said(codes.STATE_RUNNING), heard_s=160.0)
    assert standing(running, Pressed(stop_s=100.0, rested_s=100.2), (), 160.0) == []


def test_a_page_that_fell_silent_is_told() -> None:
    stopped = view(said(stop_reason=codes.STOP_HOST))
    assert numbers(standing(stopped, Pressed(50.0, 90.0), (), 100.0)) == ["S02"]
    assert standing(stopped, Pressed(90.0, 50.0), (), 100.0) == []


def test_the_most_urgent_comes_first_and_each_number_once() -> None:
    reading = said(codes.STATE_FAULT, codes.COND_BATTERY_WARN, fault=codes.FAULT_STALL)
    away = DatabaseAway("away")
    found = standing(view(reading), Pressed(), (away, away), 100.0)
    assert numbers(found) == ["F22", "E144", "W15"]
