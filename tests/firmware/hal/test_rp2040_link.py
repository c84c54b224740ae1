"""The serial port: bytes arrive in order, all or nothing, and nobody waits for the host.

The console's double fails the test as soon as a read or a write would block.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.firmware.hal.chip_modules import Loaded, load

ROOM = 1024


@pytest.fixture
def loaded() -> Loaded:
    return load()


def test_byte_3_is_data(loaded: Loaded) -> None:
    link = loaded.usb.Rp2040Link()
    assert loaded.fakes.kbd_intr == -1
    loaded.fakes.host_in += b"\x03\x00\x04\r\n"
    buffer = bytearray(16)
    assert link.read_into(buffer) == 5
    assert buffer[:5] == b"\x03\x00\x04\r\n"


@given(data=st.binary(max_size=300), sizes=st.lists(st.integers(0, 80), min_size=1, max_size=9))
def test_bytes_arrive_in_order_whatever_the_buffer(data: bytes, sizes: list[int]) -> None:
    loaded = load()
    link = loaded.usb.Rp2040Link()
    loaded.fakes.host_in += data
    got = bytearray()
    for size in [*sizes, 300]:
        buffer = bytearray(size)
        count = link.read_into(buffer)
        assert count <= size
        got += buffer[:count]
    assert got == data
    assert link.read_into(bytearray(8)) == 0


def test_a_frame_goes_out_at_once_when_the_host_listens(loaded: Loaded) -> None:
    link = loaded.usb.Rp2040Link()
    assert link.write(bytearray(b"hello, host"), 5) == 5
    assert loaded.fakes.host_out == b"hello"


@given(
    steps=st.lists(
        st.one_of(st.binary(min_size=1, max_size=256), st.just(b"")), min_size=1, max_size=40
    )
)
def test_frames_are_whole_in_order_and_refused_only_for_lack_of_room(steps: list[bytes]) -> None:
    """An empty step is the host fetching what there is."""
    loaded = load()
    link = loaded.usb.Rp2040Link()
    accepted = bytearray()
    for data in steps:
        if not data:
            loaded.fakes.host_fetches()
            link.read_into(bytearray(1))
            continue
        waiting = len(accepted) - len(loaded.fakes.host_out)
        count = link.write(bytearray(data), len(data))
        assert count in (0, len(data))
        if count:
            accepted += data
        else:
            assert waiting + len(data) > ROOM
    for _ in range(ROOM // 256 + 2):
        loaded.fakes.host_fetches()
        link.read_into(bytearray(1))
    assert loaded.fakes.host_out == accepted


def test_a_host_that_stops_reading_costs_frames_but_no_time(loaded: Loaded) -> None:
    link = loaded.usb.Rp2040Link()
    frame = bytearray(100)
    taken = [link.write(frame, 100) for _ in range(50)]
    # The first is in the console's hands, ten more wait: 1024 bytes.
    assert taken == [100] * 11 + [0] * 39
    loaded.fakes.host_fetches()
    assert link.write(frame, 100) == 100


def test_what_is_longer_than_the_room_is_refused(loaded: Loaded) -> None:
    link = loaded.usb.Rp2040Link()
    assert link.write(bytearray(ROOM + 1), ROOM + 1) == 0
    assert link.write(bytearray(ROOM), ROOM) == ROOM


@pytest.mark.parametrize("taken", [0, 1, 7, 99])
def test_what_the_console_did_not_take_at_once_goes_after(loaded: Loaded, taken: int) -> None:
    link = loaded.usb.Rp2040Link()
    loaded.fakes.taken_at_most = taken
    first, second = bytearray(range(100)), bytearray(b"after it")
    assert link.write(first, 100) == 100
    assert loaded.fakes.host_out == first[:taken]
    loaded.fakes.taken_at_most = 256
    for frame in (second, bytearray()):
        loaded.fakes.host_fetches()
        assert link.write(frame, len(frame)) == len(frame)
    loaded.fakes.host_fetches()
    link.read_into(bytearray(1))
    assert loaded.fakes.host_out == first + second


def test_without_a_host_nothing_piles_up(loaded: Loaded) -> None:
    loaded.fakes.connected = False
    link = loaded.usb.Rp2040Link()
    assert all(link.write(bytearray(200), 200) == 200 for _ in range(50))
