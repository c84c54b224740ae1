"""Which zone was asked for, and whether the pen has it: the wrong zone is the wrong depth.

The page shows the pen's zone as chosen, never the asked one. Owns the question that is open.
"""

PATIENCE_S = 1.5  # stopping, withdrawing and choosing take the pen half a second

NONE, ASKED, FOLLOWED, NOT_FOLLOWED = "none", "asked", "followed", "not_followed"


class ZoneChoice:
    """One question at a time."""

    def __init__(self) -> None:
        self.asked = 0
        self._asked_s = 0.0

    def ask(self, zone: int, now_s: float) -> None:
        """A zone was clicked."""
        self.asked, self._asked_s = zone, now_s

    def state(self, pen_zone: int, now_s: float) -> str:
        """How the question stands, by what the pen says."""
        if not self.asked:
            return NONE
        if pen_zone == self.asked:
            return FOLLOWED
        return ASKED if now_s - self._asked_s < PATIENCE_S else NOT_FOLLOWED
