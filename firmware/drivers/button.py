"""The pen's button as a person means it: pressed, held, released.

Purpose: debounce for the user interface. What starts or stops needles is debounced by safety, on
its own terms. Owns: the debounced level and how long it has lasted.
"""

from protocol.interpreter import const

DEBOUNCE_MS = const(10)  # contacts bounce for up to 4 ms
HOLD_MS = const(1000)  # a long press
_LONG_MS = const(1_000_000)


class Button:
    """Debounced button; `step` once per millisecond (or with the milliseconds since the last)."""

    def __init__(self) -> None:
        self._changing_ms = 0
        self.pressed = 0
        self.lasted_ms = 0  # how long the present level has lasted, stops at 1000 s
        self.presses = 0  # since reset, 0..255, wrapping
        self.holds = 0  # long presses since reset, 0..255, wrapping

    def step(self, level: int, elapsed_ms: int) -> None:
        """Take the raw `level`, `elapsed_ms` after the last call."""
        before_ms = self.lasted_ms
        self.lasted_ms = min(before_ms + elapsed_ms, _LONG_MS)
        if self.pressed and before_ms < HOLD_MS <= self.lasted_ms:
            self.holds = (self.holds + 1) & 0xFF
        if level == self.pressed:
            self._changing_ms = 0
            return
        self._changing_ms += elapsed_ms
        if self._changing_ms >= DEBOUNCE_MS:
            self._changing_ms = 0
            self.pressed = level
            self.lasted_ms = 0
            if level:
                self.presses = (self.presses + 1) & 0xFF
