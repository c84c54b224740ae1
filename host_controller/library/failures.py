"""Errors of depth libraries: a number, a sentence, a next step each. Owns no state."""

from host_controller import errors


class LibraryUnreadable(errors.PenError):
    """A library file cannot be read as TOML."""

    number = "E180"
    exit_code = errors.EXIT_USAGE
    cause = "The file is missing, empty, too large, or not TOML in UTF-8."
    next_step = "Start from the shipped one: `pen library new FILE --author CODE`."


class LibraryInvalid(errors.PenError):
    """A library can be read, and an entry in it is wrong."""

    number = "E181"
    exit_code = errors.EXIT_USAGE
    cause = "An entry is missing, misspelt, of the wrong kind or without its source."
    next_step = "Correct the entries named above, then run `pen library validate FILE`."


class LibraryRefused(errors.PenError):
    """A library asks for what no library may: limits that do not nest, an eyelid, a wider role."""

    number = "E182"
    exit_code = errors.EXIT_REFUSED
    cause = (
        "Each limit lies inside the next: mechanical, evaluated, hard, soft, default. Some zones, "
        "indications and words can never be in a library."
    )
    next_step = "Correct the entries named above, then run `pen library validate FILE`."


class NoSuchLibrary(errors.PenError):
    """There is no library of this name."""

    number = "E183"
    exit_code = errors.EXIT_USAGE
    cause = "The name is misspelt, or the library was never pushed on this computer."
    next_step = "Run `pen library list` for those there are, or name a file."


class LibraryStepRefused(errors.PenError):
    """A step of a library's life is not its turn."""

    number = "E184"
    exit_code = errors.EXIT_REFUSED
    cause = "A library goes draft, reviewed, approved, released, retired, one step at a time."
    next_step = "Run `pen library show FILE` for its state and take the next step."


class SamePerson(errors.PenError):
    """Author and reviewer or approver of a library are the same person."""

    number = "E185"
    exit_code = errors.EXIT_REFUSED
    cause = "Nobody finds their own slips: a second person has to look at every value."
    next_step = "Let somebody else do this step: `--by` their staff code."


class LibraryEdited(errors.PenError):
    """A library was changed after a step of its life."""

    number = "E186"
    exit_code = errors.EXIT_VERIFY
    cause = "A value, a text or a date in the file was changed after that step."
    next_step = (
        "Undo the change, or make a new version of it: `pen library new NEW-FILE --from FILE "
        "--author CODE`."
    )


class LibraryExpired(errors.PenError):
    """A library is past its review date, or not valid yet."""

    number = "E187"
    exit_code = errors.EXIT_REFUSED
    cause = "Its values have to be looked at again by the date it names."
    next_step = "Make a new version with a later review date and let it be approved."


class LibraryDates(errors.PenError):
    """The dates of a library go backwards."""

    number = "E188"
    exit_code = errors.EXIT_REFUSED
    cause = "A date was mistyped, or the clock of this computer is wrong."
    next_step = "Look at the date of this computer, then at the dates in the file."


class LibraryUnwritable(errors.PenError):
    """A library file or the store of libraries cannot be written."""

    number = "E189"
    exit_code = errors.EXIT_FAILED
    cause = "The disk is full, or the folder or file is read-only."
    next_step = "Make room, or choose a place you can write to."


class BeyondThePen(errors.PenError):
    """A library allows what the connected pen refuses."""

    number = "E190"
    exit_code = errors.EXIT_REFUSED
    cause = "The pen's firmware has narrower limits than the program expects."
    next_step = "Narrow the entries named above in a new version, or update the pen."


class PenBusy(errors.PenError):
    """A library is not put in force while a pen is armed or moves."""

    number = "E191"
    exit_code = errors.EXIT_REFUSED
    cause = "Values never change in the middle of a treatment."
    next_step = "End the treatment or disarm the pen, then push again."
