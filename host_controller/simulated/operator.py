"""A scripted operator: treats a zone the way a trained hand does, with a changing load.

Starts in the air, touches down, glides, lifts every few seconds, presses lightly and firmly in
turn, lets the button go once in the middle and goes on. Everything follows the pen's own time, so
a run in stepped time is the same every time. Owns its place in the script.
"""

from typing import Any

from host_controller.planning.plan import PlanZone
from host_controller.replies import Reading
from host_controller.simulated.control_link import ControlLink
from protocol import codes

TOUCH_MS = 400  # after the button
STROKE_MS = 2200  # on the skin between two lifts
LIFT_MS = 250
PRESSURES = (1.0, 0.6, 1.5, 0.8, 1.8, 1.2)
GLIDES_MM_S = (20.0, 12.0, 30.0)
PAUSE_AT_PERCENT = 45  # of the dose: the button is let go once
PAUSE_MS = 900


class Operator:
    """One operator; `begin` a zone, then `act` after every step."""

    def __init__(self, control: ControlLink, *, pauses: bool = True) -> None:
        self._control = control
        self._pauses = pauses
        self._row: PlanZone | None = None
        self._pressed = False
        self._contact = False
        self._paused = False
        self._due_ms = 0
        self._seen_ms = -1
        self._strokes = 0

    def begin(self, row: PlanZone) -> None:
        """Take the pen to a zone, thumb off, nose in the air."""
        self._row = row
        self._paused = not self._pauses
        self._do(press=False, contact=False, zone=row.name)

    def end(self) -> None:
        """Thumb off, pen off the skin."""
        self._do(press=False, contact=False)

    @property
    def may_arm(self) -> bool:
        """The pen refuses to arm while its button is down."""
        return not self._pressed

    def _do(self, **changes: Any) -> None:
        self._pressed = changes.get("press", self._pressed)
        self._contact = changes.get("contact", self._contact)
        self._control.ask(**changes)

    def act(self, reading: Reading) -> None:
        """Do what is due at the time of `reading`."""
        now_ms = reading.t_ms
        if now_ms == self._seen_ms:
            return  # nothing new was heard
        self._seen_ms = now_ms
        if reading.state == codes.STATE_ARMED:
            if now_ms >= self._due_ms:
                # A thumb that is still down without a start lets go and presses afresh.
                self._do(press=not self._pressed)
                self._due_ms = now_ms + TOUCH_MS
        elif reading.state == codes.STATE_RUNNING:
            self._treat(reading, now_ms)
        elif reading.state == codes.STATE_CONFIGURED and self._pressed:
            self._do(press=False, contact=False)

    def _treat(self, reading: Reading, now_ms: int) -> None:
        row = self._row
        half = row is not None and (
            reading.punctures_per_cm2 * 100 >= row.dose_limit_per_cm2 * PAUSE_AT_PERCENT
        )
        if half and not self._paused:
            self._paused = True
            self._do(press=False, contact=False)
            self._due_ms = now_ms + PAUSE_MS
        elif now_ms < self._due_ms:
            return
        elif self._contact:
            self._do(contact=False)
            self._due_ms = now_ms + LIFT_MS
        else:
            pressure = PRESSURES[self._strokes % len(PRESSURES)]
            glide = GLIDES_MM_S[self._strokes % len(GLIDES_MM_S)]
            self._strokes += 1
            self._do(contact=True, pressure=pressure, glide_mm_s=glide)
            self._due_ms = now_ms + STROKE_MS
