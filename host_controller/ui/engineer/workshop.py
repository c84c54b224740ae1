"""What the engineer's pages share, in whatever window they are: recording, calibration, answers.

A page may go and come again; what was begun goes on here. Owns the recording, the calibration
under way with its samples, and the last answers of the pen.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from host_controller import errors
from host_controller.calibration.samples import Samples
from host_controller.replies import EXPOSED, FaultEntry
from host_controller.simulated.hand import Hand
from host_controller.ui.desk import CONNECTED, Desk
from host_controller.ui.engineer.tail import Tail
from protocol import codes

if TYPE_CHECKING:
    from host_controller.calibration.progress import Progress
    from host_controller.ui.engineer.recording import Recording


@dataclass
class Run:
    """One measurement with running needles: a depth, or the rate for depth 0."""

    depth_um: int
    samples: Samples
    tail: Tail
    gauge_um: int = 0  # highest that the simulated gauge has shown; 0 none
    strobe_chz: int = 0  # last that the simulated strobe has shown; 0 none


@dataclass
class Facts:
    """Answers of a pen, and of which pen."""

    serial: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    cartridge: str = ""
    plan: str = ""
    self_test: str = ""  # "passed", or the checks that failed; "" not asked in this session
    self_test_at: str = ""


class Workshop:
    """One for the program."""

    def __init__(self, desk: Desk, hand: Hand | None) -> None:
        self.desk = desk
        self.hand = hand
        self.recording: Recording | None = None
        self.calibration: Progress | None = None
        self.written: dict[str, Any] | None = None  # last entry of this pen's history
        self.loaded_for = ""  # serial number for which the two above were read
        self.run: Run | None = None
        self.faults: list[FaultEntry] | None = None
        self.facts = Facts()

    @property
    def serial(self) -> str:
        """Number of the connected pen, "" for none."""
        view = self.desk.view
        return view.identity.serial if view.identity and view.link == CONNECTED else ""

    @property
    def idle(self) -> bool:
        """Whether questions may be asked that take a while: connected, disarmed, still."""
        view = self.desk.view
        reading = view.reading
        if view.link != CONNECTED or reading is None or self.desk.session is not None:
            return False
        return reading.state != codes.STATE_ARMED and reading.state not in EXPOSED

    def require_idle(self, desk: Desk) -> None:
        """For jobs: raise UsageError while a treatment is under way."""
        if desk.session is not None:
            raise errors.UsageError(
                "A treatment is under way.",
                cause="The pen belongs to it until it has ended.",
                next_step="End the treatment first.",
            )
