"""The memory chip in the cartridge: read whole, and the used mark written once.

Main loop only; a read of 52 bytes takes 1.5 ms at 400 kHz, a write 0.5 ms and then 5 ms in which
the chip does not answer. Owns the bytes last read.
"""

from hardware.board.rev_a import I2C_CARTRIDGE
from protocol import cartridge_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import I2c


class CartridgeMemory:
    """`identity`, `mark`, `blank` and `unique_id` are what the last `read` found."""

    def __init__(self, i2c: "I2c") -> None:
        self._i2c = i2c
        self._identity_area = bytearray(cartridge_layout.IDENTITY_SIZE)
        self._used_area = bytearray(cartridge_layout.USED_SIZE)
        self.unique_id = bytearray(cartridge_layout.UNIQUE_ID_SIZE)
        self.forget()

    def forget(self) -> None:
        """The cartridge is gone."""
        self.identity: "cartridge_layout.Identity | None" = None
        self.mark: "cartridge_layout.UsedMark | None" = None
        self.blank = False

    def read(self) -> bool:
        """Read identity, used mark and unique id; False when the chip does not answer."""
        self.forget()
        try:
            self._i2c.read_into(I2C_CARTRIDGE, cartridge_layout.IDENTITY_AT, self._identity_area)
            self._i2c.read_into(I2C_CARTRIDGE, cartridge_layout.USED_AT, self._used_area)
            self._i2c.read_into(I2C_CARTRIDGE, cartridge_layout.UNIQUE_ID_AT, self.unique_id)
        except OSError:
            return False
        self.identity = cartridge_layout.unpack_identity(self._identity_area)
        self.blank = cartridge_layout.is_unused(self._used_area)
        self.mark = cartridge_layout.unpack_used(self._used_area)
        return True

    def write_mark(self, session_id: int, day: int) -> bool:
        """Send the used mark to the chip; False when it does not answer. `read` proves it later."""
        area = cartridge_layout.pack_used(cartridge_layout.UsedMark(session_id, day))
        try:
            self._i2c.write(I2C_CARTRIDGE, bytes((cartridge_layout.USED_AT,)) + area)
        except OSError:
            return False
        return True
