"""The smallest firmware that uses every kind of message; runs on both interpreters.

Started with MicroPython it speaks the pin link over its standard streams; on CPython a test hands
it a board. Turns the motor, echoes bytes, uses flash and bus, and does what a byte tells it:
`!` crash, `R` reset, `P` print to standard output, `E` write to standard error, `H` hang.
"""

import sys


class Program:
    """The firmware."""

    def __init__(self, board: "object") -> None:
        self.board = board
        self._buffer = bytearray(64)
        self._ticks = 0

    def boot(self) -> None:
        """Use everything that is a call."""
        board = self.board
        mark = bytearray(4)
        board.flash.read_into(0, mark)
        board.flash.erase(0)
        board.flash.program(0, board.unique_id()[:4])
        board.i2c.read_into(0x50, 0, mark)
        try:
            board.i2c.write(0x42, b"x")
        except OSError:
            board.light.set(1, 2, 3)
        board.ticker.start(self.tick)

    def tick(self) -> None:
        """Turn the motor at a duty that depends on what is seen."""
        board = self.board
        self._ticks += 1
        board.watchdog.kick()
        board.boost.set(1)
        board.enable.grant()
        board.bridge.drive(1500 + (board.pulses.edge_us() + board.adc.read(0)) % 500)
        if self._ticks % 3 == 0:
            board.coils.write(0x51, 2)

    def poll(self) -> None:
        """Echo, or do what a byte says."""
        link = self.board.link
        count = link.read_into(self._buffer)
        if count:
            self._obey(self._buffer[0])
            link.write(self._buffer, count)

    def _obey(self, order: int) -> None:
        if order == ord("!"):
            raise RuntimeError("told to crash")
        if order == ord("R"):
            self.board.reset()
        if order == ord("P"):
            print("out of turn")
        if order == ord("E"):
            sys.stderr.write("a warning\n" * 1000)
        while order == ord("H"):
            pass

    def run(self) -> None:
        """Boot, then run until the bench closes the pipe."""
        self.boot()
        while self.board.ticker.wait():
            self.poll()


if __name__ == "__main__":
    from firmware.hal.pin_link import PinLinkBoard
    from firmware.hal.pipe_exchange import PipeExchange

    Program(PinLinkBoard(PipeExchange())).run()
