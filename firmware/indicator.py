"""What the light and the buzzer say, by state. Main loop; owns what is shown now.

Blue: waiting. Green: ready, nothing can move before the button. White: needles run. Yellow:
something to see to soon. Red: fault. Violet: an update waits for the button.
A short tone marks arming, stop and fault.
"""

from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Buzzer, Light

BLINK_MS = const(256)
TONE_MS = const(120)

# red, green, blue in percent, blinking, tone in Hz on entering the state
BY_STATE = (
    (0, 0, 40, 1, 0),  # boot
    (0, 0, 40, 0, 0),  # idle
    (0, 25, 40, 0, 0),  # cartridge ok
    (0, 60, 0, 0, 0),  # configured
    (0, 100, 0, 1, 2000),  # armed
    (100, 100, 100, 1, 0),  # positioning
    (100, 100, 100, 0, 0),  # running
    (100, 100, 100, 1, 1500),  # parking
    (100, 0, 0, 0, 500),  # fault
    (80, 0, 100, 1, 1000),  # beyond the states: the host asks to leave the firmware
    (0, 0, 0, 0, 0),  # about to leave: dark
)
WARNINGS = (
    (1 << codes.COND_TEMPERATURE_WARN)
    | (1 << codes.COND_BATTERY_WARN)
    | (1 << codes.COND_DWELL_WARN)
    | (1 << codes.COND_DOSE_WARN)
    | (1 << codes.COND_RATE_WARN)
)


class Indicator:
    """`poll` with every pass of the main loop."""

    def __init__(self, light: "Light", buzzer: "Buzzer") -> None:
        self._light = light
        self._buzzer = buzzer
        self._state = -1
        self._shown = -1
        self._tone_ms = 0

    def poll(
        self, t_ms: int, state: int, conditions: int, brightness_percent: int, sounds: int, ms: int
    ) -> None:
        """Show `state` and the warnings among `conditions`; write only what changes."""
        red, green, blue, blinking, tone_hz = BY_STATE[state]
        if conditions & WARNINGS and state != codes.STATE_FAULT:
            red, green, blue = 100, 60, 0
        lit = 0 if blinking and t_ms & BLINK_MS else 1
        shown = state << 2 | lit << 1 | (1 if conditions & WARNINGS else 0)
        if shown != self._shown:
            self._shown = shown
            scale = brightness_percent * lit * 255
            self._light.set(red * scale // 10_000, green * scale // 10_000, blue * scale // 10_000)
        if state != self._state:
            self._state = state
            if tone_hz and sounds:
                self._buzzer.set(tone_hz)
                self._tone_ms = TONE_MS
        elif self._tone_ms > 0:
            self._tone_ms -= ms
            if self._tone_ms <= 0:
                self._buzzer.set(0)
