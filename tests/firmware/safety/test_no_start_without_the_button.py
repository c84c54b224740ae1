"""Whatever host, treatment and sensors do, in whatever order: needles move by the button alone.

The invariants are written without the state table: they look at the enable line, at what motion is
told, and at the history of the raw button.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from firmware import words as place
from firmware.modes import MODE_POSITION, MODE_RUN
from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import EVERYTHING, Rig

ANY_FAULT = st.sampled_from(
    [value for name, value in vars(codes).items() if name.startswith("FAULT_") and value]
)
SENSED = st.sampled_from(
    [
        ("depth_um", 1400),
        ("depth_um", -200),
        ("current_ma", 1700),
        ("rate_chz", 17000),
        ("temperature_cdeg", 4400),
        ("supply_mv", 2900),
        ("battery_percent", 25),
        ("enable_level", 1),
        ("home", 0),
        ("seat", 0),
        ("pulse_delta", 0),
        ("tick_us", 6000),
    ]
)


class Pen(RuleBasedStateMachine):
    """Random hosts, hands and failures around one supervisor."""

    def __init__(self) -> None:
        super().__init__()
        self.rig = Rig()
        self.rig.step(10)
        self.rig.pass_self_test()
        self.ticks_since_down = 10_000  # since the raw button was last down
        self.up_before_down = False  # it was up for a while before that
        self.exposed_before = False
        self.arms = 0
        self.stopped_ticks = 0

    def step(self, ticks: int) -> None:
        for _ in range(ticks):
            self.rig.step()
            if self.rig.readings.button:
                self.ticks_since_down = 0
            else:
                self.ticks_since_down += 1
            self.look()

    def look(self) -> None:
        """The invariants, in every tick."""
        rig = self.rig
        exposed = rig.pen.mode in (MODE_POSITION, MODE_RUN)
        if exposed and not self.exposed_before:
            assert self.ticks_since_down <= 5, "started without the button"
            assert self.arms > 0, "started without arming"
        self.exposed_before = exposed
        if exposed:
            assert rig.pen.depth_um <= 1000
            assert rig.fault == 0 or rig.state == codes.STATE_PARKING
        if rig.state == codes.STATE_FAULT:
            assert not exposed
            assert rig.pen.words[place.LINE_ASKED] == 0
        if rig.state < codes.STATE_ARMED or rig.state == codes.STATE_ARMED:
            assert rig.pen.words[place.LINE_ASKED] == 0
            assert rig.motion.driving == 0 or rig.words[place.STATE_MS] == 0

    @rule(ticks=st.integers(1, 400))
    def time_passes(self, ticks: int) -> None:
        self.step(ticks)

    @rule(ticks=st.integers(1, 60))
    def press(self, ticks: int) -> None:
        self.rig.press()
        self.step(ticks)

    @rule(ticks=st.integers(1, 60))
    def release(self, ticks: int) -> None:
        self.rig.release()
        self.step(ticks)

    @rule(by_button=st.booleans())
    def arm(self, by_button: bool) -> None:
        if requests.arm(self.rig.pen, by_button)[0] == codes.RESULT_OK:
            self.arms += 1
        self.step(1)

    @rule()
    def stop(self) -> None:
        requests.stop(self.rig.pen, codes.STOP_HOST)
        self.step(1)
        assert self.rig.pen.mode not in (MODE_POSITION, MODE_RUN)

    @rule(fault=ANY_FAULT)
    def fail(self, fault: int) -> None:
        requests.fault(self.rig.pen, fault)
        self.step(1)
        assert self.rig.pen.mode not in (MODE_POSITION, MODE_RUN)

    @rule(sensed=SENSED, ticks=st.integers(1, 40))
    def a_sensor_lies(self, sensed: tuple[str, int], ticks: int) -> None:
        before = getattr(self.rig.readings, sensed[0])
        self.rig.force[sensed[0]] = sensed[1]
        self.step(ticks)
        del self.rig.force[sensed[0]]
        setattr(self.rig.readings, sensed[0], before)

    @rule()
    def acknowledge(self) -> None:
        requests.acknowledge(self.rig.pen, self.rig.fault)
        self.step(1)

    @rule(outcome=st.integers(1, 2))
    def self_test(self, outcome: int) -> None:
        requests.report_self_test(self.rig.pen, outcome == 1)
        self.step(1)

    @rule(facts=st.integers(0, EVERYTHING), everything=st.booleans())
    def treatment_changes(self, facts: int, everything: bool) -> None:
        self.rig.treatment.facts = EVERYTHING if everything else facts
        self.rig.treatment.seat_generation = self.rig.pen.conditions.seat_generation
        self.step(1)

    @rule(tethered=st.integers(0, 1), latch=st.integers(0, 1))
    def plan_changes(self, tethered: int, latch: int) -> None:
        self.rig.treatment.tethered = tethered
        self.rig.treatment.latch = latch
        self.step(1)

    @rule()
    def host_lives(self) -> None:
        self.rig.pen.conditions.lease_ms = 0
        self.step(1)

    @rule()
    def make_ready(self) -> None:
        """The shortest way towards ARMED, so that random hands get there often."""
        self.rig.treatment.facts = EVERYTHING
        self.rig.treatment.seat_generation = self.rig.pen.conditions.seat_generation
        self.rig.treatment.tethered = 0
        self.rig.release()
        requests.acknowledge(self.rig.pen, self.rig.fault)
        self.step(20)
        self.rig.pass_self_test()
        self.step(300)

    @rule()
    def ready_and_armed(self) -> None:
        self.make_ready()
        self.arm(False)

    @invariant()
    def a_latched_fault_keeps_the_pen_from_exposing(self) -> None:
        if self.rig.fault:
            assert self.rig.pen.mode not in (MODE_POSITION, MODE_RUN)


TestPen = Pen.TestCase
TestPen.settings = settings(stateful_step_count=60)


def test_the_machine_does_get_to_running() -> None:
    """The rules are strong enough to reach what they must never reach alone."""
    pen = Pen()
    pen.ready_and_armed()
    pen.press(20)
    pen.step(20)
    assert pen.rig.state == codes.STATE_RUNNING
