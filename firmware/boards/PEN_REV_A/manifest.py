"""What the image of this board freezes: the firmware, the port's PIO assembler, our `_boot.py`.

Read by MicroPython's build, which supplies `freeze`, `module` and `include`.
"""

freeze("$(PORT_DIR)/modules", "rp2.py")  # type: ignore[name-defined]  # noqa: F821
module("_boot.py")  # type: ignore[name-defined]  # noqa: F821
include("../../manifest.py")  # type: ignore[name-defined]  # noqa: F821
