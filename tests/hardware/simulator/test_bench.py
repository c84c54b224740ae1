"""The bench: time, cable, power, and what becomes of a pen whose firmware dies."""

from pathlib import Path

import pytest

from hardware.simulator.bench import Bench
from tests.hardware.simulator.stand_in import Echo, EchoTwin, echo_bench, grant_and_drive


def test_time_moves_in_exact_milliseconds_and_every_step_is_one_tick_and_one_pass() -> None:
    twin = EchoTwin()
    bench = Bench(twin)
    for span in (1, 2, 97):
        before = bench.now_ms
        bench.advance(span)
        assert bench.now_ms == before + span
    assert (twin.echo.ticks, twin.echo.polls) == (100, 100)


def test_the_firmware_sees_the_time_of_its_own_reset() -> None:
    seen: list[int] = []
    bench = echo_bench(tick=lambda echo: seen.append(echo.board.clock.now_us()))
    bench.advance(3)
    bench.restart()
    bench.advance(2)
    assert seen == [1000, 2000, 3000, 1000, 2000]


def test_bytes_go_to_the_pen_and_back() -> None:
    bench = echo_bench()
    every_byte = bytes(range(256)) * 4
    bench.host_write(every_byte)
    assert bench.host_read() == b""
    bench.advance(2)
    assert bench.host_read() == every_byte


def test_more_than_a_step_can_carry_arrives_over_several() -> None:
    bench = echo_bench()
    data = bytes(range(256)) * 20
    bench.host_write(data)
    bench.advance(1)
    first = bench.host_read()
    assert 0 < len(first) <= 1024
    bench.advance(10)
    assert first + bench.host_read() == data


def test_waiting_for_bytes_ends_with_the_step_that_brings_them() -> None:
    bench = echo_bench()
    bench.host.to_pen.fault.delay_ms = 7
    bench.host.to_host.fault.delay_ms = 5
    bench.host_write(b"x")
    assert bench.advance_to_bytes(100) == 12
    assert bench.host_read() == b"x"
    assert bench.advance_to_bytes(30) == 30


def test_waiting_for_a_condition_tells_how_long_or_gives_up() -> None:
    bench = echo_bench()
    assert bench.advance_until(lambda: bench.now_ms >= 5, 100) == 5
    assert bench.advance_until(lambda: True, 100) == 0
    with pytest.raises(TimeoutError, match="within 20 ms"):
        bench.advance_until(lambda: False, 20)
    assert bench.now_ms == 25


def test_outputs_act_from_the_next_millisecond_and_the_motor_turns() -> None:
    bench = echo_bench(tick=grant_and_drive)
    bench.advance(1)
    assert not bench.plant.enable_level
    bench.advance_until(lambda: bench.truth.stroke_rate_hz > 40, 300)
    assert bench.plant.enable_level


def test_pulling_the_cable_takes_bytes_and_vbus_away() -> None:
    levels: list[int] = []
    bench = echo_bench(tick=lambda echo: levels.append(echo.board.vbus.level()))
    bench.advance(1)
    bench.host_write(b"lost")
    bench.unplug()
    bench.host_write(b"lost too")
    bench.advance(2)
    bench.plug()
    bench.host_write(b"kept")
    bench.advance(2)
    assert bench.host_read() == b"kept"
    assert levels == [1, 0, 0, 1, 1]


class TestHangs:
    def test_a_hanging_main_loop_leaves_the_tick_running(self) -> None:
        twin = EchoTwin(tick=grant_and_drive)
        bench = Bench(twin)
        bench.advance(100)
        bench.hold_main = True
        bench.advance(100)
        assert (twin.echo.ticks, twin.echo.polls) == (200, 100)
        assert bench.plant.enable_level
        bench.hold_main = False
        bench.advance(1)
        assert twin.echo.polls == 101

    def test_a_lost_tick_lets_drive_enable_expire_in_5_ms(self) -> None:
        twin = EchoTwin(tick=grant_and_drive)
        bench = Bench(twin)
        bench.advance(100)
        bench.hold_tick = True
        assert bench.advance_until(lambda: not bench.plant.enable_level, 50) <= 6
        assert (twin.echo.ticks, bench.firmware_error) == (100, None)
        assert twin.echo.polls > 100

    def test_a_hanging_interpreter_lets_drive_enable_expire_and_the_duty_stands(self) -> None:
        twin = EchoTwin(tick=grant_and_drive)
        bench = Bench(twin)
        bench.advance(100)
        bench.hold_all = True
        assert bench.advance_until(lambda: not bench.plant.enable_level, 50) <= 6
        assert bench.plant.duty == 1700
        assert (twin.echo.ticks, twin.echo.polls) == (100, 100)
        bench.hold_all = False
        bench.advance(2)
        assert bench.plant.enable_level


class TestDeath:
    def crashing(self) -> Bench:
        def tick(echo: Echo) -> None:
            grant_and_drive(echo)
            if echo.ticks == 100:
                raise RuntimeError("a bug in the tick")

        return echo_bench(tick=tick)

    def test_a_crash_is_reported_and_the_needles_stop(self) -> None:
        bench = self.crashing()
        bench.advance(99)
        assert bench.firmware_error is None
        bench.advance(1)
        assert "RuntimeError: a bug in the tick" in (bench.firmware_error or "")
        assert bench.advance_until(lambda: not bench.plant.enable_level, 50) <= 6
        bench.advance_until(lambda: bench.truth.still, 100)
        bench.host_write(b"anybody there?")
        bench.advance(100)
        assert bench.host_read() == b""

    def test_waiting_on_a_dead_pen_says_that_it_is_dead(self) -> None:
        bench = self.crashing()
        with pytest.raises(TimeoutError, match="a bug in the tick"):
            bench.advance_until(lambda: False, 200)

    def test_a_restart_revives_it(self) -> None:
        bench = self.crashing()
        bench.advance(150)
        bench.restart()
        assert bench.firmware_error is None
        bench.host_write(b"x")
        bench.advance(1)
        assert bench.host_read() == b"x"

    def test_a_crash_while_booting_is_reported(self) -> None:
        def boot(_: Echo) -> None:
            raise MemoryError("no room")

        bench = echo_bench(boot=boot)
        assert "MemoryError" in (bench.firmware_error or "")
        bench.advance(10)

    def test_ending_the_main_loop_is_a_death_too(self) -> None:
        def poll(echo: Echo) -> None:
            raise SystemExit("done")

        bench = echo_bench(poll=poll)
        bench.advance(1)
        assert "SystemExit: done" in (bench.firmware_error or "")


class TestPower:
    def test_a_cut_stops_everything_and_the_pen_boots_afterwards(self) -> None:
        causes: list[int] = []
        bench = echo_bench(
            tick=grant_and_drive, boot=lambda echo: causes.append(echo.board.reset_cause())
        )
        bench.advance_until(lambda: bench.truth.stroke_rate_hz > 40, 300)
        bench.power_off()
        bench.advance(10)
        assert not bench.plant.enable_level
        assert (bench.plant.duty, bench.plant.boost) == (0, False)
        bench.advance_until(lambda: bench.truth.still, 500)
        bench.power_on()
        bench.advance(50)
        assert bench.plant.enable_level
        assert causes == [0, 0]
        assert bench.boots == 2

    def test_the_plants_own_fault_does_the_same(self) -> None:
        twin = EchoTwin()
        bench = Bench(twin)
        bench.advance(10)
        bench.faults.supply_cut = True
        bench.advance(10)
        assert bench.boots == 1
        bench.host_write(b"x")
        bench.advance(5)
        assert bench.host_read() == b""
        bench.faults.supply_cut = False
        bench.advance(1)  # in this millisecond the processor starts, which takes a while
        bench.advance(10)
        assert (bench.boots, twin.echo.ticks) == (2, 11)

    def test_a_reset_by_the_firmware_boots_it_with_that_cause(self) -> None:
        causes: list[int] = []

        def poll(echo: Echo) -> None:
            if echo.polls == 5 and len(causes) == 1:
                echo.board.reset()

        bench = echo_bench(poll=poll, boot=lambda echo: causes.append(echo.board.reset_cause()))
        bench.advance(20)
        assert causes == [0, 2]
        assert bench.firmware_error is None

    def test_starting_takes_time_in_which_the_plant_goes_on(self) -> None:
        bench = echo_bench(tick=grant_and_drive)
        bench.advance_until(lambda: bench.truth.stroke_rate_hz > 40, 300)
        before_ms = bench.now_ms
        bench.host_write(b"lost, the port is not there yet")
        bench.restart()
        assert bench.now_ms == before_ms + 100
        assert bench.truth.still
        bench.advance(2)
        assert bench.host_read() == b""

    def test_nothing_of_the_firmware_survives_but_the_flash(self) -> None:
        def boot(echo: Echo) -> None:
            mark = bytearray(4)
            echo.board.flash.read_into(0, mark)
            marks.append(bytes(mark))
            echo.board.flash.program(0, b"mark")

        marks: list[bytes] = []
        bench = echo_bench(boot=boot)
        bench.restart()
        bench.power_cut(50)
        assert marks == [b"\xff\xff\xff\xff", b"mark", b"mark"]


class TestFlash:
    def test_an_erase_takes_45_ms_without_a_tick_while_drive_enable_expires(self) -> None:
        ticks: list[int] = []

        def poll(echo: Echo) -> None:
            if echo.polls == 100:
                echo.board.flash.erase(0)

        def tick(echo: Echo) -> None:
            grant_and_drive(echo)
            ticks.append(echo.board.clock.now_us())

        bench = echo_bench(tick=tick, poll=poll)
        bench.advance(100)
        assert bench.now_ms == 145
        bench.advance(1)
        assert ticks[-2:] == [100_000, 146_000]
        assert not bench.plant.enable_level or bench.truth.stroke_rate_hz > 0
        assert "motor is driven" in bench.misuses[0]

    def test_five_page_programs_take_two_milliseconds(self) -> None:
        def poll(echo: Echo) -> None:
            if echo.polls == 1:
                for page in range(5):
                    echo.board.flash.program(page * 256, bytes(256))

        bench = echo_bench(poll=poll)
        bench.advance(1)
        assert bench.now_ms == 3
        assert bench.misuses == []

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda flash: flash.erase(1),
            lambda flash: flash.erase(flash.size()),
            lambda flash: flash.program(250, bytes(10)),
            lambda flash: flash.read_into(flash.size() - 1, bytearray(2)),
        ],
    )
    def test_misuse_is_an_error_for_the_firmware_and_noted(self, wrong: object) -> None:
        errors: list[OSError] = []

        def boot(echo: Echo) -> None:
            try:
                wrong(echo.board.flash)  # type: ignore[operator]
            except OSError as error:
                errors.append(error)

        bench = echo_bench(boot=boot)
        assert len(errors) == 1
        assert len(bench.misuses) == 1

    def test_power_can_fail_inside_an_operation(self) -> None:
        def poll(echo: Echo) -> None:
            if echo.polls == 10:
                echo.board.flash.program(0, bytes(256))
                after.append(True)

        after: list[bool] = []
        bench = echo_bench(poll=poll)
        bench.plant.flash.cut_after(0, 0.5)
        bench.advance(20)
        assert after == []
        assert bench.firmware_error is None
        assert bench.faults.supply_cut
        bench.power_on()
        start = 0x18_0000
        torn = bench.plant.flash.content[start : start + 256]
        assert bytes(256) != torn != b"\xff" * 256

    def test_a_file_keeps_the_flash_beyond_the_bench(self, tmp_path: Path) -> None:
        def boot(echo: Echo) -> None:
            mark = bytearray(4)
            echo.board.flash.read_into(4096, mark)
            marks.append(bytes(mark))
            echo.board.flash.program(4096, b"mark")

        marks: list[bytes] = []
        for _ in range(2):
            with Bench(EchoTwin(boot=boot), flash_file=tmp_path / "flash"):
                pass
        assert marks == [b"\xff\xff\xff\xff", b"mark"]

    def test_a_file_of_another_size_is_refused_and_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "flash"
        path.write_bytes(b"short")
        with pytest.raises(ValueError, match="has 5 bytes"):
            Bench(EchoTwin(), flash_file=path)
        assert path.read_bytes() == b"short"


class TestBus:
    def test_cartridge_memory_and_accelerometer_answer(self) -> None:
        answers: list[bytes] = []

        def boot(echo: Echo) -> None:
            for address, register, count in ((0x50, 0, 2), (0x18, 0x0F, 1)):
                buffer = bytearray(count)
                echo.board.i2c.read_into(address, register, buffer)
                answers.append(bytes(buffer))

        echo_bench(boot=boot)
        assert answers == [b"PC", b"\x33"]

    def test_nobody_at_an_address_is_an_os_error(self) -> None:
        def boot(echo: Echo) -> None:
            echo.board.i2c.read_into(0x42, 0, bytearray(1))

        assert "OSError" in (echo_bench(boot=boot).firmware_error or "")

    def test_every_seed_has_its_own_unique_id_and_keeps_it(self) -> None:
        ids: list[bytes] = []
        for seed in (1, 2, 1):
            echo_bench(boot=lambda echo: ids.append(echo.board.unique_id()), seed=seed)
        assert ids[0] == ids[2] != ids[1]
        assert len(ids[0]) == 8


def run_trace(seed: int, faults: bool = False) -> list[tuple[str, bytes]]:
    trace: list[tuple[str, bytes]] = []
    with Bench(EchoTwin(tick=grant_and_drive), seed=seed, trace=trace) as bench:
        if faults:
            bench.host.to_pen.fault.drop_ppm = 200_000
            bench.faults.tach_drop_share = 0.3
        bench.person.touch("forehead")
        bench.person.at(120, pressure=2.0)
        for _ in range(30):
            bench.host_write(bytes(range(10)))
            bench.advance(10)
    return trace


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    assert run_trace(1) == run_trace(1)
    assert run_trace(1, faults=True) == run_trace(1, faults=True)
    assert run_trace(1) != run_trace(2)
    assert run_trace(1) != run_trace(1, faults=True)


def test_the_board_of_a_restart_is_a_new_one() -> None:
    boards: list[object] = []
    bench = echo_bench(boot=lambda echo: boards.append(echo.board))
    bench.restart()
    assert boards[0] is not boards[1]
