"""Processes that try one mutant each: a fork, a limit on its time and memory, its last words.

A child says which test noticed, that none did, or nothing (it looped, crashed or ate memory, which
is noticed as well). Owns the children that run.
"""

import gc
import os
import resource
import select
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

KILLED, SURVIVED, STOPPED = "killed", "survived", "stopped"
MEMORY = 3 << 30  # bytes of address space, what is loaded included

Job = TypeVar("Job")


class End(NamedTuple):
    """How one ended: KILLED, SURVIVED or STOPPED, and the name of the test that noticed."""

    how: str
    by: str = ""


def each(
    jobs: Iterable[Job],
    attempt: Callable[[Job], str],
    seconds: Callable[[Job], float],
    at_once: int,
) -> Iterator[tuple[Job, End]]:
    """Let a child attempt each job, `at_once` at a time; yield how it ended, as it ends.

    `attempt` names the test that noticed, "" for none; `seconds` is how much processor time it may
    take.
    """
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of the parent
    waiting = iter(jobs)
    running: dict[int, tuple[int, Job]] = {}
    poll = select.poll()
    done = False
    while running or not done:
        while not done and len(running) < at_once:
            job = next(waiting, None)
            if job is None:
                done = True
                break
            reader, pid = _start(job, attempt, seconds(job))
            running[reader] = pid, job
            poll.register(reader, select.POLLIN | select.POLLHUP)
        for reader, _ in poll.poll() if running else ():
            pid, job = running.pop(reader)
            poll.unregister(reader)
            said = os.read(reader, 1000).decode(errors="replace")
            os.close(reader)
            os.waitpid(pid, 0)
            if said:
                yield job, End(SURVIVED) if said == "\n" else End(KILLED, said)
            else:
                yield job, End(STOPPED)


def _start(job: Job, attempt: Callable[[Job], str], seconds: float) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return reader, pid
    try:
        os.close(reader)
        # Processor time, so that a busy machine makes no difference.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        said = attempt(job).encode()[:1000] or b"\n"
    except BaseException as why:
        said = type(why).__name__.encode()
    os.write(writer, said)
    os._exit(0)
