"""Errors of a calibration. Own no state."""

from host_controller import errors


class CalibrationNotNow(errors.PenError):
    """The pen, or the calibration, is not ready for this step."""

    number = "E163"
    exit_code = errors.EXIT_REFUSED
    cause = "A step before it is missing, or the pen is not at rest."
    next_step = "See what is missing: `pen calibrate show`."


class CalibrationRefused(errors.PenError):
    """A measurement lies outside what a sound pen can need."""

    number = "E164"
    exit_code = errors.EXIT_REFUSED
    cause = "A slip of the pen or the gauge, or a part that needs service."
    next_step = "Measure the point again; if it stays, the pen needs service, not trim."


class CalibrationUnwritable(errors.PenError):
    """What was measured cannot be kept on this computer, so nothing is written to the pen."""

    number = "E165"
    exit_code = errors.EXIT_FAILED
    cause = "The disk is full, or the data folder cannot be written to."
    next_step = "Make room or set PEN_DATA_DIR to a folder you can write to."


class TrimNotVerified(errors.PenError):
    """The pen shows another trim than the one that was written."""

    number = "E166"
    exit_code = errors.EXIT_VERIFY
    cause = "Another program has written settings at the same time, or the pen's memory failed."
    next_step = "Read it with `pen settings`, then write again."
