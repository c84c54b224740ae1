"""Tables of the calibration wizard as HTML: points, judgement, trim, history. Own nothing."""

from typing import Any

from host_controller.calibration.depth_check import DepthResult, Line
from host_controller.calibration.progress import Progress
from host_controller.calibration.rate_check import LIMIT_PPT, RateResult
from host_controller.calibration.trim import SENSOR, STAGE
from host_controller.ui.catalogue import Texts
from host_controller.ui.engineer.parts import cell, table


def mm(say: Texts, depth_um: int) -> str:
    """Three decimals: a gauge shows hundredths, means have more."""
    return say.figures(f"{depth_um / 1000:.3f} mm")


def signed_mm(say: Texts, depth_um: int) -> str:
    """A difference."""
    return say.figures(f"{depth_um / 1000:+.3f} mm")


def judgement(say: Texts, result: DepthResult) -> str:
    """Offset, gain and residual of both lines, with their limits."""
    header = ("", *(say(f"engineer.{key}") for key in ("offset", "gain", "residual")), "")
    rows = [
        _line(say, "stage", result.stage),
        _line(say, "sensor", result.sensor),
    ]
    return table(header, rows, say("engineer.judgement"))


def _line(say: Texts, name: str, line: Line) -> tuple[str, ...]:
    gain = say.figures(f"{line.gain_ppt / 1000:.3f} (1.000 ± {line.gain_limit_ppt / 1000:.3f})")
    residual = f"{mm(say, line.residual_um)} (≤ {mm(say, line.residual_limit_um)})"
    verdict = "accepted" if line.accepted else "refused"
    return (
        f"<b>{cell(say(f'engineer.line_{name}'))}</b>",
        cell(signed_mm(say, line.offset_um)),
        cell(gain, "" if line.gain_good else "eng-bad"),
        cell(residual, "" if line.residual_good else "eng-bad"),
        cell(say(f"engineer.{verdict}"), "eng-good" if line.accepted else "eng-bad"),
    )


def rate(say: Texts, result: RateResult) -> str:
    """The rate check."""
    header = [say(f"engineer.{key}") for key in ("pen_measured", "instrument", "difference")]
    verdict = "accepted" if result.accepted else "refused"
    row = (
        cell(f"{say.hz(result.rate_chz, 2)} (n {result.samples})"),
        cell(say.hz(result.reference_chz, 2)),
        cell(say.figures(f"{result.error_ppt / 10:+.1f} % (± {LIMIT_PPT / 10:.1f} %)")),
        cell(say(f"engineer.{verdict}"), "eng-good" if result.accepted else "eng-bad"),
    )
    return table([*header, ""], [row], say("engineer.step_rate"))


def changes(say: Texts, wanted: dict[str, tuple[int, int]]) -> str:
    """What would be written: before and after."""
    rows = [
        (
            f"{cell(say(f'engineer.{_NAMES[name]}'))}<br>{cell(name, 'eng-mono eng-fact')}",
            cell(signed_mm(say, before)),
            cell(f"→ {signed_mm(say, after)}"),
        )
        for name, (before, after) in wanted.items()
    ]
    header = ("", say("engineer.before"), say("engineer.after"))
    return table(header, rows, say("engineer.trim"))


_NAMES = {STAGE: "trim_stage", SENSOR: "trim_sensor"}


def last(say: Texts, entry: dict[str, Any] | None) -> str:
    """The last calibration of this pen, as kept on this computer."""
    if entry is None:
        return cell(say("engineer.never_calibrated"), "eng-fact")
    before, after = entry["before"], entry["after"]
    text = " · ".join(
        f"{name} {signed_mm(say, int(before[name]))} → {signed_mm(say, int(after[name]))}"
        for name in after
    )
    when = str(entry["when"]).replace("T", " ").removesuffix("+00:00") + " UTC"
    return cell(say("engineer.last_calibration", when=when, who=entry["who"], what=text))


def begun(say: Texts, progress: Progress) -> str:
    """Whose calibration it is."""
    when = progress.begun.replace("T", " ").removesuffix("+00:00") + " UTC"
    return say("engineer.begun", pen=progress.serial, when=when, who=progress.who)
