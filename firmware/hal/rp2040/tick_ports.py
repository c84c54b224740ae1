"""What the tick exchanges with the chip: all inputs at its head, all outputs at its end.

Purpose: `look` and `act` of the board, each one compiled function, because a call costs more than
ten registers. What a register means stands with its port: `pulses`, `adc`, `lines`, `bridge`,
`enable`, `coils`. Owns nothing; the tick owns the converter from `look` on.
"""

import micropython

from firmware.hal.ports import Board
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

    from firmware.hal.rp2040.pointers import ptr32
    from firmware.words import Words

# Words, by the numbers of `firmware.words`: an imported name would be looked up at run time.
_NOW_US = const(0)
_TACH_COUNT = const(1)
_TACH_EDGE_US = const(2)
_INDEX_COUNT = const(3)
_INDEX_EDGE_US = const(4)
_CURRENT_CODE = const(5)
_HALL_CODE = const(6)
_NTC_CODE = const(7)
_BATTERY_CODE = const(8)
_SEAT = const(9)
_HOME = const(10)
_BUTTON = const(11)
_BRIDGE_STALL = const(12)
_VBUS = const(13)
_ENABLE_LEVEL = const(14)
_INDEX_LEVEL = const(15)
_DUTY = const(16)
_T_MS = const(17)
_LINE = const(31)
_KICK = const(32)
_BRIDGE = const(33)
_DUTY_OUT = const(34)
_BOOST = const(35)
_COIL_COUNT = const(36)
_COILS = const(37)
_SENSING = const(50)
_LINE_GRANT = const(1)
_BRIDGE_COAST = const(0)
_BRIDGE_DRIVE = const(1)

# Pins, restated from the board's table.
_PIN_SENSE = const(5)
_PIN_STALL = const(6)
_PIN_INDEX = const(11)
_PIN_BUTTON = const(18)
_PIN_SEAT = const(19)
_PIN_HOME = const(20)
_PIN_VBUS = const(24)
_BIT_SLEEP = const(0x80)  # 1 << 7
_BIT_BOOST = const(0x100)  # 1 << 8
_BIT_KICK = const(0x200)  # 1 << 9

_SIO = const(-0x30000000)  # words: 1 = levels, 5 = set, 6 = clear, 7 = change
_TIMER_HIGH = const(0x4005)
_TIMER_LOW = const(0x4000)
_PWM = const(0x4005)
_ADC_HIGH = const(0x4004)
_ADC_LOW = const(0xC000)
_CONVERT = const(0x005)
_READY = const(0x100)
_PINS_HIGH = const(0x4001)
_PINS_LOW = const(0x4000)
_ENABLE_CONTROL = const(9)  # 2 * 4 + 1
_FOLLOW = const(0x006)
_FORCE_LOW = const(0x206)
_PIO0 = const(0x502)
_PIO1 = const(0x503)
_GRANT_US = const(4998)
_COUNT = const(0)  # and the index mark's after it, as everywhere in `captured`
_EDGE_US = const(2)
_LAST = const(4)
_ZERO_US = const(6)
_TOP = const(5000)
_SPAN_US = const(984)


class TickPorts(Board):
    """The board's part that the tick uses."""

    def __init__(self, captured: "array[int]") -> None:
        self._captured = captured  # of `pulses`: the places below

    @micropython.viper
    def look(self, words):  # type: (Words) -> None
        """Bring the words NOW_US..DUTY up to date."""
        w = ptr32(words)
        converter = ptr32((int(_ADC_HIGH) << 16) + _ADC_LOW)
        converter[0] = _CONVERT  # 2 us per channel, in which something else is read
        pio = ptr32(int(_PIO0) << 20)
        timer = ptr32((int(_TIMER_HIGH) << 16) + _TIMER_LOW)
        captured = ptr32(self._captured)
        channel = 0
        while channel < 2:
            while (int(pio[1]) & (0x400 << channel)) == 0:  # its FIFO is not empty
                word = int(pio[10 + channel])
                now = int(timer[10])
                number = (word >> 24) & 0xFF
                new = (int(captured[_LAST + channel]) - number) & 0xFF
                captured[_COUNT + channel] = (int(captured[_COUNT + channel]) + new) & 0xFFFF
                captured[_LAST + channel] = number
                # The machine's time is -1 in its first microsecond, -2 in the next ...: the edge
                # came at zero_us - 1 - time. 24 bits of it say how long ago, up to 16 s.
                age_us = now - int(captured[_ZERO_US]) + 1 + word
                age_us -= age_us >> 24 << 24
                edge_us = now - age_us
                captured[_EDGE_US + channel] = edge_us - (edge_us >> 30 << 30)
            channel += 1
        w[_TACH_COUNT] = captured[_COUNT]
        w[_INDEX_COUNT] = captured[_COUNT + 1]
        w[_TACH_EDGE_US] = captured[_EDGE_US]
        w[_INDEX_EDGE_US] = captured[_EDGE_US + 1]
        # After the edges, so none is younger than now.
        now = int(timer[10])
        w[_NOW_US] = now - (now >> 30 << 30)
        while (int(converter[0]) & _READY) == 0:
            pass
        w[_CURRENT_CODE] = int(converter[1]) & 0xFFF
        converter[0] = 1 << 12 | _CONVERT
        pins = int(ptr32(_SIO)[1])
        w[_SEAT] = pins >> _PIN_SEAT & 1 ^ 1
        w[_HOME] = pins >> _PIN_HOME & 1 ^ 1
        w[_BUTTON] = pins >> _PIN_BUTTON & 1 ^ 1
        w[_BRIDGE_STALL] = pins >> _PIN_STALL & 1 ^ 1
        while (int(converter[0]) & _READY) == 0:
            pass
        w[_HALL_CODE] = int(converter[1]) & 0xFFF
        # Temperature and battery in every fourth tick: the senses use them in the one after it.
        slow = w[_SENSING] == 0 or w[_T_MS] & 3 == 2
        if slow:
            converter[0] = 2 << 12 | _CONVERT
        w[_VBUS] = pins >> _PIN_VBUS & 1
        w[_ENABLE_LEVEL] = pins >> _PIN_SENSE & 1
        w[_INDEX_LEVEL] = pins >> _PIN_INDEX & 1
        levels = int(ptr32(int(_PWM) << 16)[8])
        w[_DUTY] = (levels & 0xFFFF) - (levels >> 16 & 0xFFFF)
        if slow:
            while (int(converter[0]) & _READY) == 0:
                pass
            w[_NTC_CODE] = int(converter[1]) & 0xFFF
            converter[0] = 3 << 12 | _CONVERT
            while (int(converter[0]) & _READY) == 0:
                pass
            w[_BATTERY_CODE] = int(converter[1]) & 0xFFF

    @micropython.viper
    def act(self, words):  # type: (Words) -> None
        """Put the words LINE..COILS out."""
        w = ptr32(words)
        pins = ptr32(_SIO)
        line = w[_LINE]
        if line != 0:
            w[_LINE] = 0
            control = ptr32((int(_PINS_HIGH) << 16) + _PINS_LOW)
            countdown = ptr32(int(_PIO0) << 20)
            if line == _LINE_GRANT:
                control[_ENABLE_CONTROL] = _FOLLOW
                countdown[5] = _GRANT_US
            else:
                control[_ENABLE_CONTROL] = _FORCE_LOW
                countdown[5] = 0
        if w[_KICK] != 0:
            w[_KICK] = 0
            pins[7] = _BIT_KICK
        forward = _TOP  # both high: brake
        backward = _TOP
        bridge = w[_BRIDGE]
        if bridge == _BRIDGE_DRIVE:
            # Sign extended on 32 bits; nothing else runs this file.
            duty = int(w[_DUTY_OUT])
            if duty >= 0:
                backward -= duty
                if backward < 0:
                    backward = 0
            else:
                forward += duty
                if forward < 0:
                    forward = 0
        elif bridge == _BRIDGE_COAST:
            forward = 0
            backward = 0
        ptr32(int(_PWM) << 16)[8] = backward << 16 | forward
        pins[6 if bridge == _BRIDGE_COAST else 5] = _BIT_SLEEP
        pins[5 if w[_BOOST] != 0 else 6] = _BIT_BOOST
        steps = w[_COIL_COUNT]
        if steps > 0:
            w[_COIL_COUNT] = 0
            if steps > 4:
                steps = 4
            pause = _SPAN_US // steps - 4
            ptr32(int(_PIO1) << 20)[4] = (w[_COILS] & 0xFFFF) << 12 | pause << 2 | (steps - 1)
