"""What must hold of the line, the plans and the broken senses, in every run.

Like `invariants.py` written from the outside, with each limit restated by hand; these look at one
part each. Owns what each promise has to remember.
"""

from collections.abc import Callable

from hardware.plant.pen import Pen
from hardware.simulator.bench import Bench
from tests.campaign.host import HostView
from tests.campaign.invariants import FAST_HZ, OUT_UM, Promise
from tests.campaign.script import PlanSketch

# Depth that no plan exceeds, that a nano tip does not, that needs no reason, and the least.
DEEPEST_UM, NANO_UM, PLAIN_UM, LEAST_UM = 2500, 500, 1500, 50
# By zone: deepest without a reason, deepest with one, slowest and quickest in 0.01 Hz.
ALLOWED = {
    "forehead": (750, 1500, 5000, 12000),
    "periorbital": (500, 750, 5000, 10000),
    "nose": (500, 750, 5000, 15000),
    "cheek": (1500, 2000, 8000, 15000),
    "chin": (1000, 1500, 5000, 15000),
    "neck": (1000, 1500, 5000, 15000),
    "body-scar": (1500, 2500, 5000, 15000),
}
PROOF_MS = 40  # the stop path is proven with the line up for a few ms at a time
PASSAGE_MS = 1600  # a passage may take 1.5 s, and so may parking


def _beyond(code: int | None, low: int, high: int) -> bool:
    return code is not None and not low < code < high


def _tach_wrong(plant: Pen) -> bool:
    """No pulse is right for a motor that nothing drives."""
    return bool(plant.faults.tach_lost and plant.enable_level)


def _ntc_wrong(plant: Pen) -> bool:
    faults = plant.faults
    if faults.ntc_code is not None:
        return _beyond(faults.ntc_code, 140, 4010)
    return bool(faults.ntc_open or faults.ntc_shorted)


# What no sense that works can say, and in how many ms it must have ended a run: the time of the
# limit, and what parking may take until the needles are in.
SENSES: tuple[tuple[str, int, Callable[[Pen], bool]], ...] = (
    ("the tachometer", 300, _tach_wrong),
    ("the thermistor", 400, _ntc_wrong),
    ("the current", 300, lambda plant: _beyond(plant.faults.current_code, -1, 4095)),
    ("the Hall sensor", 300, lambda plant: _beyond(plant.faults.hall_code, 30, 3950)),
    ("the battery's divider", 400, lambda plant: _beyond(plant.faults.battery_code, 1000, 4095)),
)


class PlansWithinLimits(Promise):
    """The pen takes no plan that goes beyond a limit, whatever the host sends."""

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._seen = 0

    def step(self) -> None:
        """Look at each plan once, when the pen has taken it."""
        taken = self.host.taken
        while self._seen < len(taken):
            plan = taken[self._seen]
            self._seen += 1
            for row in plan.rows:
                said = _too_much(plan, row)
                if said:
                    self.breaks(f"took a plan with {said} in {row[0]}")


def _too_much(plan: PlanSketch, row: tuple[str, int, int, int, int, int, int]) -> str:
    zone, depth_um, rate_chz, _, _, _, reason = row
    cap_um, most_um, low_chz, high_chz = ALLOWED[zone]
    if not LEAST_UM <= depth_um <= min(most_um if reason else cap_um, DEEPEST_UM):
        return f"{depth_um} um"
    if depth_um > PLAIN_UM and not reason:
        return f"{depth_um} um without a reason"
    if plan.pins == 0 and depth_um > NANO_UM:
        return f"{depth_um} um of a nano tip"
    if not low_chz <= rate_chz <= high_chz:
        return f"{rate_chz / 100} Hz"
    return ""


class LineDown(Promise):
    """Drive-enable is up only for a start, a run and its end, and for proofs of a few ms."""

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._up_ms = 0
        self._reason_ms = -(1 << 30)  # when there was a reason for it

    def step(self) -> None:
        """A press is a reason for as long as a passage may take; so are needles that run."""
        bench, plant = self.bench, self.plant
        faults = bench.faults
        runs = plant.truth.driven and abs(plant.truth.rate_hz) > FAST_HZ
        pressed = plant.button and faults.button_stuck is None
        if pressed or runs or faults.button_stuck or faults.button_bouncing:
            self._reason_ms = bench.now_ms
        broken = faults.countdown_stuck or faults.enable_sense_stuck is not None
        self._up_ms = self._up_ms + 1 if plant.enable_level and not broken else 0
        if self._up_ms > PROOF_MS and bench.now_ms - self._reason_ms > 2 * PASSAGE_MS:
            self.breaks(f"drive-enable is up for {self._up_ms} ms without a reason")


class SensesBelieved(Promise):
    """No run goes on while a sense that protects says what cannot be."""

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._wrong_ms: dict[str, int] = {}

    def step(self) -> None:
        """How long each sense has been wrong, and whether the pen still runs."""
        faults = self.bench.faults
        wrong = self._wrong_ms
        if not faults.active:
            wrong.clear()
            return
        truth = self.plant.truth
        runs = truth.driven and abs(truth.rate_hz) > FAST_HZ and truth.depth_um > OUT_UM
        seen = not faults.adc_frozen and not faults.tach_noise_hz
        for name, limit_ms, is_wrong in SENSES:
            wrong[name] = wrong.get(name, 0) + 1 if seen and is_wrong(self.plant) else 0
            if runs and wrong[name] > limit_ms and not self.bench.hold_tick:
                self.breaks(f"runs {wrong[name]} ms after {name} went wrong")


class CausesStay(Promise):
    """The fault of the temperature sensor is not cleared while its wire is open or shorted."""

    FAULT = 32
    SURE_MS = 300

    def __init__(self, bench: Bench, host: HostView) -> None:
        super().__init__(bench, host)
        self._there_ms = 0
        self._seen = 0

    def step(self) -> None:
        """Compare the pen's word with the plant."""
        faults = self.bench.faults
        there = _ntc_wrong(self.plant) and not faults.adc_frozen
        self._there_ms = self._there_ms + 1 if there else 0
        told = self.host.told
        while self._seen < len(told) - 1:
            before, after = told[self._seen], told[self._seen + 1]
            self._seen += 1
            restarted = after.boots != before.sent_in or after.t_ms < before.t_ms
            cleared = before.fault == self.FAULT and not after.fault and not restarted
            if cleared and self._there_ms > self.SURE_MS:
                self.breaks("the sensor's fault was cleared while the sensor is broken")


PART_PROMISES = (PlansWithinLimits, LineDown, SensesBelieved, CausesStay)
