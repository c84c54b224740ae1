"""The ports of a pen on the pin link that ask the bench: cartridge bus, flash, identity, reset.

Purpose: turn a port call into one CALL and its ANSWER. Main loop only; a call allocates.
Owns: the request buffer.
"""

import struct

from firmware.hal import ports
from firmware.hal.pin_layout import (
    ANSWER_FORMAT,
    ANSWER_SIZE,
    CALL_FLASH_ERASE,
    CALL_FLASH_PROGRAM,
    CALL_FLASH_READ,
    CALL_FLASH_SIZE,
    CALL_I2C_READ,
    CALL_I2C_WRITE,
    DRIVE_SIZE,
    FLASH_FORMAT,
    FLASH_READ_FORMAT,
    I2C_READ_FORMAT,
    KIND_ANSWER,
    KIND_CALL,
)
from firmware.hal.pin_ports import Wires
from protocol.interpreter import const

_TAIL_MAX = const(272)  # the longest request: five bytes and a flash page of 256


class Exchange:
    """How messages reach the bench: a pipe, or a bench in the same process."""

    def step(self, drive: bytearray, count: int, step: bytearray) -> int:
        """Send `count` bytes of `drive`, fill `step` with the next STEP; its length, 0 = end."""
        raise NotImplementedError

    def call(self, request: bytearray, count: int) -> bytes:
        """Send `count` bytes of a CALL and return the whole ANSWER."""
        raise NotImplementedError


class Caller:
    """Sends requests; every CALL carries the outputs, so the bench simulates with them."""

    def __init__(self, wires: Wires, exchange: Exchange) -> None:
        self._wires = wires
        self._exchange = exchange
        self._buffer = bytearray(DRIVE_SIZE + _TAIL_MAX)

    def ask(self, request: bytes) -> bytes:
        """Return the payload of the answer to `request`; OSError when the bench reports one."""
        end = DRIVE_SIZE + len(request)
        self._buffer[DRIVE_SIZE:end] = request
        self._wires.pack(self._buffer, KIND_CALL, len(request))
        answer = self._exchange.call(self._buffer, end)
        kind, status, count = struct.unpack_from(ANSWER_FORMAT, answer, 0)
        if kind != KIND_ANSWER or len(answer) != ANSWER_SIZE + count:
            raise SystemExit("pin link: not an answer")
        if status:
            raise OSError(status)
        return answer[ANSWER_SIZE:]


class PinI2c(ports.I2c):
    """The cartridge's bus."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def write(self, address: int, data: bytes) -> None:
        """Write `data` to `address`."""
        self._caller.ask(bytes((CALL_I2C_WRITE, address)) + bytes(data))

    def read_into(self, address: int, register: int, buffer: bytearray) -> None:
        """Fill `buffer` from `register` on."""
        count = len(buffer)
        request = struct.pack(I2C_READ_FORMAT, CALL_I2C_READ, address, register, count)
        buffer[:] = self._caller.ask(request)


class PinFlash(ports.Flash):
    """The record region of the flash."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def size(self) -> int:
        """Bytes of the region."""
        size: int = struct.unpack("<I", self._caller.ask(bytes((CALL_FLASH_SIZE,))))[0]
        return size

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from `address`."""
        request = struct.pack(FLASH_READ_FORMAT, CALL_FLASH_READ, address, len(buffer))
        buffer[:] = self._caller.ask(request)

    def erase(self, address: int) -> None:
        """Erase the sector at `address`; 45 ms pass without a tick."""
        self._caller.ask(struct.pack(FLASH_FORMAT, CALL_FLASH_ERASE, address))

    def program(self, address: int, data: bytes) -> None:
        """Program within a page; 0.4 ms pass."""
        self._caller.ask(struct.pack(FLASH_FORMAT, CALL_FLASH_PROGRAM, address) + bytes(data))
