"""Rate of readings and readings lost, by telemetry's own counter."""

from hypothesis import given
from hypothesis import strategies as st

from host_controller.replies import Reading
from host_controller.ui.engineer.link_facts import LinkFacts

EMPTY = Reading(*[0] * len(Reading._fields))


@given(st.integers(0, 65_535), st.lists(st.booleans(), min_size=2, max_size=60))
def test_numbers_left_out_are_lost_also_where_the_counter_wraps(
    start: int, arrives: list[bool]
) -> None:
    facts = LinkFacts()
    shown = [n for n, here in enumerate(arrives) if here]
    facts.take((EMPTY._replace(counter=(start + n) % 65_536, t_ms=20 * n) for n in shown), 1.0)
    missing = shown[-1] - shown[0] + 1 - len(shown) if shown else 0
    assert facts.facts(1.0).lost == missing


def test_an_answer_or_a_pen_that_starts_anew_is_no_loss() -> None:
    facts = LinkFacts()
    facts.take([EMPTY._replace(counter=40_000, t_ms=9000)], 0.0)
    facts.take([EMPTY._replace(counter=40_000, t_ms=9010)], 0.1)  # a status repeats the number
    facts.take([EMPTY._replace(counter=1, t_ms=700)], 0.2)
    facts.take([EMPTY._replace(counter=2, t_ms=720)], 0.3)
    assert facts.facts(0.3).lost == 0


def test_the_rate_is_that_of_the_last_two_seconds() -> None:
    facts = LinkFacts()
    for tenth in range(50):
        facts.take([EMPTY] * (5 if tenth < 25 else 10), tenth / 10)
    assert round(facts.facts(4.9).rate_hz) == 100
    assert LinkFacts().facts(0.0).rate_hz == 0.0
