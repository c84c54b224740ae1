"""Keeps the two ends of a lockstep pipe on one processor core, where the system lets us.

Two processes that take turns gain nothing from two cores: each hand-over would wake a sleeping
core, 20 us instead of 3 us measured on a virtual machine, and there are two in every step.
Owns, for each thread that steps, the affinity it had before; it gets it back with its last user.
"""

import ctypes
import os
import sys
from threading import local


class _Thread(local):
    """What belongs to the calling thread: affinity is the thread's, not the process's."""

    users = 0
    before: frozenset[int] = frozenset()


_thread = _Thread()


def join(process: int) -> None:
    """Put `process` and the calling thread on the core where the calling thread runs now."""
    if sys.platform != "linux":
        return
    try:
        if _thread.users == 0:
            _thread.before = frozenset(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {ctypes.CDLL(None).sched_getcpu()})
        os.sched_setaffinity(process, os.sched_getaffinity(0))
    except (OSError, AttributeError):
        return  # slower, but not wrong
    _thread.users += 1


def leave() -> None:
    """End one `join`; with the last one the calling thread may run anywhere again."""
    if sys.platform != "linux" or _thread.users == 0:
        return
    _thread.users -= 1
    if _thread.users == 0:
        try:
            os.sched_setaffinity(0, _thread.before)
        except OSError:
            return
