"""Starts the pen: chooses the board's ports, builds the app and runs it. Owns nothing.

On the board nothing but the service's way leads to the prompt: however the firmware ends, the chip
starts again.
"""

import sys


def start() -> None:
    """Run the pen on whatever this is: the board, or a process behind a simulated bench's pipe."""
    if sys.platform == "rp2":
        start_on_chip()
    else:
        from firmware.hal.pin_link import PinLinkBoard
        from firmware.hal.pipe_exchange import PipeExchange

        run(PinLinkBoard(PipeExchange()))


def start_on_chip() -> None:
    """Run the pen on the RP2040, or return to the prompt when the service asked for it."""
    from firmware.hal.rp2040 import leaving

    if leaving.in_service():
        return
    try:
        from firmware.hal.rp2040.board import Rp2040Board

        run(Rp2040Board())
    finally:
        leaving.start_again()


def run(board: "object") -> None:
    """Build the pen on `board` and run it until the board goes down.

    The tick first: the stage goes home while the rest is loaded, which takes as long.
    """
    from firmware.tick import Tick

    tick = Tick(board)  # type: ignore[arg-type]
    tick.start()
    from firmware.app import App

    App(board, tick).run()  # type: ignore[arg-type]


if __name__ == "__main__":
    start()
