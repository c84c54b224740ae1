"""The drawing as SVG: zones filled by depth, each with its number, white where nothing was done.

Pure: shapes and marks in, text out. Zones carry `data-zone`, so that a page may attach to them.
Owns no state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from host_controller.body_map import shapes
from host_controller.body_map.shades import shade

_INK = "#3c4a48"
_FONT = "font-family='Libertinus Sans, DejaVu Sans, sans-serif'"


@dataclass(frozen=True)
class Mark:
    """What stands on a zone: its depth for the shade, a short text, a sentence for readers."""

    depth_um: int | None
    text: str = ""
    title: str = ""


# Parts of the drawing that a page may show alone, as x, y, width, height.
WHOLE = (0, 0, shapes.WIDTH, shapes.HEIGHT)
HEAD = (40, 24, 320, 440)
HEAD_AND_CHEST = (20, 24, 360, 576)
BODY = (420, 50, 220, 520)


def part_holds(part: tuple[int, int, int, int], shape: shapes.Shape) -> bool:
    """Whether a zone lies in a part, by the place of its label."""
    x, y, width, height = part
    return x <= shape.label[0] <= x + width and y <= shape.label[1] <= y + height


def part_for(zones: Iterable[str]) -> tuple[int, int, int, int]:
    """The smallest part that shows all of `zones`; the whole where none does."""
    wanted = [shape for shape in shapes.SHAPES if shape.zone in set(zones)]
    for part in (HEAD, HEAD_AND_CHEST, BODY):
        if all(part_holds(part, shape) for shape in wanted):
            return part
    return WHOLE


def body_map(
    marks: Mapping[str, Mark],
    description: str,
    part: tuple[int, int, int, int] = WHOLE,
) -> str:
    """The drawing, or a part of it, with `marks` by zone name; other zones are outlines.

    `description` says in words what the picture shows, for readers who do not see it. Raises
    KeyError for a mark on a zone that is not drawn.
    """
    known = {shape.zone for shape in shapes.SHAPES}
    for zone in marks:
        if zone not in known:
            raise KeyError(zone)
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{' '.join(map(str, part))}'"
        f" role='img' aria-label={quoteattr(description)}>",
        f"<title>{escape(description)}</title>",
    ]
    seen = [shape for shape in shapes.SHAPES if shape.zone in marks or part_holds(part, shape)]
    if part != BODY:
        parts += [_outline(path) for path in shapes.FACE_OUTLINE]
    if part in (WHOLE, BODY):
        parts += [_outline(path) for path in shapes.BODY_OUTLINE]
    parts += [_zone(shape, marks.get(shape.zone)) for shape in seen]
    if part != BODY:
        for path in (shapes.EYE, shapes.BROW):
            parts += [_outline(path), _mirrored(_outline(path))]
        rim = f"<path d='{shapes.ORBITAL_RIM}' fill='none' stroke='{_INK}' stroke-dasharray='3 3'/>"
        parts += [rim, _mirrored(rim)]
    parts += [_label(shape, marks[shape.zone]) for shape in seen if shape.zone in marks]
    parts.append("</svg>")
    return "\n".join(parts)


def _outline(path: str) -> str:
    return f"<path d='{path}' fill='none' stroke='{_INK}' stroke-width='1.4'/>"


def _mirrored(inner: str) -> str:
    return f"<g transform='translate({2 * shapes.FACE_AXIS_X} 0) scale(-1 1)'>{inner}</g>"


def _zone(shape: shapes.Shape, mark: Mark | None) -> str:
    # Without a mark the zone is there to be pointed at, and what lies under it shows.
    fill, _ = shade(mark.depth_um if mark else None)
    opacity, strength = (1, 1.2) if mark else (0, 0.5)
    paths = "".join(
        f"<path d='{path}' fill='{fill}' fill-opacity='{opacity}' fill-rule='evenodd'"
        f" stroke='{_INK}'"
        f" stroke-width='{strength}'/>"
        for path in shape.paths
    )
    title = f"<title>{escape(mark.title)}</title>" if mark and mark.title else ""
    both = paths + (_mirrored(paths) if shape.paired else "")
    return f"<g data-zone='{shape.zone}'>{title}{both}</g>"


def _label(shape: shapes.Shape, mark: Mark) -> str:
    """The text, in a white pill so that it can be read on a shade, a neighbour or in grey."""
    x, y = shape.label
    width = 9 * len(mark.text) + 8
    return (
        f"<rect x='{x - width / 2}' y='{y - 10}' width='{width}' height='19' rx='9'"
        f" fill='#ffffff' stroke='{_INK}' stroke-width='0.8'/>"
        f"<text x='{x}' y='{y + 5}' text-anchor='middle' {_FONT} font-size='15'"
        f" font-weight='bold' fill='#10201e'>{escape(mark.text)}</text>"
    )
