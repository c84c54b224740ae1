"""The firmware in a subprocess, on unix MicroPython: the language and the heap of the board.

Owns the choice of the interpreter. The heap is limited, see `board_heap.py`.
"""

from pathlib import Path

from hardware.simulator.board_heap import board_heap
from hardware.simulator.micropython_path import (
    find_micropython,
    interpreter_version,
)
from hardware.simulator.twin import TwinError
from hardware.simulator.twin_process import ROOT, ProcessTwin


class MicropythonTwin(ProcessTwin):
    """`firmware/main.py` on unix MicroPython."""

    name = "micropython"

    def __init__(
        self,
        program: Path | None = None,
        heap: str | None = None,
        script: tuple[str, ...] = ("-m", "firmware.main"),
    ) -> None:
        """Choose an interpreter, the size of its heap and what it runs; TwinError if none is."""
        found = program or find_micropython()
        if found is None:
            raise TwinError(
                "No MicroPython 1.25 or newer was found. "
                "Get one with: python -m hardware.simulator.install_micropython"
            )
        version = interpreter_version(found)
        self.interpreter = f"micropython {'.'.join(map(str, version or ()))}"
        heap_option = f"heapsize={heap}" if heap else board_heap(found)
        super().__init__(
            [str(found), "-X", heap_option, *script], {"MICROPYPATH": f"{ROOT}:.frozen"}
        )
