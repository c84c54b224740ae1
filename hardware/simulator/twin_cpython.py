"""The firmware in this process, on CPython: the quickest twin, and the one a debugger can enter.

Owns the App of the current run. Restarting means a new App on a new board: the firmware keeps
nothing in its modules, so nothing survives but the flash, which is the bench's.
"""

import platform
import traceback
from collections.abc import Callable
from typing import Protocol

from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from hardware.simulator.twin import Answer, Twin

_DEAD = bytearray()


class Program(Protocol):
    """What runs on the board: `firmware.app.App`, or less in a test."""

    def boot(self) -> None:
        """Everything before the first tick."""

    def poll(self) -> None:
        """One pass of the main loop."""


class _DirectExchange(Exchange):
    """CALLs as plain function calls. Steps do not pass here: the bench leads."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def call(self, request: bytearray, count: int) -> bytes:
        """Return the bench's ANSWER."""
        return self._answer(request, count)


class CpythonTwin(Twin):
    """`firmware.app.App`, or another program, on a `PinLinkBoard` stepped by the bench."""

    name = "cpython"

    def __init__(self, program: Callable[[PinLinkBoard], Program] | None = None) -> None:
        self.interpreter = f"cpython {platform.python_version()}"
        self.error = None
        self._program = program or _firmware
        self.app: Program | None = None
        self.board: PinLinkBoard | None = None

    def start(self, answer: Answer) -> bytes | bytearray:
        """Build the app on a fresh board and boot it."""
        self.error = None
        try:
            board = PinLinkBoard(_DirectExchange(answer))
            app = self._program(board)
            app.boot()
            board.outgoing()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a dead pen is reported, not raised
            return self._died(error)
        self.app, self.board = app, board
        return board.drive_buffer()

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        """One tick, one pass of the main loop (unless the bench holds it)."""
        board, app = self.board, self.app
        if board is None or app is None:
            return _DEAD
        try:
            if board.accept(step):
                app.poll()
            board.outgoing()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            return self._died(error)
        return board.drive_buffer()

    def stop(self) -> None:
        """Forget the app."""
        self.app = None
        self.board = None

    def _died(self, error: BaseException) -> bytearray:
        self.error = "".join(traceback.format_exception(error)).rstrip()
        self.stop()
        return _DEAD


def _firmware(board: PinLinkBoard) -> Program:
    from firmware.app import App
    from firmware.tick import Tick

    tick = Tick(board)  # first, as `firmware.main` does
    tick.start()
    return App(board, tick)
