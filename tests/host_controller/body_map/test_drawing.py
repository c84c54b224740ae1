"""The drawing knows every zone, fills by depth and keeps the inside of the orbital rim free."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from host_controller.body_map import shapes
from host_controller.body_map.drawing import Mark, body_map
from host_controller.body_map.shades import STEPS, legend, shade
from protocol.zones import ZONES

SVG = "{http://www.w3.org/2000/svg}"


def test_every_zone_of_the_pen_is_drawn_once() -> None:
    assert sorted(shape.zone for shape in shapes.SHAPES) == sorted(name for _, name in ZONES)


def test_each_mark_shows_its_number_and_sentence() -> None:
    root = ET.fromstring(body_map({"cheek": Mark(1500, "1.50", "cheek: 1.50 mm")}, "one zone"))
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert texts == ["1.50"]
    group = next(g for g in root.iter(f"{SVG}g") if g.get("data-zone") == "cheek")
    assert group[0].text == "cheek: 1.50 mm"
    assert root.get("aria-label") == "one zone"


def test_text_is_escaped() -> None:
    ET.fromstring(body_map({"nose": Mark(250, "<&>", "'\"<")}, "a \"<&>'"))


def test_a_zone_that_is_not_drawn_is_an_error() -> None:
    with pytest.raises(KeyError):
        body_map({"eyelid": Mark(250, "0.25")}, "")


def test_nothing_can_be_marked_inside_the_orbital_rim() -> None:
    for x, y in ((150, 196), (130, 190), (170, 190), (150, 180), (150, 210)):
        for shape in shapes.SHAPES:
            for side in (x, 2 * shapes.FACE_AXIS_X - x):
                assert not any(_inside(path, side, y) for path in shape.paths), shape.zone


def _inside(path: str, x: float, y: float) -> bool:
    """Even-odd test against the curves cut into 24 straight pieces each."""
    crossings = 0
    for part in path.split("M")[1:]:
        points = _points("M" + part)
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                crossings += 1
    return crossings % 2 == 1


def _points(path: str) -> list[tuple[float, float]]:
    words = path.replace("Z", "").replace("M", "M ").replace("C", "C ").replace("L", "L ").split()
    points: list[tuple[float, float]] = []
    command, index = "M", 0
    while index < len(words):
        if words[index] in "MCL":
            command = words[index]
            index += 1
            continue
        if command == "C":
            begin = points[-1]
            one, two, end = (_pair(word) for word in words[index : index + 3])
            points += [_bezier(begin, one, two, end, k / 24) for k in range(1, 25)]
            index += 3
        else:
            points.append(_pair(words[index]))
            index += 1
    return points


def _pair(word: str) -> tuple[float, float]:
    x, y = word.split(",")
    return float(x), float(y)


def _bezier(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float],
    d: tuple[float, float], t: float,
) -> tuple[float, float]:  # fmt: skip
    u = 1 - t
    x, y = (u**3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t**3 * d[i] for i in (0, 1))
    return x, y


def test_the_point_test_itself_sees_a_zone() -> None:
    forehead = next(shape for shape in shapes.SHAPES if shape.zone == "forehead")
    assert _inside(forehead.paths[0], 200, 126)
    assert not _inside(forehead.paths[0], 200, 300)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_deeper_is_darker_also_in_grey() -> None:
    luminances = [_luminance(fill) for _, fill, _ in STEPS]
    assert luminances == sorted(luminances, reverse=True)
    assert all(a > 1.25 * b for a, b in pairwise(luminances))


def test_text_on_a_shade_has_a_contrast_of_4_5() -> None:
    for _, fill, text in STEPS:
        light, dark = sorted((_luminance(fill), _luminance(text)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, fill


def test_shade_by_depth() -> None:
    assert shade(None)[0] == "#ffffff"
    assert shade(0) == shade(250)
    assert shade(251) == shade(500)
    assert shade(2500) == shade(2600)
    assert legend()[0][0] == "to 0.25 mm"
