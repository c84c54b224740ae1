"""Date and time, as the host set them; the pen has no clock of its own that survives.

Owns the offset between the tick's milliseconds and the date.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings

_WRAP = 0x3FFFFFFF


class WallClock:
    """`unix_s()` is 0 until `set`."""

    def __init__(self, readings: "Readings") -> None:
        self._readings = readings
        self._set_s = 0
        self._since_ms = 0

    def set(self, unix_s: int) -> None:
        """Take the date in seconds since 1970."""
        self._set_s = unix_s
        self._since_ms = self._readings.t_ms

    def unix_s(self) -> int:
        """Seconds since 1970, 0 when nobody set the clock.

        Asked at least daily, the offset moves along: t_ms wraps only after 12 days.
        """
        if self._set_s == 0:
            return 0
        elapsed_s = ((self._readings.t_ms - self._since_ms) & _WRAP) // 1000
        if elapsed_s > 86_400:
            self._set_s += elapsed_s
            self._since_ms = (self._since_ms + elapsed_s * 1000) & _WRAP
            elapsed_s = 0
        return self._set_s + elapsed_s
