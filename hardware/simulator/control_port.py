"""The control port: JSON lines over TCP on the loopback interface, `control.py` says which.

Owns the listening socket and its clients, a few at most, so that a person may look on while a
program drives. Never blocks; an answer that nobody reads is kept until the client goes.
"""

import json
import socket
from dataclasses import dataclass, field

from hardware.simulator.control import Control
from hardware.simulator.tcp_door import listen

CLIENTS_MAX = 4
LINE_LIMIT = 1 << 20  # bytes; 500 kB of data for the pen in one request is a mistake


@dataclass(slots=True, eq=False)
class _Client:
    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    pending: bytearray = field(default_factory=bytearray)


class ControlPort:
    """Listens, splits lines, answers in order."""

    def __init__(self, host: str, port: int, control: Control) -> None:
        self._listener = listen(host, port)
        name, self.port = self._listener.getsockname()[:2]
        self.address = f"[{name}]:{self.port}" if ":" in name else f"{name}:{self.port}"
        self._control = control
        self._clients: list[_Client] = []

    def watch(self) -> list[int]:
        """File numbers to wait for."""
        return [self._listener.fileno(), *(client.connection.fileno() for client in self._clients)]

    def poll(self) -> None:
        """Do what the clients have asked."""
        self._accept()
        for client in list(self._clients):
            try:
                self._serve(client)
            except BlockingIOError:
                continue
            except OSError:
                self._drop(client)

    def close(self) -> None:
        """Close everything."""
        for client in list(self._clients):
            self._drop(client)
        self._listener.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= CLIENTS_MAX:
            connection.close()
            return
        connection.settimeout(0.0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._clients.append(_Client(connection))

    def _serve(self, client: _Client) -> None:
        self._flush(client)
        data = client.connection.recv(65536)
        if not data:
            self._drop(client)
            return
        client.received += data
        *lines, rest = client.received.split(b"\n")
        client.received = rest
        for line in lines:
            if line.strip():
                client.pending += self._answer(bytes(line))
        if len(client.received) > LINE_LIMIT:
            self._drop(client)
            return
        self._flush(client)

    def _answer(self, line: bytes) -> bytes:
        try:
            request = json.loads(line)
        except ValueError as error:
            answer = {"ok": False, "error": f"Not a line of JSON: {error}."}
        else:
            answer = self._control.handle(request)
        return json.dumps(answer).encode() + b"\n"

    def _flush(self, client: _Client) -> None:
        if client.pending:
            sent = client.connection.send(client.pending)
            del client.pending[:sent]

    def _drop(self, client: _Client) -> None:
        client.connection.close()
        self._clients.remove(client)
