"""The readings that came since the last look, each once, while another thread adds to them."""

from collections import deque

from host_controller.replies import Reading


class Tail:
    """Follows a desk's readings; owns how far it has read."""

    def __init__(self, readings: deque[Reading], from_start: bool = False) -> None:
        self._readings = readings
        kept = list(readings)
        self._last: Reading | None = kept[-1] if kept and not from_start else None

    def take(self) -> list[Reading]:
        """What is new, oldest first; all that is kept when the last one has gone meanwhile."""
        kept = list(self._readings)  # one copy: the desk's thread goes on adding
        last, at = self._last, len(kept)
        while at and kept[at - 1] is not last:
            at -= 1
        if kept:
            self._last = kept[-1]
        return kept[at:]
