"""Processes that try mutants, one after the other: a fork each, limits on time and memory.

A fork and every page that is touched after it cost tens of milliseconds, so a child lives on from
mutant to mutant, and whoever attempts one puts the right code back. Whether a mistake left
something behind in the process is seen every so often, by the tests that noticed: they must pass
again. If they do not, or the child ends, what it said is tried again. Owns the children that run.
"""

import gc
import os
import resource
import select
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

KILLED, SURVIVED, STOPPED = "killed", "survived", "stopped"
MEMORY = 3 << 30  # bytes of address space, what is loaded included
BATCH = 20  # mutants noticed until the tests that did must pass again
CONFIRM_S = 60.0  # they may take so long
WORD = 4  # bytes of a job's number
CONFIRM = (1 << 8 * WORD) - 1  # instead of a job's number
GOOD, BAD, UNTRIED = b"+", b"-", b"!"  # first byte of what a child says

Job = TypeVar("Job")


class End(NamedTuple):
    """How one ended: KILLED, SURVIVED or STOPPED, and the name of the test that noticed."""

    how: str
    by: str = ""


@dataclass
class _Child:
    """One that runs. `alone`: its only job, of which it is believed what it says."""

    pid: int
    asks: int  # file to which it is told what to do next
    number: int  # its job, or CONFIRM
    alone: bool
    unsure: list[tuple[int, str]] = field(default_factory=list)  # noticed, but not confirmed


class _Children(Generic[Job]):
    """Those that run, and the jobs that wait. See `each`."""

    def __init__(
        self,
        jobs: Sequence[Job],
        attempt: Callable[[Job], str],
        confirm: Callable[[set[str]], bool],
        seconds: Callable[[Job], float],
    ) -> None:
        self._jobs = jobs
        self._attempt = attempt
        self._confirm = confirm
        self._seconds = seconds
        self._waiting = deque(range(len(jobs)))
        self._alone = deque[int]()
        self._running: dict[int, _Child] = {}
        self._poll = select.poll()

    def run(self, at_once: int) -> Iterator[tuple[Job, End]]:
        """Until there is nothing left to do."""
        while self._waiting or self._alone or self._running:
            while len(self._running) < at_once and (self._waiting or self._alone):
                self._start()
            for says, _ in self._poll.poll():
                child = self._running[says]
                said = os.read(says, 1200)
                if said[:1] == UNTRIED:
                    job = self._jobs[child.number]
                    raise RuntimeError(f"{job} could not be tried: {said[1:].decode()}")
                for number, end in self._take(child, said):
                    yield self._jobs[number], end
                if not self._ask(child, said):
                    self._end(says, child)

    def _take(self, child: _Child, said: bytes) -> Iterator[tuple[int, End]]:
        """What is known for good by what a child has said, or by its silence."""
        by = said[1:].decode(errors="replace")
        if child.number == CONFIRM:
            if said[:1] == GOOD:
                yield from ((number, End(KILLED, by)) for number, by in child.unsure)
            else:
                self._alone.extend(number for number, _ in child.unsure)
            child.unsure = []
        elif not said:
            if child.alone:
                yield child.number, End(STOPPED)
            else:
                self._alone.append(child.number)
                self._waiting.extendleft(number for number, _ in child.unsure)
        elif not by:
            yield child.number, End(SURVIVED)
        elif child.alone:
            yield child.number, End(KILLED, by)
        else:
            child.unsure.append((child.number, by))

    def _ask(self, child: _Child, said: bytes) -> bool:
        """Tell a child what to do next; False when there is nothing that it may do."""
        if child.alone or said[:1] != GOOD:
            return False
        if child.unsure and (len(child.unsure) >= BATCH or not self._waiting):
            child.number = CONFIRM
        elif self._waiting:
            child.number = self._waiting.popleft()
        else:
            return False
        os.write(child.asks, child.number.to_bytes(WORD, "little"))
        return True

    def _start(self) -> None:
        alone = not self._waiting
        number = self._alone.popleft() if alone else self._waiting.popleft()
        reads, asks = os.pipe()
        says, writes = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                for other, child in self._running.items():  # else it would wait for their end too
                    os.close(other)
                    os.close(child.asks)
                os.close(asks)
                os.close(says)
                self._live(reads, writes)
            finally:
                os._exit(0)
        os.close(reads)
        os.close(writes)
        os.write(asks, number.to_bytes(WORD, "little"))
        self._running[says] = _Child(pid, asks, number, alone)
        self._poll.register(says, select.POLLIN | select.POLLHUP)

    def _end(self, says: int, child: _Child) -> None:
        self._poll.unregister(says)
        del self._running[says]
        os.close(child.asks)
        os.close(says)
        os.waitpid(child.pid, 0)

    def _live(self, reads: int, writes: int) -> None:
        """In the child: do what is asked for, until there is no more."""
        # Processor time, so that a busy machine makes no difference.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        noticed: set[str] = set()
        while word := os.read(reads, WORD):
            number = int.from_bytes(word, "little")
            try:
                if number == CONFIRM:
                    signal.setitimer(signal.ITIMER_PROF, CONFIRM_S)
                    said = GOOD if self._confirm(noticed) else BAD
                    noticed.clear()
                else:
                    signal.setitimer(signal.ITIMER_PROF, self._seconds(self._jobs[number]))
                    by = self._attempt(self._jobs[number])
                    noticed.add(by)
                    said = GOOD + by.encode()[:1000]
            except BaseException as why:
                said = UNTRIED + repr(why).encode()[:1000]
            signal.setitimer(signal.ITIMER_PROF, 0)
            os.write(writes, said)


def each(
    jobs: Sequence[Job],
    attempt: Callable[[Job], str],
    confirm: Callable[[set[str]], bool],
    seconds: Callable[[Job], float],
    at_once: int,
) -> Iterator[tuple[Job, End]]:
    """Let children attempt each job, `at_once` of them; yield how it ended, as it ends.

    `attempt` names the test that noticed, "" for none; `confirm` is whether these tests pass
    without a mistake; `seconds` is how much processor time a job may take. Raises RuntimeError when
    an attempt raised: what notices a mistake is a test, and never the machinery.
    """
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of the parent
    return _Children(jobs, attempt, confirm, seconds).run(at_once)
