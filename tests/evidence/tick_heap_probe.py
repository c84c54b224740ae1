"""Runs on unix MicroPython behind the pin link: the firmware with every tick's heap watched.

The heap is locked during a tick, as it is in the interrupt of the board, so whatever allocates
raises MemoryError, which the app turns into a fault; what is in use is compared before and after.
After the ticks asked for, the sums go to standard error and the run ends. Not a test by itself.
"""

import gc
import sys

import micropython

from firmware.hal.pin_link import PinLinkBoard
from firmware.hal.pipe_exchange import PipeExchange

TICKS = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000


def run() -> None:
    """Serve until enough ticks were watched."""
    board = PinLinkBoard(PipeExchange())  # its buffers first, as in firmware/main.py
    from firmware.app import App
    from firmware.tick import Tick

    class WatchedTick(Tick):
        """The tick, which counts what it allocates."""

        watched = 0
        allocated = 0
        raised = 0
        states = 0

        def tick(self) -> None:
            """One tick under lock."""
            before = gc.mem_alloc()
            micropython.heap_lock()
            Tick.tick(self)
            micropython.heap_unlock()
            self.allocated += gc.mem_alloc() - before
            self.watched += 1
            self.states |= 1 << self.supervisor.state
            if self.failed is not None:
                self.raised += 1

    ticks = WatchedTick(board)
    app = App(board, ticks)
    app.boot()
    while ticks.watched < TICKS and board.ticker.wait():
        app.poll()
    sums = (ticks.watched, ticks.allocated, ticks.raised, ticks.states, app.supervisor.runs)
    print("heap", *sums, file=sys.stderr)


run()
