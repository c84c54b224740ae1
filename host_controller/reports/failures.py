"""Errors of reports and exports; numbers E151 and E152. Owns no state."""

from host_controller.errors import EXIT_FAILED, EXIT_USAGE, PenError


class AftercareTextWrong(PenError):
    """A clinic's file of aftercare texts cannot be used."""

    number = "E151"
    heading = "aftercare texts"
    exit_code = EXIT_USAGE
    cause = "The file was edited by hand, or is another file."
    next_step = "Compare it with the one shipped: `pen records aftercare --show-texts`."


class ReportNotWritten(PenError):
    """A report could not be written to its file."""

    number = "E152"
    heading = "report not written"
    exit_code = EXIT_FAILED
    cause = "The folder does not exist, is read-only, or the disk is full."
    next_step = "Choose another place for the file; the record itself is safe in the store."
