"""First thing after power-up: drive-enable low, before anything that can fail.

The hardware holds the line low until a program raises it; this says so once more, in the fewest
words, and keeps a buffer for an exception that strikes where no memory can be had (the tick). From
here on byte 3 from the host is data: nothing that it sends may lead to the prompt, unless the pen
was left for the service, which then finds a disk.
Runs on the board only; a desk has nothing to do here. Owns no state.
"""

import sys

if sys.platform == "rp2":
    import micropython

    from firmware.hal.rp2040.safe_start import lines_low

    lines_low()
    micropython.kbd_intr(-1)

    from firmware.hal.rp2040.leaving import take_up_service

    if take_up_service():
        from firmware.hal.rp2040 import ram_disk

        ram_disk.mount()
    micropython.alloc_emergency_exception_buf(100)
