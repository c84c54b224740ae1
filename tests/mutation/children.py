"""Processes that try mutants, one after the other: a fork each, limits on time and memory.

A fork and every page that is touched after it cost tens of milliseconds, so a child lives on from
mutant to mutant, and whoever attempts one leaves the process as it was. A child that says it did
not, or that ends, may have been spoilt by an earlier mutant: the last one is then tried again, as
the first of a new child. Owns the children that run.
"""

import gc
import os
import resource
import select
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

KILLED, SURVIVED, STOPPED = "killed", "survived", "stopped"
MEMORY = 3 << 30  # bytes of address space, what is loaded included
CLEAN, SPOILT, UNTRIED = b"+", b"-", b"!"  # first byte of what a child says
WORD = 4  # bytes of a job's number

Job = TypeVar("Job")


class End(NamedTuple):
    """How one ended: KILLED, SURVIVED or STOPPED, and the name of the test that noticed."""

    how: str
    by: str = ""


class Said(NamedTuple):
    """The test that noticed, "" for none, and whether the process is as it was before."""

    by: str
    clean: bool = True


@dataclass
class _Child:
    """One that runs."""

    pid: int
    asks: int  # file to which the number of the next job is written
    number: int  # of its job
    tried: int = 0  # jobs before this one


def each(
    jobs: Sequence[Job],
    attempt: Callable[[Job], Said],
    seconds: Callable[[Job], float],
    at_once: int,
) -> Iterator[tuple[Job, End]]:
    """Let children attempt each job, `at_once` of them; yield how it ended, as it ends.

    `seconds` is how much processor time a job may take. Raises RuntimeError when an attempt raised:
    what notices a mistake is a test, and never the machinery.
    """
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of the parent
    waiting = deque(range(len(jobs)))
    running: dict[int, _Child] = {}
    poll = select.poll()
    while waiting or running:
        while waiting and len(running) < at_once:
            others = [*running, *(child.asks for child in running.values())]
            says, child = _start(jobs, attempt, seconds, waiting.popleft(), others)
            running[says] = child
            poll.register(says, select.POLLIN | select.POLLHUP)
        for says, _ in poll.poll():
            child = running[says]
            said = os.read(says, 1200)
            job = jobs[child.number]
            first = said[:1]
            if first == UNTRIED:
                raise RuntimeError(f"{job} could not be tried: {said[1:].decode()}")
            if first != CLEAN and child.tried:
                waiting.appendleft(child.number)
            elif not said:
                yield job, End(STOPPED)
            else:
                by = said[1:].decode(errors="replace")
                yield job, End(KILLED, by) if by else End(SURVIVED)
            if first == CLEAN and waiting:
                child.tried += 1
                child.number = waiting.popleft()
                _ask(child.asks, child.number)
            else:
                poll.unregister(says)
                del running[says]
                os.close(child.asks)
                os.close(says)
                os.waitpid(child.pid, 0)


def _ask(asks: int, number: int) -> None:
    os.write(asks, number.to_bytes(WORD, "little"))


def _start(
    jobs: Sequence[Job],
    attempt: Callable[[Job], Said],
    seconds: Callable[[Job], float],
    number: int,
    others: list[int],
) -> tuple[int, _Child]:
    reads, asks = os.pipe()
    says, writes = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            for other in (*others, asks, says):  # else a child would wait for another's end
                os.close(other)
            _live(jobs, attempt, seconds, reads, writes)
        finally:
            os._exit(0)
    os.close(reads)
    os.close(writes)
    _ask(asks, number)
    return says, _Child(pid, asks, number)


def _live(
    jobs: Sequence[Job],
    attempt: Callable[[Job], Said],
    seconds: Callable[[Job], float],
    reads: int,
    writes: int,
) -> None:
    """Attempt what is asked for, until there is no more or the process is spoilt."""
    # Processor time, so that a busy machine makes no difference.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    clean = True
    while clean and (word := os.read(reads, WORD)):
        job = jobs[int.from_bytes(word, "little")]
        signal.setitimer(signal.ITIMER_PROF, seconds(job))
        try:
            by, clean = attempt(job)
            said = (CLEAN if clean else SPOILT) + by.encode()[:1000]
        except BaseException as why:
            said, clean = UNTRIED + repr(why).encode()[:1000], False
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(writes, said)
