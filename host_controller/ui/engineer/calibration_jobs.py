"""What the wizard's buttons do: at the pen on the desk's thread, on the disk on another one.

The pages' loop waits for neither. Every function raises PenError. Owns no state; what it has
learned it leaves in the workshop.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from host_controller import errors
from host_controller.calibration import (
    depth_check,
    fleet,
    history,
    procedure,
    progress,
    rate_check,
    trim,
)
from host_controller.calibration.depth_check import DepthPoint
from host_controller.calibration.failures import CalibrationNotNow
from host_controller.calibration.progress import Progress
from host_controller.calibration.rate_check import RateResult
from host_controller.calibration.samples import Means, Samples
from host_controller.records.pseudonyms import pseudonym
from host_controller.replies import EXPOSED
from host_controller.ui.desk import Desk
from host_controller.ui.engineer.tail import Tail
from host_controller.ui.engineer.workshop import Run, Workshop
from protocol import codes

T = TypeVar("T")


async def at_the_pen(workshop: Workshop, job: Callable[[Desk], T]) -> T:
    """Let the desk do a job that must not meet a treatment."""

    def alone(desk: Desk) -> T:
        workshop.require_idle(desk)
        return job(desk)

    return await asyncio.wrap_future(workshop.desk.submit(alone))


def under_way(workshop: Workshop) -> Progress:
    """The calibration; raises CalibrationNotNow when there is none."""
    if workshop.calibration is None:
        raise CalibrationNotNow("No calibration is under way.", next_step="Begin one.")
    return workshop.calibration


async def take_up(workshop: Workshop) -> None:
    """Read what this computer knows of the connected pen."""
    serial = workshop.serial
    workshop.loaded_for = serial
    workshop.run = None
    found = await asyncio.to_thread(lambda: (progress.load(serial), history.last(serial)))
    if workshop.loaded_for == serial:
        workshop.calibration, workshop.written = found


async def note_restart(workshop: Workshop, t_ms: int) -> None:
    """The pen was seen with this clock: perhaps its trim has come into use."""
    serial = workshop.serial
    if await asyncio.to_thread(trim.note_in_use, serial, t_ms):
        workshop.written = await asyncio.to_thread(history.last, serial)


async def begin(workshop: Workshop, who: str) -> None:
    """A calibration from the beginning."""
    code = pseudonym(who.strip(), "a staff code")
    made = await at_the_pen(workshop, lambda desk: trim.begin(desk.pen, code))
    await keep(workshop, made)


async def keep(workshop: Workshop, made: Progress) -> None:
    """On the disk first, then in view."""
    workshop.calibration = await asyncio.to_thread(progress.save, made)


async def throw_away(workshop: Workshop) -> None:
    """End it without writing anything to the pen."""
    await let_go(workshop)
    await asyncio.to_thread(progress.discard, under_way(workshop).serial)
    workshop.calibration = None


async def home(workshop: Workshop) -> None:
    """Self-test, at home, a cartridge that can be measured."""
    made = under_way(workshop)
    await at_the_pen(workshop, lambda desk: procedure.home(desk.pen, made.session_id))
    await keep(workshop, replace(made, homed=progress.now()))


async def arm(workshop: Workshop, depth_um: int) -> None:
    """Arm for a depth, or for the rate (0); the pen's button does the rest."""
    made = under_way(workshop)
    workshop.run = None
    zone = await at_the_pen(
        workshop, lambda desk: procedure.begin(desk.pen, made.session_id, depth_um)
    )
    workshop.run = Run(depth_um, Samples(zone), Tail(workshop.desk.readings))


async def let_go(workshop: Workshop) -> None:
    """Disarm, or stop what runs, and let the lease go."""
    reading = workshop.desk.view.reading
    busy = reading is not None and (reading.state == codes.STATE_ARMED or reading.state in EXPOSED)

    def job(desk: Desk) -> None:
        if busy or desk.pen.client.lease_held:
            procedure.end(desk.pen)

    await at_the_pen(workshop, job)


def _means(workshop: Workshop, depth_um: int) -> Means:
    run = workshop.run
    means = run.samples.means() if run is not None and run.depth_um == depth_um else None
    if run is None or means is None or not run.samples.enough:
        raise CalibrationNotNow(
            "The pen has not measured long enough.",
            cause="Its mean needs a second of running needles.",
            next_step="Arm, hold the pen's button for two seconds, read the instrument, let go.",
        )
    return means


async def keep_depth(workshop: Workshop, depth_um: int, gauge_um: int) -> None:
    """Keep a gauge's reading with what the pen has measured."""
    means = _means(workshop, depth_um)
    depth_check.check_reading(means.measured_um, gauge_um)
    await let_go(workshop)
    point = DepthPoint(
        depth_um, means.set_um, means.measured_um, means.spread_um, means.samples, gauge_um
    )
    await keep(workshop, under_way(workshop).with_point(point))
    workshop.run = None


async def again(workshop: Workshop, depth_um: int) -> None:
    """Forget a depth's reading, or the rate's (0)."""
    made = under_way(workshop)
    fresh = made.without_point(depth_um) if depth_um else replace(made, rate=None)
    await keep(workshop, fresh)


async def keep_rate(workshop: Workshop, reference_chz: int) -> None:
    """Keep a strobe's or tachometer's reading with what the pen has measured."""
    means = _means(workshop, 0)
    rate_check.check_reading(means.rate_chz, reference_chz)
    await let_go(workshop)
    rate = RateResult(means.rate_chz, reference_chz, means.samples)
    await keep(workshop, replace(under_way(workshop), rate=rate))
    workshop.run = None


async def write(workshop: Workshop, serial: str) -> None:
    """Write the trim to the pen with the confirmed number; first and after it a line is kept."""
    made = under_way(workshop)
    view = workshop.desk.view
    if view.identity is None or view.reading is None:
        raise errors.NoAnswer("No pen is connected.")
    trim.require_confirmed(made, serial, view.identity.serial)
    wanted = trim.entry(made, history.ASKED, view.identity.firmware, view.reading.t_ms)
    await asyncio.to_thread(history.append, made.serial, wanted)
    written = await at_the_pen(workshop, lambda desk: trim.write(desk.pen, made, serial))
    workshop.calibration, workshop.written = None, written
    await asyncio.to_thread(trim.close, made, written)
    await asyncio.to_thread(fleet.note, made)  # last: what is above holds without a database
