"""Each reading once, also while others are added and dropped."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from host_controller.replies import Reading
from host_controller.ui.engineer.tail import Tail

EMPTY = Reading(*[0] * len(Reading._fields))


@given(st.lists(st.integers(0, 12), max_size=30), st.booleans())
def test_each_reading_is_given_once_and_in_order(counts: list[int], from_start: bool) -> None:
    kept: deque[Reading] = deque([EMPTY._replace(counter=0)], maxlen=13)
    tail = Tail(kept, from_start)
    given_out = [] if from_start else [0]
    made = 0
    for count in counts:
        for _ in range(count):
            made += 1
            kept.append(EMPTY._replace(counter=made))
        given_out += [reading.counter for reading in tail.take()]
    given_out += [reading.counter for reading in tail.take()]
    assert given_out == list(range(made + 1))


def test_equal_readings_are_not_the_same_reading() -> None:
    kept: deque[Reading] = deque(maxlen=10)
    tail = Tail(kept)
    for _ in range(3):
        kept.append(Reading(*[0] * len(Reading._fields)))
    assert len(tail.take()) == 3
    assert tail.take() == []


def test_what_has_gone_is_gone_but_nothing_comes_twice() -> None:
    kept: deque[Reading] = deque(maxlen=3)
    tail = Tail(kept)
    kept.extend(EMPTY._replace(counter=n) for n in range(10))
    assert [reading.counter for reading in tail.take()] == [7, 8, 9]
    assert tail.take() == []
