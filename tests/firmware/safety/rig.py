"""Safety's kernels among fakes that behave: the enable chain, a motion that obeys, a treatment.

Every tick is one millisecond of virtual time. `force` holds fields of the readings at a value, as
a failing part would; everything else follows the granted mode. Owns all of it.
"""

from array import array  # noqa: TC003 - the annotation of words

from firmware import words as place
from firmware.hal.ports import ExpiringEnable
from firmware.modes import (
    MODE_HOME,
    MODE_PARK,
    MODE_POSITION,
    MODE_RUN,
    MODE_WITHDRAW,
)
from firmware.readings import Readings
from firmware.safety import requests
from firmware.safety.supervisor import Supervisor, supervise
from protocol import codes

EVERYTHING = (
    1 << codes.COND_CARTRIDGE_VALID
    | 1 << codes.COND_CARTRIDGE_FITS
    | 1 << codes.COND_PLAN_READY
    | 1 << codes.COND_ZONE_CHOSEN
)


class Chain(ExpiringEnable):
    """Countdown of 5 ms, seat contact and window watchdog of 20 ms, as the hardware ANDs them."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.granted_until_ms = -1
        self.kicked_ms = -100
        self.seat = 0
        self.stuck_countdown = False
        self.stuck_watchdog = False
        self.stuck_low = False
        self.seat_bridged = False
        self.kicks = 0

    def cut(self) -> None:
        self.granted_until_ms = -1

    def act(self, words: "array[int]") -> None:
        """What the board does at the end of the tick."""
        if words[place.LINE] == place.LINE_GRANT:
            self.granted_until_ms = self.now_ms + 5
        elif words[place.LINE] == place.LINE_CUT:
            self.cut()
        words[place.LINE] = place.LINE_LEAVE
        words[place.DUTY] = words[place.DUTY_OUT] if words[place.BRIDGE] == 1 else 0
        if words[place.KICK]:
            self.kicked_ms = self.now_ms
            self.kicks += 1
        words[place.KICK] = 0

    def level(self) -> int:
        granted = self.now_ms < self.granted_until_ms or (
            self.stuck_countdown and self.granted_until_ms > -2
        )
        fed = self.now_ms - self.kicked_ms <= 20 or self.stuck_watchdog
        seated = self.seat or self.seat_bridged
        return 1 if granted and fed and seated and not self.stuck_low else 0


class FakeMotion:
    """Obeys the mode with fixed delays and shows it in the words."""

    homed = place.named(place.HOMED)
    still = place.named(place.STILL)
    cam_known = place.named(place.CAM_KNOWN)
    cam_parked = place.named(place.CAM_PARKED)
    stage_withdrawn = place.named(place.STAGE_WITHDRAWN)
    in_position = place.named(place.IN_POSITION)
    failed = place.named(place.MOTION_FAILED)
    depth_set_um = place.named(place.DEPTH_SET_UM)
    rate_set_chz = place.named(place.RATE_SET_CHZ)
    driving = place.named(place.DRIVING)
    back_emf_chz = place.named(place.BACK_EMF_CHZ)

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self.words = readings.words
        self.still = 1
        self.stage_withdrawn = 1
        self.clears = 0
        self.obeys = True
        self.stalled = False  # driven, but no pulse comes
        self.late = False  # the stage is
        self._mode = -1
        self._ms = 0
        self._quarter = 0
        self._pulses = 0  # since the last index mark

    def clear(self) -> None:
        self.failed = 0
        self.homed = 0
        self.clears += 1
        self._mode = -1

    def step(self) -> None:
        mode = self.words[place.MODE]
        depth_um = self.words[place.GRANT_DEPTH_UM]
        rate_chz = self.words[place.GRANT_RATE_CHZ]
        if mode != self._mode:
            self._mode = mode
            self._ms = 0
        self._ms += 1
        self.driving = 0
        self.in_position = 0
        if not self.obeys:
            return
        if mode == MODE_RUN:
            self._run(rate_chz)
            return
        self.rate_set_chz = 0
        self._turn(0)
        # The cam creeps to its mark, in POSITIONING until 10 ms, in PARKING until 30.
        creeping_ms = {MODE_POSITION: 10, MODE_PARK: 30}.get(mode, 0)
        self.driving = int(1 < self._ms < creeping_ms)
        if mode == MODE_HOME and self._ms >= 5:
            self.homed = 1
            self._withdrawn()
        elif mode == MODE_POSITION and self._ms >= 10:
            self.depth_set_um = depth_um
            self._readings.home = 0
            self._readings.depth_um = depth_um
            self.cam_known = self.cam_parked = 1
            self._readings.index_level = 1
            self.in_position = int(not self.late)
        elif mode in (MODE_PARK, MODE_WITHDRAW) and self._ms >= 30:
            if not self.late:
                self._withdrawn()
            if mode == MODE_PARK:
                self._readings.index_level = 1
                self.cam_parked = self.cam_known = 1

    def _withdrawn(self) -> None:
        self.depth_set_um = 0
        self._readings.home = 1
        self._readings.depth_um = 0
        self.stage_withdrawn = 1

    def _run(self, rate_chz: int) -> None:
        self.driving = 1
        self.rate_set_chz = rate_chz
        self._readings.index_level = 0
        self._turn(rate_chz)

    def _turn(self, rate_chz: int) -> None:
        readings = self._readings
        readings.rate_chz = rate_chz
        self.back_emf_chz = rate_chz
        readings.current_ma = 60 if rate_chz else 0
        readings.current_code = 82 if rate_chz else 1
        self._quarter += 0 if self.stalled else rate_chz * 4  # 100 000 = one pulse at 1 ms per tick
        readings.pulse_delta = self._quarter // 100_000
        self._quarter %= 100_000
        self._mark(readings.pulse_delta)
        if readings.pulse_delta:
            readings.pulse_age_ms = 0
        else:
            readings.pulse_age_ms = min(readings.pulse_age_ms + 1, 1000)

    def _mark(self, pulses: int) -> None:
        """Count on, with an index mark after each fourth pulse."""
        words = self.words
        words[place.TACH_COUNT] = words[place.TACH_COUNT] + pulses & 0xFFFF
        self._pulses += pulses
        if pulses:
            words[place.TACH_EDGE_US] = words[place.NOW_US]
        if self._pulses >= 4:
            self._pulses -= 4
            words[place.INDEX_COUNT] = words[place.INDEX_COUNT] + 1 & 0xFFFF
            words[place.INDEX_EDGE_US] = words[place.NOW_US]


class FakeTreatment:
    """A cheek at 1.00 mm and 100 Hz, with a fitting 12-pin cartridge."""

    facts = place.named(place.PLAN_FACTS)
    seat_generation = place.named(place.PLAN_SEATING)
    tethered = place.named(place.TETHERED)
    latch = place.named(place.LATCH)
    demo = place.named(place.DEMO)
    zone = place.named(place.ZONE)
    depth_um = place.named(place.ZONE_DEPTH_UM)
    rate_chz = place.named(place.ZONE_RATE_CHZ)
    override_reason = place.named(place.OVERRIDE)
    current_limit_ma = place.named(place.CARTRIDGE_MA)
    cartridge_depth_um = place.named(place.CARTRIDGE_UM)
    stop_reason = place.named(place.PLAN_STOP)

    def __init__(self, words: "array[int]") -> None:
        self.words = words
        self.facts = EVERYTHING
        self.seat_generation = 0
        self.tethered = 0
        self.latch = 1
        self.demo = 0
        self.zone = 6
        self.depth_um = 1000
        self.rate_chz = 10000
        self.override_reason = 0
        self.current_limit_ma = 500
        self.cartridge_depth_um = 2500
        self.stop_reason = 0


class Rig:
    """All of it, one tick at a time."""

    def __init__(self) -> None:
        self.readings = readings = Readings()
        readings.hall_code = 300
        readings.ntc_code = 2000
        readings.battery_percent = 80
        readings.seat = 1
        readings.home = 1
        self.chain = Chain()
        self.motion = FakeMotion(readings)
        self.words = readings.words
        self.treatment = FakeTreatment(self.words)
        self.pen = Supervisor(self.words, self.chain)
        self.force: dict[str, int] = {}
        self.noise = True  # no code of the converter stands still
        self.main_loop = True

    @property
    def state(self) -> int:
        return self.pen.state

    @property
    def fault(self) -> int:
        return self.pen.faults.current

    def step(self, ticks: int = 1) -> None:
        readings = self.readings
        for _ in range(ticks):
            readings.t_ms += 1
            readings.now_us = (readings.now_us + 1000) & 0x3FFFFFFF
            readings.tick_us = 1000
            self.chain.now_ms += 1
            self.chain.seat = self.force.get("seat", readings.seat)
            readings.enable_level = self.chain.level()
            self._force()
            if self.main_loop:
                requests.main_loop_lives(self.pen)
            if self.noise:
                self.words[place.HALL_LAST] = self.words[place.CURRENT_LAST] = -1
            supervise(self.words)
            if self.words[place.CLEAR_MOTION]:
                self.words[place.CLEAR_MOTION] = 0
                self.motion.clear()
            self.motion.step()
            self._force()
            self.chain.act(self.words)

    def _force(self) -> None:
        for field, value in self.force.items():
            setattr(self.readings, field, value)

    def step_until(self, state: int, limit: int = 3000) -> int:
        """Ticks until `state` is reached."""
        for tick in range(limit):
            if self.state == state:
                return tick
            self.step()
        raise AssertionError(
            f"{codes.STATE_NAMES[state]} not reached, but {codes.STATE_NAMES[self.state]}, "
            f"fault {self.fault}, facts {self.pen.conditions.word:b}"
        )

    def ticks_to_fault(self, limit: int) -> int:
        """Ticks until a fault is latched, `limit` + 1 if none is."""
        for tick in range(1, limit + 1):
            self.step()
            if self.fault:
                return tick
        return limit + 1

    def press(self) -> None:
        self.readings.button = 1

    def release(self) -> None:
        self.readings.button = 0

    def pass_self_test(self) -> None:
        requests.report_self_test(self.pen, True)

    # --- ways into each state -----------------------------------------------------------------

    def configured(self) -> "Rig":
        self.step(10)
        self.pass_self_test()
        self.step_until(codes.STATE_CONFIGURED)
        self.step(70)  # the stop path is proven meanwhile
        assert self.pen.conditions.word >> codes.COND_STOP_PATH_PROVEN & 1
        return self

    def armed(self) -> "Rig":
        self.configured()
        assert requests.arm(self.pen, False)[0] == codes.RESULT_OK
        self.step_until(codes.STATE_ARMED, 3)
        return self

    def positioning(self) -> "Rig":
        self.armed()
        self.press()
        self.step_until(codes.STATE_POSITIONING, 10)
        return self

    def running(self) -> "Rig":
        self.positioning()
        self.step_until(codes.STATE_RUNNING, 20)
        self.release()
        self.step(100)
        assert self.state == codes.STATE_RUNNING
        return self

    def parking(self) -> "Rig":
        self.running()
        requests.stop(self.pen, codes.STOP_HOST)
        self.step_until(codes.STATE_PARKING, 2)
        return self

    def in_state(self, state: int) -> "Rig":
        """A pen in `state`, by the way a person would take."""
        if state == codes.STATE_BOOT:
            self.step(2)
        elif state == codes.STATE_IDLE:
            self.readings.seat = 0
            self.step(10)
            self.pass_self_test()
            self.step_until(codes.STATE_IDLE)
        elif state == codes.STATE_CARTRIDGE_OK:
            self.treatment.facts &= ~(1 << codes.COND_ZONE_CHOSEN)
            self.step(10)
            self.pass_self_test()
            self.step_until(codes.STATE_CARTRIDGE_OK)
            self.step(70)
        elif state == codes.STATE_FAULT:
            self.configured()
            requests.fault(self.pen, codes.FAULT_STORAGE)
            self.step_until(codes.STATE_FAULT, 3)
        else:
            ways = {
                codes.STATE_CONFIGURED: self.configured,
                codes.STATE_ARMED: self.armed,
                codes.STATE_POSITIONING: self.positioning,
                codes.STATE_RUNNING: self.running,
                codes.STATE_PARKING: self.parking,
            }
            ways[state]()
        assert self.state == state
        return self
