"""Proof of the stop path: drive-enable really falls, for every reason for which it must.

Run in the tick, with the bridge braked, so nothing moves while the line is up. Three falls are
proven: by itself when nobody grants (countdown), when it is cut, and when the external watchdog
is not kicked. Without a cartridge the seat contact must keep the line low; that is proven instead.
Owns the steps of one proof. Answers H39 before the first start with every cartridge.
"""

from protocol.interpreter import const

# What the line is asked for in a tick.
LINE_CUT = const(0)
LINE_GRANT = const(1)
LINE_LEAVE = const(2)  # neither: the countdown runs on
LINE_STARVE = const(3)  # granted, but the watchdog is not kicked

# What went wrong, as bits.
NO_RISE = const(1)  # granted, but the line stayed low
NO_EXPIRY = const(2)  # 9 ms without a grant, and the line is still high
NO_CUT = const(4)  # cut, and the line is still high after 3 ms
NO_WATCHDOG = const(8)  # 25 ms without a kick, and the line is still high
SEAT_OPEN_HIGH = const(16)  # no cartridge, but the line rose
CURRENT_FLOWED = const(32)  # the braked bridge drew current
ABORTED = const(64)  # disturbed: the cartridge came or went, a tick was late, something started

CURRENT_MA = const(100)  # more than this with the bridge braked is no noise
LATE_US = const(2000)  # the steps below are counted in ticks, so a late one spoils the proof

# The steps in order: ticks, what is asked, level that the seated line must have after them, and
# the bit that says it has not. The watchdog allows 20 ms; out of its alarm it needs two kicks.
STEPS = (
    (6, LINE_GRANT, 1, NO_RISE),
    (9, LINE_LEAVE, 0, NO_EXPIRY),
    (4, LINE_GRANT, 1, NO_RISE),
    (3, LINE_CUT, 0, NO_CUT),
    (4, LINE_GRANT, 1, NO_RISE),
    (25, LINE_STARVE, 0, NO_WATCHDOG),
    (4, LINE_CUT, 0, NO_CUT),
)


class StopPathProof:
    """One proof at a time: `begin`, then `step` per tick until `active` is 0."""

    def __init__(self) -> None:
        self.active = 0
        self.failed_bits = 0  # of the last proof, 0 = all held
        self.done_count = 0  # proofs carried to their end since reset
        self._step = 0
        self._ticks = 0
        self._seated = 0

    def begin(self, seated: int) -> None:
        """Start a proof for a pen whose cartridge is `seated` or not."""
        self.active = 1
        self.failed_bits = 0
        self._step = 0
        self._ticks = 0
        self._seated = seated

    def abort(self) -> None:
        """End without a result: something disturbs."""
        if self.active:
            self.active = 0
            self.failed_bits |= ABORTED

    def step(self, level: int, seat: int, current_ma: int, tick_us: int) -> int:
        """Judge the line as read back, and say what to ask of it in this tick (LINE_*)."""
        if seat != self._seated or tick_us > LATE_US:
            self.abort()
            return LINE_CUT
        if current_ma > CURRENT_MA:
            self.failed_bits |= CURRENT_FLOWED
            return self._end()  # at once: what should be braked is driven
        if level and not seat:
            self.failed_bits |= SEAT_OPEN_HIGH
            return self._end()
        if self._ticks >= STEPS[self._step][0]:
            if level != (STEPS[self._step][2] if seat else 0):
                self.failed_bits |= STEPS[self._step][3]
            self._step += 1
            self._ticks = 0
            if self._step == len(STEPS):
                return self._end()
        self._ticks += 1
        return STEPS[self._step][1]

    def _end(self) -> int:
        self.active = 0
        self.done_count += 1
        return LINE_CUT
