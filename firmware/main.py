"""Starts the pen: chooses the board's ports, builds the app and runs it. Owns nothing."""

import sys


def start() -> None:
    """Run the pen on whatever this is: the board, or a process behind a simulated bench's pipe."""
    if sys.platform == "rp2":
        from firmware.hal.rp2040.board import Rp2040Board

        board = Rp2040Board()
    else:
        from firmware.hal.pin_link import PinLinkBoard
        from firmware.hal.pipe_exchange import PipeExchange

        board = PinLinkBoard(PipeExchange())

    from firmware.app import App

    App(board).run()


if __name__ == "__main__":
    start()
