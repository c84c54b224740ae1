"""Nothing starts unless somebody wants it now: a press of its own, and an arming that still holds.

Like `invariants.py` written from the outside, with each limit restated by hand. What ends an arming
is taken from where it happens: the cable, the cartridge, the pen's own words. What only the pen can
know, such as a dose that is reached, is left out. Owns what the promise has to remember.
"""

from hardware.simulator.bench import Bench
from tests.campaign.host import NEVER_MS, HostView
from tests.campaign.invariants import (
    BACKLOG_MS,
    FAST_HZ,
    LEASE_MS,
    OUT_UM,
    PRESS_MS,
    Hold,
    Promise,
    both_barriers_broken,
    needle_out,
)

RUNS_MS = 40  # a broken bridge may turn the cam, needles in, while the line is tested for 20 ms
AT_BOOT_MS = 30  # the stage's coils take hold of a rotor that stood between their poles: 0.04 mm
PRESS_LASTS_MS = 1700  # a press may lead to a run for 1.5 s of positioning
HELD_MS = 950  # a hold of 1 s arms a plan that needs no host, once,
HELD_SEEN_MS = 1150  # and the main loop looks every 20 ms
UNSEATED_MS = 8  # 5 ms of debounce, and a tick each way
EXPIRES_MS = 30_000 + 50  # an arming, unused
PARKED_MS = 1500  # a run may take so long to end in ARMED
ENDED_MS = 100  # without motion a run has ended,
UNDRIVEN_MS = ENDED_MS + 300  # unless its motor has no wire: a rate too low may last 300 ms


class Arming:
    """When the pen was armed last, and when no arming held any more for sure."""

    def __init__(self, bench: Bench, host: HostView) -> None:
        self.bench = bench
        self.host = host
        self.booted_ms = bench.now_ms
        self._boots = bench.boots
        self._gone_ms = bench.now_ms
        self._since = "its reset"
        self._by_hand_ms = NEVER_MS
        self._main_held = False  # during this hold the main loop hung
        self._bytes = 0
        self._silent_ms = 0
        self._unseated_ms = 0

    def _ends(self, at_ms: int, why: str) -> None:
        if at_ms > self._gone_ms:
            self._gone_ms, self._since = at_ms, why

    def step(self, held_ms: int) -> None:
        """One millisecond with the button held for so long."""
        bench, host = self.bench, self.host
        now_ms = bench.now_ms
        if bench.boots != self._boots:
            self._boots = bench.boots
            self.booted_ms = now_ms
            self._ends(now_ms, "its reset")
        self._main_held = held_ms > 0 and (self._main_held or bench.hold_main)
        if held_ms >= HELD_MS and (held_ms <= HELD_SEEN_MS or self._main_held):
            self._by_hand_ms = now_ms
        arrived = bench.host.to_pen.bytes_out
        self._silent_ms = 0 if arrived != self._bytes else self._silent_ms + 1
        self._bytes = arrived
        if self._silent_ms > LEASE_MS + BACKLOG_MS and host.all_tethered():
            self._ends(now_ms, "its lease was lost")
        self._unseated_ms = 0 if bench.plant.seat else self._unseated_ms + bench.ticks
        if self._unseated_ms > UNSEATED_MS:
            self._ends(now_ms, "its cartridge was taken out")
        self._ends(host.disarmed_ms, "it was told to stop")
        if host.fault_boots == self._boots:
            self._ends(self.booted_ms + host.fault_t_ms, "it told a fault")

    def lacks(self, rested_ms: int) -> str:
        """Why a press cannot start a run now, after one that ended at `rested_ms`; "" if it can.

        What ends an arming after the press ends a run: that is another promise's.
        """
        armed_ms = self.host.arm_done_ms
        if not self.host.all_tethered():
            armed_ms = max(armed_ms, self._by_hand_ms)
        if armed_ms < self._gone_ms:
            return f"nobody has armed the pen since {self._since}"
        if self.bench.now_ms > max(armed_ms, rested_ms + PARKED_MS) + EXPIRES_MS:
            return "its arming had expired"
        return ""


class ButtonFirst(Promise):
    """Needles never come out or run unless the pen's button was pressed for it, and the pen armed
    since whatever ended its last arming: by the host, or by a long hold of the button.
    """

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._boots = bench.boots
        self._arming = Arming(bench, host)
        self._down = Hold()
        self._seen = Hold()  # by a tick that runs
        self._pressed_ms = NEVER_MS
        self._lacks = ""  # when it was pressed
        self._seated = bench.plant.cartridge is not None
        self._on = bench.truth.tip_um > 0.0  # needles are out or run
        self._on_ms = NEVER_MS  # when they last did
        self._runs_ms = 0
        self._off_ms = 0
        self._wired = True  # while they did not
        self._since_reset = self._on  # they have been out since before the reset
        self.starts = 0

    def step(self) -> None:
        """Follow the button; judge the moment in which something begins."""
        bench, plant = self.bench, self.plant
        if bench.boots != self._boots:
            self._boots = bench.boots
            self._since_reset = self._on
            self._pressed_ms = NEVER_MS
        self._down.step(plant.button)
        self._arming.step(min(self._down.ms, bench.now_ms - self._arming.booted_ms))
        if bench.ticks:
            self._seen.step(plant.button)
            if self._seen.ms == PRESS_MS:
                self._pressed_ms = bench.now_ms
                self._lacks = self._arming.lacks(self._on_ms)
        driven = plant.truth.driven and abs(plant.truth.rate_hz) > FAST_HZ
        self._runs_ms = self._runs_ms + 1 if driven else 0
        out = needle_out(bench)
        runs = self._runs_ms > RUNS_MS or (driven and plant.truth.depth_um > OUT_UM)
        put_in = plant.cartridge is not None and not self._seated
        self._seated = plant.cartridge is not None
        if not self._on and (runs or out):
            self._on = True
            if runs or not put_in:  # else somebody put needles onto a stage that stood out
                self._begins()
        elif self._on and self._since_reset and runs:
            self.breaks("the motor runs again after a reset")
        if runs or out:
            self._on_ms = bench.now_ms
        if self._on and not runs and not out:
            self._off_ms += 1
            self._wired = self._wired and not bench.faults.bridge_open
            if self._off_ms >= (ENDED_MS if self._wired else UNDRIVEN_MS):
                self._on = self._since_reset = False
        else:
            self._off_ms = 0
            self._wired = True

    def _begins(self) -> None:
        bench = self.bench
        if bench.plant.truth.stage_slips and not bench.plant.truth.driven:
            return  # a knock threw the stage out; no part of the pen moved it
        if bench.faults.supply_cut:
            return  # nothing can start; what still turns runs down
        if bench.now_ms - self._arming.booted_ms < AT_BOOT_MS and not bench.plant.truth.driven:
            return  # the coils take hold
        if both_barriers_broken(bench) and not needle_out(bench):
            return  # the stage, the third, holds the needles in
        self.starts += 1
        if bench.faults.button_bouncing:
            # Which of its closings the pen took for the press is anybody's guess.
            self._lacks = self._arming.lacks(self._on_ms)
        if bench.now_ms - self._pressed_ms > PRESS_LASTS_MS:
            self.breaks("needles start and nobody has pressed the button")
        elif self._pressed_ms <= self._on_ms:
            self.breaks("needles start again and nobody has pressed the button again")
        elif self._lacks:
            self.breaks(f"needles start and {self._lacks}")
