"""What one millisecond is made of: the parts of the tick, connected, and started first of all.

The pen goes home while the rest of it is still being loaded: nothing here needs the main loop, and
the main loop is never needed for a stop. The tick is fixed in order and allocates nothing. An
exception in it cuts the drive and latches FAULT_INTERNAL. Owns the parts of the tick, and the
settings, which some of them are adjusted by.
"""

from firmware.control.motion import Motion, move
from firmware.drivers.calibration import Calibration
from firmware.drivers.sensors import Sensors, sense
from firmware.readings import Readings
from firmware.safety.supervisor import Supervisor, supervise
from firmware.storage import layout
from firmware.storage.record_store import RecordStore
from firmware.storage.settings import Settings
from firmware.treatment.treatment import Treatment, count
from firmware.words import ASK_FAULT
from protocol import codes
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Board

_WATCHDOG = const(1)  # of Board.reset_cause
_CLEAR_MOTION = const(286)  # a word, restated: a kernel would look its name up


@micropython.viper
def run(words, look, act) -> int:  # type: ignore[no-untyped-def]
    """The tick in its order; not 0 when motion has to forget a failure that was acknowledged."""
    look(words)
    sense(words)
    supervise(words)
    move(words)
    count(words)
    act(words)
    return int(ptr32(words)[_CLEAR_MOTION])


class Tick:
    """The parts of one pen's tick on one board. `start` once; then the ticker calls `tick`."""

    def __init__(self, board: "Board") -> None:
        board.enable.cut()
        self.board = board
        self.readings = Readings()
        words = self.readings.words
        # From flash: these reads are made before the first tick.
        self.settings = Settings(RecordStore(board.flash, layout.SETTINGS_AT))
        calibration = calibrated(self.settings)
        self.sensors = Sensors(board, self.readings, calibration)
        self.motion = Motion(self.readings, calibration)
        self.treatment = Treatment(words)
        self.supervisor = Supervisor(words, board.enable)
        self._words = words
        self._handle = board.handle(words)
        self._look = board.look
        self._act = board.act
        self._started = False
        self.failed: "Exception | None" = None  # what reached the tick, for the main loop to keep

    def start(self) -> None:
        """Look at the last reset, and begin; a second call changes nothing."""
        if self._started:
            return
        self._started = True
        if self.board.reset_cause() == _WATCHDOG:
            self._words[ASK_FAULT] = codes.FAULT_WATCHDOG
        self.board.ticker.start(self.tick)

    def tick(self) -> None:
        """One millisecond: sense, judge, move. Allocates nothing."""
        try:
            if run(self._handle, self._look, self._act):
                self._words[_CLEAR_MOTION] = 0
                self.motion.clear()
        except Exception as error:  # noqa: BLE001 - whatever it is, the needles stop
            self.supervisor.panic()
            self.board.bridge.brake()
            self.failed = error


def calibrated(settings: Settings) -> Calibration:
    """The trim values of this pen."""
    calibration = Calibration()
    calibration.current_zero_code = settings.get("current_zero_code")
    calibration.current_gain_ppt = settings.get("current_gain_ppt")
    calibration.hall_offset_um = settings.get("hall_offset_um")
    calibration.depth_zero_um = settings.get("depth_zero_um")
    calibration.battery_gain_ppt = settings.get("battery_gain_ppt")
    calibration.kt_ppt = settings.get("kt_ppt")
    calibration.resistance_ppt = settings.get("resistance_ppt")
    return calibration
