"""The self-test: every part that protects someone must answer as it should.

At power-up, and on request while nothing is armed. The quick checks look at this moment's
readings; the stop path is proven by the supervisor in the tick, over some 60 ms. Owns the outcome.
"""

from hardware.board import rev_a as board
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Flash, I2c
    from firmware.readings import Readings

# Bits of the outcome, and the short names that go to the host.
CHECKS = (
    "thermistor",
    "depth sensor",
    "current sensor",
    "battery",
    "flash",
    "button",
    "bridge",
    "stop path",
    "i2c bus",
)
FAILED_THERMISTOR = const(1)
FAILED_DEPTH_SENSOR = const(2)
FAILED_CURRENT_SENSOR = const(4)
FAILED_BATTERY = const(8)
FAILED_FLASH = const(16)
FAILED_BUTTON = const(32)
FAILED_BRIDGE = const(64)
FAILED_STOP_PATH = const(128)
FAILED_I2C_BUS = const(256)

_HALL_LOW = const(41)  # mechanical stops, with a margin: as safety's own limits
_HALL_HIGH = const(3932)
_CURRENT_QUIET_MA = const(60)  # nothing is driven
_BATTERY_LOW_MV = const(2500)
_BATTERY_HIGH_MV = const(4500)


def quick_checks(readings: "Readings", flash: "Flash", i2c: "I2c") -> int:
    """Bits of what fails right now; nothing may be driven."""
    failed = 0
    if not board.NTC_SHORT_CODE <= readings.ntc_code <= board.NTC_OPEN_CODE:
        failed |= FAILED_THERMISTOR
    if not _HALL_LOW <= readings.hall_code <= _HALL_HIGH:
        failed |= FAILED_DEPTH_SENSOR
    if readings.current_ma > _CURRENT_QUIET_MA:
        failed |= FAILED_CURRENT_SENSOR
    if not _BATTERY_LOW_MV <= readings.supply_mv <= _BATTERY_HIGH_MV:
        failed |= FAILED_BATTERY
    if not _flash_answers(flash):
        failed |= FAILED_FLASH
    if not _bus_answers(i2c):
        failed |= FAILED_I2C_BUS
    if readings.button:
        failed |= FAILED_BUTTON
    if readings.duty or readings.bridge_stall or readings.enable_level:
        failed |= FAILED_BRIDGE
    return failed


def _flash_answers(flash: "Flash") -> bool:
    """Two reads of the same place agree, at either end of the region."""
    first = bytearray(16)
    second = bytearray(16)
    try:
        for address in (0, flash.size() - 16):
            flash.read_into(address, first)
            flash.read_into(address, second)
            if first != second:
                return False
    except OSError:
        return False
    return True


def _bus_answers(i2c: "I2c") -> bool:
    """The accelerometer, which shares its bus with the cartridge, says who it is."""
    answer = bytearray(1)
    try:
        i2c.read_into(board.I2C_ACCELEROMETER, board.ACCELEROMETER_WHO_AM_I_REGISTER, answer)
    except OSError:
        return False
    return answer[0] == board.ACCELEROMETER_WHO_AM_I


class SelfTest:
    """One run at a time: `begin`, then `poll` until `running` is False; `failed` is the outcome."""

    def __init__(self, readings: "Readings", flash: "Flash", i2c: "I2c") -> None:
        self._readings = readings
        self._flash = flash
        self._i2c = i2c
        self.running = False
        self.failed = 0
        self.proofs_before = 0

    def begin(self, proofs_done: int) -> None:
        """Start: the caller asks the supervisor for a proof of the stop path meanwhile."""
        self.running = True
        self.proofs_before = proofs_done

    def poll(self, proofs_done: int, proof_failed_bits: int, fault: int) -> bool:
        """One pass; True in the pass in which the test is finished.

        A latched fault ends it: the supervisor proves nothing then.
        """
        if not self.running:
            return False
        proven = proofs_done != self.proofs_before
        if not proven and not fault:
            return False
        self.failed = quick_checks(self._readings, self._flash, self._i2c)
        if not proven or proof_failed_bits:
            self.failed |= FAILED_STOP_PATH
        self.running = False
        return True

    def names(self) -> "list[str]":
        """Short names of the checks that failed."""
        return [name for number, name in enumerate(CHECKS) if self.failed >> number & 1]
