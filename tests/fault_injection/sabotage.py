"""What breaks outside the plant: cable, interpreter, and the few faults that move. Owns no state.

Each function does its damage to one bed; what it must put back is kept there.
"""

from collections.abc import Callable
from typing import Any

from hardware.simulator.calls import RESET_POWER_ON, RESET_WATCHDOG
from tests.fault_injection.bed import Bed

DELAY_MS = 400  # beyond the lease of 250
JITTER_MS = 300
FLOOD_BYTES = 500  # a millisecond
COLLECTION_MS = 200


class Broken(Exception):
    """Raised in the firmware on purpose."""


def nothing(bed: Bed) -> None:
    """It passes by itself, or it does not."""


# --- cable ---


def silence(bed: Bed) -> None:
    for way in (bed.bench.host.to_pen, bed.bench.host.to_host):
        way.fault.silent = True


def delay(bed: Bed) -> None:
    for way in (bed.bench.host.to_pen, bed.bench.host.to_host):
        way.fault.delay_ms = DELAY_MS


def corrupt(bed: Bed) -> None:
    for way in (bed.bench.host.to_pen, bed.bench.host.to_host):
        way.fault.corrupt_ppm = 10_000


def jitter(bed: Bed) -> None:
    """Another delay every 20 ms; bytes never overtake each other."""

    def shake(bed: Bed) -> None:
        if bed.bench.now_ms % 20 == 0:
            for way in (bed.bench.host.to_pen, bed.bench.host.to_host):
                way.fault.delay_ms = bed.random.randrange(JITTER_MS)

    bed.each_ms.append(shake)


def flood(bed: Bed) -> None:
    """Another program writes noise into the port."""
    bed.each_ms.append(lambda bed: bed.bench.host_write(bed.random.randbytes(FLOOD_BYTES)))


def sound(bed: Bed) -> None:
    """The cable is good again, and what was in flight is gone."""
    bed.each_ms.clear()
    for way in (bed.bench.host.to_pen, bed.bench.host.to_host):
        way.fault.clear()
        way.drop_all()


def unplug(bed: Bed) -> None:
    bed.bench.unplug()


def plug(bed: Bed) -> None:
    bed.bench.plug()


# --- plant, over time ---


def hall_creeps(bed: Bed) -> None:
    """1 um every ms until it is 300 um off."""

    def creep(bed: Bed) -> None:
        faults = bed.bench.faults
        faults.hall_drift_um = min(faults.hall_drift_um + 1.0, 300.0)

    bed.each_ms.append(creep)


def hall_back(bed: Bed) -> None:
    bed.each_ms.clear()
    bed.bench.faults.hall_drift_um = 0.0


def cartridge_off(bed: Bed) -> None:
    bed.plant.remove()


# --- interpreter ---


def hang_main(bed: Bed) -> None:
    bed.bench.hold_main = True


def hang_tick(bed: Bed) -> None:
    bed.bench.hold_tick = True


def hang(bed: Bed) -> None:
    bed.bench.hold_all = True


def collection(bed: Bed) -> None:
    """Nothing runs for 200 ms, then everything goes on."""
    bed.bench.hold_all = True
    until_ms = bed.bench.now_ms + COLLECTION_MS

    def go_on(bed: Bed) -> None:
        if bed.bench.now_ms >= until_ms:
            bed.bench.hold_all = False

    bed.each_ms.append(go_on)


def kill(bed: Bed) -> None:
    bed.bench.twin.stop()


def healed(bed: Bed) -> None:
    """Everything runs again, from where it was."""
    bed.each_ms.clear()
    bed.bench.hold_main = bed.bench.hold_tick = bed.bench.hold_all = False
    for owner, name, original in bed.kept.values():
        setattr(owner, name, original)
    bed.kept.clear()


def bitten(bed: Bed) -> None:
    """The chip's own watchdog has seen enough."""
    bed.bench.hold_all = False
    bed.bench.restart(RESET_WATCHDOG)


def reset(bed: Bed) -> None:
    bed.bench.restart(RESET_POWER_ON)


def app_of(bed: Bed) -> Any:
    """The firmware in this process: cpython twin only."""
    return bed.bench.twin.app  # type: ignore[attr-defined]


def _break(bed: Bed, owner: Any, name: str, error: Callable[[], Exception], once: bool) -> None:
    """Let the method `name` of `owner` raise, in its next call or in all."""
    original = getattr(owner, name)
    bed.kept[name] = (owner, name, original)

    def broken(*values: Any) -> Any:
        if once:
            setattr(owner, name, original)
        raise error()

    setattr(owner, name, broken)


def heap(bed: Bed) -> None:
    """Whatever the main loop does, there is no memory for it."""
    _break(bed, app_of(bed), "_pass", MemoryError, once=False)


def main_raises(bed: Bed) -> None:
    _break(bed, app_of(bed), "_pass", lambda: Broken("main loop"), once=True)


def tick_raises(bed: Bed) -> None:
    """The last thing in a tick fails: what it has decided is not put out."""
    _break(bed, app_of(bed).ticks, "_act", lambda: Broken("tick"), once=True)


def tick_keeps_raising(bed: Bed) -> None:
    """The first thing in a tick fails, so nothing after it runs."""
    _break(bed, app_of(bed).ticks, "_look", lambda: Broken("tick"), once=False)
