"""The drawing of a course: every value at its place, well formed, told in words."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from host_controller.ui.clinic.course_chart import WIDTH, Point, Words, course_chart
from protocol.zones import ZONES

WORDS = Words("C-1 & <course>", "Depth", "Dose", "Grade", "next", {"chin": "the <chin>"})
FIRST = date(2026, 1, 5)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(
    points: list[Point], grades: list[tuple[date, int]], due: date | None
) -> ElementTree.Element:
    text = course_chart(points, grades, due, WORDS)
    return ElementTree.fromstring(f"<div>{text}</div>")


def place(element: ElementTree.Element) -> tuple[float, float]:
    return float(element.attrib["cx"]), float(element.attrib["cy"])


def test_deeper_is_higher_and_later_is_further_right() -> None:
    points = [
        Point(FIRST, {"chin": 500}, {"chin": 300}),
        Point(FIRST + timedelta(30), {"chin": 750}, {"chin": 150}),
    ]
    found = drawn(points, [], None)
    first, second = (place(dot) for dot in found.iterfind(".//*[@class='clinic-dot clinic-s0']"))
    assert first[0] < second[0]
    assert first[1] > second[1]
    high, low = (
        float(bar.attrib["height"])
        for bar in found.iterfind(".//rect[@class='clinic-bar clinic-s0']")
    )
    assert high == 2 * low


def test_grades_are_written_and_fall_towards_clear() -> None:
    grades = [(FIRST, 4), (FIRST + timedelta(30), 1)]
    found = drawn([], grades, None)
    first, second = (place(dot) for dot in found.iterfind(".//*[@class='clinic-grade-dot']"))
    assert first[1] < second[1]
    written = [text.text for text in found.iterfind(".//text[@class='clinic-grade-text']")]
    assert written == ["4", "1"]


def test_one_day_stands_in_the_middle_and_the_words_are_escaped() -> None:
    found = drawn([Point(FIRST, {"chin": 500}, {})], [], None)
    (dot,) = found.iterfind(".//*[@class='clinic-dot clinic-s0']")
    assert WIDTH / 3 < place(dot)[0] < WIDTH * 2 / 3
    assert found[0].attrib["aria-label"] == "C-1 & <course>"
    assert "the <chin>" in "".join(found[1].itertext())


names = st.sampled_from([name for _, name in ZONES])
sessions = st.lists(
    st.tuples(
        st.integers(0, 900),
        st.dictionaries(names, st.integers(50, 2500), min_size=1, max_size=16),
        st.integers(0, 2000),
    ),
    min_size=1,
    max_size=30,
)


@given(sessions=sessions, grades=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 4))))
def test_nothing_leaves_the_drawing(
    sessions: list[tuple[int, dict[str, int], int]], grades: list[tuple[int, int]]
) -> None:
    points = [
        Point(FIRST + timedelta(days), depths, dict.fromkeys(depths, dose))
        for days, depths, dose in sorted(sessions, key=lambda row: row[0])
    ]
    graded = [(FIRST + timedelta(days), grade) for days, grade in sorted(grades)]
    found = drawn(points, graded, FIRST + timedelta(930))
    _, _, width, height = map(float, found[0].attrib["viewBox"].split())
    for element in found[0].iter():
        for name in ("cx", "x", "x1", "x2"):
            assert 0 <= float(element.attrib.get(name, 0)) <= width
        for name in ("cy", "y", "y1", "y2"):
            assert 0 <= float(element.attrib.get(name, 0)) <= height
        for x, y in re.findall(r"([\d.-]+),([\d.-]+)", element.attrib.get("points", "")):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
