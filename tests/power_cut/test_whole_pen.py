"""A whole pen that loses its supply in the middle of a session starts again with what it had."""

import pytest

from tests.power_cut import whole_pen

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.parametrize(("first", "fraction"), [(0, 0.0), (1, 0.3), (2, 0.7), (3, 1.0)])
def test_a_cut_in_a_flash_operation_of_a_session(first: int, fraction: float) -> None:
    count = whole_pen.operations()
    assert count >= 15
    for operation in range(first, count, 4):
        assert whole_pen.cut_in(operation, fraction, 1 + operation) == []
