"""The I2C bus of cartridge memory and accelerometer.

Purpose: transfers that end, whatever is on the bus. Owns: the I2C controller and its two pins.
"""

import time

from machine import I2C, Pin

from firmware.hal.ports import I2c
from hardware.board.rev_a import I2C_HZ, PIN_I2C_SCL, PIN_I2C_SDA
from protocol.interpreter import const

_CONTROLLER = const(0)
_TIMEOUT_US = const(10_000)  # the longest transfer, 128 bytes at 400 kHz, takes 3 ms
_HALF_CLOCK_US = const(5)


class Rp2040I2c(I2c):
    """Controller 0, 400 kHz."""

    def __init__(self) -> None:
        self._bus = self._open()

    def write(self, address: int, data: bytes) -> None:
        """Write `data` to `address`; OSError when nobody answers."""
        try:
            self._bus.writeto(address, data)
        except OSError:
            self._release()
            raise

    def read_into(self, address: int, register: int, buffer: bytearray) -> None:
        """Write the one-byte `register`, then fill `buffer`; OSError when nobody answers."""
        try:
            self._bus.readfrom_mem_into(address, register, buffer)
        except OSError:
            self._release()
            raise

    def _open(self) -> I2C:
        # The typings leave `timeout` out.
        bus: I2C = I2C(  # type: ignore[call-overload]
            _CONTROLLER,
            sda=Pin(PIN_I2C_SDA),
            scl=Pin(PIN_I2C_SCL),
            freq=I2C_HZ,
            timeout=_TIMEOUT_US,
        )
        return bus

    def _release(self) -> None:
        """Let go a chip that holds the data line, because a transfer to it was cut off in a byte.

        A cartridge that is pulled or seated during a transfer does this. Nine clocks end any byte.
        """
        data = Pin(PIN_I2C_SDA, Pin.IN, Pin.PULL_UP)
        if data.value() == 0:
            clock = Pin(PIN_I2C_SCL, Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
            for _ in range(9):
                clock.value(0)
                time.sleep_us(_HALF_CLOCK_US)
                clock.value(1)
                time.sleep_us(_HALF_CLOCK_US)
        self._bus = self._open()
