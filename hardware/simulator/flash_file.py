"""Keeps the simulated pen's flash in a file, so that a pen survives the end of the simulator.

Owns the file. Every operation is in the file before the firmware hears that it is finished, so
even killing the simulator leaves what a power cut at that instant would have left.
"""

from pathlib import Path

from hardware.plant.flash import Flash


class FlashFile:
    """Mirrors the region `start` .. `start + size` of a `Flash` in the file at `path`."""

    def __init__(self, path: Path, flash: Flash, start: int, size: int) -> None:
        """Load the file into the flash, or make it; ValueError when it is not of this size."""
        self._flash = flash
        self._start = start
        if path.exists():
            held = path.read_bytes()
            if len(held) != size:
                raise ValueError(
                    f"{path} has {len(held)} bytes, a pen's record region has {size}. "
                    "Choose another file, or delete it to begin with an empty flash."
                )
            flash.content[start : start + size] = held
        else:
            path.write_bytes(flash.content[start : start + size])
        self._file = path.open("r+b", buffering=0)

    def store(self, address: int, count: int) -> None:
        """Write `count` bytes at `address` of the flash to the file."""
        self._file.seek(address - self._start)
        self._file.write(self._flash.content[address : address + count])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
