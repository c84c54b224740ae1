"""The cable: clean unless told otherwise, and its faults repeat with the seed."""

from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.host_port import Direction, HostPort


@given(st.lists(st.binary(max_size=60), max_size=20), st.integers(1, 50))
def test_a_clean_cable_keeps_every_byte_in_order(writes: list[bytes], limit: int) -> None:
    way = Direction(seed=1)
    for data in writes:
        way.put(data, 0)
    out = bytearray()
    while data := way.take(limit, 0):
        assert len(data) <= limit
        out += data
    assert bytes(out) == b"".join(writes)
    assert not way.busy
    assert (way.bytes_in, way.bytes_out, way.bytes_lost) == (len(out), len(out), 0)


def test_delayed_bytes_arrive_when_they_are_due_and_never_overtake() -> None:
    way = Direction(seed=1)
    way.fault.delay_ms = 20
    way.put(b"slow", 100)
    way.fault.delay_ms = 0
    way.put(b"quick", 105)
    assert way.take(99, 119) == b""
    assert way.busy
    assert way.take(99, 120) == b"slowquick"


def test_a_silent_cable_loses_everything() -> None:
    way = Direction(seed=1)
    way.fault.silent = True
    way.put(b"lost", 0)
    assert way.take(99, 0) == b""
    way.fault.clear()
    way.put(b"back", 0)
    assert way.take(99, 0) == b"back"


def faulted(kind: str, ppm: int, seed: int) -> bytes:
    way = Direction(seed)
    setattr(way.fault, kind, ppm)
    way.put(bytes(range(256)) * 40, 0)
    return way.take(1 << 20, 0)


def test_faults_happen_at_their_rate() -> None:
    sent = bytes(range(256)) * 40  # 10 240 bytes at 10 %: 1 024 +- 4 sigma of 30
    assert 900 < len(sent) - len(faulted("drop_ppm", 100_000, 1)) < 1150
    assert 900 < len(faulted("duplicate_ppm", 100_000, 1)) - len(sent) < 1150
    corrupt = faulted("corrupt_ppm", 100_000, 1)
    flipped = [a ^ b for a, b in zip(sent, corrupt, strict=True) if a != b]
    assert 900 < len(flipped) < 1150
    assert all(bits.bit_count() == 1 for bits in flipped)


def test_faults_repeat_with_the_seed_and_differ_without() -> None:
    assert faulted("corrupt_ppm", 50_000, 7) == faulted("corrupt_ppm", 50_000, 7)
    assert faulted("corrupt_ppm", 50_000, 7) != faulted("corrupt_ppm", 50_000, 8)


def test_pulling_the_cable_loses_what_is_in_flight() -> None:
    port = HostPort(seed=1)
    port.to_pen.put(b"abc", 0)
    port.to_host.fault.delay_ms = 5
    port.to_host.put(b"de", 0)
    port.unplug()
    assert not port.to_pen.busy
    assert not port.to_host.busy
    assert (port.to_pen.bytes_lost, port.to_host.bytes_lost) == (3, 2)


def test_a_host_that_never_reads_does_not_fill_the_memory() -> None:
    way = Direction(seed=1)
    for _ in range(33):
        way.put(bytes(65536), 0)
    assert way.bytes_lost == 17 * 65536
    assert len(way.take(1 << 22, 0)) == 1 << 20
