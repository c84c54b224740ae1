"""Which window holds control: one may plan and arm, the others look on and can stop.

The first window gets it. It is lost when its page goes or falls silent, and then has to be taken
again by a click: nothing is handed on by itself. Owns the holder.
"""

import time

PAGE_BEAT_S = 0.25  # a page that was silent for longer is not looked at by anybody


class Control:
    """At most one window, by its id."""

    def __init__(self) -> None:
        self.holder = ""
        self._beat_s = 0.0
        self._had = False

    def arrive(self, window: str) -> None:
        """A window has opened; the first of all gets control."""
        if not self._had:
            self.take(window)

    def take(self, window: str) -> None:
        """This window asks for control; whoever had it looks on from now."""
        self._had = True
        self.holder = window
        self._beat_s = time.monotonic()

    def leave(self, window: str) -> None:
        """A window has gone."""
        if self.holder == window:
            self.holder = ""

    def beat(self, window: str) -> None:
        """The page in this window lives."""
        if self.holder == window:
            self._beat_s = time.monotonic()

    def holds(self, window: str) -> bool:
        """Whether this window may plan and arm."""
        return self.holder == window

    @property
    def lively(self) -> bool:
        """Whether somebody holds control and their page was heard within PAGE_BEAT_S."""
        return bool(self.holder) and time.monotonic() - self._beat_s < PAGE_BEAT_S
