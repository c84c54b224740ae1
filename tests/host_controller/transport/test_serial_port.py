"""Serial ports, on a pseudo-terminal where the system has them, and the causes of failure."""

import contextlib
import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_controller import errors
from host_controller.pen import Pen
from host_controller.transport import open_transport
from host_controller.transport.serial_port import open_error
from tests.host_controller.fake_pen import FakePen

posix = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX only")


@contextlib.contextmanager
def terminal(pen: FakePen | None = None) -> Iterator[tuple[str, int]]:
    """A pseudo-terminal, with a pen behind it if given; (name, file number of the far end)."""
    import tty

    far, near = os.openpty()
    tty.setraw(near)
    name = os.ttyname(near)
    ending = threading.Event()

    def serve() -> None:
        import select

        assert pen is not None
        while not ending.is_set():
            if select.select([far], [], [], 0.001)[0]:
                with contextlib.suppress(OSError):
                    pen.host_write(os.read(far, 4096))
            pen.advance(1)
            if pen.out:
                os.write(far, pen.take(1024))

    thread = threading.Thread(target=serve) if pen else None
    if thread:
        thread.start()
    try:
        yield name, far
    finally:
        ending.set()
        if thread:
            thread.join()
        os.close(near)
        with contextlib.suppress(OSError):
            os.close(far)


@posix
def test_a_pen_is_spoken_to_over_a_terminal() -> None:
    with terminal(FakePen()) as (name, _), Pen.open(name) as pen:
        stream = pen.telemetry(200)
        counters = [next(stream).counter for _ in range(40)]
        stream.close()
    assert counters == list(range(counters[0], counters[0] + 40))


@posix
def test_a_port_in_use_is_busy() -> None:
    with terminal() as (name, _):
        first = open_transport(name)
        with pytest.raises(errors.PortBusy) as caught:
            open_transport(name)
        first.close()
        open_transport(name).close()
    assert caught.value.exit_code == 5


@posix
def test_nothing_to_read_is_waited_for_and_then_empty() -> None:
    with terminal() as (name, far):
        port = open_transport(name)
        assert port.read(10, 0.01) == b""
        assert port.read(10, 0.0) == b""
        os.write(far, b"abc")
        assert port.read(2, 1.0) == b"ab"
        assert port.read(10, 1.0) == b"c"
        port.close()
        port.close()


@posix
def test_a_port_that_goes_away_is_an_unplugged_pen() -> None:
    with terminal() as (name, far):
        port = open_transport(name)
        os.close(far)
        with pytest.raises(errors.PenUnplugged) as caught:
            port.read(10, 1.0)
        port.close()
    assert "needles are in" in caught.value.next_step


def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchPort) as caught:
        open_transport(str(tmp_path / "ttyACM9"))
    assert caught.value.exit_code == 3


@posix
def test_a_file_that_is_no_port(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(errors.NoSuchPort):
        open_transport(str(path))


def test_an_unknown_kind_of_url() -> None:
    with pytest.raises(errors.UsageError, match="not a port this program can open"):
        open_transport("carrier-pigeon://coop")


def test_a_loop_hands_back_what_was_written() -> None:
    port = open_transport("loop://")
    assert port.read(10, 0.01) == b""
    port.write(b"abc")
    assert port.read(10, 0.5) == b"abc"
    port.close()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOENT, "x"), errors.NoSuchPort),
        (OSError(errno.ENXIO, "x"), errors.NoSuchPort),
        (OSError(errno.EBUSY, "x"), errors.PortBusy),
        (OSError(errno.EAGAIN, "x"), errors.PortBusy),
        (OSError(errno.EACCES, "x"), errors.PortPermission),
        (OSError(errno.EPERM, "x"), errors.PortPermission),
        (OSError(errno.ENOTTY, "x"), errors.NoSuchPort),
        (OSError("could not open port 'COM3': FileNotFoundError(2, ...)"), errors.NoSuchPort),
        (OSError("could not open port 'COM3': PermissionError(13, 'Access')"), errors.PortBusy),
        (OSError("Could not exclusively lock port /dev/ttyACM0"), errors.PortBusy),
        (OSError("the moon is full"), errors.PenError),
    ],
)
def test_causes_are_told_apart(error: OSError, kind: type[errors.PenError]) -> None:
    assert type(open_error("COM3", error)) is kind
