"""How a concern went from session to session, by the practitioner's grades. Pure.

Grades 0 to 4 count down to clear. Photos are named by the hash of their file and never looked at.
"""

from typing import NamedTuple

from host_controller.courses.history import History, Score

GRADE_WORDS = ("clear", "almost clear", "mild", "moderate", "severe")


class Progress(NamedTuple):
    """The grades of one concern, oldest first."""

    concern: str
    scores: tuple[Score, ...]

    @property
    def change(self) -> int | None:
        """Grades won since the first score; negative is worse; None with fewer than two."""
        if len(self.scores) < 2:
            return None
        return self.scores[0].grade - self.scores[-1].grade

    @property
    def unchanged(self) -> int:
        """How many scores in a row, up to the last, are the same; 0 where there is none."""
        count = 0
        for score in reversed(self.scores):
            if score.grade != self.scores[-1].grade:
                break
            count += 1
        return count


def of(history: History, concern: str) -> Progress:
    """The scores of one concern by day; of one day the later entry counts."""
    by_day = {score.on: score for score in history.scores if score.concern == concern}
    return Progress(concern, tuple(by_day[day] for day in sorted(by_day)))
