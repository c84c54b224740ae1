"""Light and buzzer.

Purpose: show and sound what the firmware says. Owns: the PWM slices 2, 3 and 4.

The buzzer changes its slice's frequency, so it must not share the slice with anything.
"""

from machine import PWM, Pin

from firmware.hal.ports import Buzzer, Light
from hardware.board.rev_a import PIN_BUZZER, PIN_LIGHT_BLUE, PIN_LIGHT_GREEN, PIN_LIGHT_RED
from protocol.interpreter import const

_LIGHT_HZ = const(1000)
_FULL = const(257)  # 255 * 257 = 65535
_HALF = const(32768)
_SILENT_HZ = const(1000)


class Rp2040Light(Light):
    """Three PWM outputs, high = lit."""

    def __init__(self) -> None:
        self._red = PWM(Pin(PIN_LIGHT_RED), freq=_LIGHT_HZ, duty_u16=0)
        self._green = PWM(Pin(PIN_LIGHT_GREEN), freq=_LIGHT_HZ, duty_u16=0)
        self._blue = PWM(Pin(PIN_LIGHT_BLUE), freq=_LIGHT_HZ, duty_u16=0)
        self._shown = 0

    def set(self, red: int, green: int, blue: int) -> None:
        """Each 0..255."""
        wanted = red << 16 | green << 8 | blue
        if wanted == self._shown:
            return
        self._shown = wanted
        self._red.duty_u16(red * _FULL)
        self._green.duty_u16(green * _FULL)
        self._blue.duty_u16(blue * _FULL)


class Rp2040Buzzer(Buzzer):
    """A square wave."""

    def __init__(self) -> None:
        self._pwm = PWM(Pin(PIN_BUZZER), freq=_SILENT_HZ, duty_u16=0)
        self._sounding_hz = 0

    def set(self, frequency_hz: int) -> None:
        """0 = silent; 8 Hz..1 MHz otherwise, ValueError from the PWM outside."""
        if frequency_hz == self._sounding_hz:
            return
        if frequency_hz:
            self._pwm.freq(frequency_hz)
            self._pwm.duty_u16(_HALF)
        else:
            self._pwm.duty_u16(0)
        self._sounding_hz = frequency_hz
