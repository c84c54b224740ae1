"""Clock and tick.

Purpose: microseconds since reset, and a call every millisecond in interrupt context.
Owns: the tick's state machine and the count of ticks.
"""

from array import array

import machine
import micropython
from rp2 import StateMachine

from firmware.hal.ports import Clock, Ticker
from firmware.hal.rp2040 import programs
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from firmware.hal.rp2040.pointers import ptr32

_TIMER_HIGH = const(0x4005)  # 0x40054000; its word 10 is the low half of the microsecond counter
_TIMER_LOW = const(0x4000)
_PRIORITIES_HIGH = const(0xE000)  # 0xE000E400: four interrupts a word, a byte each
_PRIORITIES_LOW = const(0xE400)
_DEAD_US = const(100_000)  # no tick for this long while nothing blocks interrupts: it has ended
# The chip's watchdog: longer than any flash operation, which blocks the tick (400 ms, aged sector).
_RESTART_MS = const(1000)
_WATCHDOG_HIGH = const(0x4005)
_WATCHDOG_LOW = const(0x8000)  # 0x40058000; its word 1 is the counter, down twice per microsecond
_FED = const(0x1E0000)  # 983 ms


class Rp2040Clock(Clock):
    """The chip's microsecond timer, its low 30 bits."""

    @micropython.viper
    def now_us(self) -> int:
        """Microseconds, 0..2^30 - 1, wrapping."""
        now = int(ptr32((int(_TIMER_HIGH) << 16) + _TIMER_LOW)[10])
        return now - (now >> 30 << 30)

    @micropython.viper
    def elapsed_us(self, since_us: int) -> int:
        """Microseconds since `since_us`, across the wrap."""
        passed = int(ptr32((int(_TIMER_HIGH) << 16) + _TIMER_LOW)[10]) - since_us
        return passed - (passed >> 30 << 30)


class Rp2040Ticker(Ticker):
    """1 kHz from a state machine, as a hard interrupt: collection does not delay it.

    A handler that raises is never called again (MicroPython removes it and prints the traceback).
    Then nobody grants drive-enable, so the needles stop within 5 ms; `wait` returns False after
    100 ms; and the chip's watchdog restarts the pen after one second, which withdraws the stage.
    """

    def __init__(self, clock: Rp2040Clock, arrived: "Callable[[], bool]") -> None:
        micropython.alloc_emergency_exception_buf(100)
        self._clock = clock
        self._arrived = arrived
        self._handler: "object" = None
        self._handled = array("i", (0,))  # ticks; a word, because an attribute costs 2 us
        self._waited = 0
        self._since_us = 0  # when `wait` last saw a new tick
        self._machine = StateMachine(programs.MACHINE_TICK, programs.tick, freq=programs.TICK_HZ)

    def start(self, handler: "object") -> None:
        """Call `handler()` every 1000 us from now on."""
        self._handler = handler
        self._since_us = self._clock.now_us()
        machine.WDT(timeout=_RESTART_MS)
        self._go_first()
        self._machine.irq(self._interrupt, hard=True)
        self._machine.active(1)

    @micropython.viper
    def _go_first(self):  # type: () -> None
        """The tick's interrupt before all others: USB's would delay it by 5 us."""
        priorities = ptr32((int(_PRIORITIES_HIGH) << 16) + _PRIORITIES_LOW)
        others = int(priorities[1])
        priorities[1] = others - (others >> 24 << 24)  # interrupt 7 is the top byte; 0 is first

    def wait(self) -> bool:
        """Sleep until another tick was handled, or the host has sent something.

        False when no tick comes any more, whatever the host sends.
        """
        handled = self._handled
        while handled[0] == self._waited:
            if self._clock.elapsed_us(self._since_us) > _DEAD_US and handled[0] == self._waited:
                return False
            if self._arrived():
                return True
            # Until the next interrupt, at most 1 ms. One that came since the comparison has
            # set the event flag, so the processor does not sleep over it.
            machine.idle()
        self._waited = handled[0]
        self._since_us = self._clock.now_us()
        return True

    @micropython.viper
    def _interrupt(self, _machine):  # type: (StateMachine) -> None
        self._handler()  # type: ignore[operator]
        handled = ptr32(self._handled)
        count = int(handled[0]) + 1
        handled[0] = count - (count >> 30 << 30)
        ptr32((int(_WATCHDOG_HIGH) << 16) + _WATCHDOG_LOW)[1] = _FED
