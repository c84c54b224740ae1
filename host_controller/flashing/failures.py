"""What can go wrong with new firmware, each with its number and next step. Owns no state."""

from host_controller import errors


class FirmwareFileBad(errors.PenError):
    """The firmware file cannot be used as it is."""

    number = "E171"
    exit_code = errors.EXIT_VERIFY
    cause = "The file is missing, cut short, altered, or no firmware of a pen."
    next_step = "Fetch or build it again (`make firmware`) and compare it with its SHA256SUMS."


class WrongBoard(errors.PenError):
    """The firmware is for another chip or board."""

    number = "E172"
    exit_code = errors.EXIT_REFUSED
    cause = "The file was built for another device."
    next_step = "Use the file whose name begins with pen-rev-a."


class Downgrade(errors.PenError):
    """The firmware is older than the one on the pen."""

    number = "E173"
    exit_code = errors.EXIT_REFUSED
    cause = "Older firmware may lack a limit or a repair that newer firmware has."
    next_step = "Take a newer file; if you do want the older one, add --force."


class OtherProtocol(errors.PenError):
    """The firmware speaks another protocol than this program."""

    number = "E174"
    exit_code = errors.EXIT_VERSION
    cause = "With it on the pen this program could only greet, stop and update the pen."
    next_step = "Install the program of the same version first; --force flashes all the same."


class NotConfirmed(errors.PenError):
    """Nobody confirmed the update on the pen itself."""

    number = "E175"
    exit_code = errors.EXIT_REFUSED
    cause = "The pen leaves its firmware only when its own button is held for 2 s."
    next_step = "Run it again and hold the button until the light goes out."


class NoBootDisk(errors.PenError):
    """The boot loader's disk cannot be found or opened."""

    number = "E176"
    exit_code = errors.EXIT_NO_PEN
    cause = "The disk RPI-RP2 did not appear, is not mounted, or this user may not mount it."
    next_step = "Open the disk RPI-RP2 in the file manager, then run `pen recover`."


class WritingFailed(errors.PenError):
    """Writing the firmware to the disk broke off."""

    number = "E177"
    exit_code = errors.EXIT_FAILED
    cause = "The cable came loose, the pen lost power, or the disk may not be written to."
    next_step = (
        "Nothing is lost: the pen waits in its boot loader. Connect it again with another cable "
        "and run `pen recover`."
    )


class NotBack(errors.PenError):
    """The pen was written and did not come back."""

    number = "E178"
    exit_code = errors.EXIT_FAILED
    cause = "It takes longer than usual to start, or the new firmware does not start."
    next_step = (
        "Unplug the pen, switch it on and run `pen recover`; if it is not seen, hold the boot pad "
        "to ground while plugging in and run `pen recover` again."
    )


class NotVerified(errors.PenError):
    """The pen does not run the firmware that was written."""

    number = "E179"
    exit_code = errors.EXIT_VERIFY
    cause = "The file was not taken, or a part of it arrived altered."
    next_step = "Do not treat with this pen. Run `pen recover`."


class BackupFailed(errors.PenError):
    """The backup cannot be written, so nothing is flashed."""

    number = "E196"
    exit_code = errors.EXIT_FAILED
    cause = "The disk is full, or the data folder cannot be written to."
    next_step = "Make room or set PEN_DATA_DIR to a folder you can write to."


class SeveralDisks(errors.PenError):
    """Several boards wait in their boot loaders."""

    number = "E197"
    exit_code = errors.EXIT_SEVERAL_PENS
    cause = "A boot loader does not say which board it belongs to."
    next_step = "Unplug all but the one to flash."


class NeedsHands(errors.PenError):
    """An interrupted update cannot go on by itself."""

    number = "E198"
    exit_code = errors.EXIT_NO_PEN
    cause = "Neither the pen nor a boot loader's disk can be seen."
    next_step = (
        "Connect the pen and run `pen recover`; if it is not seen, hold the boot pad to ground "
        "while plugging in and run `pen recover` again."
    )


class NotNow(errors.PenError):
    """The pen is in no state for an update."""

    number = "E199"
    exit_code = errors.EXIT_REFUSED
    cause = "Firmware is changed only while the pen is disarmed, still and senses its needles in."
    next_step = "Run `pen stop`, look that the needles are in, and try again."
