"""The inner loops of a frame as machine code: what the wire costs the board, and its heap nothing.

For MicroPython. CPython runs the same text, as do the tests, but has native functions that are
quicker still: each kernel is what the function of the same task in `frame`, `decoder` and
`telemetry` is, to the last bit. Figures and reasons: docs/decisions/0023. Owns the CRC's table.
"""

from array import array

from protocol.interpreter import const, micropython, ptr8, ptr32, uint

# The state of `collect`: words. The verdict is the size of the payload of a good frame, or:
FILLED = const(0)  # bytes of the frame being collected
VERDICT = const(1)
WORDS = const(2)
NO_FRAME = const(256)  # the delimiter is still to come, or nothing was before it
BAD_LENGTH = const(257)
BAD_STUFFING = const(258)
BAD_CHECK = const(259)

# Kinds of field for `pack_words`.
U8 = const(0)
U16 = const(1)
I16 = const(2)
U32 = const(3)

# Restated, some from frame.py: another name would be looked up at run time.
_SHORTEST = const(8)  # stuffed bytes of a frame without payload, delimiter not counted
_LONGEST = const(248)
_FILLED = const(0)
_VERDICT = const(1)
_NO_FRAME = const(256)
_BAD_LENGTH = const(257)
_BAD_STUFFING = const(258)
_BAD_CHECK = const(259)
_U8 = const(0)
_I16 = const(2)
_U32 = const(3)
_POLYNOMIAL_HIGH = const(0xEDB8)  # of CRC-32, reflected
_POLYNOMIAL_LOW = const(0x8320)


@micropython.viper
def fill_table(table):  # type: ignore[no-untyped-def]
    """Write the 256 entries of the CRC's table; entry 0 is 0 before.

    The table is linear: an entry is the exclusive or of the entries of the bits of its number.
    """
    t = ptr32(table)
    polynomial = uint(_POLYNOMIAL_HIGH)
    polynomial = (polynomial << 16) | _POLYNOMIAL_LOW
    entry = uint(1)
    bit = 128
    while bit > 0:
        odd = int(entry & 1)
        entry = entry >> 1
        if odd != 0:
            entry = entry ^ polynomial
        t[bit] = entry
        bit >>= 1
    index = 1
    while index < 256:
        rest = index & (index - 1)  # without its lowest bit
        t[index] = t[rest] ^ t[index ^ rest]
        index += 1


_TABLE = array("I", bytes(1024))
fill_table(_TABLE)  # type: ignore[no-untyped-call]


@micropython.viper
def seal(buffer, number: int, sequence: int, flags: int, size: int) -> int:  # type: ignore[no-untyped-def]
    """`frame.seal`: header, CRC, stuffing and delimiter; how many bytes to send."""
    b = ptr8(buffer)
    t = ptr32(_TABLE)
    b[1] = number
    b[2] = sequence
    b[3] = flags
    end = size + 4
    check = uint(0xFFFF)
    check = (check << 16) | 0xFFFF
    index = 1
    while index < end:
        check = (check >> 8) ^ t[(check ^ b[index]) & 0xFF]
        index += 1
    end += 4
    while index < end:
        b[index] = (check & 0xFF) ^ 0xFF
        check = check >> 8
        index += 1
    b[end] = 0
    # From the end to the front: each zero becomes the distance to the next one.
    zero = end
    index = end - 1
    while index > 0:
        if b[index] == 0:
            b[index] = zero - index
            zero = index
        index -= 1
    b[0] = zero
    return end + 1


@micropython.viper
def collect(buffer, state, data, start: int, stop: int) -> int:  # type: ignore[no-untyped-def]
    """Take bytes of `data[start:stop]` up to the first delimiter; where to go on.

    `buffer` then holds the frame, unstuffed, if the verdict in `state` says so.
    """
    b = ptr8(buffer)
    w = ptr32(state)
    d = ptr8(data)
    filled = w[_FILLED]
    w[_VERDICT] = _NO_FRAME
    byte = 1
    while byte != 0:
        if start >= stop:
            w[_FILLED] = filled
            return start
        byte = d[start]
        start += 1
        if filled < _LONGEST:
            b[filled] = byte
        if byte != 0 and filled <= _LONGEST:  # one more than the longest is too many for good
            filled += 1
    w[_FILLED] = 0
    if filled < _SHORTEST or filled > _LONGEST:
        if filled != 0:
            w[_VERDICT] = _BAD_LENGTH
        return start
    link = 0
    while link < filled:
        step = b[link]
        b[link] = 0
        link += step
    if link != filled:
        w[_VERDICT] = _BAD_STUFFING
        return start
    t = ptr32(_TABLE)
    check = uint(0xFFFF)
    check = (check << 16) | 0xFFFF
    end = filled - 4
    index = 1
    while index < end:
        check = (check >> 8) ^ t[(check ^ b[index]) & 0xFF]
        index += 1
    verdict = filled - _SHORTEST
    while index < filled:
        if int((check ^ b[index]) & 0xFF) != 0xFF:
            verdict = _BAD_CHECK
        check = check >> 8
        index += 1
    w[_VERDICT] = verdict
    return start


@micropython.viper
def pack_words(values, kinds, count: int, buffer, place: int):  # type: ignore[no-untyped-def]
    """Pack `count` words, the kind of each a byte of `kinds`, into `buffer` from `place` on.

    A 16-bit field shows its end where the value is beyond it; the others hold what they are given.
    """
    v = ptr32(values)
    k = ptr8(kinds)
    b = ptr8(buffer)
    half = 1 << 29
    mask = (half << 1) - 1
    index = 0
    while index < count:
        kind = k[index]
        value = v[index]
        if kind != _U8 and kind != _U32:
            low = 0
            high = 0xFFFF
            if kind == _I16:
                low = -0x8000
                high = 0x7FFF
            value = ((value + half) & mask) - half
            if value < low:
                value = low
            if value > high:
                value = high
        b[place] = value & 0xFF
        place += 1
        if kind != _U8:
            b[place] = (value >> 8) & 0xFF
            place += 1
        if kind == _U32:
            b[place] = (value >> 16) & 0xFF
            b[place + 1] = (value >> 24) & 0xFF
            place += 2
        index += 1


@micropython.viper
def copy(target, source, start: int, stop: int):  # type: ignore[no-untyped-def]
    """Copy `source[start:stop]` to the front of `target`."""
    to = ptr8(target)
    of = ptr8(source)
    index = start
    while index < stop:
        to[index - start] = of[index]
        index += 1
