"""The image for the board on an emulated RP2040, in a subprocess: what is flashed is what runs.

Owns the choice of the image and of node. The chip's countdown, its watchdog and its flash go on
while its processor hangs, so a held pen is held over there.
"""

import json
import shutil
import struct
from typing import Any

from firmware.boards import image as images
from hardware.simulator.twin import TwinError
from hardware.simulator.twin_process import ROOT, ProcessTwin

KIND_COMMAND = 5
_COMMAND = struct.Struct("<BI")
EMULATOR = ROOT / "hardware" / "emulator"


class Rp2040Twin(ProcessTwin):
    """The whole image: interpreter, frozen firmware, USB, PIO, registers."""

    name = "rp2040"
    interpreter = "rp2040, emulated"
    has_hardware = True
    answer_limit_s = 60.0  # a boot takes half a second, a busy millisecond one or two

    def __init__(self, area: bytes | None = None, node: str | None = None) -> None:
        """Choose what lies in the firmware's area of the flash when the pen is delivered, and the
        program that runs the emulator; TwinError if one is missing.

        What runs is what the bench's flash holds at a reset, so a pen can be flashed.
        """
        program = node or shutil.which("node") or shutil.which("nodejs")
        if program is None:
            raise TwinError("No node was found. Install Node.js 18 or newer, then: make setup")
        if not (EMULATOR / "node_modules" / "rp2040js").is_dir():
            raise TwinError("The emulator is not installed. Install it with: make emulator")
        self.firmware = area if area is not None else built_image().area()
        super().__init__([program, str(EMULATOR / "main.js")], {})

    def command(self, words: dict[str, Any]) -> dict[str, Any]:
        """Ask the emulator between two steps, see `hardware/emulator/commands.js`."""
        assert self._out is not None
        text = json.dumps(words).encode()
        self._send(_COMMAND.pack(KIND_COMMAND, len(text)) + text)
        head = self._exactly(_COMMAND.size)
        kind, count = _COMMAND.unpack(head)
        if kind != KIND_COMMAND:
            raise TwinError("The emulator did not answer a command.")
        answer: dict[str, Any] = json.loads(self._exactly(count))
        return answer

    def _exactly(self, count: int) -> bytes:
        assert self._out is not None
        data = b""
        while len(data) < count:
            got = self._out.read(count - len(data))
            if not got:
                self._died("The emulator has ended.")
                raise TwinError(self.error)
            data += got
        return data


def built_image() -> images.Image:
    """The image of the sources as they are; TwinError when it was not built from them."""
    found = images.current()
    if found is None:
        raise TwinError("The image was not built from these sources. Build it with: make firmware")
    return found
