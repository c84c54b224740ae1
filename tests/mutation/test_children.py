"""How a child's jobs end is told, and what may be the fault of another job is tried again."""

import os
import time
from collections.abc import Callable

import pytest

from tests.mutation import children
from tests.mutation.children import KILLED, STOPPED, SURVIVED, End


def loops() -> str:
    while True:
        pass


def eats_memory() -> str:
    try:
        return "" if bytearray(children.MEMORY) else "never"
    except MemoryError:
        return "memory"


def good(_noticed: set[str]) -> bool:
    return True


def one(attempt: Callable[[], str], seconds: float = 0.3) -> End:
    return next(iter(children.each([0], lambda _: attempt(), good, lambda _: seconds, 1)))[1]


@pytest.mark.parametrize(
    ("attempt", "end"),
    [
        (lambda: "a test", End(KILLED, "a test")),
        (lambda: "", End(SURVIVED)),
        (lambda: os._exit(3), End(STOPPED)),
        (loops, End(STOPPED)),
        (eats_memory, End(KILLED, "memory")),
    ],
    ids=["noticed", "unnoticed", "crashes", "loops", "eats memory"],
)
def test_how_a_job_ends_is_told(attempt: Callable[[], str], end: End) -> None:
    begin = time.process_time()
    assert one(attempt) == end
    assert time.process_time() - begin < 5.0


def test_an_attempt_that_raises_is_no_test_that_notices() -> None:
    with pytest.raises(RuntimeError, match="0 could not be tried: KeyError"):
        one(lambda: str(vars(children)["no such function"]))


@pytest.mark.parametrize("at_once", [1, 4])
def test_each_job_is_told_once_whatever_became_of_its_child(at_once: int) -> None:
    jobs = list(range(90))

    def attempt(job: int) -> str:
        if job % 17 == 3:
            os._exit(1)
        return "" if job % 3 == 0 else f"test {job}"

    told = list(
        children.each(jobs, attempt, lambda noticed: "test 40" not in noticed, lambda _: 5, at_once)
    )
    assert sorted(job for job, _ in told) == jobs
    for job, end in told:
        lived = End(SURVIVED) if job % 3 == 0 else End(KILLED, f"test {job}")
        assert end == (End(STOPPED) if job % 17 == 3 else lived)


def test_a_child_lives_on_and_its_tests_are_confirmed_batch_by_batch() -> None:
    confirmed: list[int] = []

    def confirm(noticed: set[str]) -> bool:
        confirmed.append(len(noticed))
        return True

    def attempt(_job: int) -> str:
        return f"{os.getpid()} {confirmed} {len(confirmed)}"

    jobs = range(children.BATCH * 2 + 1)
    told = dict(children.each(jobs, attempt, confirm, lambda _: 5.0, 1))
    assert len({end.by.split()[0] for end in told.values()}) == 1
    assert [told[job].by[-1] for job in (0, children.BATCH, children.BATCH * 2)] == list("012")


def test_what_an_earlier_job_left_behind_is_not_held_against_a_later_one() -> None:
    left: list[int] = []

    def attempt(job: int) -> str:
        noticed = bool(left) or job == 5
        left.append(job)
        return "a test" if noticed else ""

    told = dict(children.each(range(9), attempt, lambda noticed: not left, lambda _: 5.0, 2))
    assert {job for job, end in told.items() if end.how == KILLED} == {5}
    assert {end.how for end in told.values()} == {KILLED, SURVIVED}


def test_the_time_of_one_job_is_not_that_of_the_next() -> None:
    def attempt(_job: int) -> str:
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass
        return ""

    told = dict(children.each(range(4), attempt, good, lambda _: 0.3, 1))
    assert set(told.values()) == {End(SURVIVED)}
