"""Proof of the stop path: drive-enable really falls, by itself and when it is cut.

Run in the tick, with the bridge braked, so nothing moves while the line is up. Without a cartridge
the seat contact must keep the line low; that is proven instead. Owns the steps of one proof.
Answers H39 (a silent supervisor) before the first start with every cartridge.
"""

from protocol.interpreter import const

# What the line is asked for in a tick.
LINE_CUT = const(0)
LINE_GRANT = const(1)
LINE_LEAVE = const(2)  # neither: the countdown runs on

# What went wrong, as bits.
NO_RISE = const(1)  # granted, but the line stayed low
NO_EXPIRY = const(2)  # 8 ms without a grant, but the line is still high
NO_CUT = const(4)  # cut, but the line is still high after 2 ms
SEAT_OPEN_HIGH = const(8)  # no cartridge, but the line rose
CURRENT_FLOWED = const(16)  # the braked bridge drew current
ABORTED = const(32)  # the cartridge came or went meanwhile

CURRENT_MA = const(100)  # more than this with the bridge braked is no noise

# Last tick of each step: grant 6, leave 9, grant 4, cut 3.
_GRANT_END = const(6)
_LEAVE_END = const(15)
_GRANT_AGAIN_END = const(19)
_CUT_END = const(22)


class StopPathProof:
    """One proof at a time: `begin`, then `step` per tick until `active` is 0."""

    def __init__(self) -> None:
        self.active = 0
        self.failed_bits = 0  # of the last proof, 0 = all held
        self.done_count = 0  # proofs finished since reset
        self._tick = 0
        self._seated = 0

    def begin(self, seated: int) -> None:
        """Start a proof for a pen whose cartridge is `seated` or not."""
        self.active = 1
        self.failed_bits = 0
        self._tick = 0
        self._seated = seated

    def abort(self) -> None:
        """End without a result: something more important came up."""
        if self.active:
            self.active = 0
            self.failed_bits |= ABORTED

    def step(self, level: int, seat: int, current_ma: int) -> int:
        """Judge the line as read back and say what to ask of it in this tick (LINE_*)."""
        if seat != self._seated:
            self.abort()
            return LINE_CUT
        self._tick += 1
        tick = self._tick
        if current_ma > CURRENT_MA:
            self.failed_bits |= CURRENT_FLOWED
        if not seat and level:
            self.failed_bits |= SEAT_OPEN_HIGH
        if tick <= _GRANT_END:
            return LINE_GRANT
        if tick == _GRANT_END + 1 and seat and not level:
            self.failed_bits |= NO_RISE
        if tick <= _LEAVE_END:
            return LINE_LEAVE
        if tick == _LEAVE_END + 1 and level:
            self.failed_bits |= NO_EXPIRY
        if tick <= _GRANT_AGAIN_END:
            return LINE_GRANT
        if tick == _GRANT_AGAIN_END + 1 and seat and not level:
            self.failed_bits |= NO_RISE
        if tick > _CUT_END:
            if level:
                self.failed_bits |= NO_CUT
            self.active = 0
            self.done_count += 1
        return LINE_CUT
