"""One measurement of a calibration in a terminal: arm, wait for the button, take the means."""

from typing import TYPE_CHECKING

from host_controller.calibration import procedure
from host_controller.calibration.failures import CalibrationNotNow
from host_controller.calibration.samples import Means, Samples
from host_controller.cli.context import PenContext
from host_controller.cli.guard import stopping
from host_controller.replies import EXPOSED
from protocol import codes

if TYPE_CHECKING:
    from host_controller.calibration.progress import Progress
    from host_controller.pen import Pen

TELEMETRY_HZ = 50


def measure(shared: PenContext, pen: "Pen", made: "Progress", depth_um: int) -> Means:
    """Means of a run that the pen's own button starts and ends; raises CalibrationNotNow."""
    with stopping(pen, shared.out):
        samples = Samples(procedure.begin(pen, made.session_id, depth_um))
        shared.out.message("Armed for 30 s. Hold the pen's own button for two seconds, let go.")
        told = False
        for reading in pen.telemetry(TELEMETRY_HZ):
            samples.take([reading])
            if samples.enough and not told:
                told = True
                shared.out.message("Enough is measured: read the instrument, let go.")
            if reading.state != codes.STATE_ARMED and reading.state not in EXPOSED:
                break
            if reading.state == codes.STATE_ARMED and samples.means() is not None:
                break  # let go: the pen stays armed for a while
        pen.set_telemetry(0)
        procedure.end(pen)
    means = samples.means()
    if means is None or not samples.enough:
        raise CalibrationNotNow(
            "The pen has not measured long enough.",
            cause="The arming has ended, or the button was held for less than two seconds.",
            next_step="Try again; hold the button for two seconds.",
        )
    return means
