"""The pin link: bytes of both directions, and what each port makes of them."""

import struct

import pytest

from firmware.hal import pin_layout as link
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard

WRAP = 1 << 30


class Bench(Exchange):
    """Answers calls as told and keeps what was asked; hands out steps until they run out."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.records: list[tuple[int, ...]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.steps: list[bytes] = []
        self.sent: list[bytes] = []

    def call(self, request: bytearray, count: int) -> bytes:
        self.records.append(struct.unpack_from(link.DRIVE_FORMAT, request, 0))
        self.asked.append(bytes(request[link.DRIVE_SIZE : count]))
        status, data = self.answers.pop(0) if self.answers else (0, b"")
        return struct.pack(link.ANSWER_FORMAT, link.KIND_ANSWER, status, len(data)) + data

    def step(self, drive: bytearray, count: int, step: bytearray) -> int:
        self.sent.append(bytes(drive[:count]))
        if not self.steps:
            return 0
        message = self.steps.pop(0)
        step[: len(message)] = message
        return len(message)


def step_bytes(
    t_us: int = 0,
    tach: tuple[int, int] = (0, 0),
    index: tuple[int, int] = (0, 0),
    adc: tuple[int, int, int, int] = (0, 0, 0, 0),
    pins: int = 0,
    serial: bytes = b"",
) -> bytes:
    return (
        struct.pack(link.STEP_FORMAT, link.KIND_STEP, t_us, *tach, *index, *adc, pins, len(serial))
        + serial
    )


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def board(bench: Bench) -> PinLinkBoard:
    return PinLinkBoard(bench)


def drive(board: PinLinkBoard) -> tuple[int, ...]:
    board.outgoing()
    return struct.unpack_from(link.DRIVE_FORMAT, board.drive_buffer(), 0)


def test_sizes_stated_are_the_sizes_of_the_formats() -> None:
    assert struct.calcsize(link.STEP_FORMAT) == link.STEP_SIZE == 29
    assert struct.calcsize(link.DRIVE_FORMAT) == link.DRIVE_SIZE == 16
    assert struct.calcsize(link.ANSWER_FORMAT) == link.ANSWER_SIZE == 4


def test_every_input_port_reads_its_own_field(board: PinLinkBoard) -> None:
    pins = link.PIN_SEAT | link.PIN_BUTTON | link.PIN_ENABLE | link.PIN_VBUS
    board.accept(step_bytes(5000, (7, 4100), (3, 4200), (11, 22, 33, 44), pins))
    assert board.clock.now_us() == 5000
    assert (board.pulses.count(), board.pulses.edge_us()) == (7, 4100)
    assert (board.pulses.index_count(), board.pulses.index_edge_us()) == (3, 4200)
    assert [board.adc.read(channel) for channel in range(4)] == [11, 22, 33, 44]
    high = [board.seat, board.button, board.vbus]
    low = [board.home, board.bridge_stall]
    assert [port.level() for port in high] == [1, 1, 1]
    assert [port.level() for port in low] == [0, 0]
    assert (board.enable.level(), board.pulses.index_level()) == (1, 0)


def test_elapsed_time_is_right_across_the_wrap(board: PinLinkBoard) -> None:
    board.accept(step_bytes(t_us=500))
    assert board.clock.elapsed_us(WRAP - 250) == 750


def test_outputs_stand_and_what_happens_once_is_told_once(board: PinLinkBoard) -> None:
    board.bridge.drive(-1234)
    board.enable.grant()
    board.coils.write(0x51, 2)
    board.boost.set(1)
    board.watchdog.kick()
    board.light.set(1, 2, 3)
    board.buzzer.set(2700)
    both = link.LINE_BOOST | link.LINE_WATCHDOG
    first = (link.KIND_DRIVE, -1234, link.BRIDGE_DRIVE, link.ENABLE_GRANT, 0x51, 2, both)
    assert drive(board) == (*first, 1, 2, 3, 2700, 0)
    second = (link.KIND_DRIVE, -1234, link.BRIDGE_DRIVE, link.ENABLE_NEITHER, 0x51, 0)
    assert drive(board) == (*second, link.LINE_BOOST, 1, 2, 3, 2700, 0)


def test_a_fresh_board_coasts_and_cuts(board: PinLinkBoard) -> None:
    assert drive(board)[:4] == (link.KIND_DRIVE, 0, link.BRIDGE_COAST, link.ENABLE_CUT)


def test_brake_and_coast_take_the_duty_away(board: PinLinkBoard) -> None:
    board.bridge.drive(4000)
    assert board.bridge.duty() == 4000
    board.bridge.brake()
    assert (board.bridge.duty(), drive(board)[1:3]) == (0, (0, link.BRIDGE_BRAKE))
    board.bridge.coast()
    assert drive(board)[1:3] == (0, link.BRIDGE_COAST)


def test_a_call_carries_the_outputs_and_uses_up_the_grant(
    board: PinLinkBoard, bench: Bench
) -> None:
    board.bridge.brake()
    board.enable.cut()
    board.flash.erase(0x3000)
    assert bench.records[0][:4] == (link.KIND_CALL, 0, link.BRIDGE_BRAKE, link.ENABLE_CUT)
    assert bench.asked == [struct.pack("<BI", link.CALL_FLASH_ERASE, 0x3000)]
    assert drive(board)[3] == link.ENABLE_NEITHER


def test_calls_say_what_they_mean(board: PinLinkBoard, bench: Bench) -> None:
    bench.answers = [
        (0, b"\x01\x02\x03"),
        (0, b""),
        (0, struct.pack("<I", 524_288)),
        (0, b"abcd"),
        (0, b""),
        (0, b"12345678"),
        (0, b"\x02"),
    ]
    three, four = bytearray(3), bytearray(4)
    board.i2c.read_into(0x50, 0x20, three)
    board.i2c.write(0x50, b"\x20xyz")
    size = board.flash.size()
    board.flash.read_into(0x1000, four)
    board.flash.program(0x1100, b"hello")
    assert (bytes(three), size, bytes(four)) == (b"\x01\x02\x03", 524_288, b"abcd")
    assert (board.unique_id(), board.reset_cause()) == (b"12345678", 2)
    assert bench.asked == [
        bytes((link.CALL_I2C_READ, 0x50, 0x20, 3)),
        bytes((link.CALL_I2C_WRITE, 0x50)) + b"\x20xyz",
        bytes((link.CALL_FLASH_SIZE,)),
        struct.pack("<BIH", link.CALL_FLASH_READ, 0x1000, 4),
        struct.pack("<BI", link.CALL_FLASH_PROGRAM, 0x1100) + b"hello",
        bytes((link.CALL_UNIQUE_ID,)),
        bytes((link.CALL_RESET_CAUSE,)),
    ]


def test_an_errno_in_the_answer_is_an_oserror(board: PinLinkBoard, bench: Bench) -> None:
    bench.answers = [(110, b"")]
    with pytest.raises(OSError, match="110") as caught:
        board.i2c.read_into(0x50, 0, bytearray(1))
    assert caught.value.args[0] == 110


def test_a_reset_ends_the_run(board: PinLinkBoard, bench: Bench) -> None:
    with pytest.raises(SystemExit):
        board.reset()
    assert bench.asked == [bytes((link.CALL_RESET,))]


def test_a_message_that_is_no_step_ends_the_run(board: PinLinkBoard) -> None:
    with pytest.raises(SystemExit):
        board.accept(bytes(link.STEP_SIZE))


def test_the_tick_runs_once_per_step_and_sees_that_step(board: PinLinkBoard) -> None:
    seen: list[int] = []
    board.ticker.start(lambda: seen.append(board.clock.now_us()))
    assert board.accept(step_bytes(t_us=1000))
    assert board.accept(step_bytes(t_us=2000))
    assert seen == [1000, 2000]


def test_the_bench_can_hold_the_tick_or_the_main_loop(board: PinLinkBoard) -> None:
    ticks: list[int] = []
    board.ticker.start(lambda: ticks.append(1))
    assert board.accept(step_bytes(pins=link.HOLD_TICK)) is True
    assert ticks == []
    assert board.accept(step_bytes(pins=link.HOLD_MAIN)) is False
    assert ticks == [1]


def test_waiting_exchanges_messages_until_the_bench_ends_it(
    board: PinLinkBoard, bench: Bench
) -> None:
    held = step_bytes(t_us=1000, pins=link.HOLD_MAIN)
    bench.steps = [held, step_bytes(t_us=2000, serial=b"hi")]
    assert board.ticker.wait() is True  # the held step is not given to the main loop
    assert board.clock.now_us() == 2000
    buffer = bytearray(8)
    assert (board.link.read_into(buffer), bytes(buffer[:2])) == (2, b"hi")
    assert board.ticker.wait() is False
    assert len(bench.sent) == 3


def test_host_bytes_wait_for_the_main_loop_in_order(board: PinLinkBoard) -> None:
    board.accept(step_bytes(serial=b"abc"))
    board.accept(step_bytes(serial=b"defg"))
    buffer = bytearray(5)
    assert (board.link.read_into(buffer), bytes(buffer)) == (5, b"abcde")
    assert (board.link.read_into(buffer), bytes(buffer[:2])) == (2, b"fg")
    assert board.link.read_into(buffer) == 0


def test_what_finds_no_room_is_lost_and_nothing_else(board: PinLinkBoard) -> None:
    for _ in range(5):
        board.accept(step_bytes(serial=bytes(1024)))
    buffer = bytearray(8192)
    assert board.link.read_into(buffer) == 4096


def test_bytes_to_the_host_are_all_or_nothing(board: PinLinkBoard) -> None:
    assert board.link.write(bytearray(b"x" * 1000), 1000) == 1000
    assert board.link.write(bytearray(b"y" * 30), 30) == 0
    assert board.link.write(bytearray(b"zz--"), 2) == 2
    count = board.outgoing()
    assert count == link.DRIVE_SIZE + 1002
    assert bytes(board.drive_buffer()[link.DRIVE_SIZE : count]) == b"x" * 1000 + b"zz"
    assert board.outgoing() == link.DRIVE_SIZE
