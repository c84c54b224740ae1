"""Errors of the host: number, sentence, probable cause, next step and exit code.

Every failure a user can meet is one of these classes; `cli/output.py` prints them and nothing else
in the library ever exits the program. Numbers are stable and documented in
docs/troubleshooting.md: E for the host's own errors, R for refusals of the pen, F for its faults.
Owns no state.
"""

from collections.abc import Sequence
from importlib import import_module

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_NO_PEN = 3
EXIT_SEVERAL_PENS = 4
EXIT_PORT = 5
EXIT_VERSION = 6
EXIT_REFUSED = 7
EXIT_VERIFY = 8
EXIT_PEN_FAULT = 9
EXIT_INTERRUPTED = 130

EXIT_CODES = {
    EXIT_DONE: "done",
    EXIT_FAILED: "failed",
    EXIT_USAGE: "wrong usage: an option, an argument or a file that cannot be read as meant",
    EXIT_NO_PEN: "no pen found",
    EXIT_SEVERAL_PENS: "several pens found, choose one",
    EXIT_PORT: "port busy or no permission",
    EXIT_VERSION: "pen and program have different versions",
    EXIT_REFUSED: "refused by a limit, an approval or the pen's state",
    EXIT_VERIFY: "verification failed",
    EXIT_PEN_FAULT: "the pen has a fault",
    EXIT_INTERRUPTED: "interrupted by the user",
}


class PenError(Exception):
    """Base of all errors of the host program.

    `number`, `heading` and `exit_code` belong to the class, `cause` and `next_step` are its
    defaults and may be made more precise where the error is raised. `cause` is empty where the
    sentence says it already.
    """

    number = "E100"
    heading = "error"
    exit_code = EXIT_FAILED
    cause = "An error this program has no better words for."
    next_step = "Try again with `--trace FILE`; `pen doctor` checks the usual causes."

    def __init__(
        self,
        sentence: str,
        *,
        cause: str = "",
        next_step: str = "",
        lines: Sequence[str] = (),
        details: Sequence[dict[str, object]] = (),
    ) -> None:
        """Take the sentence; `lines` follow it for people, `details` say the same for programs."""
        super().__init__("\n".join([sentence, *lines]))
        self.sentence = sentence
        self.cause = cause or type(self).cause
        self.next_step = next_step or type(self).next_step
        self.lines = tuple(lines)
        self.details = tuple(details)

    def as_dict(self) -> dict[str, object]:
        """The error as `--json` shows it."""
        shown: dict[str, object] = {
            "schema": "pen.error/1",
            "number": self.number,
            "sentence": self.sentence,
            "cause": self.cause,
            "next": self.next_step,
            "exit_code": self.exit_code,
        }
        if self.details:
            shown["details"] = list(self.details)
        return shown


class UsageError(PenError):
    """An option or argument cannot be meant."""

    number = "E101"
    exit_code = EXIT_USAGE
    cause = "An option or argument is missing, misspelt or of the wrong kind."
    next_step = "Add `--help` to the command to see what it takes."


class ConfigError(PenError):
    """The configuration file cannot be read as meant."""

    number = "E102"
    exit_code = EXIT_USAGE
    cause = "The configuration file is not TOML or has a key of the wrong kind."
    next_step = "Correct the file, or move it away: every setting in it has a default."


class NoPenFound(PenError):
    """Nothing that looks like a pen is connected."""

    number = "E110"
    exit_code = EXIT_NO_PEN
    cause = "No pen is connected, or it is switched off, or its cable only charges."
    next_step = (
        "Connect the pen and run `pen list`; `pen list --all` shows every port, `pen simulate` "
        "starts a simulated pen."
    )


class SeveralPens(PenError):
    """More than one pen answers the description."""

    number = "E111"
    exit_code = EXIT_SEVERAL_PENS
    cause = "Several pens are connected and none was chosen."
    next_step = "Choose one: `--port SERIAL-NUMBER` (see `pen list`)."


class NoSuchPort(PenError):
    """The named port does not exist."""

    number = "E112"
    exit_code = EXIT_NO_PEN
    cause = "The name is misspelt, or the pen was unplugged and came back under another name."
    next_step = "Run `pen list --all` for the ports there are."


class NothingListens(PenError):
    """A network address is right, but nobody answers there."""

    number = "E113"
    exit_code = EXIT_NO_PEN
    cause = "The simulated pen is not running, or it listens on another address."
    next_step = "Start one: `pen simulate --listen 127.0.0.1:7333`."


class PortBusy(PenError):
    """Another program holds the port."""

    number = "E114"
    exit_code = EXIT_PORT
    cause = "Another program has the pen open: a second `pen`, a serial monitor, ModemManager."
    next_step = "Close the other program, then try again."


class PortPermission(PenError):
    """The user may not open the port."""

    number = "E115"
    exit_code = EXIT_PORT
    cause = "This user may not use serial ports."
    next_step = "Run `pen doctor --udev-rule` and follow it, then plug the pen in again."


class PenUnplugged(PenError):
    """The connection ended while in use."""

    number = "E116"
    exit_code = EXIT_FAILED
    cause = "The cable came loose, the pen was switched off or restarted, or the simulator ended."
    next_step = (
        "A tethered pen stops by itself within 250 ms. Look that the needles are in, connect "
        "again and run `pen info`."
    )


class NoAnswer(PenError):
    """The port is open, nothing answers."""

    number = "E117"
    exit_code = EXIT_FAILED
    cause = "The pen is starting, hangs, or the port belongs to another device."
    next_step = "Wait three seconds and try again; then switch the pen off and on."


class NotAPen(PenError):
    """Something answers, and it is not a pen."""

    number = "E118"
    exit_code = EXIT_FAILED
    cause = "The port belongs to another device, or the pen shows its MicroPython prompt."
    next_step = "Check the port with `pen list --all`; `pen flash FILE` flashes a pen."


class BadReply(PenError):
    """A reply passed its checksum and still cannot be read."""

    number = "E119"
    exit_code = EXIT_FAILED
    cause = "Host program and firmware disagree about a message."
    next_step = "Update both to the same version; then report it with a `--trace FILE`."


class SchemaMismatch(PenError):
    """Pen and host have different protocol tables."""

    number = "E120"
    exit_code = EXIT_VERSION
    cause = "Pen and program were built from different versions of the protocol."
    next_step = "Update the older side."


class PlanUnreadable(PenError):
    """The plan file cannot be read as TOML or JSON."""

    number = "E130"
    exit_code = EXIT_USAGE
    cause = "The file is missing, empty, too large, or not TOML or JSON in UTF-8."
    next_step = "Write a fresh one: `pen plan new FILE`."


class PlanInvalid(PenError):
    """The plan can be read, and an entry in it is wrong."""

    number = "E131"
    exit_code = EXIT_USAGE
    cause = "An entry is missing, misspelt or of the wrong kind."
    next_step = "Correct the entries named above, then run `pen plan check FILE`."


class PlanRefused(PenError):
    """The plan asks for more than a limit allows."""

    number = "E132"
    exit_code = EXIT_REFUSED
    cause = "A value is outside the limits for its zone; nothing is ever reduced silently."
    next_step = "Correct the entries named above, then run `pen plan check FILE`."


class PlanNotVerified(PenError):
    """The pen holds another plan than the one that was sent."""

    number = "E133"
    exit_code = EXIT_VERIFY
    cause = "Another program pushed a plan at the same time, or the pen's memory failed."
    next_step = "Push the plan again, then compare with `pen plan show`."


class RecordBroken(PenError):
    """The chain of the treatment records does not hold."""

    number = "E140"
    exit_code = EXIT_VERIFY
    cause = "An entry was changed, removed or inserted after it was written."
    next_step = "Keep the database as it is, compare it with a backup; new records still append."


class RecordUnwritable(PenError):
    """The record cannot be written, so no treatment is started."""

    number = "E141"
    exit_code = EXIT_FAILED
    cause = "The disk is full, or the data folder cannot be written to."
    next_step = "Make room or set PEN_DATA_DIR to a folder you can write to."


class NoSuchRecord(PenError):
    """There is no record with this id."""

    number = "E142"
    exit_code = EXIT_FAILED
    cause = "The id is misspelt, or the record is in another data folder."
    next_step = "Run `pen records` for the records there are."


class SimulatorFailed(PenError):
    """The simulated pen did not start or ended early."""

    number = "E150"
    exit_code = EXIT_FAILED
    cause = "The address is taken, MicroPython is missing, or the simulator met an error."
    next_step = "Run `pen simulate` in another terminal to read its messages."


class FileUnwritable(PenError):
    """A file that was asked for cannot be written."""

    number = "E153"
    exit_code = EXIT_FAILED
    cause = "The disk is full, or the folder cannot be written to."
    next_step = "Make room or choose another folder; PEN_DATA_DIR moves the program's own."


class SelfTestFailed(PenError):
    """The pen's self-test reports a part that does not work."""

    number = "E160"
    exit_code = EXIT_PEN_FAULT
    cause = "A part of the pen does not work as it must."
    next_step = "Switch the pen off and on and test again; if it fails again it needs service."


class TreatmentFailed(PenError):
    """A treatment could not be carried out as planned."""

    number = "E161"
    exit_code = EXIT_FAILED
    cause = "The pen did not reach the state the treatment needed."
    next_step = "Run `pen info` and `pen faults`."


class NotParked(PenError):
    """The pen was told to stop and did not report needles in."""

    number = "E162"
    exit_code = EXIT_PEN_FAULT
    cause = "The pen is still moving, lost power, or can no longer be heard."
    next_step = "Lift the pen off the skin and treat the needles as exposed. Switch the pen off."


class Interrupted(PenError):
    """The user ended the program."""

    number = "E170"
    heading = "interrupted"
    exit_code = EXIT_INTERRUPTED
    cause = "Ctrl-C, a closed terminal or a signal to end."
    next_step = "Look that the needles are in; start again when you are ready."


# Packages that define errors of their own; named so that the list is whole whatever is loaded.
_ELSEWHERE = (
    "host_controller.calibration.failures",
    "host_controller.flashing.failures",
    "host_controller.library.failures",
    "host_controller.planning.failures",
    "host_controller.records.failures",
    "host_controller.reports.failures",
    "host_controller.ui.typed",
)


def all_errors() -> list[type[PenError]]:
    """Every error class, base first, in order of its number (for documentation and tests)."""
    for name in _ELSEWHERE:
        import_module(name)
    found: list[type[PenError]] = [PenError]
    for parent in found:
        found.extend(child for child in parent.__subclasses__() if child not in found)
    return sorted((e for e in found if e.number.startswith("E")), key=lambda error: error.number)
