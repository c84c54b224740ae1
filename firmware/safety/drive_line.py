"""The drive-enable line and the watchdog's kick: the only place that touches either.

`hold` is called once per tick by the supervisor with its verdict. While a proof of the stop path
runs, the proof drives the line instead; the supervisor allows that only where nothing may move.
Owns: what was asked of the line, and the proof.
"""

from firmware.safety.stop_path import (
    ABORTED,
    LINE_CUT,
    LINE_LEAVE,
    LINE_STARVE,
    StopPathProof,
)
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import ExpiringEnable, Watchdog
    from firmware.readings import Readings
    from firmware.safety.conditions import Conditions
    from firmware.safety.faults import Faults

_SEATED = 1 << codes.COND_SEATED


class DriveLine:
    """`granted` is what the last tick asked: 1 up, 0 down."""

    def __init__(
        self,
        enable: "ExpiringEnable",
        watchdog: "Watchdog",
        readings: "Readings",
        conditions: "Conditions",
        faults: "Faults",
    ) -> None:
        self._grant = enable.grant
        self._cut = enable.cut
        self._kick = watchdog.kick
        self._readings = readings
        self._conditions = conditions
        self._faults = faults
        self.granted = 0
        self.proof = StopPathProof()

    def hold(self, grant: int) -> None:
        """Ask for the line for one more tick (1), or cut it (0)."""
        if grant:
            self._grant()
        else:
            self._cut()
        self.granted = grant
        self._kick()
        if self.proof.active:
            self.proof.abort()

    def begin_proof(self) -> None:
        """Prove the stop path from the next tick on."""
        self.proof.begin(1 if self._conditions.word & _SEATED else 0)

    def prove(self) -> None:
        """One tick of the proof instead of `hold`."""
        proof = self.proof
        readings = self._readings
        asked = proof.step(
            readings.enable_level, readings.seat, readings.current_ma, readings.tick_us
        )
        if asked == LINE_CUT:
            self._cut()
        elif asked != LINE_LEAVE:
            self._grant()
        if asked != LINE_STARVE:
            self._kick()
        self.granted = 0
        if proof.active or proof.failed_bits & ABORTED:
            return
        if proof.failed_bits:
            self._faults.trip(codes.FAULT_ENABLE)
        elif self._conditions.word & _SEATED:
            self._conditions.set(codes.COND_STOP_PATH_PROVEN, 1)
