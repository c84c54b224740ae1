"""Both doors: bytes pass unchanged, one client at a time, nothing is left behind."""

import os
import select
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from hardware.simulator.door import Door
from hardware.simulator.tcp_door import TcpDoor

EVERY_BYTE = bytes(range(256))
posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


def wait(door: Door, extra: list[int] | None = None) -> None:
    ready, _, _ = select.select(door.watch() + (extra or []), [], [], 10)
    assert ready, "nothing happened for 10 s"


def receive(door: Door, count: int) -> bytes:
    """What the door gets, until it is `count` bytes."""
    data = b""
    while len(data) < count:
        wait(door)
        data += door.poll(refuse=False)
    return data


@pytest.fixture
def door() -> Iterator[TcpDoor]:
    door = TcpDoor("127.0.0.1", 0)
    yield door
    door.close()


def client(door: TcpDoor) -> socket.socket:
    return socket.create_connection(("127.0.0.1", door.port), timeout=10)


def test_bytes_pass_both_ways(door: TcpDoor) -> None:
    with client(door) as host:
        host.sendall(EVERY_BYTE)
        assert receive(door, 256) == EVERY_BYTE
        assert door.occupied
        door.send(EVERY_BYTE)
        assert host.recv(256, socket.MSG_WAITALL) == EVERY_BYTE


def test_a_second_client_is_closed_at_once_and_the_first_is_not_disturbed(door: TcpDoor) -> None:
    with client(door) as first:
        wait(door)
        door.poll(refuse=False)
        with client(door) as second:
            wait(door)
            door.poll(refuse=False)
            assert second.recv(1) == b""
        door.send(b"still here")
        assert first.recv(10, socket.MSG_WAITALL) == b"still here"
    assert door.refused == 1


def test_a_client_is_turned_away_while_the_other_door_is_taken(door: TcpDoor) -> None:
    with client(door) as host:
        wait(door)
        door.poll(refuse=True)
        assert host.recv(1) == b""
    assert not door.occupied


def test_the_next_client_may_come_when_the_first_has_left(door: TcpDoor) -> None:
    with client(door):
        wait(door)
        door.poll(refuse=False)
    wait(door)
    door.poll(refuse=False)
    assert not door.occupied
    with client(door) as host:
        host.sendall(b"x")
        assert receive(door, 1) == b"x"


def test_a_client_that_does_not_read_costs_only_bounded_memory(door: TcpDoor) -> None:
    with client(door) as host:
        wait(door)
        door.poll(refuse=False)
        sent = 0
        for _ in range(2000):
            door.send(bytes(4096))
            sent += 4096
        door.disconnect()
        got = 0
        while data := host.recv(1 << 20):
            got += len(data)
        assert 0 < got < sent


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "pen.example"])
def test_only_this_computer_may_connect(address: str) -> None:
    with pytest.raises(ValueError, match="this computer only"):
        TcpDoor(address, 0)


@posix
class TestPty:
    def test_serial_port_passes_every_byte_both_ways(self, tmp_path: Path) -> None:
        from hardware.simulator.pty_door import PtyDoor

        door = PtyDoor(tmp_path / "pen")
        door.poll(refuse=False)
        assert not door.occupied
        with serial.Serial(str(tmp_path / "pen"), timeout=10) as host:
            door.poll(refuse=False)
            assert door.occupied
            host.write(EVERY_BYTE)
            assert receive(door, 256) == EVERY_BYTE
            door.send(EVERY_BYTE)
            assert host.read(256) == EVERY_BYTE
        door.poll(refuse=False)
        assert not door.occupied
        door.close()

    def test_the_terminal_is_raw_for_a_program_that_sets_nothing(self, tmp_path: Path) -> None:
        from hardware.simulator.pty_door import PtyDoor

        door = PtyDoor(tmp_path / "pen")
        host = os.open(tmp_path / "pen", os.O_RDWR | os.O_NOCTTY)
        door.poll(refuse=False)
        os.write(host, b"\x03\r\n\x11")
        assert receive(door, 4) == b"\x03\r\n\x11"
        door.send(b"\x03\r\n\x13")
        assert os.read(host, 10) == b"\x03\r\n\x13"
        assert door.poll(refuse=False) == b""  # no echo
        os.close(host)
        door.close()

    def test_what_a_departed_program_left_unread_is_not_sent_to_the_next(
        self, tmp_path: Path
    ) -> None:
        from hardware.simulator.pty_door import PtyDoor

        door = PtyDoor(tmp_path / "pen")
        door.send(b"nobody is there")
        with serial.Serial(str(tmp_path / "pen"), timeout=10) as host:
            door.poll(refuse=False)
            door.send(b"hello")
            assert host.read(5) == b"hello"
        door.close()

    def test_refusing_reads_and_forgets(self, tmp_path: Path) -> None:
        from hardware.simulator.pty_door import PtyDoor

        door = PtyDoor(tmp_path / "pen")
        with serial.Serial(str(tmp_path / "pen"), timeout=10) as host:
            door.poll(refuse=False)
            host.write(b"x")
            wait(door)
            assert door.poll(refuse=True) == b""
            assert door.poll(refuse=False) == b""
        door.close()

    def test_the_link_replaces_a_stale_link_and_is_removed(self, tmp_path: Path) -> None:
        from hardware.simulator.pty_door import PtyDoor

        link = tmp_path / "pen"
        link.symlink_to(tmp_path / "gone")
        door = PtyDoor(link)
        assert link.resolve().exists()
        door.close()
        assert not link.is_symlink()
        assert list(tmp_path.iterdir()) == []

    def test_a_link_that_another_simulator_has_taken_is_left_to_it(self, tmp_path: Path) -> None:
        from hardware.simulator.pty_door import PtyDoor

        first = PtyDoor(tmp_path / "pen")
        second = PtyDoor(tmp_path / "pen")
        first.close()
        assert (tmp_path / "pen").is_symlink()
        second.close()
        assert not (tmp_path / "pen").is_symlink()

    def test_a_file_in_the_links_place_is_not_touched(self, tmp_path: Path) -> None:
        from hardware.simulator.pty_door import PtyDoor

        (tmp_path / "pen").write_text("precious")
        with pytest.raises(FileExistsError, match="left alone"):
            PtyDoor(tmp_path / "pen")
        assert (tmp_path / "pen").read_text() == "precious"
