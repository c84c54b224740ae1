"""`pen ui` as it is, with two hindrances that a signal starts: for the figures of STOP.

SIGUSR1: the reader of the pen's port hangs until the next SIGUSR1. SIGUSR2: the loop of the pages
is blocked for BLOCKED_S. Owns the hindrance.
"""

import signal
import sys
import threading
import time
from types import FrameType

import host_controller.pen as pen_module
from host_controller.cli import main
from host_controller.transport.base import Transport

BLOCKED_S = 1.0

flows = threading.Event()
flows.set()


class Hindered(Transport):
    """A port whose reader hangs while `flows` is not set."""

    def __init__(self, transport: Transport) -> None:
        self.url = transport.url
        self._transport = transport

    def read(self, limit: int, timeout_s: float) -> bytes:
        flows.wait()
        return self._transport.read(limit, timeout_s)

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def close(self) -> None:
        self._transport.close()


def stall(_number: int, _frame: FrameType | None) -> None:
    if flows.is_set():
        flows.clear()
    else:
        flows.set()


def block(_number: int, _frame: FrameType | None) -> None:
    """Runs in the main thread, which is the loop's."""
    time.sleep(BLOCKED_S)


if __name__ == "__main__":
    plain = pen_module.open_transport
    pen_module.open_transport = lambda url: Hindered(plain(url))
    signal.signal(signal.SIGUSR1, stall)
    signal.signal(signal.SIGUSR2, block)
    main.main()
    sys.exit(0)
