"""`socket://`: addresses, causes of failure, and the end of a connection."""

import socket
import threading

import pytest

from host_controller import errors
from host_controller.pen import Pen
from host_controller.transport import open_transport
from tests.host_controller.fake_pen import FakePen, served


@pytest.mark.parametrize(
    "url",
    ["socket://", "socket://host", "socket://:1", "socket://h:0", "socket://h:x", "socket:///"],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(errors.UsageError, match="is not an address"):
        open_transport(url)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(errors.NothingListens) as caught:
        open_transport(f"socket://127.0.0.1:{port}")
    assert caught.value.exit_code == 3
    assert "pen simulate" in caught.value.next_step


def test_a_name_nobody_has() -> None:
    with pytest.raises(errors.NoSuchPort, match="no computer named"):
        open_transport("socket://no.such.host.invalid:7333")


def test_a_pen_is_spoken_to_over_tcp() -> None:
    with served(FakePen()) as url, Pen.open(url) as pen:
        assert pen.status().needles_in


def test_a_door_that_closes_at_once_is_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def turn_away() -> None:
            listener.accept()[0].close()

        thread = threading.Thread(target=turn_away)
        thread.start()
        with pytest.raises(errors.PortBusy) as caught:
            Pen.open(f"socket://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert caught.value.exit_code == 5


def test_the_end_of_a_connection_in_use_is_an_unplugged_pen() -> None:
    ours, theirs = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = open_transport(f"socket://127.0.0.1:{listener.getsockname()[1]}")
        host = listener.accept()[0]
        host.sendall(b"x")
        assert transport.read(10, 1.0) == b"x"
        host.close()
        with pytest.raises(errors.PenUnplugged):
            transport.read(10, 1.0)
        transport.close()
        transport.close()
        with pytest.raises(errors.PenUnplugged):
            transport.write(b"y")
    ours.close()
    theirs.close()
