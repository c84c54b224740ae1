"""Tachometer and index mark.

Purpose: count the pulses and give each its time, without an interrupt per pulse.
Owns: the two capture machines and the latest count and time of each.

A capture machine puts one word per rising edge into its FIFO, eight deep: at 160 strokes per second
that is 12 ms of pulses. They are taken out once per tick, when the board looks (`tick_ports`).
"""

from array import array

import micropython
from machine import Pin
from rp2 import StateMachine

from firmware.hal.ports import PulseCounter
from firmware.hal.rp2040 import programs
from hardware.board.rev_a import PIN_INDEX, PIN_TACH
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr32

_TIMER_HIGH = const(0x4005)  # 0x40054000; its word 10 is the low half of the microsecond counter
_TIMER_LOW = const(0x4000)
_SIO = const(-0x30000000)  # 0xD0000000; its word 1 is the level of all pins
_INDEX = const(11)  # PIN_INDEX, restated: looking a name up costs 2 us
_PIO0 = const(0x502)  # 0x50200000; words: 1 = state of FIFOs, 10 and 11 = FIFOs of machines 2 and 3
_SET_BITS = const(0x2000)  # further on, where a word written sets bits; word 0 = control
_BOTH = const(0xC0C)  # enable machines 2 and 3, with their clock dividers in step

# Places in what was captured, the tachometer's first and the index mark's right after it.
_COUNT = const(0)
_EDGE_US = const(2)
_LAST = const(4)  # number of the last edge as the machine counts: 8 bits, downwards
_ZERO_US = const(6)  # the timer when the machines' time was 0


class Rp2040Pulses(PulseCounter):
    """Both captures; counts start at 0 and times at the moment of construction."""

    def __init__(self) -> None:
        # Pulled towards "no mark": a broken wire must not look like a parked cam.
        tach = Pin(PIN_TACH, Pin.IN, Pin.PULL_DOWN)
        index = Pin(PIN_INDEX, Pin.IN, Pin.PULL_DOWN)
        capture = programs.capture
        hz = programs.CAPTURE_HZ
        self._machines = (
            StateMachine(programs.MACHINE_TACH, capture, freq=hz, jmp_pin=tach),
            StateMachine(programs.MACHINE_INDEX, capture, freq=hz, jmp_pin=index),
        )
        # The first edge is number 0, so the one before it was number 1.
        self.captured = array("i", (0, 0, 0, 0, 1, 1, 0))
        self._start()

    @micropython.viper
    def _start(self):  # type: () -> None
        state = ptr32(self.captured)
        timer = ptr32((int(_TIMER_HIGH) << 16) + _TIMER_LOW)
        control = ptr32((int(_PIO0) << 20) + _SET_BITS)
        before = int(timer[10])
        now = before
        while now == before:  # from the beginning of a microsecond
            now = int(timer[10])
        control[0] = _BOTH
        state[_ZERO_US] = now
        now -= now >> 30 << 30
        state[_EDGE_US] = now
        state[_EDGE_US + 1] = now

    @micropython.viper
    def count(self) -> int:
        """Tachometer pulses, 0..65535, wrapping."""
        return ptr32(self.captured)[_COUNT]

    @micropython.viper
    def edge_us(self) -> int:
        """Time of the last tachometer pulse."""
        return ptr32(self.captured)[_EDGE_US]

    @micropython.viper
    def index_count(self) -> int:
        """Index marks seen, 0..65535, wrapping."""
        return ptr32(self.captured)[_COUNT + 1]

    @micropython.viper
    def index_edge_us(self) -> int:
        """Time of the last index mark."""
        return ptr32(self.captured)[_EDGE_US + 1]

    @micropython.viper
    def index_level(self) -> int:
        """1 while the mark is in view."""
        return (int(ptr32(_SIO)[1]) >> _INDEX) & 1
