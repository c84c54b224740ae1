"""Single key presses from the terminal, without Enter and without waiting.

Owns the terminal's mode while it is active; Ctrl-C stays a signal.
"""

import contextlib
import os
import select
import sys
from types import TracebackType
from typing import Any

from host_controller import errors

ESCAPE = "esc"

if sys.platform == "win32":
    import msvcrt

    class Keys:
        """Key presses of the console."""

        def __enter__(self) -> "Keys":
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing was changed."""

        def get(self) -> str:
            """The next key, "" when none was pressed."""
            if not msvcrt.kbhit():
                return ""
            key = msvcrt.getwch()
            if key in ("\x00", "\xe0"):  # a cursor or function key: two codes
                msvcrt.getwch()
                return ""
            return ESCAPE if key == "\x1b" else key

else:
    import termios
    import tty

    class Keys:
        """Key presses of the terminal on stdin."""

        def __init__(self) -> None:
            self._number = sys.stdin.fileno()
            self._before: list[Any] = []
            self._waiting = ""

        def __enter__(self) -> "Keys":
            self._before = termios.tcgetattr(self._number)
            tty.setcbreak(self._number)
            return self

        def __exit__(
            self,
            _kind: type[BaseException] | None,
            _error: BaseException | None,
            _trace: TracebackType | None,
        ) -> None:
            with contextlib.suppress(termios.error):  # the terminal may have gone
                termios.tcsetattr(self._number, termios.TCSADRAIN, self._before)

        def get(self) -> str:
            """The next key, "" when none was pressed. Interrupted when the terminal has gone."""
            if not self._waiting and select.select([self._number], [], [], 0)[0]:
                data = self._read()
                self._waiting = split_escapes(data.decode("utf-8", "replace"))
            key, self._waiting = self._waiting[:1], self._waiting[1:]
            return ESCAPE if key == "\x1b" else key

        def _read(self) -> bytes:
            try:
                data = os.read(self._number, 64)
            except OSError:
                data = b""
            if not data:
                raise errors.Interrupted("The terminal has gone.")
            return data


def split_escapes(text: str) -> str:
    """Keep a lone Escape, drop the sequences of cursor and function keys (ESC [ ... or ESC O x)."""
    kept = ""
    at = 0
    while at < len(text):
        if text[at] == "\x1b" and text[at + 1 : at + 2] in ("[", "O"):
            at += 2
            while at < len(text) and not text[at].isalpha() and text[at] != "~":
                at += 1
        else:
            kept += text[at]
        at += 1
    return kept
