"""Errors of the store of treatments. Owns no state."""

from host_controller.errors import EXIT_REFUSED, EXIT_USAGE, EXIT_VERSION, PenError


class DatabaseNewer(PenError):
    """The database of records was made by a newer version of this program."""

    number = "E143"
    exit_code = EXIT_VERSION
    cause = "Another computer with a newer program has already changed its tables."
    next_step = "Update this program; what it recorded meanwhile stays in its spool."


class DatabaseAway(PenError):
    """The database of records cannot be reached or used now."""

    number = "E144"
    cause = "The server is down, the network is away, the disk is full or read-only."
    next_step = "Mend that and run `pen records`: what is in the spool is merged then."


class CartridgeSeen(PenError):
    """The cartridge was used in an earlier session, perhaps with another pen."""

    number = "E145"
    exit_code = EXIT_REFUSED
    cause = "A cartridge is for one person and one session."
    next_step = "Take a new one; to go on with the same session: `pen treat --continue RECORD`."


class ClockBehind(PenError):
    """The clock of this computer is behind its last record."""

    number = "E146"
    exit_code = EXIT_REFUSED
    cause = "The clock was set back, or it was wrong when that record was written."
    next_step = "Set the clock; if it is right now: `pen records accept-clock`."


class NotMerged(PenError):
    """Entries are in this computer's spool and not yet in the database."""

    number = "E147"
    cause = "The database could not be reached when they were written."
    next_step = "Mend what keeps it away, then run `pen records merge`."


class BadPeriod(PenError):
    """A date cannot be read or a period runs backwards."""

    number = "E148"
    exit_code = EXIT_USAGE
    cause = "Dates are written 2026-11-22, the earlier one first."
    next_step = "Correct the dates."


class WrongPack(PenError):
    """The identifier of a cartridge's pack cannot be read, or belongs to another cartridge."""

    number = "E149"
    exit_code = EXIT_REFUSED
    cause = "Another pack was scanned, or the cartridge lay in another pack."
    next_step = "Scan the pack that this cartridge came in; if they do differ, take a new one."
