"""A course over its sessions as a drawing: depth and dose of each zone, the grade between them.

One axis of days for the three, because what was done and what came of it are read together. Zones
are told apart by colour, dash and a letter; the table beside the drawing says the same in numbers.
Pure.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import pairwise
from typing import NamedTuple

WIDTH = 940
_LEFT, _RIGHT, _TOP = 64, 24, 14
_PANEL, _GAP = 112, 46
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "12 4")
_NEAR = 58  # px between two dates that can still be read


class Point(NamedTuple):
    """One session: day, depth in um and punctures/cm² by zone."""

    day: date
    depths_um: dict[str, int]
    doses: dict[str, int]


class Words(NamedTuple):
    """The drawing's texts; `zones` by short name."""

    title: str
    depth: str
    dose: str
    grade: str
    due: str
    zones: dict[str, str]


def _ceiling(value: int, step: int) -> int:
    return max(step, -(-value // step) * step)


class _Days:
    """Where a day stands; a course of one day stands in the middle."""

    def __init__(self, days: Sequence[date]) -> None:
        self.first, self.last = min(days), max(days)
        self._span = (self.last - self.first).days

    def x(self, day: date) -> float:
        if not self._span:
            return (_LEFT + WIDTH - _RIGHT) / 2
        inner = WIDTH - _LEFT - _RIGHT - 80
        return _LEFT + 40 + inner * (day - self.first).days / self._span


def course_chart(
    points: Sequence[Point], grades: Sequence[tuple[date, int]], due: date | None, words: Words
) -> str:
    """An SVG; `points` and `grades` oldest first, at least one of them not empty."""
    days = [point.day for point in points] + [day for day, _ in grades]
    axis = _Days([*days, due] if due else days)
    zones = list(dict.fromkeys(zone for point in points for zone in point.depths_um))
    deepest = max((max(p.depths_um.values(), default=0) for p in points), default=0)
    highest = max((max(p.doses.values(), default=0) for p in points), default=0)
    tops = [_TOP + 22 + number * (_PANEL + _GAP) for number in range(3)]
    bottom = tops[2] + _PANEL
    parts = [*_frame(tops[0], _ceiling(deepest, 500), 500, 1000, words.depth)]
    parts += _frame(tops[1], _ceiling(highest, 100), max(100, _ceiling(highest, 100) // 4), 1,
                    words.dose)  # fmt: skip
    parts += _frame(tops[2], 4, 1, 1, words.grade)
    parts += _day_marks(sorted(set(days)), axis, bottom)
    if due is not None:
        parts += _due_line(axis.x(due), bottom, words.due)
    for number, zone in enumerate(zones):
        parts += _depths(points, zone, number, axis, tops[0], _ceiling(deepest, 500))
        parts += _doses(points, zone, number, len(zones), axis, tops[1], _ceiling(highest, 100))
    parts += _grades(grades, axis, tops[2])
    height = bottom + 30
    return (
        f"<svg viewBox='0 0 {WIDTH} {height}' role='img' class='clinic-chart'"
        f" aria-label='{escape(words.title, quote=True)}'>{''.join(parts)}</svg>"
        + _legend(zones, words)
    )


def _y(top: int, full: int, value: int) -> float:
    return top + _PANEL * (1 - value / full)


def _frame(top: int, full: int, step: int, per_unit: int, title: str) -> list[str]:
    parts = [f"<text x='{_LEFT}' y='{top - 15}' class='clinic-axis-title'>{escape(title)}</text>"]
    for value in range(0, full + 1, step):
        y = _y(top, full, value)
        text = f"{value / per_unit:.2f}" if per_unit == 1000 else str(value)
        parts.append(
            f"<line x1='{_LEFT}' x2='{WIDTH - _RIGHT}' y1='{y:.1f}' y2='{y:.1f}'"
            f" class='clinic-grid'/><text x='{_LEFT - 8}' y='{y + 4:.1f}' text-anchor='end'>"
            f"{text}</text>"
        )
    return parts


def _day_marks(days: Sequence[date], axis: _Days, bottom: int) -> list[str]:
    parts, written = [], -1000.0
    for day in days:
        x = axis.x(day)
        parts.append(
            f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{bottom}' y2='{bottom + 5}' class='clinic-tick'/>"
        )
        if x - written >= _NEAR + 22:
            written = x
            parts.append(
                f"<text x='{x:.1f}' y='{bottom + 20}' text-anchor='middle'>{day.isoformat()}</text>"
            )
    return parts


def _due_line(x: float, bottom: int, text: str) -> list[str]:
    return [
        f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{_TOP}' y2='{bottom}' class='clinic-due'/>",
        f"<text x='{x - 5:.1f}' y='{_TOP + 3}' text-anchor='end'"
        f" class='clinic-due-text'>{escape(text)}</text>",
    ]


def _letter(number: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26]


def _depths(
    points: Sequence[Point], zone: str, number: int, axis: _Days, top: int, full: int
) -> list[str]:
    places = [
        (axis.x(point.day), _y(top, full, point.depths_um[zone]))
        for point in points
        if zone in point.depths_um
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dash = f" stroke-dasharray='{_DASHES[number % len(_DASHES)]}'" if number % len(_DASHES) else ""
    parts = [f"<polyline points='{line}' class='clinic-line clinic-s{number % 6}'{dash}/>"]
    for x, y in places:
        parts.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4.5' class='clinic-dot clinic-s{number % 6}'/>"
        )
    x, y = places[-1]
    parts.append(
        f"<text x='{x + 9:.1f}' y='{y + 4:.1f}' class='clinic-letter'>{_letter(number)}</text>"
    )
    return parts


def _doses(
    points: Sequence[Point],
    zone: str,
    number: int,
    zones: int,
    axis: _Days,
    top: int,
    full: int,
) -> list[str]:
    gaps = [axis.x(b.day) - axis.x(a.day) for a, b in pairwise(points)]
    wide = min(11.0, 0.8 * min([gap for gap in gaps if gap > 0], default=90.0) / zones)
    parts = []
    for point in points:
        dose = point.doses.get(zone, 0)
        if not dose:
            continue
        x = axis.x(point.day) + (number - zones / 2) * wide
        y = _y(top, full, dose)
        parts.append(
            f"<rect x='{x:.1f}' y='{y:.1f}' width='{max(wide - 1.5, 1):.1f}'"
            f" height='{top + _PANEL - y:.1f}' class='clinic-bar clinic-s{number % 6}'/>"
        )
    return parts


def _grades(grades: Sequence[tuple[date, int]], axis: _Days, top: int) -> list[str]:
    places = [(axis.x(day), _y(top, 4, grade), grade) for day, grade in grades]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    parts = [f"<polyline points='{line}' class='clinic-line clinic-grade'/>"] if places else []
    for x, y, grade in places:
        parts.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='10' class='clinic-grade-dot'/>"
            f"<text x='{x:.1f}' y='{y + 4.5:.1f}' text-anchor='middle'"
            f" class='clinic-grade-text'>{grade}</text>"
        )
    return parts


def _legend(zones: Sequence[str], words: Words) -> str:
    items = "".join(
        f"<li><svg viewBox='0 0 34 12' aria-hidden='true'><line x1='1' x2='33' y1='6' y2='6'"
        f" class='clinic-line clinic-s{number % 6}'"
        f" stroke-dasharray='{_DASHES[number % len(_DASHES)] or 'none'}'/></svg>"
        f"<b>{_letter(number)}</b> {escape(words.zones.get(zone, zone))}</li>"
        for number, zone in enumerate(zones)
    )
    return f"<ul class='clinic-legend'>{items}</ul>"
