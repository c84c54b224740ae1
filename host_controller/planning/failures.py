"""Errors of planning with a library: a number, a sentence, a next step each. Owns no state."""

from host_controller import errors


class NotInLibrary(errors.PenError):
    """The library has no entry for this concern, zone and role."""

    number = "E134"
    exit_code = errors.EXIT_REFUSED
    cause = "Nobody has written down, for this library, how to treat that zone for that concern."
    next_step = "`pen library show` lists what there is; otherwise write a plan by hand."


class ScreeningIncomplete(errors.PenError):
    """The questions about contraindications are not all answered, so nothing is armed."""

    number = "E135"
    exit_code = errors.EXIT_REFUSED
    cause = "Each question needs a no, or a yes with a clinician's reason and staff code."
    next_step = "Ask the client again: `pen plan screen` writes the questions into a file."


class TooEarly(errors.PenError):
    """The client was treated for this within the library's interval."""

    number = "E136"
    exit_code = errors.EXIT_REFUSED
    cause = "Skin that has not healed scars and darkens more easily."
    next_step = "Wait until the day named above, or give a reason: `--early REASON`."


class LibraryChanged(errors.PenError):
    """The library in force is not the one this plan was made with."""

    number = "E137"
    exit_code = errors.EXIT_VERIFY
    cause = "Another version was pushed since, or the file was copied from another computer."
    next_step = "Make the plan again with `pen plan new`, so that today's limits are asked."
