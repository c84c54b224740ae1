"""A twin in a subprocess: the pin link over its standard input and output.

Owns the process, its pipes and the last lines of its standard error. Lockstep: one write and one
read per simulated millisecond, on unbuffered pipes. A message that is shorter than the system's
PIPE_BUF arrives whole; longer ones may take a second read.
"""

import os
import select
import struct
import subprocess
import weakref
from collections import deque
from pathlib import Path
from threading import Thread
from typing import IO

from firmware.hal.pin_layout import (
    DRIVE_FORMAT,
    DRIVE_SIZE,
    KIND_CALL,
    KIND_DRIVE,
    SERIAL_OUT_MAX,
)
from hardware.simulator import shared_core
from hardware.simulator.twin import Answer, Twin

ROOT = Path(__file__).resolve().parents[2]  # the folder of the packages, installed or not
_STDERR_LINES = 60
_NOTHING = bytearray()
_TAIL = struct.Struct("<14xH")  # the last field of a DRIVE or CALL
assert _TAIL.size == struct.calcsize(DRIVE_FORMAT) == DRIVE_SIZE


class ProcessTwin(Twin):
    """The firmware in another process; a subclass says which."""

    answer_limit_s = 20.0  # a step takes about 50 us; a firmware silent for this long hangs

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        """Keep what to start and what to add to its environment."""
        self._command = command
        self._env = env
        self.error = None
        self._process: subprocess.Popen[bytes] | None = None
        self._answer: Answer | None = None
        self._in = -1
        self._out: IO[bytes] | None = None
        self._poll = select.poll()
        self._buffer = bytearray(DRIVE_SIZE + SERIAL_OUT_MAX)
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES)
        self._reader: Thread | None = None
        self._finalizer: weakref.finalize[..., ProcessTwin] | None = None

    def start(self, answer: Answer) -> bytes | bytearray:
        """Start the process; its boot runs until the first DRIVE."""
        self.stop()
        self.error = None
        self._answer = answer
        self._stderr.clear()
        self._process = process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=ROOT,
            env={**os.environ, **self._env},
            # Ctrl-C in the terminal is for the bench, which then stops the pen in order.
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._finalizer = weakref.finalize(self, _kill, process)
        self._in = process.stdin.fileno()
        self._out = process.stdout
        self._poll = select.poll()
        self._poll.register(process.stdout, select.POLLIN)
        self._reader = Thread(target=_collect, args=(process.stderr, self._stderr), daemon=True)
        self._reader.start()
        shared_core.join(process.pid)
        return self._drive()

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        """One write, one read; more only when the firmware makes calls."""
        if self._process is None:
            return _NOTHING
        try:
            os.write(self._in, memoryview(step)[:count])
        except BrokenPipeError:
            self._died("The interpreter has ended.")
            return _NOTHING
        return self._drive()

    def stop(self) -> None:
        """Kill the process, as pulling the supply would."""
        process = self._process
        if process is None:
            return
        self._process = None
        _kill(process)
        if self._finalizer is not None:
            self._finalizer.detach()
        if self._reader is not None:
            self._reader.join(timeout=2.0)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        shared_core.leave()

    def _drive(self) -> bytes | bytearray:
        """Answer calls until the DRIVE comes."""
        assert self._answer is not None
        buffer = self._buffer
        while True:
            count = self._message()
            if not count:
                return _NOTHING
            if buffer[0] == KIND_DRIVE:
                return buffer
            answer = self._answer(buffer, count)
            try:
                self._send(answer)
            except BrokenPipeError:
                self._died("The interpreter has ended.")
                return _NOTHING

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._in, view) :]

    def _message(self) -> int:
        """Read one whole message into the buffer; its length, 0 when there will be none."""
        assert self._out is not None
        buffer = self._buffer
        count = 0
        need = DRIVE_SIZE
        while count < need:
            if not self._poll.poll(self.answer_limit_s * 1000):
                return self._died(f"The firmware hangs: no answer for {self.answer_limit_s:.0f} s.")
            into = memoryview(buffer)[count:] if count else buffer
            got = self._out.readinto(into)  # type: ignore[attr-defined]
            if not got:
                return self._died("The interpreter has ended.")
            count += got
            if count >= DRIVE_SIZE:
                need = DRIVE_SIZE + _TAIL.unpack_from(buffer)[0]
            ours = buffer[0] in (KIND_DRIVE, KIND_CALL) and count <= need <= len(buffer)
            if not ours:
                return self._died(f"The firmware wrote to the pin link: {bytes(buffer[:count])!r}.")
        return count

    def _died(self, reason: str) -> int:
        self.stop()  # waits for the last words on standard error
        self.error = "\n".join([reason, *self._stderr])
        return 0


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _collect(stream: IO[bytes], lines: deque[str]) -> None:
    """Keep the last lines of standard error."""
    for line in stream:
        lines.append(line[:400].decode(errors="replace").rstrip())
