"""How a pen gets into each of its states, and the loads under which it meets its faults there.

Data and recipes; every recipe begins with a booted pen. Owns no state.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.plant.bridge import DRIVE
from hardware.plant.parameters import Parameters, replace
from protocol import codes
from tests.fault_injection.bed import Bed
from tests.system.harness import TODAY, plan_image, row

DEPTH_UM = 1000
RATE_CHZ = 10_000
UNEVEN_CHZ = 9_700  # does not fit into milliseconds, so that in a second every phase is met
ZONE = "cheek"  # stiffness 1: the forces below are what one needle meets


@dataclass(frozen=True)
class Load:
    """What the needles meet."""

    name: str
    pins: int
    force_n: float  # of one needle breaking through; 0 = held in the air
    said: str


LOADS = (
    Load("free", 12, 0.0, "in the air"),
    Load("skin", 12, 0.055, "12 needles of 0.055 N"),
    Load("scar", 36, 0.15, "36 needles of 0.15 N"),
)


def parameters_of(load: Load) -> Parameters:
    """A nominal pen over skin of this load."""
    nominal = Parameters()
    if not load.force_n:
        return nominal
    return replace(nominal, skin=replace(nominal.skin, force_per_needle_n=load.force_n))


def _boot(bed: Bed, load: Load) -> None:
    """In the middle of homing: it takes about 0.35 s."""
    bed.bench.restart()
    bed.bench.advance(60)


def _idle(bed: Bed, load: Load) -> None:
    bed.plant.remove()
    bed.wait_state(codes.STATE_IDLE)


def _cartridge_ok(bed: Bed, load: Load) -> None:
    bed.pen.set_clock(TODAY)
    bed.wait_state(codes.STATE_CARTRIDGE_OK)


def _configured(bed: Bed, load: Load) -> None:
    """With a plan in which the thumb stays down while needles run, or with a latched one."""
    image = plan_image(
        [row(ZONE, DEPTH_UM, bed.rate_chz)], latch=bed.latch, tethered=bed.tethered, pins=load.pins
    )
    bed.configure(image, ZONE)
    if load.force_n:
        bed.person.touch(ZONE)


def _armed(bed: Bed, load: Load) -> None:
    _configured(bed, load)
    bed.arm()


def _positioning(bed: Bed, load: Load) -> None:
    """The stage is on its way out."""
    _armed(bed, load)
    bed.person.press()
    bed.wait_plant(lambda plant: plant.truth.depth_um > 300.0, 1000)


def _running(bed: Bed, load: Load) -> None:
    """At full rate; the cam's phase is left to the seed of the bed."""
    _armed(bed, load)
    bed.start()
    if bed.latch:
        bed.person.release()
    bed.live(350 + bed.seed % 10)


def _parking(bed: Bed, load: Load) -> None:
    """The brake has just gone on."""
    _running(bed, load)
    stop = bed.person.press if bed.latch else bed.person.release
    stop()
    bed.wait_plant(lambda plant: plant.bridge != DRIVE, 100)


def _fault(bed: Bed, load: Load) -> None:
    """A fault is latched already: the cartridge came loose for 30 ms while armed."""
    _armed(bed, load)
    bed.live(100)  # the used mark is written and read back
    bed.bench.faults.cartridge_out_ms = 30.0
    bed.wait_state(codes.STATE_FAULT)
    bed.live(300)


# In the words of `protocol.codes.STATE_NAMES`, and START: the fault is there before the button is
# pressed, so the pen meets it on its whole way from standstill.
START = "start"
RUNNING = "running"
REACH: dict[str, Callable[[Bed, Load], None]] = {
    "boot": _boot,
    "idle": _idle,
    "cartridge ok": _cartridge_ok,
    "configured": _configured,
    "armed": _armed,
    START: _armed,
    "positioning": _positioning,
    RUNNING: _running,
    "parking": _parking,
    "fault": _fault,
}

FIRST_FAULT = codes.FAULT_CARTRIDGE_LOST  # of the state FAULT above
