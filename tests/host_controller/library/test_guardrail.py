"""The layers of limits: they nest or it is told, and every value has one place among them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from host_controller.library.guardrail import Guardrail, Place, Range

VALUES = st.integers(0, 60)
RANGES = st.builds(Range, VALUES, VALUES)
ANY = st.builds(Guardrail, RANGES, RANGES, RANGES, RANGES, VALUES)


@st.composite
def nested(draw: st.DrawFn) -> Guardrail:
    """A guardrail that nests: eight ends in order, lows from outside in, highs from inside out."""
    ends = sorted(draw(st.lists(VALUES, min_size=9, max_size=9)))
    ranges = [Range(ends[i], ends[8 - i]) for i in range(4)]
    return Guardrail(*ranges, default=ends[4])


CHEEK = Guardrail(Range(50, 2500), Range(100, 1500), Range(250, 1500), Range(500, 1200), 1000)


@pytest.mark.parametrize(
    ("value", "layer", "place"),
    [
        (49, "mechanical", "below"), (50, "evaluated", "below"), (99, "evaluated", "below"),
        (100, "hard", "below"), (249, "hard", "below"), (250, "soft", "below"),
        (499, "soft", "below"), (500, "", "at limit"), (501, "", "within"), (1000, "", "within"),
        (1199, "", "within"), (1200, "", "at limit"), (1201, "soft", "above"),
        (1500, "soft", "above"), (1501, "evaluated", "above"), (2500, "evaluated", "above"),
        (2501, "mechanical", "above"),
    ],
)  # fmt: skip
def test_each_value_leaves_the_outermost_layer_it_passes(
    value: int, layer: str, place: str
) -> None:
    judged = CHEEK.judge(value)
    assert (judged.layer, judged.place) == (layer, place)
    assert judged.refused == (layer in ("mechanical", "evaluated", "hard"))
    assert judged.needs_reason == (layer == "soft")


@given(RANGES, VALUES)
def test_a_place_is_one_of_four_and_says_where(span: Range, value: int) -> None:
    assume(span.low <= span.high)
    assert {
        Place.BELOW: value < span.low,
        Place.AT_LIMIT: value in (span.low, span.high),
        Place.WITHIN: span.low < value < span.high,
        Place.ABOVE: value > span.high,
    }[span.place(value)]


@given(nested())
def test_what_nests_is_said_to_nest_and_allows_its_default(rail: Guardrail) -> None:
    assert rail.unnested == ""
    judged = rail.judge(rail.default)
    assert not judged.refused
    assert not judged.needs_reason


@given(ANY)
def test_what_is_said_to_nest_nests(rail: Guardrail) -> None:
    lows = [rail.mechanical.low, rail.evaluated.low, rail.hard.low, rail.soft.low, rail.default]
    highs = [
        rail.default,
        rail.soft.high,
        rail.hard.high,
        rail.evaluated.high,
        rail.mechanical.high,
    ]
    assert (rail.unnested == "") == (lows == sorted(lows) and highs == sorted(highs))


@given(nested(), VALUES)
def test_inside_a_nested_guardrail_refused_means_outside_hard(rail: Guardrail, value: int) -> None:
    judged = rail.judge(value)
    assert judged.refused == (not rail.hard.low <= value <= rail.hard.high)
    in_soft = rail.soft.low <= value <= rail.soft.high
    assert (judged.layer == "") == in_soft


@given(nested(), VALUES, st.booleans(), VALUES)
def test_narrowing_never_widens(rail: Guardrail, most: int, strict: bool, value: int) -> None:
    narrow = rail.narrowed(most, soft_is_hard=strict)
    if narrow is None:
        assert most < rail.hard.low
        return
    assert narrow.unnested == ""
    if not narrow.judge(value).refused:
        assert not rail.judge(value).refused
        assert value <= most
    if not narrow.judge(value).layer and value != narrow.soft.low:
        assert not rail.judge(value).layer
    if strict:
        assert narrow.hard.high == narrow.soft.high
    assert narrow.default <= rail.default


@given(nested(), VALUES, VALUES)
def test_narrowing_twice_is_narrowing_by_the_lower(rail: Guardrail, one: int, two: int) -> None:
    first = rail.narrowed(one)
    both = first.narrowed(two) if first else None
    assert both == rail.narrowed(min(one, two))
