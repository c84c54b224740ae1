"""How a child's jobs end is told, and what may be the fault of another job is tried again."""

import os
import time
from collections.abc import Callable

import pytest

from tests.mutation import children
from tests.mutation.children import KILLED, STOPPED, SURVIVED, End, Said


def loops() -> Said:
    while True:
        pass


def eats_memory() -> Said:
    try:
        return Said("" if bytearray(children.MEMORY) else "never")
    except MemoryError:
        return Said("memory")


def one(attempt: Callable[[], Said], seconds: float = 0.3) -> End:
    return next(iter(children.each([0], lambda _: attempt(), lambda _: seconds, 1)))[1]


@pytest.mark.parametrize(
    ("attempt", "end"),
    [
        (lambda: Said("a test"), End(KILLED, "a test")),
        (lambda: Said("a test", clean=False), End(KILLED, "a test")),
        (lambda: Said(""), End(SURVIVED)),
        (lambda: os._exit(3), End(STOPPED)),
        (loops, End(STOPPED)),
        (eats_memory, End(KILLED, "memory")),
    ],
    ids=["noticed", "and spoilt", "unnoticed", "crashes", "loops", "eats memory"],
)
def test_how_a_job_ends_is_told(attempt: Callable[[], Said], end: End) -> None:
    begin = time.process_time()
    assert one(attempt) == end
    assert time.process_time() - begin < 5.0


def test_an_attempt_that_raises_is_no_test_that_notices() -> None:
    with pytest.raises(RuntimeError, match="0 could not be tried: KeyError"):
        one(lambda: Said(vars(children)["no such function"]))


@pytest.mark.parametrize("at_once", [1, 4])
def test_each_job_is_told_once_whatever_became_of_its_child(at_once: int) -> None:
    jobs = list(range(40))

    def attempt(job: int) -> Said:
        if job % 7 == 3:
            os._exit(1)
        return Said("" if job % 3 else f"test {job}", clean=job % 5 != 1)

    told = list(children.each(jobs, attempt, lambda _: 5.0, at_once))
    assert sorted(job for job, _ in told) == jobs
    for job, end in told:
        survived = End(SURVIVED) if job % 3 else End(KILLED, f"test {job}")
        assert end == (End(STOPPED) if job % 7 == 3 else survived)


def test_a_child_lives_on_and_one_that_is_spoilt_does_not() -> None:
    tried: list[int] = []

    def attempt(job: int) -> Said:
        tried.append(job)
        return Said(f"{os.getpid()} {tried}", clean=job != 2)

    ended = dict(children.each(range(5), attempt, lambda _: 5.0, 1))
    processes, lists = zip(*(ended[job].by.split(" ", 1) for job in range(5)), strict=True)
    assert list(lists) == ["[0]", "[0, 1]", "[2]", "[3]", "[3, 4]"]  # 2 was the first when told
    assert len(set(processes)) == 3


def test_what_an_earlier_job_left_behind_is_not_held_against_a_later_one() -> None:
    left: list[int] = []

    def attempt(job: int) -> Said:
        noticed = bool(left)
        left.append(job)
        return Said("a test" if noticed else "", clean=not noticed)

    ended = dict(children.each(range(6), attempt, lambda _: 5.0, 2))
    assert set(ended.values()) == {End(SURVIVED)}


def test_the_time_of_one_job_is_not_that_of_the_next() -> None:
    def attempt(_job: int) -> Said:
        until = time.process_time() + 0.1
        while time.process_time() < until:
            pass
        return Said("")

    ended = dict(children.each(range(4), attempt, lambda _: 0.3, 1))
    assert set(ended.values()) == {End(SURVIVED)}
