"""Depth and rate over the time of a treatment, as one SVG of two panels.

For each step of the record the band from smallest to largest and the mean; what was planned as a
dashed line; zones as alternating grounds with their names. Readable without colour. Pure.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from host_controller.records.views import Sample, ZoneRecord

WIDTH, HEIGHT = 720, 236
_LEFT, _RIGHT, _TOP, _PANEL, _GAP = 52, 8, 20, 84, 22
_INK, _GRID, _BAND, _LINE = "#22302e", "#d4dcdb", "#9fcdc7", "#0c4f4a"
_FONT = "font-family='Libertinus Sans, DejaVu Sans, sans-serif' font-size='11'"

Value = Callable[[Sample], int]


def trace_plot(samples: Sequence[Sample], zones: Sequence[ZoneRecord], description: str) -> str:
    """The plot of `samples` in their order; `description` in words for who does not see it."""
    span_s = max((sample.t_ms for sample in samples), default=1000) / 1000
    depth_top = _round_up([zone.depth_um_set for zone in zones], 1000)
    rate_top = _round_up([zone.rate_chz_set for zone in zones], 10_000)
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'"
        f" aria-label={quoteattr(description)}>",
        *_grounds(samples, span_s),
        *_panel(
            samples, span_s, _TOP, depth_top, 1000, "depth, mm",
            (lambda s: s.depth_um_min, lambda s: s.depth_um_mean, lambda s: s.depth_um_max),
            {zone.zone: zone.depth_um_set for zone in zones},
        ),
        *_panel(
            samples, span_s, _TOP + _PANEL + _GAP, rate_top, 100, "rate, Hz",
            (lambda s: s.rate_chz_min, lambda s: s.rate_chz_mean, lambda s: s.rate_chz_max),
            {zone.zone: zone.rate_chz_set for zone in zones},
        ),
        *_time_axis(span_s),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(parts)


def _round_up(values: Sequence[int], step: int) -> int:
    """A tenth more than the largest, in whole steps: the four lines below it get round numbers."""
    return max(step, ceil(max(values, default=step) * 1.1 / step) * step)


def _x(t_s: float, span_s: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * t_s / span_s


def _grounds(samples: Sequence[Sample], span_s: float) -> list[str]:
    """Each stay in a zone: every other one grey, each with its name where it fits."""
    parts = []
    bottom = _TOP + 2 * _PANEL + _GAP
    for number, (zone, stay) in enumerate(groupby(samples, key=lambda sample: sample.zone)):
        steps = list(stay)
        begin = _x((steps[0].t_ms - steps[0].lasted_ms) / 1000, span_s)
        end = _x(steps[-1].t_ms / 1000, span_s)
        if number % 2 == 0:
            parts.append(
                f"<rect x='{begin:.1f}' y='{_TOP}' width='{end - begin:.1f}'"
                f" height='{bottom - _TOP}' fill='#f1f4f4'/>"
            )
        if end - begin > 6 * len(zone):
            parts.append(
                f"<text x='{(begin + end) / 2:.1f}' y='{_TOP - 7}' text-anchor='middle' {_FONT}"
                f" fill='{_INK}'>{escape(zone)}</text>"
            )
    return parts


def _panel(
    samples: Sequence[Sample],
    span_s: float,
    top: int,
    full: int,
    per_unit: int,
    title: str,
    values: tuple[Value, Value, Value],
    planned: dict[str, int],
) -> list[str]:
    """One panel from 0 to `full`; `per_unit` of it make one of the axis."""
    low, mean, high = values

    def y(value: int) -> float:
        return top + _PANEL * (1 - min(max(value, 0), full) / full)

    parts = []
    for line in range(5):
        value = full * line // 4
        parts.append(
            f"<line x1='{_LEFT}' x2='{WIDTH - _RIGHT}' y1='{y(value):.1f}' y2='{y(value):.1f}'"
            f" stroke='{_GRID}'/><text x='{_LEFT - 6}' y='{y(value) + 4:.1f}' text-anchor='end'"
            f" {_FONT} fill='{_INK}'>{value / per_unit:g}</text>"
        )
    parts.append(
        f"<text transform='translate(13 {top + _PANEL / 2}) rotate(-90)' text-anchor='middle'"
        f" {_FONT} fill='{_INK}'>{title}</text>"
    )
    for sample in samples:
        if not sample.running_ms:
            continue
        begin = _x((sample.t_ms - sample.lasted_ms) / 1000, span_s)
        end = _x(sample.t_ms / 1000, span_s)
        upper, lower = y(high(sample)), y(low(sample))
        parts.append(
            f"<rect x='{begin:.1f}' y='{upper:.1f}' width='{end - begin:.1f}'"
            f" height='{max(lower - upper, 0.8):.1f}' fill='{_BAND}'/>"
            f"<path d='M{begin:.1f},{y(mean(sample)):.1f}H{end:.1f}' stroke='{_LINE}'"
            f" stroke-width='1.6'/>"
        )
    for zone, stay in groupby(samples, key=lambda sample: sample.zone):
        steps = list(stay)
        if zone in planned:
            begin = _x((steps[0].t_ms - steps[0].lasted_ms) / 1000, span_s)
            end = _x(steps[-1].t_ms / 1000, span_s)
            parts.append(
                f"<path d='M{begin:.1f},{y(planned[zone]):.1f}H{end:.1f}' stroke='{_INK}'"
                f" stroke-width='1' stroke-dasharray='5 3'/>"
            )
    return parts


def _time_axis(span_s: float) -> list[str]:
    """Seconds below both panels, in steps that leave at most eight numbers."""
    step = next(s for s in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200) if span_s / s <= 8)
    bottom = _TOP + 2 * _PANEL + _GAP
    return [
        f"<text x='{_x(t, span_s):.1f}' y='{bottom + 15}' text-anchor='middle' {_FONT}"
        f" fill='{_INK}'>{t // 60}:{t % 60:02}</text>"
        for t in range(0, int(span_s) + 1, step)
    ]
