"""Tells whether the process that started us is still there, so that no simulator is orphaned.

Owns the parent's identity as it was at the start.
"""

import os
import sys

if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE = 0x0010_0000
    _ENDED = 0  # WAIT_OBJECT_0

    class ParentWatch:
        """The parent at the time of construction."""

        def __init__(self) -> None:
            kernel = ctypes.windll.kernel32
            self._handle = kernel.OpenProcess(_SYNCHRONIZE, 0, os.getppid())

        def gone(self) -> bool:
            """True once the parent has ended."""
            kernel = ctypes.windll.kernel32
            return bool(self._handle) and kernel.WaitForSingleObject(self._handle, 0) == _ENDED

else:

    class ParentWatch:
        """The parent at the time of construction."""

        def __init__(self) -> None:
            self._parent = os.getppid()

        def gone(self) -> bool:
            """True once the parent has ended: an orphan is handed to another process."""
            return os.getppid() != self._parent
