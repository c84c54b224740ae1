"""Keeps the two ends of a lockstep pipe on one processor core, where the system lets us.

Two processes that take turns gain nothing from two cores: each hand-over would wake a sleeping
core, 40 us instead of 3 us measured on a virtual machine, and there are two in every step.
Owns the affinity that the stepping thread had before, and gives it back with the last user.
"""

import ctypes
import os
import sys

_users = 0
_before: set[int] = set()


def join(process: int) -> None:
    """Put `process` and the calling thread on the core where the calling thread runs now."""
    global _users, _before  # noqa: PLW0603 - affinity belongs to the thread, not to an object
    if sys.platform != "linux":
        return
    try:
        if _users == 0:
            _before = os.sched_getaffinity(0)
            os.sched_setaffinity(0, {ctypes.CDLL(None).sched_getcpu()})
        os.sched_setaffinity(process, os.sched_getaffinity(0))
    except (OSError, AttributeError):
        return  # slower, but not wrong
    _users += 1


def leave() -> None:
    """End one `join`; with the last one the calling thread may run anywhere again."""
    global _users  # noqa: PLW0603 - as above
    if _users == 0:
        return
    _users -= 1
    if _users == 0 and sys.platform == "linux":
        try:
            os.sched_setaffinity(0, _before)
        except OSError:
            return
