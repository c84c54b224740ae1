"""Runs on unix MicroPython behind the pin link: the firmware, and its heap three times a minute.

At standstill, after a collection, one line goes to standard error: milliseconds since the last
line, bytes in use, the largest piece that can be had, and exceptions caught so far. Not a test.
"""

import gc
import sys

from firmware.hal.pin_link import PinLinkBoard
from firmware.hal.pipe_exchange import PipeExchange
from protocol.codes import STATE_ARMED

EVERY_PASSES = 20_000  # one pass of the main loop in a millisecond


def largest_piece() -> int:
    """Bytes of the largest object that the heap has room for, to 64 bytes."""
    low, high = 0, gc.mem_free() + 1
    while high - low > 64:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    return low


def run() -> None:
    """Serve until the bench ends."""
    board = PinLinkBoard(PipeExchange())
    from firmware.app import App

    app = App(board)
    app.boot()
    wait = board.ticker.wait
    passes = 0
    while wait():
        app.poll()
        passes += 1
        if passes >= EVERY_PASSES and app.supervisor.state < STATE_ARMED:
            gc.collect()
            used = gc.mem_alloc()
            print("heap", used, largest_piece(), app.statistics.errors, file=sys.stderr)
            passes = 0


run()
