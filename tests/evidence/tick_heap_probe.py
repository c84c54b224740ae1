"""Runs on unix MicroPython behind the pin link: the firmware with every tick's heap watched.

The heap is locked during a tick, as it is in the interrupt of the board, so whatever allocates
raises MemoryError, which the app turns into a fault; and what is in use is compared before and after.
After `TICKS` ticks the sums go to standard error and the run ends. Not a test by itself.
"""

import gc
import sys

import micropython
from firmware.app import App
from firmware.hal.pin_link import PinLinkBoard
from firmware.hal.pipe_exchange import PipeExchange

TICKS = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000


class WatchedApp(App):
    """The app, whose tick counts what it allocates."""

    def __init__(self, board: PinLinkBoard) -> None:
        super().__init__(board)
        self.watched = 0
        self.allocated = 0
        self.raised = 0
        self.states = 0
        self.inner = super().tick

    def tick(self) -> None:
        """One tick under lock."""
        before = gc.mem_alloc()
        micropython.heap_lock()
        self.inner()
        micropython.heap_unlock()
        self.allocated += gc.mem_alloc() - before
        self.watched += 1
        self.states |= 1 << self.supervisor.state
        if self.failed is not None:
            self.raised += 1


def run() -> None:
    """Serve until enough ticks were watched."""
    app = WatchedApp(PinLinkBoard(PipeExchange()))
    app.boot()
    while app.watched < TICKS and app.board.ticker.wait():
        app.poll()
    print(
        "heap",
        app.watched,
        app.allocated,
        app.raised,
        app.states,
        app.supervisor.runs,
        file=sys.stderr,
    )


run()
