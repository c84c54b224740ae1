"""The boot loader's disk as a folder: what a computer sees of an RP2040 that waits for firmware.

While it is shown the folder has the two files of the real disk, and whatever is copied into it is
taken block by block as it grows, whatever its name. A real disk vanishes; a folder becomes empty.
Owns the folder's contents.
"""

import contextlib
from pathlib import Path

from hardware.simulator.boot_rom import BLOCK, BootRom

INFO_NAME = "INFO_UF2.TXT"
INFO = """\
UF2 Bootloader v3.0
Model: Raspberry Pi RP2
Board-ID: RPI-RP2
"""
PAGE_NAME = "INDEX.HTM"
PAGE = "<html><body>A simulated pen in its boot loader. Copy a UF2 file here.</body></html>\n"


class BootDisk:
    """One folder, shown or not."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; ValueError when it holds anything that is not ours."""
        folder.mkdir(parents=True, exist_ok=True)
        strange = sorted(
            path.name for path in folder.iterdir() if path.name not in (INFO_NAME, PAGE_NAME)
        )
        if strange:
            raise ValueError(
                f"{folder} holds {strange[0]}: the folder of a boot loader's disk is emptied "
                "whenever the disk vanishes, so choose an empty one."
            )
        self.folder = folder
        self._taken: dict[str, int] = {}  # bytes of each file that have been taken
        self.hide()

    def show(self) -> None:
        """The disk appears."""
        self._taken.clear()
        (self.folder / PAGE_NAME).write_text(PAGE, encoding="ascii")
        (self.folder / INFO_NAME).write_text(INFO, encoding="ascii")  # last: it is looked for

    def hide(self) -> None:
        """The disk vanishes, with whatever was copied to it."""
        with contextlib.suppress(OSError):
            for path in sorted(self.folder.iterdir(), key=lambda path: path.name != INFO_NAME):
                path.unlink()

    def feed(self, rom: BootRom) -> None:
        """Hand over the whole blocks that have come since the last time."""
        for path in sorted(self.folder.iterdir()):
            if path.name in (INFO_NAME, PAGE_NAME):
                continue
            with contextlib.suppress(OSError):  # it may be gone again
                self._feed_file(path, rom)

    def _feed_file(self, path: Path, rom: BootRom) -> None:
        taken = self._taken.get(path.name, 0)
        if path.stat().st_size < taken:  # written anew
            taken = 0
        with path.open("rb") as file:
            file.seek(taken)
            data = file.read()
        whole = len(data) - len(data) % BLOCK
        for at in range(0, whole, BLOCK):
            rom.take(data[at : at + BLOCK])
        self._taken[path.name] = taken + whole
