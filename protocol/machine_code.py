"""The two inner loops of a telemetry frame as machine code, for MicroPython.

`write_check` is `crc.write_in_halves`, `stuff` is `cobs.encode_in_place`, to the last bit. On the
emulated board they take 65 and 25 us a frame, as bytecode 1075 and 305 (docs/decisions/0007).
Only constants of one byte: frozen machine code of the board cannot align larger ones.
Raises SyntaxError at import where the interpreter has no machine code. Owns no state.
"""

import micropython

TYPE_CHECKING = False
if TYPE_CHECKING:
    ptr8 = bytearray
    ptr16 = bytearray


@micropython.viper
def write_check(  # type: ignore[no-untyped-def]
    buffer: ptr8, start: int, end: int, table_low: ptr16, table_high: ptr16
):
    """Put the CRC of `buffer[start:end]` into `buffer[end:end + 4]`; tables of 256 u16 each."""
    low = (0xFF << 8) | 0xFF
    high = low
    index = start
    while index < end:
        entry = (low ^ buffer[index]) & 0xFF
        low = (low >> 8) ^ ((high & 0xFF) << 8) ^ table_low[entry]
        high = (high >> 8) ^ table_high[entry]
        index += 1
    buffer[end] = (low & 0xFF) ^ 0xFF
    buffer[end + 1] = (low >> 8) ^ 0xFF
    buffer[end + 2] = (high & 0xFF) ^ 0xFF
    buffer[end + 3] = (high >> 8) ^ 0xFF


@micropython.viper
def stuff(buffer: ptr8, size: int):  # type: ignore[no-untyped-def]
    """Stuff the message in `buffer[1:size]` into `buffer[0:size]`, from its end to its front."""
    zero = size
    index = size - 1
    while index > 0:
        if buffer[index] == 0:
            buffer[index] = zero - index
            zero = index
        index -= 1
    buffer[0] = zero
