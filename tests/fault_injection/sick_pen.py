"""Runs the firmware on MicroPython and makes it ill at a given time of its own clock.

`micropython sick_pen.py WHAT AT_MS`: "heap" fills the heap to the last byte, "raise" raises in the
tick, "hang" loops for ever in the tick, "hang-main" in the main loop. Run by tests only.
"""

import gc
import sys

from firmware.hal.pin_link import PinLinkBoard
from firmware.hal.pipe_exchange import PipeExchange

WHAT = sys.argv[1]
AT_MS = int(sys.argv[2])

board = PinLinkBoard(PipeExchange())  # before the rest is loaded, as firmware/main.py does

from firmware.app import App  # noqa: E402
from firmware.tick import Tick  # noqa: E402


class SickTick(Tick):
    """Ill from its time on."""

    def tick(self) -> None:
        """The tick."""
        if self.readings.t_ms >= AT_MS:
            if WHAT == "hang":
                while True:
                    pass
            if WHAT == "raise":
                self._look = None  # the first thing that a tick calls
        super().tick()


class SickApp(App):
    """Ill from its time on."""

    def poll(self) -> None:
        """The main loop's pass."""
        if self.readings.t_ms >= AT_MS:
            if WHAT == "hang-main":
                while True:
                    pass
            if WHAT == "heap" and not hog[0]:
                fill()
        super().poll()


hog: "list[object]" = []


def fill() -> None:
    """Take all the memory there is, in smaller and smaller pieces, and keep it."""
    gc.collect()
    chain: list[object] = [None]
    size = 2000
    while size:
        try:
            chain = [chain] * size  # each keeps the one before
        except MemoryError:
            size //= 2
    hog[0] = chain


hog.append(None)
gc.collect()
app = SickApp(board, SickTick(board))
app.boot()
while board.ticker.wait():
    app.poll()
