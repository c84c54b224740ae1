"""A trivial firmware for tests of the bench: it echoes bytes and does what each test tells it."""

from collections.abc import Callable

from firmware.hal.pin_link import PinLinkBoard
from hardware.simulator.bench import Bench
from hardware.simulator.twin_cpython import CpythonTwin

Action = Callable[["Echo"], None]


def nothing(_: "Echo") -> None:
    """Do nothing."""


class Echo:
    """Sends back what comes; `tick` and `poll` are the test's."""

    def __init__(
        self,
        board: PinLinkBoard,
        tick: Action = nothing,
        poll: Action = nothing,
        boot: Action = nothing,
    ) -> None:
        self.board = board
        self.ticks = 0
        self.polls = 0
        self._tick, self._poll, self._boot = tick, poll, boot
        self._buffer = bytearray(256)

    def boot(self) -> None:
        self.board.ticker.start(self.tick)
        self._boot(self)

    def tick(self) -> None:
        self.ticks += 1
        self._tick(self)

    def poll(self) -> None:
        self.polls += 1
        while count := self.board.link.read_into(self._buffer):
            self.board.link.write(self._buffer, count)
        self._poll(self)


class EchoTwin(CpythonTwin):
    """A twin with `Echo` on it; `.echo` is the one that runs now."""

    def __init__(
        self, tick: Action = nothing, poll: Action = nothing, boot: Action = nothing
    ) -> None:
        def program(board: PinLinkBoard) -> Echo:
            self.echo = Echo(board, tick, poll, boot)
            return self.echo

        super().__init__(program)


def echo_bench(
    tick: Action = nothing, poll: Action = nothing, boot: Action = nothing, seed: int = 1
) -> Bench:
    """A bench with a stand-in firmware."""
    return Bench(EchoTwin(tick, poll, boot), seed=seed)


def grant_and_drive(echo: Echo) -> None:
    """What a tick does to turn the motor at a third of the supply."""
    board = echo.board
    board.boost.set(1)
    board.watchdog.kick()
    board.enable.grant()
    board.bridge.drive(1700)
