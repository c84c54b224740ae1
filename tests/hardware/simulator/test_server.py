"""The server: real time over socket and pty, the control port beside it, stepped time without."""

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import serial

from hardware.simulator.bench import Bench
from hardware.simulator.control import Control
from hardware.simulator.control_port import ControlPort
from hardware.simulator.server import Server
from hardware.simulator.tcp_door import TcpDoor
from tests.hardware.simulator.stand_in import echo_bench

if TYPE_CHECKING:
    from hardware.simulator.door import Door


class Served:
    """A pen being served by a thread."""

    def __init__(self, bench: Bench, realtime: bool, link: Path | None) -> None:
        self.bench = bench
        self.door = TcpDoor("127.0.0.1", 0)
        doors: list[Door] = [self.door]
        if link is not None:
            from hardware.simulator.pty_door import PtyDoor

            doors.append(PtyDoor(link))
        self.doors = doors
        self.control = ControlPort("127.0.0.1", 0, Control(bench, not realtime))
        self.end = threading.Event()
        server = Server(bench, doors, self.control, realtime, self.end.is_set)
        self.thread = threading.Thread(target=server.run)

    @property
    def url(self) -> str:
        return self.door.address

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.door.port), timeout=20)

    @contextmanager
    def asking(self) -> Iterator[Any]:
        with (
            socket.create_connection(("127.0.0.1", self.control.port), timeout=20) as connection,
            connection.makefile("rwb") as stream,
        ):

            def ask(request: Any) -> Any:
                stream.write(json.dumps(request).encode() + b"\n")
                stream.flush()
                return json.loads(stream.readline())

            yield ask


@contextmanager
def serving(bench: Bench, realtime: bool = True, link: Path | None = None) -> Iterator[Served]:
    served = Served(bench, realtime, link)
    served.thread.start()
    try:
        yield served
    finally:
        served.end.set()
        served.thread.join(20)
        for door in served.doors:
            door.close()
        served.control.close()
        assert not served.thread.is_alive()


def test_a_host_with_pyserial_exchanges_bytes() -> None:
    with serving(echo_bench()) as served, serial.serial_for_url(served.url, timeout=20) as host:
        host.write(b"over a socket")
        assert host.read(13) == b"over a socket"


def test_a_round_trip_takes_little_more_than_the_step_it_waits_for() -> None:
    with serving(echo_bench()) as served, served.connect() as host:
        host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        times = []
        for _ in range(100):
            start = time.perf_counter()
            host.sendall(b"x")
            assert host.recv(1) == b"x"
            times.append(time.perf_counter() - start)
    # At most 1 ms for the step; the rest is two wake-ups. A busy machine gets ten times that.
    assert sorted(times)[50] < 0.020


def test_simulated_time_keeps_the_pace_of_the_wall() -> None:
    bench = echo_bench()
    with serving(bench) as served, served.asking() as ask:
        begin = ask({"status": True})["now_ms"]
        start = time.monotonic()
        now = begin
        while now < begin + 300:
            now = ask({"status": True})["now_ms"]
        wall_ms = (time.monotonic() - start) * 1000
    assert wall_ms >= 199  # it may have been late by up to 100 ms at `begin`, and caught up


def test_a_second_client_is_turned_away() -> None:
    with serving(echo_bench()) as served, served.connect() as first:
        first.sendall(b"a")
        assert first.recv(1) == b"a"
        with served.connect() as second:
            assert second.recv(1) == b""
        first.sendall(b"b")
        assert first.recv(1) == b"b"


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_pty_and_socket_are_never_both_in_use(tmp_path: Path) -> None:
    with serving(echo_bench(), link=tmp_path / "pen") as served:
        with serial.Serial(str(tmp_path / "pen"), timeout=20) as host:
            host.write(b"over a pty")
            assert host.read(10) == b"over a pty"
            with served.connect() as second:
                assert second.recv(1) == b""
        with serial.serial_for_url(served.url, timeout=20) as host:
            host.write(b"now the socket")
            assert host.read(14) == b"now the socket"
    assert not (tmp_path / "pen").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_who_comes_in_the_moment_the_other_door_is_left_is_let_in(tmp_path: Path) -> None:
    from hardware.simulator.pty_door import PtyDoor

    with closing(TcpDoor("127.0.0.1", 0)) as tcp, closing(PtyDoor(tmp_path / "pen")) as pty:

        def look_once() -> None:
            ends = iter([False, True])
            Server(echo_bench(), [tcp, pty], None, False, lambda: next(ends)).run()

        with serial.Serial(str(tmp_path / "pen")):
            look_once()
            assert pty.occupied
        with socket.create_connection(("127.0.0.1", tcp.port)) as newcomer:
            newcomer.sendall(b"now the socket")
            look_once()
            assert tcp.occupied
            assert tcp.refused == 0


def test_who_comes_in_the_moment_the_last_client_has_spoken_and_left_is_let_in() -> None:
    with closing(TcpDoor("127.0.0.1", 0)) as door:
        with socket.create_connection(("127.0.0.1", door.port)) as first:
            door.poll(refuse=False)
            first.sendall(b"bye")
        with socket.create_connection(("127.0.0.1", door.port)):
            assert door.poll(refuse=False) == b"bye"
            assert door.occupied
            assert door.refused == 0


def test_a_pulled_cable_ends_the_connection_until_it_is_back() -> None:
    with serving(echo_bench()) as served, served.asking() as ask:
        with served.connect() as host:
            host.sendall(b"a")
            assert host.recv(1) == b"a"
            ask({"cable": False})
            assert host.recv(1) == b""
        with served.connect() as host:
            assert host.recv(1) == b""
        ask({"cable": True})
        with served.connect() as host:
            host.sendall(b"b")
            assert host.recv(1) == b"b"


def test_the_control_port_answers_every_line_in_order() -> None:
    with serving(echo_bench()) as served:
        address = ("127.0.0.1", served.control.port)
        with socket.create_connection(address, timeout=20) as connection:
            connection.sendall(b'{"id": 1, "press": true}\nnot json\n\n{"id": 2, "press": 5}\n')
            stream = connection.makefile("rb")
            answers = [json.loads(stream.readline()) for _ in range(3)]
            stream.close()
        assert [answer["ok"] for answer in answers] == [True, False, False]
        assert [answer.get("id") for answer in answers] == [1, None, 2]
        assert "Not a line of JSON" in answers[1]["error"]


def test_stepped_time_stands_still_between_requests_and_is_repeatable() -> None:
    transcripts = []
    for _ in range(2):
        with serving(echo_bench(), realtime=False) as served, served.asking() as ask:
            transcript = [
                ask({"data": "616263", "advance_ms": 20, "until_bytes": True}),
                ask({"press": True, "advance_ms": 333}),
                ask({"truth": True}),
            ]
            transcripts.append(transcript)
    assert transcripts[0] == transcripts[1]
    assert transcripts[0][0]["data"] == "616263"
    assert transcripts[0][2]["truth"]["now_ms"] == 334


def test_several_connections_share_one_pen() -> None:
    with serving(echo_bench(), realtime=False) as served, served.asking() as one:
        with served.asking() as two:
            one({"advance_ms": 5})
            assert two({"status": True})["now_ms"] == 5
        assert one({"status": True})["now_ms"] == 5


def test_a_dead_firmware_is_told_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    def tick(_: object) -> None:
        raise RuntimeError("a bug in the tick")

    with serving(echo_bench(tick=tick)) as served, served.asking() as ask:
        while ask({"status": True})["now_ms"] < 450:
            pass
    assert capsys.readouterr().err.count("a bug in the tick") == 2  # the line, and its message
