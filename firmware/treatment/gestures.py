"""The long hold that arms an untethered plan. Start and stop by button are safety's own business.

A hold counts only when the button went down in CONFIGURED, and once per press. Main loop; owns
which press it has looked at.
"""

from firmware.safety.limits import ARM_HOLD_MS
from protocol import codes


class ArmGesture:
    """`step` with every pass of the main loop."""

    def __init__(self) -> None:
        self._was_down = False
        self._valid = False  # this press began in CONFIGURED and has not been used

    def step(self, down: bool, held_ms: int, state: int) -> bool:
        """True once, when the button has been held for a second in CONFIGURED."""
        if not down:
            self._was_down = False
            self._valid = False
            return False
        if not self._was_down:
            self._was_down = True
            self._valid = True
        if state != codes.STATE_CONFIGURED:
            self._valid = False
        if self._valid and held_ms >= ARM_HOLD_MS:
            self._valid = False
            return True
        return False
