"""Locks the pages when nobody has touched them for a while; STOP and the live values stay.

While the pen is armed or moving somebody is there, so the time does not run. It is a log-off, not
a wall: a staff code stands in every record, and what it opens is a screen that somebody left.
Owns whether it is locked and since when nobody touched a page.
"""

from host_controller import errors
from host_controller.records.pseudonyms import pseudonym

LOCK_AFTER_S = 300.0  # a client is left alone in the room for a few minutes at most


class Lock:
    """One for all windows: one person works with them."""

    def __init__(self, after_s: float = LOCK_AFTER_S) -> None:
        self.locked = False
        self._after_s = after_s
        self._touched_s: float | None = None

    def touch(self, now_s: float) -> None:
        """Somebody clicked or pressed a key; opens nothing."""
        self._touched_s = now_s

    def take(self, under_way: bool, now_s: float) -> None:
        """Time goes on; `under_way`: the pen is armed or its needles move."""
        if self._touched_s is None or under_way:
            self._touched_s = now_s
        elif now_s - self._touched_s >= self._after_s:
            self.locked = True

    def open(self, code: str, operator: str, now_s: float) -> None:
        """Unlock with the staff code of the visit, or any while none is known.

        Raises UsageError for what is no staff code, and for another one than the visit's.
        """
        given = pseudonym(code.strip(), "a staff code")
        if operator and given.upper() != operator.upper():
            raise errors.UsageError(
                f"{given} is not the staff code that this visit was begun with.",
                cause="Another person's visit is under way in this window.",
                next_step="Ask the person who began it, or close the program and begin anew.",
            )
        self.locked = False
        self._touched_s = now_s
