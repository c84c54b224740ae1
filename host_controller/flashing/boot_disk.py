"""Finds the disk that an RP2040 shows while it waits in its boot loader, and mounts it.

A desktop mounts it by itself; elsewhere `udisksctl` does it without special rights. The disk says
which chip it belongs to, never which board. Owns no state.
"""

import platform
import re
import shutil
import string
import subprocess
from collections.abc import Iterable
from pathlib import Path

from host_controller.flashing.failures import NoBootDisk
from host_controller.simulated import announcements

INFO_NAME = "INFO_UF2.TXT"
LABEL = "RPI-RP2"
_BOARD_ID = re.compile(r"^Board-ID:\s*RPI-RP2\s*$", re.MULTILINE)
_MOUNTS = Path("/proc/self/mounts")
_BY_LABEL = Path("/dev/disk/by-label") / LABEL
MOUNT_LIMIT_S = 15.0


def is_boot_disk(folder: Path) -> bool:
    """Whether `folder` is the root of an RP2040's boot loader."""
    try:
        text = (folder / INFO_NAME).read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return _BOARD_ID.search(text) is not None


def _linux_mounts(table: Path = _MOUNTS) -> list[tuple[str, Path]]:
    """Device and folder of every mounted disk with a file system that a boot loader has."""
    found = []
    for line in table.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        device, place, kind = line.split()[:3]
        if kind in ("vfat", "msdos"):
            found.append((device, Path(re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), place))))
    return found


def _candidates() -> Iterable[Path]:
    system = platform.system()
    if system == "Linux":
        # A disk that was pulled may leave its mount, and its files in the system's cache.
        return [folder for device, folder in _linux_mounts() if Path(device).exists()]
    if system == "Windows":
        return [Path(f"{letter}:/") for letter in string.ascii_uppercase]
    return list(Path("/Volumes").glob("*"))


def mounted(candidates: Iterable[Path] | None = None) -> list[Path]:
    """Folders of the boot loaders' disks that can be written to, simulated ones included."""
    places = list(_candidates() if candidates is None else candidates)
    places += [Path(pen.boot_disk) for pen in announcements.running() if pen.boot_disk]
    return [place for place in dict.fromkeys(places) if is_boot_disk(place)]


def unmounted() -> str:
    """Device of a boot loader's disk that nobody has mounted; "" when there is none (Linux)."""
    if platform.system() != "Linux" or not _BY_LABEL.exists():
        return ""
    device = str(_BY_LABEL.resolve())
    return "" if any(device == held for held, _ in _linux_mounts()) else device


def mount(device: str) -> None:
    """Let the system mount `device`; raises NoBootDisk with what to do by hand."""
    by_hand = f"Mount it by hand (`sudo mount {device} /mnt -o uid=$USER`), then run `pen recover`."
    program = shutil.which("udisksctl")
    if program is None:
        raise NoBootDisk(
            f"The disk {LABEL} is there as {device}, but not mounted.",
            cause="This computer does not mount disks by itself and has no udisksctl.",
            next_step=by_hand,
        )
    command = [program, "mount", "--no-user-interaction", "--block-device", device]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=MOUNT_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoBootDisk(f"{device} cannot be mounted.", cause=str(error)) from error
    if done.returncode and "AlreadyMounted" not in done.stderr:
        raise NoBootDisk(
            f"{device} cannot be mounted.", cause=done.stderr.strip(), next_step=by_hand
        )
