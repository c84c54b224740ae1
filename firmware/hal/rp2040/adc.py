"""The four analogue inputs.

Purpose: the current value of a channel, when it is asked for. Owns: the converter.

Each read makes its own conversion and waits for it, 2 us. Left running by itself the converter
would need its FIFO emptied 500 000 times a second, by DMA, to keep the channels apart;
`ADC.read_u16` makes the same conversion and then scales it to 16 bits, at twice the cost.
"""

import micropython
from machine import ADC, Pin

from firmware.hal.ports import Adc
from hardware.board.rev_a import (
    PIN_ADC_BATTERY,
    PIN_ADC_CURRENT,
    PIN_ADC_HALL,
    PIN_ADC_NTC,
)
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr32

# 0x4004C000. Word 0: bit 0 = on, 2 = convert once, 8 = ready, 12-14 = channel. Word 1: the result.
_ADC_HIGH = const(0x4004)
_ADC_LOW = const(0xC000)


class Rp2040Adc(Adc):
    """Channel 0 is GPIO 26."""

    def __init__(self) -> None:
        # Each switches the converter on and its pin to analogue.
        for pin in (PIN_ADC_CURRENT, PIN_ADC_HALL, PIN_ADC_NTC, PIN_ADC_BATTERY):
            ADC(Pin(pin))

    @micropython.viper
    def read(self, channel: int) -> int:
        """Convert `channel` 0..3 now; 0..4095. By the tick alone once the ticker has started."""
        control = ptr32((int(_ADC_HIGH) << 16) + _ADC_LOW)
        control[0] = (channel & 3) << 12 | 0x005
        while (int(control[0]) & 0x100) == 0:
            pass
        return int(control[1]) & 0xFFF
