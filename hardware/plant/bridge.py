"""The motor bridge and the drive-enable chain in front of it.

Drive-enable = AND(PIO countdown, cartridge contact, external window watchdog), in gates that no
software reaches. While it is low the gates hold both bridge inputs high, which turns both low-side
transistors on: the winding is shorted. Not coasting, because a coasting cam makes about 12 more
strokes in 0.22 s and a braked one less than one in 25 ms. The gates and the bridge live on the
motor rail, whose capacitor (and the turning motor, through the bridge's diodes) keeps them alive
long enough to brake when the supply is cut.

With enable high the firmware chooses: 1 drive (synchronous slow decay, so the mean voltage is duty
times rail), 2 brake, 0 asleep: outputs open, the motor coasts.
"""

from hardware.board import rev_a as board
from hardware.plant.parameters import BridgeParameters

COAST = 0
DRIVE = 1
BRAKE = 2

NEVER_US = -(1 << 60)


class EnableChain:
    """When drive-enable is high, to the microsecond. Owns countdown and watchdog."""

    __slots__ = ("_countdown_us", "_max_us", "_min_us", "expires_us", "kicked_us", "watchdog_ok")

    def __init__(self, parameters: BridgeParameters) -> None:
        self._countdown_us = parameters.countdown_us
        self._min_us = parameters.watchdog_min_us
        self._max_us = parameters.watchdog_max_us
        self.expires_us = NEVER_US
        self.kicked_us = NEVER_US
        self.watchdog_ok = False

    def grant(self, t_us: int) -> None:
        """Re-arm the countdown."""
        self.expires_us = t_us + self._countdown_us

    def cut(self) -> None:
        """Let the countdown expire at once."""
        self.expires_us = NEVER_US

    def kick(self, t_us: int) -> None:
        """An edge on the watchdog's input: good only if it falls into the window after the last.

        Out of reset two kicks are needed; a kick too early drops the chain until the next good one.
        """
        self.watchdog_ok = self._min_us <= t_us - self.kicked_us <= self._max_us
        self.kicked_us = t_us

    def fed_until(self, t_us: int) -> int:
        """When the watchdog drops for want of kicks; `t_us` if it is down already."""
        if not self.watchdog_ok:
            return t_us
        until = self.kicked_us + self._max_us
        if until <= t_us:
            self.watchdog_ok = False
        return until

    def high_until(self, t_us: int) -> int:
        """When enable falls by itself; not after `t_us` if it is low now (contact aside)."""
        return min(self.fed_until(t_us), self.expires_us)


class StallOutput:
    """The bridge's stall output: current above a threshold for the blanking time without pause."""

    __slots__ = ("_above_us", "_blank_us", "_threshold_a", "active")

    def __init__(self, parameters: BridgeParameters) -> None:
        self._threshold_a = parameters.stall_a
        self._blank_us = parameters.stall_blank_us
        self._above_us = 0
        self.active = False

    def step_ms(self, mean_a: float) -> None:
        """One millisecond with this mean current."""
        if -self._threshold_a < mean_a < self._threshold_a:
            self._above_us = 0
            self.active = False
        else:
            self._above_us += 1000
            self.active = self._above_us >= self._blank_us


def terminal_volts(bridge: int, duty: int, rail_v: float) -> float:
    """Mean voltage that bridge command and duty put on the motor while enable is high."""
    return duty * rail_v / board.PWM_TOP if bridge == DRIVE else 0.0
