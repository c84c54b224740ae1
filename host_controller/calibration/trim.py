"""The trim a calibration asks for, and writing it to the pen: old values, new values, checked.

The pen takes its trim into use when it starts, so it is switched off and on afterwards, and what
was measured before that belongs to the old values. Owns no state.
"""

from dataclasses import replace
from typing import Any

from host_controller.calibration import history, procedure
from host_controller.calibration import progress as kept
from host_controller.calibration.failures import (
    CalibrationNotNow,
    CalibrationRefused,
    TrimNotVerified,
)
from host_controller.calibration.history import IN_USE, WRITTEN
from host_controller.calibration.progress import Progress
from host_controller.pen import Pen

STAGE, SENSOR = NAMES = ("depth_zero_um", "hall_offset_um")
RANGES = {STAGE: (-100, 100), SENSOR: (-200, 200)}  # as the pen refuses; it has the last word
RESTART = "Switch the pen off and on: it takes its trim into use when it starts."


def read(pen: Pen) -> dict[str, int]:
    """The trim that is stored on the pen; raises PenRefused for firmware without it."""
    return {name: int(pen.setting(name)[name]) for name in NAMES}


def restarted(serial: str, t_ms: int) -> bool:
    """Whether the pen has certainly started anew since its trim was written.

    Its clock is younger than it was then. A pen that has run longer since is asked to be switched
    off and on once more, which does no harm.
    """
    last = history.last(serial)
    if last is None or last.get("in_use"):
        return True
    return t_ms < int(last.get("t_ms", 0))


def note_in_use(serial: str, t_ms: int) -> bool:
    """Keep that the pen was seen with a younger clock; whether its trim is in use."""
    if not restarted(serial, t_ms):
        return False
    last = history.last(serial)
    if last is not None and not last.get("in_use"):
        history.append(serial, {**last, "outcome": IN_USE, "in_use": True})
    return True


def require_in_use(pen: Pen) -> None:
    """Raise CalibrationNotNow while the pen still runs with the trim from before the last write."""
    if not note_in_use(pen.identity.serial, pen.status().t_ms):
        raise CalibrationNotNow(
            "The trim that was written last is not in use yet.",
            cause="The pen has not been switched off and on since.",
            next_step=RESTART,
        )


def asked(progress: Progress) -> dict[str, tuple[int, int]]:
    """(before, after) of each setting; raises CalibrationNotNow or CalibrationRefused."""
    result = progress.result
    if not progress.homed or result is None or progress.rate is None:
        raise CalibrationNotNow("The calibration is not complete.")
    if not progress.accepted:
        raise CalibrationRefused(
            "The calibration is outside its limits; nothing is written.",
            cause="; ".join(reasons(progress)) + ".",
        )
    before = dict(progress.in_force)
    offsets = {STAGE: result.stage.offset_um, SENSOR: result.sensor.offset_um}
    changes = {}
    for name, offset_um in offsets.items():
        after = before[name] + offset_um
        low, high = RANGES[name]
        if not low <= after <= high:
            raise CalibrationRefused(
                f"{name} would have to be {after} um; {low} to {high} um is allowed.",
                cause="More than a sound pen needs.",
            )
        changes[name] = (before[name], after)
    return changes


def reasons(progress: Progress) -> list[str]:
    """Why a complete calibration is not accepted, in words; empty when it is."""
    found = []
    result, rate = progress.result, progress.rate
    lines = (("stage", result.stage), ("sensor", result.sensor)) if result else ()
    for name, line in lines:
        if not line.gain_good:
            found.append(
                f"the {name}'s gain is {line.gain_ppt / 1000:.3f}, "
                f"1.000 ± {line.gain_limit_ppt / 1000:.3f} is allowed"
            )
        if not line.residual_good:
            found.append(
                f"{line.residual_um} um are left at the {name}, "
                f"{line.residual_limit_um} um are allowed"
            )
    if rate and not rate.accepted:
        found.append(f"the rate is {rate.error_ppt / 10:+.1f} % off, ± 1.0 % is allowed")
    return found


def entry(progress: Progress, outcome: str, firmware: str, t_ms: int) -> dict[str, Any]:
    """What is kept of a write: ASKED before it, WRITTEN after it."""
    changes = asked(progress)
    return {
        "outcome": outcome,
        "when": kept.now(),
        "who": progress.who,
        "firmware": firmware,
        "before": {name: before for name, (before, _) in changes.items()},
        "after": {name: after for name, (_, after) in changes.items()},
        "points": [point._asdict() for point in progress.points],
        "rate": progress.rate._asdict() if progress.rate else None,
        "t_ms": t_ms,  # the pen's clock: a younger one later means it has started anew
        "in_use": False,
    }


def require_confirmed(progress: Progress, serial: str, connected: str) -> None:
    """Raise CalibrationNotNow unless `serial`, as confirmed, is the pen measured and connected."""
    if serial != connected or progress.serial != serial:
        raise CalibrationNotNow(
            f"The calibration belongs to pen {progress.serial}, connected is {connected}, "
            f"confirmed was {serial or 'none'}.",
            next_step="Connect the pen that was measured and confirm its number.",
        )


def write(pen: Pen, progress: Progress, serial: str) -> dict[str, Any]:
    """Write the accepted trim to the pen and read it back; returns the entry for `close`.

    `serial` is the number the person has confirmed. Keep an entry ASKED before. Raises
    CalibrationNotNow, CalibrationRefused, PenRefused, TrimNotVerified.
    """
    require_confirmed(progress, serial, pen.identity.serial)
    changes = asked(progress)
    status = pen.status()
    procedure.require_rest(status)
    stored = read(pen)
    if stored != {name: before for name, (before, _) in changes.items()}:
        raise CalibrationNotNow(
            "The pen's trim has changed since it was measured.",
            cause=f"Measured with {dict(progress.in_force)}, stored is {stored}.",
            next_step="Throw this calibration away and begin anew.",
        )
    wanted = {name: after for name, (_, after) in changes.items()}
    pen.set_settings(wanted)
    found = read(pen)
    if found != wanted:
        raise TrimNotVerified(f"The pen shows {found}; {wanted} was written.")
    return entry(progress, WRITTEN, pen.identity.firmware, status.t_ms)


def close(progress: Progress, written: dict[str, Any]) -> None:
    """Keep the entry and end the calibration; raises CalibrationUnwritable."""
    history.append(progress.serial, written)
    kept.discard(progress.serial)


def begin(pen: Pen, who: str) -> Progress:
    """A calibration of this pen from the beginning; raises CalibrationNotNow, PenRefused."""
    require_in_use(pen)
    trim = tuple(sorted(read(pen).items()))
    return replace(kept.new(pen.identity.serial, who), in_force=trim)
