"""The simulated persons: what they ask of the control port, and when."""

from typing import Any

import pytest

from host_controller.planning.plan import PlanZone
from host_controller.replies import Reading, reading
from host_controller.simulated import hand, operator
from host_controller.simulated.hand import Hand
from host_controller.simulated.operator import Operator
from protocol import codes, schema

ROW = PlanZone(5, 250, 8000, 2, 300, 300, 1200)
BLANK = reading(bytes(schema.TELEMETRY_LAYOUT.size))


class FakeControl:
    """Notes every request."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def ask(self, **orders: Any) -> dict[str, Any]:
        self.asked.append(orders)
        return {"ok": True}


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


def at(t_ms: int, state: int, dose: int = 0) -> Reading:
    return BLANK._replace(t_ms=t_ms, state=state, punctures_per_cm2=dose)


def test_the_hand_goes_where_the_plan_says(control: FakeControl) -> None:
    person = Hand(control)  # type: ignore[arg-type]
    person.go_to(ROW)
    assert control.asked == [{"press": False, "zone": "nose", "contact": True, "pressure": 1.0}]
    person.toggle_button()
    person.set_step(9)
    person.toggle_skin()
    assert control.asked[1:] == [{"press": True}, {"pressure": 1.8}, {"contact": False}]
    assert person.words() == "thumb DOWN, lifted, pressure 9"


def test_the_hand_lifts_while_running_and_stays_on_one_spot_when_told(control: FakeControl) -> None:
    person = Hand(control)  # type: ignore[arg-type]
    person.glide(at(0, codes.STATE_ARMED))
    person.glide(at(hand.LIFT_EVERY_MS - 1, codes.STATE_RUNNING))
    assert not control.asked
    person.glide(at(hand.LIFT_EVERY_MS, codes.STATE_RUNNING))
    assert control.asked[0]["script"][0] == [0, {"contact": False}]
    person.toggle_spot()
    person.glide(at(9 * hand.LIFT_EVERY_MS, codes.STATE_RUNNING))
    assert len(control.asked) == 1


def test_the_thumb_lets_go_once_the_needles_have_stopped(control: FakeControl) -> None:
    person = Hand(control)  # type: ignore[arg-type]
    person.toggle_button()
    person.glide(at(100, codes.STATE_RUNNING))
    person.glide(at(200, codes.STATE_CONFIGURED))
    assert person.pressed
    person.glide(at(100 + hand.LET_GO_MS, codes.STATE_CONFIGURED))
    assert not person.pressed


def test_the_operator_presses_touches_lifts_pauses_and_goes_on(control: FakeControl) -> None:
    person = Operator(control)  # type: ignore[arg-type]
    person.begin(ROW)
    assert person.may_arm
    person.act(at(1000, codes.STATE_ARMED))
    assert control.asked[-1] == {"press": True}
    assert not person.may_arm
    person.act(at(1020, codes.STATE_POSITIONING))
    person.act(at(1200, codes.STATE_RUNNING))
    assert control.asked[-1] == {"press": True}  # not down on the skin yet
    touch_ms = 1000 + operator.TOUCH_MS
    person.act(at(touch_ms, codes.STATE_RUNNING))
    assert control.asked[-1]["contact"] is True
    person.act(at(touch_ms + operator.STROKE_MS, codes.STATE_RUNNING))
    assert control.asked[-1] == {"contact": False}
    person.act(at(touch_ms + operator.STROKE_MS + 20, codes.STATE_RUNNING, dose=150))
    assert control.asked[-1] == {"press": False, "contact": False}
    resume_ms = touch_ms + operator.STROKE_MS + 20 + operator.PAUSE_MS
    person.act(at(resume_ms - 1, codes.STATE_ARMED))
    assert control.asked[-1] == {"press": False, "contact": False}
    person.act(at(resume_ms, codes.STATE_ARMED))
    assert control.asked[-1] == {"press": True}


def test_the_operator_acts_once_on_each_reading(control: FakeControl) -> None:
    person = Operator(control)  # type: ignore[arg-type]
    person.begin(ROW)
    for _ in range(5):
        person.act(at(1000, codes.STATE_ARMED))
    assert control.asked[1:] == [{"press": True}]


def test_the_operator_lets_go_when_the_pen_has_ended_the_zone(control: FakeControl) -> None:
    person = Operator(control)  # type: ignore[arg-type]
    person.begin(ROW)
    person.act(at(1000, codes.STATE_ARMED))
    person.act(at(2000, codes.STATE_CONFIGURED))
    assert person.may_arm
