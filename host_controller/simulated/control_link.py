"""The host's end of a simulator's control port: one JSON object per line, one answer each.

Owns the connection, which threads share: one question at a time.
"""

import json
import socket
import threading
from typing import Any

from host_controller import errors

CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 120.0  # stepping a minute of simulated time takes seconds on a slow machine


class ControlLink:
    """Orders for the simulated person, plant and clock."""

    def __init__(self, address: str) -> None:
        """Connect to HOST:PORT; raises SimulatorFailed."""
        host, _, port = address.rpartition(":")
        try:
            self._socket = socket.create_connection(
                (host.strip("[]"), int(port)), CONNECT_TIMEOUT_S
            )
        except (OSError, ValueError) as error:
            raise errors.SimulatorFailed(
                f"The simulator's control port {address} does not answer.", cause=str(error)
            ) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(ANSWER_TIMEOUT_S)
        self._received = b""
        self._lock = threading.Lock()

    def ask(self, **orders: Any) -> dict[str, Any]:
        """Send one request and return its answer; raises SimulatorFailed when it is refused."""
        with self._lock:
            answer = self._ask(orders)
        if not answer.get("ok"):
            raise errors.SimulatorFailed(
                f"The simulator refused: {answer.get('error')}",
                cause="Program and simulator are of different versions.",
                next_step="Install both from the same source tree.",
            )
        return answer

    def _ask(self, orders: dict[str, Any]) -> dict[str, Any]:
        try:
            self._socket.sendall(json.dumps(orders).encode() + b"\n")
            while b"\n" not in self._received:
                data = self._socket.recv(1 << 16)
                if not data:
                    raise OSError("it closed the connection")  # noqa: TRY301 - told as any other
                self._received += data
        except OSError as error:
            raise errors.SimulatorFailed(
                "The simulator has ended.", cause=f"Its control port broke off: {error}."
            ) from error
        line, _, self._received = self._received.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()
