"""No program of ours ends and leaves a pen running: whatever ends it, the pen is stopped first.

Ctrl-C, SIGTERM, a closed terminal and every error pass through `stopping`, which sends STOP, waits
until the pen senses its needles inside and says so. Owns the signal handlers while it is active.
"""

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

from host_controller import errors
from host_controller.cli.output import Output
from host_controller.pen import Pen

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Ended(BaseException):
    """A signal to end has come; no `except Exception` may swallow it."""


def _raise(*_: object) -> None:
    raise Ended


@contextlib.contextmanager
def _handlers(handler: Any) -> Iterator[None]:
    """Use `handler` for every signal that ends a program."""
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def say(out: Output, text: str) -> None:
    """Tell it if anybody can still be told: the terminal may be the reason for the end."""
    with contextlib.suppress(OSError, ValueError):
        out.message(text)


def stop_and_wait(pen: Pen, out: Output) -> tuple[bool, str]:
    """Stop the pen, wait until its needles are in; returns whether they are, and what to say.

    Never raises PenError.
    """
    with _handlers(signal.SIG_IGN):  # a second Ctrl-C does not cut the stop short
        say(out, "Stopping the pen ...")
        try:
            pen.stop()
            parked = pen.wait_parked()
        except errors.PenError as error:
            return False, (
                f"The pen could not be seen to stop: {error.sentence} Lift it off the skin, treat "
                "the needles as exposed and use its own button."
            )
    return True, f"Stopped: the pen senses its needles inside. Its state is {parked.state_name}."


@contextlib.contextmanager
def stopping(pen: Pen, out: Output) -> Iterator[None]:
    """Run a block that a signal may end; on any exception the pen is stopped before it goes on.

    Raises Interrupted for Ctrl-C and signals, the block's own error otherwise.
    """
    try:
        with _handlers(_raise):
            yield
    except (Ended, KeyboardInterrupt) as ended:
        parked, told = stop_and_wait(pen, out)
        interrupted = errors.Interrupted(told)
        if not parked:
            interrupted.heading = errors.PenError.heading
        raise interrupted from ended
    except BaseException:
        say(out, stop_and_wait(pen, out)[1])
        raise
