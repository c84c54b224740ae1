"""What is wrong in a file: where, why, what is allowed, what to do.

A file is checked to its end, so that one run names every wrong entry. Owns the list it collects.
"""

from typing import NamedTuple

from host_controller import errors


class Problem(NamedTuple):
    """One wrong entry; `line` is 0 where it cannot be told, `limit` marks a limit passed."""

    key: str
    line: int
    reason: str
    allowed: str
    next_step: str
    limit: bool

    def text(self, name: str) -> str:
        """The problem on one line, in the form editors understand (file:line: ...)."""
        where = f"{name}:{self.line}: {self.key}" if self.line else f"{name}: {self.key}"
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        return f"{where}: {self.reason}{allowed} {self.next_step}".rstrip()

    def as_dict(self, name: str) -> dict[str, object]:
        """The problem as `--json` shows it."""
        return {
            "file": name,
            "line": self.line,
            "key": self.key,
            "reason": self.reason,
            "allowed": self.allowed,
            "next": self.next_step,
        }


class Problems:
    """Collects problems of one file; `lines` maps key paths to line numbers."""

    def __init__(
        self,
        name: str,
        lines: dict[str, int],
        invalid: type[errors.PenError] = errors.PlanInvalid,
        refused: type[errors.PenError] = errors.PlanRefused,
        consequence: str = "nothing was sent to a pen",
    ) -> None:
        """`invalid` is raised for wrong entries, `refused` where a limit is passed."""
        self.name = name
        self._invalid = invalid
        self._refused = refused
        self._consequence = consequence
        self.found: list[Problem] = []
        self._lines = lines

    def _line(self, key: str) -> int:
        """Line of `key`, or of the nearest entry around it."""
        while key:
            if key in self._lines:
                return self._lines[key]
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return 0

    def add(self, key: str, reason: str, allowed: str = "", next_step: str = "") -> None:
        """Note an entry that is missing, misspelt or of the wrong kind."""
        self.found.append(Problem(key, self._line(key), reason, allowed, next_step, limit=False))

    def refuse(self, key: str, reason: str, allowed: str = "", next_step: str = "") -> None:
        """Note an entry that passes a limit."""
        self.found.append(Problem(key, self._line(key), reason, allowed, next_step, limit=True))

    def raise_any(self) -> None:
        """Raise `refused` when a limit is passed, `invalid` for other problems."""
        if not self.found:
            return
        kind = self._refused if any(p.limit for p in self.found) else self._invalid
        count = len(self.found)
        what = "entry is" if count == 1 else "entries are"
        raise kind(
            f"{self.name}: {count} {what} wrong; {self._consequence}.",
            lines=[problem.text(self.name) for problem in self.found],
            details=[problem.as_dict(self.name) for problem in self.found],
        )
