"""The accelerometer on I2C (LIS2DH12 class), as far as a pen needs it: identity and three axes.

Owns its registers. 12 bit left-justified at 2 g full scale: 1 mg per digit, in steps of 16.
"""

from collections.abc import Callable
from random import Random

from hardware.board import rev_a as board

FIRST_AXIS_REGISTER = 0x28
_STATUS_REGISTER = 0x27
_POINTER_MASK = 0x7F
_INCREMENT = 0x80
_NOISE_MG = 4.0

Milligee = tuple[float, float, float]


class Accelerometer:
    """Registers and the present acceleration, asked of `feel` in mg."""

    __slots__ = ("_feel", "_increment", "_pointer", "_random", "_registers")

    def __init__(self, random: Random, feel: Callable[[], Milligee]) -> None:
        self._random = random
        self._feel = feel
        self._registers = bytearray(128)
        self._registers[board.ACCELEROMETER_WHO_AM_I_REGISTER] = board.ACCELEROMETER_WHO_AM_I
        self._registers[_STATUS_REGISTER] = 0x0F  # new data on every axis
        self._pointer = 0
        self._increment = False

    def transfer(self, written: bytes, read_count: int) -> bytes:
        """One I2C transfer; the top bit of the register address asks for auto-increment."""
        if written:
            self._pointer = written[0] & _POINTER_MASK
            self._increment = bool(written[0] & _INCREMENT)
            for byte in written[1:]:
                if self._pointer < _STATUS_REGISTER and self._pointer >= 0x1E:
                    self._registers[self._pointer] = byte
                self._pointer = (self._pointer + 1) & _POINTER_MASK
        if read_count:
            self._measure()
        answer = bytearray()
        for _ in range(read_count):
            answer.append(self._registers[self._pointer])
            if self._increment:
                self._pointer = (self._pointer + 1) & _POINTER_MASK
        return bytes(answer)

    def _measure(self) -> None:
        at = FIRST_AXIS_REGISTER
        for milligee in self._feel():
            digits = round(milligee + self._random.gauss(0.0, _NOISE_MG))
            digits = min(max(digits, -2048), 2047) << 4
            self._registers[at : at + 2] = (digits & 0xFFFF).to_bytes(2, "little")
            at += 2
