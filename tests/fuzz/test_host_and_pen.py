"""Host and pen against a model of a few lines: whatever anybody does, in any order.

A host pushes plans, chooses zones, arms and stops, on a line that may lose bytes; a person presses,
touches, takes the cartridge out; the supply goes. The model knows which plan was accepted last,
which zone, which cartridge, and whether needles may have moved since. Owns one pen per example.
"""

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hardware.simulator.cartridges import make_cartridge
from host_controller.errors import PenError
from host_controller.refusals import PenRefused
from protocol import codes
from protocol.zones import zone_id
from tests.conftest import CHOSEN, PROFILE
from tests.hazards.bench import refused
from tests.system.harness import TODAY, BenchPen, plan_image, row

PLANS = (
    plan_image([row("cheek", 1000), row("chin", 500)], session_id=1),
    plan_image([row("cheek", 500), row("nose", 250)], session_id=1, latch=False),
    plan_image([row("forehead", 750)], session_id=2),
)
ZONES = (("cheek", "chin"), ("cheek", "nose"), ("forehead",))
TOO_DEEP = plan_image([row("nose", 2000)], session_id=3)
NAMES = st.sampled_from(["cheek", "chin", "nose", "forehead"])


class HostAndPen(RuleBasedStateMachine):
    """The pen on the bench, beside the model."""

    @initialize(doing=st.sampled_from(["nothing", "armed", "running", "treated"]))
    def switch_on(self, doing: str) -> None:
        self.sim = BenchPen(seed=7)
        self.sim.pen.set_clock(TODAY)
        self.plan: int | None = None  # number of the plan in force
        self.zone = 0
        self.cartridge: int | None = 0x1234  # number of the one that is seated
        self.used: dict[int, int] = {}  # number of a cartridge: session that it was armed for
        self.pressed_armed = False  # needles may have moved since the last look
        self.strokes = 0
        self.counted: dict[tuple[int, int], int] = {}  # (session, zone): punctures
        if doing != "nothing":
            self.get_ready(0, second=False)
        if doing in ("running", "treated"):
            self.press(150)
            self.sim.pump(300)
        if doing == "treated":
            self.press(150)
            self.sim.pump(300)

    def teardown(self) -> None:
        if hasattr(self, "sim"):
            self.sim.bench.close()

    def state(self) -> int:
        return self.sim.status().state

    def resting(self) -> bool:
        return self.state() in range(codes.STATE_IDLE, codes.STATE_ARMED)

    # ---- the host ----

    @rule(number=st.integers(0, len(PLANS) - 1))
    def push(self, number: int) -> None:
        may = self.state() < codes.STATE_ARMED or self.state() == codes.STATE_FAULT
        result = refused(lambda: self.sim.pen.push_plan(PLANS[number]))
        assert result == (codes.RESULT_OK if may else codes.RESULT_WRONG_STATE)
        if may:
            self.plan, self.zone = number, 0

    @rule()
    def push_what_is_too_deep(self) -> None:
        with pytest.raises(PenRefused):
            self.sim.pen.push_plan(TOO_DEEP)

    @rule(name=NAMES)
    def choose(self, name: str) -> None:
        still = self.state() < codes.STATE_ARMED or self.state() == codes.STATE_FAULT
        known = self.plan is not None and name in ZONES[self.plan]
        result = refused(lambda: self.sim.pen.select_zone(zone_id(name)))
        assert (result == codes.RESULT_OK) == (still and known)
        if result == codes.RESULT_OK:
            self.zone = zone_id(name)

    @rule()
    def arm(self) -> None:
        self.sim.client.hold_lease()
        self.sim.pump(250)
        session = PLANS_SESSIONS[self.plan] if self.plan is not None else -1
        fits = self.cartridge is not None and self.used.get(self.cartridge, session) == session
        if refused(self.sim.pen.arm) != codes.RESULT_OK:
            return
        event("armed")
        assert self.plan is not None
        assert self.zone
        assert fits
        assert self.cartridge is not None
        self.sim.wait_state(codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_CONFIGURED)
        self.used[self.cartridge] = session
        self.sim.pump(30)

    @rule(number=st.integers(0, len(PLANS) - 1), second=st.booleans())
    def get_ready(self, number: int, second: bool) -> None:
        """What a host does in a row; by chance alone it would hardly ever happen."""
        self.push(number)
        if self.plan is not None:
            self.choose(ZONES[self.plan][-1 if second else 0])
        self.arm()

    @rule(ms=st.sampled_from([400, 1500]))
    def treat(self, ms: int) -> None:
        """Arm where that is possible; press and hold, or press and press again."""
        if self.state() == codes.STATE_CONFIGURED:
            self.arm()
        self.press(150)
        self.sim.pump(ms)
        self.press(150)

    @rule()
    def stop(self) -> None:
        self.sim.pen.stop()
        self.sim.pump(600)
        assert self.state() not in range(codes.STATE_ARMED, codes.STATE_PARKING + 1)
        assert not self.sim.truth.driven

    @rule()
    def fall_silent(self) -> None:
        self.sim.client.release_lease()
        self.sim.bench.advance(1000)
        assert not self.sim.truth.driven

    @rule(ppm=st.sampled_from([1000, 20_000]))
    def talk_over_a_bad_line(self, ppm: int) -> None:
        """Answers are right or missing, never wrong."""
        for way in (self.sim.bench.host.to_pen, self.sim.bench.host.to_host):
            way.fault.drop_ppm = way.fault.corrupt_ppm = ppm
        try:
            for _ in range(5):
                self.sim.pump(20)
                limits = self.sim.pen.limits(zone_id("cheek"))
                assert limits.cap_um == 1500
        except PenError:
            pass
        for way in (self.sim.bench.host.to_pen, self.sim.bench.host.to_host):
            way.fault.clear()
        self.sim.bench.advance(50)
        self.sim.connect()

    @rule()
    def acknowledge(self) -> None:
        if self.state() != codes.STATE_FAULT:
            return
        self.sim.pen.acknowledge(self.sim.status().fault)
        self.sim.wait_state(*range(codes.STATE_IDLE, codes.STATE_ARMED), limit_ms=5000)

    # ---- the person ----

    @rule(ms=st.sampled_from([20, 150, 700]))
    def press(self, ms: int) -> None:
        self.pressed_armed |= self.state() >= codes.STATE_ARMED
        self.sim.person.touch("cheek")
        self.sim.person.press()
        self.sim.pump(ms)
        self.pressed_armed |= self.state() >= codes.STATE_ARMED
        self.sim.person.release()
        self.sim.pump(100)

    @rule(ms=st.sampled_from([10, 300, 2000]))
    def wait(self, ms: int) -> None:
        self.sim.pump(ms)

    @precondition(lambda self: self.cartridge is not None)
    @rule()
    def take_out(self) -> None:
        self.sim.plant.remove()
        self.cartridge = None
        self.sim.pump(700)
        assert not self.sim.truth.driven

    @precondition(lambda self: self.cartridge is None)
    @rule(number=st.sampled_from([0x1234, 0x2222]))
    def put_in(self, number: int) -> None:
        """The same number is the same cartridge, but its own memory may have been made anew."""
        self.sim.plant.insert(make_cartridge(12, unique_id=number))
        self.cartridge = number
        if not self.ran_with(number):
            self.used.pop(number, None)  # marked, but only in the memory that is gone
        self.sim.pump(400)

    def ran_with(self, number: int) -> bool:
        chip = number.to_bytes(4, "big")
        return any(entry.cartridge_id == chip for entry in self.sim.pen.usage())

    @rule(off_ms=st.sampled_from([50, 400]))
    def lose_the_supply(self, off_ms: int) -> None:
        self.sim.bench.power_cut(off_ms)
        self.sim.connect()
        self.zone = 0
        self.sim.pen.set_clock(TODAY)
        self.sim.pump(50)
        assert self.state() < codes.STATE_ARMED

    # ---- what always holds ----

    @invariant()
    def the_plan_is_the_one_that_was_accepted(self) -> None:
        info = self.sim.pen.plan_info()
        assert (info.sha256 if info else None) == (
            None if self.plan is None else PLANS[self.plan].sha256
        )
        assert self.sim.status().zone == self.zone

    @invariant()
    def needles_move_after_a_press_while_armed_and_at_no_other_time(self) -> None:
        strokes = self.sim.truth.strokes
        if strokes > self.strokes:
            event("needles ran")
        assert strokes == self.strokes or self.pressed_armed
        self.strokes = strokes
        if self.resting():
            self.pressed_armed = False

    @invariant()
    def what_was_counted_stays_counted(self) -> None:
        newest: dict[tuple[int, int], int] = {}
        for entry in self.sim.pen.usage():
            newest.setdefault((entry.session_id, entry.zone), entry.punctures)
        for key, punctures in self.counted.items():
            assert newest.get(key, 0) >= punctures
        self.counted = newest

    @invariant()
    def nothing_has_gone_wrong_inside(self) -> None:
        assert self.sim.bench.firmware_error is None
        assert self.sim.bench.misuses == []


PLANS_SESSIONS = (1, 1, 2)
HostAndPen.TestCase.settings = settings(
    max_examples=30 if PROFILE == "ci" else 10,
    stateful_step_count=15,
    deadline=None,
    derandomize=not CHOSEN,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestHostAndPen = pytest.mark.system(pytest.mark.slow(HostAndPen.TestCase))
