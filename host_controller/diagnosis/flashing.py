"""Checks of what flashing needs: an unfinished update, a boot loader's disk, a way to mount it.

Owns no state.
"""

import platform
import shutil

from host_controller import errors
from host_controller.diagnosis.check import FAILED, OK, SKIPPED, WARNING, Check
from host_controller.flashing import boot_disk, journal


def unfinished_update() -> Check:
    """Whether an update was begun and not ended."""
    name = "update"
    updates = journal.unfinished()
    if not updates:
        return Check(name, OK, "none is unfinished")
    shown = "; ".join(f"pen {one.serial} to {one.version}" for one in updates)
    return Check(name, WARNING, f"interrupted: {shown}", "Run `pen recover`.")


def waiting_disk() -> Check:
    """Whether a board waits in its boot loader, and can be written to."""
    name = "boot disk"
    device = boot_disk.unmounted()
    folders = boot_disk.mounted()
    if len(folders) + bool(device) > 1:
        return Check(
            name,
            FAILED,
            f"{len(folders) + bool(device)} boards wait in their boot loaders",
            "Unplug all but the one to flash.",
            errors.EXIT_SEVERAL_PENS,
        )
    if device:
        return Check(
            name,
            WARNING,
            f"a board waits in its boot loader as {device}, which is not mounted",
            "Open it in the file manager, or run `pen flash FILE`, which tries to mount it.",
        )
    if folders:
        next_step = "Run `pen flash FILE`, or `pen recover` for an update that was interrupted."
        return Check(name, WARNING, f"a board waits in its boot loader: {folders[0]}", next_step)
    return Check(name, OK, "no board waits in its boot loader")


def mounting() -> Check:
    """Whether the boot loader's disk will be mounted when it appears."""
    name = "mounting"
    if platform.system() != "Linux":
        return Check(name, SKIPPED, "this system mounts disks by itself")
    if shutil.which("udisksctl"):
        return Check(name, OK, "udisksctl mounts the boot loader's disk")
    return Check(
        name,
        WARNING,
        "there is no udisksctl: the boot loader's disk may have to be mounted by hand",
        "Install udisks2, or use a desktop that mounts disks by itself.",
    )


ALL = (unfinished_update, waiting_disk, mounting)
