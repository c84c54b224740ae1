"""One case: a pen in a state under a load meets a fault; a stop watch on the plant sees the rest.

What happens to the pen: it is brought into the state, the fault goes in and stays for a while, the
operator ends what still runs (button, then host, then the plug), the fault goes away, the thumb is
still where it was, goes up, and presses anew where a fault is shown. A thumb stays down for as long
as the needles shall run; with a latched plan it clicks instead. Everything measured is the plant's
truth; only the names of state, fault and stop are the pen's own word. Owns nothing that outlives a
case.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from hardware.simulator.twin import Twin
from host_controller.errors import PenError
from host_controller.replies import FaultEntry
from protocol import codes, texts
from tests.fault_injection import faults, states
from tests.fault_injection.bed import CLOCK_US, PULSES, Bed, Moment

CREEP_HZ = 20.0  # parking creeps at 6 Hz and no run is slower than 25
PAUSE_MS = 3  # without voltage for so long, a drive has ended
# At rest for so long, nothing more will happen: parking may wait 1.5 s for a stage that does not
# come, and nothing is seen of that once the cam is parked.
QUIET_MS = 1600
OPERATOR_MS = 2500  # for one way of stopping to work, parking's own 1.5 s included
AFTERWARDS_MS = 500
HOMING_MS = 2500  # for a stage that looks for its switch along the whole way
THINK_MS = 50  # between a fault in ARMED and the press that meets it
PRESS_MS = 150
TOO_DEEP_UM = states.DEPTH_UM + 150

THUMB, HOST, PLUG = "thumb", "host", "plug"


@dataclass(frozen=True)
class Case:
    """A fault in a state under a load; `phase` 0..99 is the hundredth of a turn, None = any.

    `latch`: with a latched plan, in which a press starts the needles and the next one stops them.
    """

    fault: str
    state: str
    load: str
    phase: int | None = None
    twin: str = "cpython"
    latch: bool = False

    @property
    def id(self) -> str:
        """Names the case in tables and on the command line."""
        words = [self.fault, self.state, self.load]
        if self.phase is not None:
            words.append(f"phase {self.phase}")
        if self.latch:
            words.append("latched")
        if self.twin != "cpython":
            words.append(self.twin)
        return "/".join(words)


@dataclass
class Outcome:
    """What a case came to. Times in ms; None = it never happened, or there was nothing to stop."""

    case: str
    fault: str
    state: str
    load: str
    twin: str
    latch: bool = False
    noticed_ms: float | None = None  # from the fault to the tick that latched it, by the pen's log
    off_ms: float | None = None  # from the fault to the end of the drive it met
    off_after_notice_ms: float | None = None
    cut_ms: float | None = None  # from the fault to the last moment with voltage on the motor
    still_ms: float | None = None  # from the end of the drive
    in_ms: float | None = None  # from the end of the drive until no needle stood out any more
    parked_ms: float | None = None
    strokes: int = 0  # after the fault
    strokes_noticed: int = 0  # after the tick that latched it
    strokes_too_deep: int = 0  # beyond what was granted and 0.15 mm
    deepest_um: float = 0.0  # protrusion at full extension
    ended_by: str = ""  # what the operator had to do, "" = the pen ended it by itself
    driven_again: int = 0  # ms of drive after everything had ended
    out_while_broken: bool = False  # all stands still, the fault is there, and a needle stands out
    out_at_end: bool = False
    said_in: bool = False  # the pen's own word: it senses its needles inside
    ended: int = -1  # state, likewise
    code: int = 0  # fault, likewise
    first: int = 0  # fault before the thumb was pressed anew
    logged: int = 0  # fault that the pen's history names first
    stop: int = 0
    sentence: str = ""
    firmware_error: str = ""

    def plain(self) -> dict[str, Any]:
        """As values for JSON."""
        return {
            key: round(value, 3) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }


def run(case: Case, twin: Twin | None = None) -> Outcome:
    """Run one case from the beginning."""
    fault = faults.BY_NAME[case.fault]
    load = next(load for load in states.LOADS if load.name == case.load)
    clock_us = pulses = 0
    if case.fault == faults.CLOCK_WRAPS:
        clock_us, pulses = _just_before_the_wrap(case, load)
    with _bed(case, load, twin, clock_us, pulses) as bed:
        bed.tethered = fault.tethered
        bed.latch = case.latch
        bed.rate_chz = states.RATE_CHZ if case.phase is None else states.UNEVEN_CHZ
        states.REACH[case.state](bed, load)
        if case.phase is not None:
            _wait_phase(bed, case.phase)
        return _Run(bed, case, fault).outcome


def _bed(
    case: Case, load: states.Load, twin: Twin | None, clock_us: int = 0, pulses: int = 0
) -> Bed:
    seed = sum(case.id.encode()) if case.phase is None else 1000 + case.phase
    parameters = states.parameters_of(load)
    return Bed(twin or case.twin, parameters, seed, load.pins, clock_us, pulses)


def _just_before_the_wrap(case: Case, load: states.Load) -> tuple[int, int]:
    """Counters at boot that wrap 5 ms after the state is reached: found out by a rehearsal."""
    with _bed(case, load, None) as bed:
        states.REACH[case.state](bed, load)
        lived_us = bed.plant.t_us - bed.bench._boot_us
        return CLOCK_US - lived_us - 5000, PULSES - bed.plant.tach_count - 3


def _wait_phase(bed: Bed, phase: int) -> None:
    """Live until the cam is in this hundredth of its turn."""
    for _ in range(2000):
        if int(bed.truth.theta / 6.283185307 * 100) % 100 == phase:
            return
        bed.live(1)
    raise TimeoutError(f"the cam is never in hundredth {phase} of its turn")


class _Run:
    """The part from the fault on."""

    def __init__(self, bed: Bed, case: Case, fault: faults.Fault) -> None:
        self.bed = bed
        self.fault = fault
        self.outcome = Outcome(case.id, case.fault, case.state, case.load, case.twin, case.latch)
        self._entries = -1  # number of the newest entry of the pen's history, before
        self._pen_ms = 0  # the pen's clock against the bench's
        self._boots = bed.bench.boots
        self._before()
        bed.record.keeping = True
        self.began_us = bed.plant.t_us
        self.strokes = bed.truth.strokes
        fault.put_in(bed)
        if case.state == states.START:
            bed.live(THINK_MS)
            bed.person.press()
        if case.latch:
            bed.live(PRESS_MS)
            bed.person.release()
        bed.live(max(fault.watch_ms, HOMING_MS if case.state == "boot" else 0))
        self._let_it_end()
        self._operator()
        self._measure(bed.record.moments)
        self._afterwards()

    def _before(self) -> None:
        bed = self.bed
        try:
            status = bed.status()
        except PenError:
            return
        self._pen_ms = bed.bench.now_ms - status.t_ms
        if self.outcome.state in codes.STATE_NAMES:
            assert status.state_name == self.outcome.state, status
        newest = bed.last_fault()
        self._entries = newest.number if newest else -1

    def _let_it_end(self) -> None:
        """Wait while something is still under way that ends by itself; a run does not."""
        for _ in range(OPERATOR_MS // 100):
            if self._at_rest() or self._is_running():
                return
            self.bed.live(100)

    def _operator(self) -> None:
        """End what still runs, first by the thumb, then by the host, then by the plug."""
        for way, act in ((THUMB, self._thumb), (HOST, self._stop), (PLUG, self._unplug)):
            if not self._is_running():
                return
            self.outcome.ended_by = way
            act()
            for _ in range(OPERATOR_MS // 100):
                self.bed.live(100)
                if self._at_rest():
                    break

    def _thumb(self) -> None:
        if self.outcome.latch:
            self._click()
        else:
            self.bed.person.release()

    def _click(self) -> None:
        """Press, and let go."""
        self.bed.person.press()
        self.bed.live(PRESS_MS)
        self.bed.person.release()

    def _stop(self) -> None:
        try:
            self.bed.pen.stop()
        except PenError:
            pass

    def _unplug(self) -> None:
        self.bed.bench.power_off()

    def _is_running(self) -> bool:
        """Needles are driven, or would be if they could turn."""
        return any(moment.driven for moment in self.bed.record.moments[-20:])

    def _at_rest(self) -> bool:
        """Nothing has moved or been driven for a while."""
        moments = self.bed.record.moments[-QUIET_MS:]
        calm = not any(m.driven or m.enable or not m.standing for m in moments)
        return calm and abs(moments[0].depth_um - moments[-1].depth_um) < 15.0

    # ---- what the stop watch says ----

    def _measure(self, moments: list[Moment]) -> None:
        out = self.outcome
        out.strokes = self.bed.truth.strokes - self.strokes
        out.deepest_um = max(m.depth_um for m in moments)
        out.strokes_too_deep = sum(
            after.strokes - before.strokes
            for before, after in pairwise(moments)
            if after.depth_um > TOO_DEEP_UM
        )
        driven = [m.t_us for m in moments if m.driven]
        if driven:
            out.cut_ms = (driven[-1] - self.began_us) / 1000
        if out.state != states.RUNNING:
            return
        off_us = drive_ended_us(moments, self.began_us)
        out.off_ms = (off_us - self.began_us) / 1000
        later = [m for m in moments if m.t_us >= off_us]
        out.still_ms = _first(later, off_us, lambda m: m.standing)
        out.parked_ms = _first(later, off_us, lambda m: m.parked)
        shown = [m.t_us for m in later if m.exposed]
        out.out_while_broken = moments[-1].exposed
        out.in_ms = None if out.out_while_broken else (max(shown, default=off_us) - off_us) / 1000

    # ---- and what happens once it is over ----

    def _afterwards(self) -> None:
        bed, out = self.bed, self.outcome
        mark = len(bed.record.moments)
        self.fault.take_out(bed)
        bed.bench.faults.supply_cut = False
        bed.live(AFTERWARDS_MS)
        bed.person.release()
        bed.live(50)
        for _ in range(OPERATOR_MS // 100):
            if self._at_rest():
                break
            bed.live(100)
        status = bed.greet()
        out.first = status.fault if status else 0
        if status is not None and status.state == codes.STATE_FAULT:
            self._click()
            bed.live(50)
            status = bed.greet()
        out.driven_again = sum(abs(m.rate_hz) > CREEP_HZ for m in bed.record.moments[mark:])
        out.out_at_end = bed.truth.exposed
        out.firmware_error = bed.bench.firmware_error or ""
        if status is None:
            return
        out.ended, out.code, out.stop = status.state, status.fault, status.stop_reason
        out.said_in = status.needles_in
        new = [entry for entry in bed.pen.faults() if entry.number > self._entries]
        if new:
            self._noticed(new[-1])
        if out.code or out.logged:
            out.sentence = texts.FAULT_TEXTS[out.code or out.logged][1]
        elif out.stop:
            out.sentence = texts.STOP_TEXTS[out.stop][0]

    def _noticed(self, entry: FaultEntry) -> None:
        """When the pen saw it, by its own history; a stopped or restarted clock tells nothing."""
        out = self.outcome
        out.logged = entry.fault
        boots = self._boots + (out.ended_by == PLUG)
        latched_us = (entry.t_ms + self._pen_ms) * 1000
        if self.fault.dead or self.bed.bench.boots != boots or latched_us <= self.began_us:
            return
        out.noticed_ms = (latched_us - self.began_us) / 1000
        if out.off_ms is not None:
            out.off_after_notice_ms = max(0.0, out.off_ms - out.noticed_ms)
        before = [m.strokes for m in self.bed.record.moments if m.t_us <= latched_us]
        out.strokes_noticed = self.strokes + out.strokes - before[-1] if before else 0


def drive_ended_us(moments: list[Moment], began_us: int) -> int:
    """When the run that went on at `began_us` was no longer driven.

    A drive ends where it pauses for 3 ms; what creeps afterwards is parking, what turns faster
    than parking does is still the run.
    """
    ended_us = began_us
    pause = 0
    first = True
    for moment in moments:
        if moment.driven:
            pause = 0
            if first or abs(moment.rate_hz) > CREEP_HZ:
                ended_us = moment.t_us
        else:
            pause += 1
            first = first and pause < PAUSE_MS
    return ended_us


def _first(moments: list[Moment], since_us: int, holds: Any) -> float | None:
    for moment in moments:
        if holds(moment):
            return max(0.0, (moment.t_us - since_us) / 1000)
    return None
