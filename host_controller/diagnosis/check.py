"""The outcome of one check. Immutable."""

from typing import NamedTuple

OK = "ok"
WARNING = "warning"
FAILED = "failed"
SKIPPED = "skipped"


class Check(NamedTuple):
    """What was looked at, how it is, and, where it is not well, what to do."""

    name: str
    outcome: str
    finding: str
    next_step: str = ""
    exit_code: int = 1  # of the program when this check failed
