"""How far a calibration has come, on disk, so that it can be left and taken up again.

One small file per pen, written whole after every step; it ends when the trim is written or the
calibration is thrown away. Owns the folder `calibration` in the data folder, with `history`.
"""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbits
from typing import Any

from host_controller.calibration.depth_check import DEPTHS_UM, DepthPoint, DepthResult, judge
from host_controller.calibration.failures import CalibrationUnwritable
from host_controller.calibration.rate_check import RateResult
from host_controller.data_folder import data_folder
from host_controller.flashing.journal import write_whole

SCHEMA = "pen.calibration/1"
HOME, DEPTH, RATE, WRITE = STEPS = ("home", "depth", "rate", "write")


@dataclasses.dataclass(frozen=True)
class Progress:
    """One calibration of one pen under way; a new object for every step."""

    serial: str
    session_id: int  # of its plan: the cartridge it has used fits this one only
    who: str
    begun: str
    homed: str = ""  # when the pen was found at home and sound, "" not yet
    points: tuple[DepthPoint, ...] = ()
    rate: RateResult | None = None
    in_force: tuple[tuple[str, int], ...] = ()  # the trim with which the points were measured

    @property
    def step(self) -> str:
        """The first step that is not done."""
        if not self.homed:
            return HOME
        if self.next_depth_um:
            return DEPTH
        return RATE if self.rate is None else WRITE

    @property
    def next_depth_um(self) -> int:
        """The first depth without a reading, 0 when all have one."""
        done = {point.depth_um for point in self.points}
        return next((depth_um for depth_um in DEPTHS_UM if depth_um not in done), 0)

    @property
    def result(self) -> DepthResult | None:
        """The judgement, once all depths have a reading."""
        return judge(self.points) if not self.next_depth_um else None

    @property
    def accepted(self) -> bool:
        """Whether everything is measured and within the limits."""
        result, rate = self.result, self.rate
        return bool(self.homed and result and result.accepted and rate and rate.accepted)

    def with_point(self, point: DepthPoint) -> "Progress":
        """With this point in place of an older one of its depth."""
        others = [old for old in self.points if old.depth_um != point.depth_um]
        points = tuple(sorted((*others, point), key=lambda one: one.depth_um))
        return dataclasses.replace(self, points=points)

    def without_point(self, depth_um: int) -> "Progress":
        """To measure a depth again."""
        kept = tuple(point for point in self.points if point.depth_um != depth_um)
        return dataclasses.replace(self, points=kept)

    def as_dict(self) -> dict[str, Any]:
        """As it is kept and as `--json` shows it."""
        return {
            **dataclasses.asdict(self),
            "schema": SCHEMA,
            "points": [point._asdict() for point in self.points],
            "rate": self.rate._asdict() if self.rate else None,
            "in_force": dict(self.in_force),
        }


def new(serial: str, who: str) -> Progress:
    """A calibration that begins now; `who` is a staff code."""
    return Progress(serial, 1 + randbits(31), who, now())


def now() -> str:
    """This moment, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def folder() -> Path:
    """The folder (not created here)."""
    return data_folder() / "calibration"


def _path(serial: str) -> Path:
    return folder() / f"{serial}.json"


def load(serial: str) -> Progress | None:
    """The calibration under way of a pen; None when there is none, or its file is damaged."""
    try:
        content = json.loads(_path(serial).read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA or content["serial"] != serial:
            return None
        rate = content["rate"]
        return Progress(
            serial,
            int(content["session_id"]),
            str(content["who"]),
            str(content["begun"]),
            str(content["homed"]),
            tuple(DepthPoint(**point) for point in content["points"]),
            RateResult(**rate) if rate else None,
            tuple((str(name), int(value)) for name, value in content["in_force"].items()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(progress: Progress) -> Progress:
    """Keep it; raises CalibrationUnwritable. Returns it."""
    try:
        write_whole(_path(progress.serial), json.dumps(progress.as_dict(), indent=1).encode())
    except OSError as error:
        raise unwritable(error) from error
    return progress


def discard(serial: str) -> None:
    """End it; what was written before stays in the history."""
    try:
        _path(serial).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError) -> CalibrationUnwritable:
    """The error for a disk that does not take it."""
    return CalibrationUnwritable(
        "The calibration cannot be kept.", cause=f"The system says: {error.strerror}."
    )
