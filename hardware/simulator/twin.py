"""What the bench asks of a twin: the firmware on some interpreter, behind the pin link.

A twin holds no physics and no clock. It takes one STEP, lets the firmware handle it and hands back
the DRIVE; the firmware's CALLs in between go to the bench's `answer`. A twin that dies says why
in `error` and stays dead until `start`; whatever its last outputs were, the bench holds them, as
a real bridge would, until drive-enable expires.
"""

from collections.abc import Callable

# Takes a buffer and the length of the CALL in it (record and request), returns the whole ANSWER.
Answer = Callable[[bytes | bytearray, int], bytes]


class TwinError(Exception):
    """The firmware could not be started."""


class Twin:
    """One interpreter with the pen's firmware on it."""

    name = ""
    interpreter = ""  # for instance "micropython 1.25.0"
    error: str | None = None  # why the firmware is dead; None while it lives
    firmware: bytes | None = None  # its flash up to the records; None: it runs from sources
    has_hardware = False  # its countdown and watchdog go on while its interpreter is held

    def start(self, answer: Answer) -> bytes | bytearray:
        """Power on: boot the firmware afresh and return its first DRIVE (empty when it died)."""
        raise NotImplementedError

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        """Hand over `count` bytes of STEP and return the DRIVE; empty when the firmware died.

        The buffer returned is valid until the next call.
        """
        raise NotImplementedError

    def flash(self, firmware: bytes) -> None:
        """Take what was written to the firmware's area; whoever runs from sources ignores it."""

    def stop(self) -> None:
        """Power off, without a chance for the firmware to do anything."""
        raise NotImplementedError
