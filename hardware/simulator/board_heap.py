"""How much heap a unix MicroPython gets, so that what fits there fits the board's 192 KB.

A 64-bit build gets 384 KB: it needs up to twice the board's memory for the same objects, never
less. A 32-bit build has objects of the board's size. Both also hold the firmware's bytecode (236
KB with 64 bits, 160 KB with 32), which the board has in flash. So 384 KB leave 148 KB, and 256 KB
leave 96 KB, for everything that the board has 192 KB for. Owns no state.
"""

from pathlib import Path

from hardware.simulator.micropython_path import has_small_words

HEAP_64_BIT_KB = 384
HEAP_32_BIT_KB = 256


def board_heap(program: Path) -> str:
    """The interpreter's option for `-X`, for instance "heapsize=384k"."""
    kilobytes = HEAP_32_BIT_KB if has_small_words(program) else HEAP_64_BIT_KB
    return f"heapsize={kilobytes}k"
