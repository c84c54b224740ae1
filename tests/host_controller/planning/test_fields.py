"""Single values: no number is changed on its way, and none outside its range gets through."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from host_controller.planning import fields
from host_controller.planning.problems import Problems


def problems() -> Problems:
    return Problems("test", {})


@given(st.integers(-500, 500))
def test_lengths_on_the_grid_pass_exactly_inside_the_range(hundredths: int) -> None:
    found = problems()
    value = fields.length(found, "depth_mm", Decimal(hundredths) / 100, 50, 2500)
    if 5 <= hundredths <= 250:
        assert value == hundredths * 10
        assert not found.found
    else:
        assert value is None
        assert found.found[0].limit


@given(st.decimals(min_value="0.05", max_value="2.5", places=5))
def test_lengths_beside_the_grid_are_refused_never_rounded(exact: Decimal) -> None:
    found = problems()
    value = fields.length(found, "depth_mm", exact, 50, 2500)
    on_grid = exact * 100 == int(exact * 100)
    assert (value is not None) == on_grid
    if value is not None:
        assert Decimal(value) / 1000 == exact


@given(st.integers(0, 20000))
def test_rates_pass_exactly_inside_the_range(chz: int) -> None:
    found = problems()
    value = fields.rate(found, "rate_hz", Decimal(chz) / 100, 5000, 15000)
    assert value == (chz if 5000 <= chz <= 15000 else None)


@given(
    st.one_of(
        st.booleans(), st.text(), st.none(), st.lists(st.integers()), st.floats(), st.binary()
    )
)
def test_nothing_but_an_exact_number_is_taken_for_one(value: object) -> None:
    found = problems()
    assert fields.number(found, "x", value, "x = 1") is None
    assert len(found.found) == 1


@given(st.integers() | st.decimals(allow_nan=True, allow_infinity=True))
def test_any_number_gets_an_answer(value: int | Decimal) -> None:
    for check in (
        lambda p: fields.length(p, "a", value, 50, 2500, 500),
        lambda p: fields.rate(p, "a", value, 2500, 15000),
        lambda p: fields.whole(p, "a", value, 1, 6),
    ):
        found = problems()
        assert (check(found) is None) == bool(found.found)
        assert all(len(problem.text("f")) < 300 for problem in found.found)
