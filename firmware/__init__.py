"""The pen's firmware. While its modules load, garbage is collected often; `loaded` ends that.

What loading leaves behind would otherwise be swept up only when the heap is full, and by then what
stays lies scattered all over it: of 140 KB free, the largest piece was 5 KB instead of 120. Owns
the collector's threshold, where the interpreter has one.
"""

import gc

LOADING_BYTES = 8192  # allocated between two collections while modules load

_set_threshold = getattr(gc, "threshold", None)
if _set_threshold is not None:
    _set_threshold(LOADING_BYTES)


def loaded() -> None:
    """From now on a collection comes when the program asks for it, or the heap is full."""
    if _set_threshold is not None:
        _set_threshold(-1)
