"""The lock: after a while without a hand, never while the pen is under way."""

import pytest

from host_controller import errors
from host_controller.ui.lock import Lock


def test_it_locks_after_its_time_and_a_touch_begins_it_anew() -> None:
    lock = Lock(after_s=300)
    lock.take(False, 0.0)
    lock.touch(200.0)
    lock.take(False, 499.9)
    assert not lock.locked
    lock.take(False, 500.0)
    assert lock.locked


def test_a_pen_under_way_counts_as_a_hand() -> None:
    lock = Lock(after_s=300)
    lock.take(False, 0.0)
    for second in range(0, 3000, 10):
        lock.take(True, float(second))
    assert not lock.locked
    lock.take(False, 2990.0 + 300)
    assert lock.locked


def test_a_touch_does_not_open_it() -> None:
    lock = Lock(after_s=1)
    lock.take(False, 0.0)
    lock.take(False, 1.0)
    lock.touch(2.0)
    assert lock.locked


@pytest.mark.parametrize("code", ["", "Anna", "a@b.c", "CD2"])
def test_another_code_or_a_name_does_not_open_it(code: str) -> None:
    lock = Lock(after_s=1)
    lock.take(False, 0.0)
    lock.take(False, 1.0)
    with pytest.raises(errors.UsageError):
        lock.open(code, "AB1", 2.0)
    assert lock.locked


@pytest.mark.parametrize(("code", "operator"), [("AB1", "AB1"), (" ab1 ", "AB1"), ("CD2", "")])
def test_the_staff_code_of_the_visit_opens_it_and_time_begins_anew(
    code: str, operator: str
) -> None:
    lock = Lock(after_s=300)
    lock.take(False, 0.0)
    lock.take(False, 300.0)
    lock.open(code, operator, 400.0)
    assert not lock.locked
    lock.take(False, 699.0)
    assert not lock.locked
