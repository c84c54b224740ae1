"""What the image takes of flash and, before the heap, of RAM."""

from typing import Any

from tests.emulated.chip import built
from tests.evidence.figure import figure

FLASH_KB = 767  # of the firmware's area, less the page of information
RAM_START = 0x2000_0000


def size() -> list[dict[str, Any]]:
    """Bytes of the image, and where the heap begins."""
    image = built()
    names = {
        fields[-1]: int(fields[0], 16)
        for line in image.symbols.read_text().splitlines()
        if len(fields := line.split()) >= 3
    }
    static = names["__GcHeapStart"] - RAM_START
    heap_kb = (names["__GcHeapEnd"] - names["__GcHeapStart"]) / 1024
    length = image.binary.stat().st_size
    return [
        figure("image_kb", length / 1024, "KB", f"<= {FLASH_KB}", 1, "of flash"),
        figure("ram_static_kb", static / 1024, "KB", "<= 32", 1, f"heap {heap_kb:.0f} KB"),
    ]
