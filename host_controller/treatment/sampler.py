"""Sums up telemetry into steps of at most 0.8 s, so that a record holds how deep and how fast.

Steps are taken while the needles are not parked. 0.8 s leaves 0.2 s for a slow disk within the
second that a crash may cost. Owns the step under way.
"""

from typing import Any

from host_controller.replies import EXPOSED, Reading
from host_controller.treatment.zone_figures import elapsed_ms
from protocol import codes

STEP_MS = 800


class Sampler:
    """Feed it every reading in order; it answers with a step when one is full."""

    def __init__(self) -> None:
        self._readings: list[Reading] = []
        self._from_ms = 0

    def take(self, reading: Reading) -> dict[str, Any] | None:
        """Take one reading; returns the step that it completes, or None."""
        if reading.state not in EXPOSED:
            return self.end()
        done = None
        if self._readings and self._readings[-1].zone != reading.zone:
            done = self.end()
        if not self._readings:
            self._from_ms = reading.t_ms
        self._readings.append(reading)
        if elapsed_ms(self._from_ms, reading.t_ms) >= STEP_MS:
            return self.end()
        return done

    def end(self) -> dict[str, Any] | None:
        """The step so far, None when nothing was taken since the last one."""
        taken, self._readings = self._readings, []
        if not taken:
            return None
        last = taken[-1]
        lasted_ms = elapsed_ms(self._from_ms, last.t_ms)
        running = [reading for reading in taken if reading.state == codes.STATE_RUNNING]
        seen = running or taken
        depths = [reading.depth_um for reading in seen]
        rates = [reading.rate_chz for reading in seen]
        return {
            "zone": last.zone_name,
            "lasted_ms": lasted_ms,
            "running_ms": round(lasted_ms * len(running) / len(taken)),
            "depth_um": [round(sum(depths) / len(depths)), min(depths), max(depths)],
            "rate_chz": [round(sum(rates) / len(rates)), min(rates), max(rates)],
            "current_ma_max": max(reading.current_ma for reading in taken),
            "temperature_cdeg": last.temperature_cdeg,
            "zone_ms": last.zone_ms,
            "contact_ms": last.contact_ms,
            "punctures": last.punctures,
            "punctures_per_cm2": last.punctures_per_cm2,
            "pass": last.pass_number,
        }
