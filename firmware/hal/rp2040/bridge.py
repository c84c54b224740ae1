"""The motor bridge on one PWM slice.

Purpose: signed duty with synchronous slow decay, brake and coast. Owns: slice 1 and the sleep pin.

The bridge's inputs: both low = coast, one high = drive, both high = brake. Slow decay alternates
drive and brake, so one input is always high and the other low for as long as the motor is driven.
"""

import micropython
from machine import PWM, Pin

from firmware.hal.ports import Bridge
from hardware.board.rev_a import PIN_BRIDGE_IN1, PIN_BRIDGE_IN2, PIN_BRIDGE_SLEEP, PWM_HZ
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr32

_TOP = const(5000)  # Bridge.TOP; a level above the slice's last count (4999) is always high
# 0x40050000; its word 8 is both levels of slice 1, input 1 in the lower half: one write changes
# them at the same wrap.
_PWM = const(0x4005)
_SIO = const(-0x30000000)  # 0xD0000000; words 5 and 6: a 1 sets or clears that pin
_AWAKE = const(0x80)  # 1 << PIN_BRIDGE_SLEEP, restated: looking a name up costs 2 us


class Rp2040Bridge(Bridge):
    """Awake and braked from the first moment, as the gates behind a low drive-enable hold it."""

    def __init__(self) -> None:
        Pin(PIN_BRIDGE_SLEEP, Pin.OUT, value=1)
        # Sets the slice to 125 MHz / 5000 and runs it; the levels are ours from then on.
        self._inputs = (
            PWM(Pin(PIN_BRIDGE_IN1), freq=PWM_HZ, duty_u16=0),
            PWM(Pin(PIN_BRIDGE_IN2), freq=PWM_HZ, duty_u16=0),
        )
        self.brake()

    @micropython.viper
    def drive(self, duty):  # type: (int) -> None
        """Drive with -TOP..TOP counts; what lies beyond is the same as TOP."""
        forward = _TOP
        backward = _TOP
        counts = int(duty)
        if counts >= 0:
            backward -= counts
            if backward < 0:
                backward = 0
        else:
            forward += counts
            if forward < 0:
                forward = 0
        ptr32(int(_PWM) << 16)[8] = backward << 16 | forward
        ptr32(_SIO)[5] = _AWAKE

    @micropython.viper
    def brake(self):  # type: () -> None
        """Short the winding."""
        top = _TOP
        ptr32(int(_PWM) << 16)[8] = top << 16 | top
        ptr32(_SIO)[5] = _AWAKE

    @micropython.viper
    def coast(self):  # type: () -> None
        """Open the winding and send the bridge to sleep."""
        ptr32(int(_PWM) << 16)[8] = 0
        ptr32(_SIO)[6] = _AWAKE

    @micropython.viper
    def duty(self) -> int:
        """Duty that the slice holds: 0 when it brakes or coasts."""
        levels = int(ptr32(int(_PWM) << 16)[8])
        return (levels & 0xFFFF) - (levels >> 16 & 0xFFFF)
