"""The decoder as machine code, for the pen: the same frames out of the same bytes.

A request is collected, unstuffed and checked in one call, without the heap. Owns what `Decoder`
owns; the bytes collected so far are counted in a word of the kernel's.
"""

from array import array

from protocol import machine_code
from protocol.decoder import Decoder
from protocol.interpreter import MICROPYTHON, const

_collect = machine_code.collect

# Restated from frame.py and machine_code.py: an imported name would be looked up for every frame.
_TYPE_AT = const(1)
_SEQUENCE_AT = const(2)
_FLAGS_AT = const(3)
_FILLED = const(0)
_VERDICT = const(1)
_NO_FRAME = const(256)
_BAD_LENGTH = const(257)
_BAD_STUFFING = const(258)


class QuickDecoder(Decoder):
    """`Decoder` on MicroPython."""

    def __init__(self) -> None:
        Decoder.__init__(self)
        self._state = array("i", (0,) * machine_code.WORDS)

    def take(self, data: "bytes | bytearray", start: int, stop: int) -> int:
        """As `Decoder.take`."""
        buffer = self.buffer
        state = self._state
        after: int = _collect(buffer, state, data, start, stop)
        verdict = state[_VERDICT]
        if verdict < _NO_FRAME:
            self.number = buffer[_TYPE_AT]
            self.sequence = buffer[_SEQUENCE_AT]
            self.flags = buffer[_FLAGS_AT]
            self.size = verdict
            self.good += 1
            self.ready = True
            return after
        self.ready = False
        if verdict > _NO_FRAME:
            self.bad += 1
            if verdict == _BAD_LENGTH:
                self.bad_length += 1
            elif verdict == _BAD_STUFFING:
                self.bad_stuffing += 1
            else:
                self.bad_check += 1
        return after

    def reset(self) -> None:
        """As `Decoder.reset`."""
        self._state[_FILLED] = 0
        self.ready = False


quickest_decoder = QuickDecoder if MICROPYTHON else Decoder
