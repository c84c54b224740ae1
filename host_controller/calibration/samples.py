"""What the pen measures while its needles run steadily, as means. Owns the samples of one run."""

from collections.abc import Iterable
from typing import NamedTuple

from host_controller.replies import Reading
from protocol import codes

STEADY_MS = 500  # soft start and the controller's settling are over
SAMPLES_LEAST = 25  # half a second at 50 Hz
_WRAP = 1 << 30


class Means(NamedTuple):
    """Means over the steady part of a run."""

    samples: int
    set_um: int
    measured_um: int
    spread_um: int
    rate_chz: int


class Samples:
    """Give every reading to `take`; a new run begins anew."""

    def __init__(self, zone: int) -> None:
        self.zone = zone
        self._began_ms = -1  # pen's time at which the run began, -1 while none is under way
        self._kept: list[Reading] = []

    def take(self, readings: Iterable[Reading]) -> None:
        """Take readings in the order in which they came."""
        for reading in readings:
            if reading.state != codes.STATE_RUNNING or reading.zone != self.zone:
                self._began_ms = -1
                continue
            if self._began_ms < 0:
                self._began_ms = reading.t_ms
                self._kept.clear()
            if (reading.t_ms - self._began_ms) % _WRAP >= STEADY_MS:
                self._kept.append(reading)

    @property
    def enough(self) -> bool:
        """Whether the means mean something."""
        return len(self._kept) >= SAMPLES_LEAST

    def means(self) -> Means | None:
        """The means so far, None before there is anything."""
        kept = self._kept
        if not kept:
            return None
        depths = [reading.depth_um for reading in kept]
        count = len(kept)
        return Means(
            count,
            round(sum(reading.depth_set_um for reading in kept) / count),
            round(sum(depths) / count),
            max(depths) - min(depths),
            round(sum(reading.rate_chz for reading in kept) / count),
        )
