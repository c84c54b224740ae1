"""What must hold in every run, whatever breaks and whoever errs.

Written from the outside: from the plant's truth, from what the host asked and was told, and from
the pen's own record read back through the wire. Nothing of the firmware is imported or asked, and
every limit is restated by hand. Each class watches one promise and owns what it has to remember.
"""

from dataclasses import dataclass

from hardware.simulator.bench import Bench
from protocol import codes
from tests.campaign.host import HostView

OUT_UM = 150.0  # beyond the nose; homing may push the stage out by 0.12 mm, if its switch is broken
FAST_HZ = 20.0  # no run is slower than 25 Hz, parking creeps at 6 Hz
PRESS_MS = 4  # a press is 5 ms of contact; one of 4 may have been 5 to the pen
BOUNCE_MS = 5  # a contact that opens for less has not been let go
HOLD_ARMS_MS = 950  # a hold of 1 s arms a plan that needs no host
TOO_DEEP_UM = 150.0
RELEASE_MS = 9  # 5 ms of debounce, bounces of 2, and a tick each way
LEASE_MS = 256  # 250 ms, and the ways there and back
SURE_MS = 7  # of contact or of none: no debounce of 5 ms overlooks it
STUCK_MS = 10_050 + 1500  # a button held for 10 s of a latched run is stuck; 1.5 s of positioning
REST_MS = 20  # without drive for so long, a run is over
BACKLOG_MS = 16  # 4096 bytes may wait in the pen's line, of which it takes 256 in a pass
KNOCKED_STROKES = 8  # thrown outwards: 50 ms at 160 Hz until that is seen and the motor stands
KNOCK_UM = 40.0  # outwards in a millisecond; the stage's own way is 20
ALLOWED_OFF_MS = 5  # after the pen itself has said that it stopped
STUCK_SEEN_MS = 30  # from rest to a rate that no creep has, then 20 ms of that
BRAKED_SEEN_MS = 80  # to a rate that 50 ms of braking do not leave, then 20 ms of that
DEAD_MS = 5.0  # countdown of the drive-enable line
WATCHDOG_MS = 20.0  # and of the watchdog behind it
# What no acknowledgement clears: where the stage is, that the motor obeys and that it can be cut.
BY_POWER = (
    codes.FAULT_HOMING,
    codes.FAULT_MOTION_UNCOMMANDED,
    codes.FAULT_ENABLE,
    codes.FAULT_INTERNAL,
    codes.FAULT_OUTPUT,
)


@dataclass(frozen=True)
class Broken:
    """A promise was not kept."""

    promise: str
    at_ms: int
    said: str

    def __str__(self) -> str:
        return f"{self.at_ms} ms: {self.promise}: {self.said}"


class Promise:
    """One invariant; `step` after every millisecond, `end` once."""

    def __init__(self, bench: Bench, host: HostView) -> None:
        self.bench = bench
        self.plant = bench.plant
        self.host = host
        self.broken: Broken | None = None

    def breaks(self, said: str) -> None:
        """The first time counts."""
        if self.broken is None:
            self.broken = Broken(type(self).__name__, self.bench.now_ms, said)

    def step(self) -> None:
        """One millisecond has passed."""


class Hold:
    """For how long a thumb has held the button: once pressed, short openings are bounces."""

    def __init__(self) -> None:
        self.ms = 0
        self._open_ms = 0

    def step(self, closed: bool) -> None:
        """One millisecond of the contact."""
        self._open_ms = 0 if closed else self._open_ms + 1
        bounces = self.ms >= PRESS_MS and self._open_ms < BOUNCE_MS
        self.ms = self.ms + 1 if closed or bounces else 0


def needle_out(bench: Bench) -> bool:
    """A tip stands beyond the nose, more than play explains."""
    return bench.plant.cartridge is not None and bench.truth.tip_um > OUT_UM


def both_barriers_broken(bench: Bench) -> bool:
    """The bridge drives whatever it is told, and its enable line no longer falls: in hardware."""
    return bench.faults.pwm_stuck is not None and bool(bench.faults.countdown_stuck)


class NotTooDeep(Promise):
    """No two strokes in a row go 0.15 mm beyond what was granted.

    When a knock throws the stage outwards, no pen can know before the next stroke: a few,
    until the motor stands.
    """

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._strokes = 0
        self._deep = 0
        self._slips = 0
        self._depth_um = self.bench.truth.depth_um
        self._knocked_at = -KNOCKED_STROKES  # strokes then
        self.deepest_um = 0.0  # of the excess, in any stroke

    def step(self) -> None:
        """Judge the strokes of this millisecond by the depth they had."""
        truth = self.bench.truth
        if truth.stage_slips != self._slips:
            self._slips = truth.stage_slips
            if truth.depth_um - self._depth_um > KNOCK_UM:
                self._knocked_at = truth.strokes
        self._depth_um = truth.depth_um
        new = truth.strokes - self._strokes
        if not new:
            return
        self._strokes = truth.strokes
        excess_um = truth.depth_um - self.host.granted_um()
        if self.plant.cartridge is None or truth.depth_um < OUT_UM:
            return
        self.deepest_um = max(self.deepest_um, excess_um)
        if excess_um <= TOO_DEEP_UM:
            self._deep = 0
            return
        self._deep += new
        if self._deep > 1 and truth.strokes - self._knocked_at > KNOCKED_STROKES:
            self.breaks(f"{self._deep} strokes in a row {excess_um:.0f} um deeper than granted")


class PressedAgain:
    """For how long the button has been down since a press while needles ran: it ends a latched
    run. Only what the pen cannot miss counts: pressed for 5 ms, after as long a pause, with its
    tick alive.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.ms = 0  # since the contact closed; 0: it has not, or the run is over
        self._closed_ms = 0
        self._open_ms = 0
        self._rest_ms = 0
        self._counts = False

    def step(self, runs: bool) -> None:
        """One millisecond."""
        bench = self.bench
        closed = bench.plant.button
        self._rest_ms = 0 if runs else self._rest_ms + 1
        if self._rest_ms > REST_MS or bench.hold_tick or bench.hold_all:
            self.ms = self._open_ms = self._closed_ms = 0
            self._counts = False
            return
        if closed:
            if self._closed_ms == 0:
                self._counts = self._open_ms >= SURE_MS
            self._closed_ms += 1
            self._open_ms = 0
        else:
            self._open_ms += 1
            self._closed_ms = 0
        if self.ms:
            self.ms += 1
        elif self._counts and self._closed_ms >= SURE_MS:
            self.ms = self._closed_ms


class DriveOff(Promise):
    """The motor is not driven when it should be off, for each reason that the outside can see."""

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._up_ms = 0  # the button's contact has been open for so long
        self._down = Hold()
        self._held_ms = -(1 << 30)  # when it was last held long enough to arm
        self._dead_ms = 0  # no Python has run
        self._cut_ms = 0  # there has been no supply
        self._silent_ms = 0  # no byte has come to the pen
        self._bytes = 0
        self._tip_um = 0.0
        self._stuck_ms = 0  # the bridge has driven whatever it is told
        self._patience_ms = 0  # longer than the limit, for that
        self._again = PressedAgain(bench)
        self.off_ms_max = 0.0  # after a death, until the drive was off

    def step(self) -> None:
        """Look at every reason."""
        bench, plant = self.bench, self.plant
        faults = bench.faults
        driven = plant.truth.driven
        runs = driven and abs(plant.truth.rate_hz) > FAST_HZ
        if driven and plant.cartridge is None:
            self.breaks("driven without a cartridge")
        self._cut_ms = self._cut_ms + 1 if faults.supply_cut else 0
        # What the motor rail holds a stuck duty can take while a stuck line lets it.
        if driven and self._cut_ms > (WATCHDOG_MS if faults.countdown_stuck else 0):
            self.breaks(f"driven {self._cut_ms} ms after the supply was cut")
        dead = bench.hold_all or bench.hold_tick
        self._dead_ms = self._dead_ms + 1 if dead else 0
        if dead and driven:
            self.off_ms_max = max(self.off_ms_max, float(self._dead_ms))
            if self._dead_ms > (WATCHDOG_MS if faults.countdown_stuck else DEAD_MS) + 1:
                self.breaks(f"driven {self._dead_ms} ms after the interpreter stopped")
        self._up_ms = 0 if plant.button else self._up_ms + 1
        self._down.step(plant.button)
        if self._down.ms >= HOLD_ARMS_MS:
            self._held_ms = bench.now_ms
        arrived = bench.host.to_pen.bytes_out
        self._silent_ms = 0 if arrived != self._bytes else self._silent_ms + 1
        self._bytes = arrived
        # The way home may be quick; only a tip that comes out makes it a run.
        tip_um = plant.truth.tip_um
        self._again.step(runs and plant.truth.depth_um > self._out_um())
        stuck = faults.pwm_stuck is not None and plant.enable_level
        self._stuck_ms = self._stuck_ms + 1 if stuck else 0
        unseen = 0 < self._stuck_ms <= STUCK_SEEN_MS
        self._patience_ms = BRAKED_SEEN_MS if stuck else 0
        by_itself = faults.driver_short or both_barriers_broken(bench) or unseen
        # Whatever slows the motor drives it no more: the current flows against the turning.
        slowed = plant.truth.current_a * plant.truth.rate_hz < 0
        comes_out = self._out_um() < tip_um > self._tip_um
        if runs and comes_out and not by_itself and not slowed:
            self._run_goes_on()
        self._tip_um = tip_um

    def _out_um(self) -> float:
        """A tip beyond this is out: in a run that is hardly deeper than play, half of its depth."""
        return min(OUT_UM, self.host.granted_um() / 2) or OUT_UM

    def _run_goes_on(self) -> None:
        """Needles run: button, lease and the pen's own words have to allow it.

        A shorted transistor drives by itself until a rule of its own has seen that, and so does a
        bridge whose line is stuck as well; the matrix of faults has the times. One whose duty is
        stuck drives while parking has it enabled, until a rate is seen that braking does not leave.
        """
        patience_ms = self._patience_ms
        if self._up_ms > RELEASE_MS + patience_ms and self.host.all_hold():
            self.breaks(f"runs {self._up_ms} ms after the button was let go")
        if self._down.ms > STUCK_MS and self.host.all_latch():
            self.breaks(f"runs with the button held for {self._down.ms} ms")
        if self._again.ms > RELEASE_MS + patience_ms and self.host.all_latch():
            self.breaks(f"runs {self._again.ms} ms after the button was pressed again")
        if self._silent_ms > LEASE_MS + BACKLOG_MS + patience_ms and self.host.all_tethered():
            self.breaks(f"runs {self._silent_ms} ms after the host's last byte")
        now_ms = self.bench.now_ms
        host = self.host
        since_ms = now_ms - host.stopped_ms
        armed_ms = host.arm_asked_ms
        if not host.all_tethered():
            armed_ms = max(armed_ms, self._held_ms)
        if ALLOWED_OFF_MS + patience_ms < since_ms < 1 << 20 and armed_ms < host.stopped_ms:
            self.breaks(f"runs {since_ms} ms after it acknowledged a stop")
        if host.fault and now_ms - host.fault_ms > ALLOWED_OFF_MS + patience_ms:
            self.breaks(f"runs {now_ms - host.fault_ms} ms after it told fault {host.fault}")


def grave(fault: int) -> int:
    """What takes the place of what: exposed needles of other faults, lasting ones of those."""
    return 3 if fault in BY_POWER else 1 + (fault == codes.FAULT_WITHDRAW) if fault else 0


class FaultsStay(Promise):
    """A fault that the pen has told stays told until somebody acknowledges it or it restarts; only
    a graver one may take its place. What only new power may clear is cleared by nobody.
    """

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._seen = 0

    def step(self) -> None:
        """Compare each word with the one before."""
        told = self.host.told
        while self._seen < len(told) - 1:
            before, after = told[self._seen], told[self._seen + 1]
            self._seen += 1
            restarted = after.boots != before.sent_in or after.t_ms < before.t_ms
            cleared_ms, cleared = self.host.cleared
            asked = cleared == before.fault and cleared_ms >= before.now_ms
            if not before.fault or after.fault == before.fault or restarted:
                continue
            if before.fault in BY_POWER:
                self.breaks(f"fault {before.fault} became {after.fault} without new power")
            elif not asked and grave(after.fault) <= grave(before.fault):
                self.breaks(f"fault {before.fault} became {after.fault} by itself")


PROMISES = (NotTooDeep, DriveOff, FaultsStay)
