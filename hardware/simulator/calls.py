"""Answers the firmware's CALLs: cartridge bus, flash, identity, reset.

Owns what the firmware did that the hardware cannot do (`misuses`). Flash operations take their
time: the bench passes `let_time_pass`, which moves the plant while the firmware waits.
"""

import errno
import struct
from collections.abc import Callable

from firmware.hal.pin_layout import (
    ANSWER_FORMAT,
    CALL_BOOT_LOADER,
    CALL_FLASH_ERASE,
    CALL_FLASH_PROGRAM,
    CALL_FLASH_READ,
    CALL_FLASH_SIZE,
    CALL_I2C_READ,
    CALL_I2C_WRITE,
    CALL_IMAGE_READ,
    CALL_RESET,
    CALL_RESET_CAUSE,
    CALL_SERVICE,
    CALL_UNIQUE_ID,
    FLASH_FORMAT,
    FLASH_READ_FORMAT,
    I2C_READ_FORMAT,
    KIND_ANSWER,
)
from hardware.board import rev_a as board
from hardware.plant.bridge import DRIVE
from hardware.plant.flash import PowerCut
from hardware.plant.pen import Pen
from hardware.simulator.flash_file import FlashFile

START = board.FLASH_RECORDS_OFFSET
SIZE = board.FLASH_RECORDS_BYTES
SECTOR = board.FLASH_SECTOR_BYTES

RESET_POWER_ON = 0
RESET_WATCHDOG = 1
RESET_REQUESTED = 2
NO_SCRATCH = bytes(4)


class PowerLost(BaseException):
    """Ends the firmware inside a call. Not an Exception, because no firmware survives it."""


class Calls:
    """The bench's side of CALL and ANSWER."""

    def __init__(
        self,
        pen: Pen,
        unique_id: bytes,
        let_time_pass: Callable[[int], None],
        file: FlashFile | None,
    ) -> None:
        self._pen = pen
        self._unique_id = unique_id
        self._let_time_pass = let_time_pass
        self._file = file
        self.reset_cause = 0
        self.reset_requested = 0  # cause of the reset that the chip asked for
        self.scratch = NO_SCRATCH  # a register that outlasts a reset, where the twin has one
        self.left_for = 0  # CALL_BOOT_LOADER or CALL_SERVICE: where the firmware went
        self.misuses: list[str] = []

    def answer(self, request: bytes) -> bytes:
        """Return the ANSWER to the request of a CALL; raises PowerLost."""
        status = 0
        data = b""
        try:
            data = self._do(request)
        except OSError as error:
            status = error.errno or errno.EIO
        except ValueError as error:  # the plant has no such place, or it cannot be done
            self.misuses.append(str(error))
            status = errno.EINVAL
        return struct.pack(ANSWER_FORMAT, KIND_ANSWER, status, len(data)) + data

    def _do(self, request: bytes) -> bytes:
        call = request[0]
        if call == CALL_I2C_READ:
            _, address, register, count = struct.unpack(I2C_READ_FORMAT, request)
            return self._i2c(address, bytes((register,)), count)
        if call == CALL_I2C_WRITE:
            return self._i2c(request[1], request[2:], 0)
        if call == CALL_FLASH_READ:
            _, address, count = struct.unpack(FLASH_READ_FORMAT, request)
            return self._pen.flash.read(self._place(address, count), count)
        if call == CALL_IMAGE_READ:
            _, address, count = struct.unpack(FLASH_READ_FORMAT, request)
            return self._pen.flash.read(self._image_place(address, count), count)
        if call in (CALL_FLASH_ERASE, CALL_FLASH_PROGRAM):
            return self._change_flash(call, request)
        if call == CALL_FLASH_SIZE:
            return struct.pack("<I", SIZE)
        if call == CALL_UNIQUE_ID:
            return self._unique_id
        if call == CALL_RESET_CAUSE:
            return bytes((self.reset_cause,)) + self.scratch
        if call == CALL_RESET:
            self.reset_requested = request[1] if len(request) > 1 else RESET_REQUESTED
            self.scratch = request[2:6] if len(request) > 2 else NO_SCRATCH
            return b""
        if call in (CALL_BOOT_LOADER, CALL_SERVICE):
            self.left_for = call
            return b""
        raise ValueError(f"There is no call {call}.")

    def _i2c(self, address: int, written: bytes, count: int) -> bytes:
        data = self._pen.i2c(address, written, count)
        if data is None:
            raise OSError(errno.EIO, "nobody acknowledges")
        return data

    def _change_flash(self, call: int, request: bytes) -> bytes:
        _, address = struct.unpack_from(FLASH_FORMAT, request)
        data = request[struct.calcsize(FLASH_FORMAT) :]
        erase = call == CALL_FLASH_ERASE
        count = SECTOR if erase else len(data)
        place = self._place(address, count)
        pen = self._pen
        # Drive-enable alone may be up: the proof of the stop path raises it with the bridge braked.
        if pen.bridge == DRIVE and pen.chain.high_until(pen.t_us) > pen.t_us:
            self.misuses.append(f"Flash changed at {address:#x} while the motor is driven.")
        flash = pen.flash
        try:
            if erase:
                flash.erase(place)
            else:
                flash.program(place, data)
        except PowerCut as cut:
            raise PowerLost(str(cut)) from cut
        finally:
            if self._file is not None:
                self._file.store(place, count)
        self._let_time_pass(board.FLASH_ERASE_US if erase else board.FLASH_PROGRAM_US)
        return b""

    def _image_place(self, address: int, count: int) -> int:
        if address < 0 or address + count > board.FLASH_FIRMWARE_BYTES:
            raise ValueError(f"{count} bytes at {address:#x} are outside the firmware's area.")
        return address

    def _place(self, address: int, count: int) -> int:
        if address < 0 or address + count > SIZE:
            raise ValueError(f"{count} bytes at {address:#x} are outside the record region.")
        return START + address
