"""A cartridge: its pins, its wear, whether it sits, and its memory chip on I2C.

Owns the memory. The chip is of the 24AA025UID class: 256 bytes, the lower half writable in pages of
16, the upper half read only with a unique id in the last four. A write takes 5 ms, during which it
does not answer. What the bytes mean is the firmware's business.
"""

from hardware.board import rev_a as board

MANUFACTURER_CODE = 0x29  # at 0xFA
DEVICE_CODE = 0x41  # at 0xFB
_PAGE_MASK = board.CARTRIDGE_PAGE_BYTES - 1
_ADDRESS_MASK = board.CARTRIDGE_MEMORY_BYTES - 1


class CartridgeMemory:
    """The memory chip."""

    __slots__ = ("_busy_until_us", "_pointer", "content", "writes")

    def __init__(self, unique_id: int) -> None:
        self.content = bytearray(b"\xff" * board.CARTRIDGE_MEMORY_BYTES)
        at = board.CARTRIDGE_UNIQUE_ID_ADDRESS
        self.content[at : at + board.CARTRIDGE_UNIQUE_ID_BYTES] = unique_id.to_bytes(4, "big")
        self.content[at - 2 : at] = bytes((MANUFACTURER_CODE, DEVICE_CODE))
        self._pointer = 0
        self._busy_until_us = 0
        self.writes = 0

    @property
    def unique_id(self) -> int:
        """The chip's own number, 32 bits."""
        return int.from_bytes(self.content[board.CARTRIDGE_UNIQUE_ID_ADDRESS :], "big")

    def transfer(self, t_us: int, written: bytes, read_count: int) -> bytes | None:
        """One I2C transfer: write, then read after a repeated start. None = no acknowledge.

        The first byte written is the address, further ones are data: they wrap inside their page,
        and above the writable half they are acknowledged and dropped, as the chip does.
        """
        if t_us < self._busy_until_us:
            return None
        if written:
            self._pointer = written[0] & _ADDRESS_MASK
            if len(written) > 1:
                self._write(t_us, written[1:])
        answer = bytearray()
        for _ in range(read_count):
            answer.append(self.content[self._pointer])
            self._pointer = (self._pointer + 1) & _ADDRESS_MASK
        return bytes(answer)

    def _write(self, t_us: int, data: bytes) -> None:
        page = self._pointer & ~_PAGE_MASK
        for byte in data:
            if self._pointer < board.CARTRIDGE_WRITABLE_BYTES:
                self.content[self._pointer] = byte
            self._pointer = page | (self._pointer + 1) & _PAGE_MASK
        self.writes += 1
        self._busy_until_us = t_us + board.CARTRIDGE_WRITE_CYCLE_US


class Cartridge:
    """What is put on the pen's nose."""

    __slots__ = ("memory", "pins", "tip_um", "wear")

    def __init__(
        self, pins: int = 12, unique_id: int = 0x0000_1234, wear: float = 1.0, tip_um: float = 0.0
    ) -> None:
        self.pins = pins
        self.wear = wear  # force factor of blunt tips: 1 new, 3 to 5 worn or hooked
        self.tip_um = tip_um  # how far these needles stand out at depth 0, manufacturing tolerance
        self.memory = CartridgeMemory(unique_id)
