"""A program in a pseudo-terminal, driven as a person drives it: type, look at the screen, wait."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

LIMIT_S = 30.0


class Terminal:
    """`with Terminal(["pen", "try"]) as terminal: terminal.wait_for("Enter")`."""

    def __init__(self, command: list[str], lines: int = 24, columns: int = 80) -> None:
        self._child, self._number = pty.fork()
        if self._child == 0:
            os.environ["TERM"] = "xterm-256color"
            with contextlib.suppress(OSError):
                os.execvp(command[0], command)
            os._exit(127)
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._number, termios.TIOCSWINSZ, size)
        self.shown = ""  # everything since the last `type`

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
        with contextlib.suppress(OSError):
            os.close(self._number)

    def type(self, text: str) -> None:
        """Press keys."""
        self.shown = ""
        os.write(self._number, text.encode())

    def wait_for(self, words: str) -> None:
        """Wait until `words` have been shown since the last `type`."""
        until = time.monotonic() + LIMIT_S
        while words not in self.shown:
            assert time.monotonic() < until, (
                f"{words!r} did not come; shown: {self.shown[-1500:]!r}"
            )
            self._read(0.1)

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._number], [], [], timeout_s)[0]:
            return True
        try:
            data = os.read(self._number, 65536)
        except OSError:
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)

    def exit_code(self) -> int:
        """Wait for the end of the program."""
        until = time.monotonic() + LIMIT_S
        while self._read(0.1):
            assert time.monotonic() < until, f"still running; shown: {self.shown[-1500:]!r}"
            done, status = os.waitpid(self._child, os.WNOHANG)
            if done:
                while self._read(0.0) and select.select([self._number], [], [], 0)[0]:
                    pass
                return os.waitstatus_to_exitcode(status)
        return os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._number)
