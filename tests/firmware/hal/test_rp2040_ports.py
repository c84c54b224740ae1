"""Every port of the RP2040 board, on a chip of which the registers are modelled.

The sources are those of the image; what they do to a register, a pin or a bus is checked with
numbers restated by hand.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardware.board import rev_a
from tests.firmware.hal.chip_model import MHZ, Chip
from tests.firmware.hal.chip_modules import Loaded, load

TOP = 5000
WRAP = 1 << 30


@pytest.fixture
def loaded() -> Loaded:
    return load()


# ---- bridge -------------------------------------------------------------------------------------


def inputs(chip: Chip) -> tuple[int, int]:
    """Counts of 5000 for which input 1 and input 2 are high."""
    levels = chip.pwm[1]["cc"]
    return levels & 0xFFFF, levels >> 16


def asleep(chip: Chip) -> bool:
    return chip.level(rev_a.PIN_BRIDGE_SLEEP) == 0


def test_the_bridge_is_awake_and_braked_until_it_is_used(loaded: Loaded) -> None:
    loaded.bridge.Rp2040Bridge()
    assert not asleep(loaded.chip)
    assert inputs(loaded.chip) == (TOP, TOP)


def test_the_bridge_runs_at_25_khz_with_5000_counts(loaded: Loaded) -> None:
    bridge = loaded.bridge.Rp2040Bridge()
    assert loaded.chip.pwm[1]["top"] == TOP - 1
    assert loaded.chip.pwm[1]["div"] == 16  # in sixteenths: 1
    assert bridge.TOP == rev_a.PWM_TOP == TOP
    assert [loaded.chip.function[pin] for pin in (2, 3)] == ["pwm", "pwm"]


@given(duty=st.integers(-TOP, TOP))
def test_drive_holds_one_input_high_and_opens_the_other_for_the_duty(duty: int) -> None:
    loaded = load()
    bridge = loaded.bridge.Rp2040Bridge()
    bridge.drive(duty)
    forward, backward = inputs(loaded.chip)
    assert not asleep(loaded.chip)
    assert max(forward, backward) == TOP  # above the last count: never low
    assert forward - backward == duty
    assert bridge.duty() == duty


@pytest.mark.parametrize(("asked", "held"), [(TOP + 1, TOP), (-TOP - 1, -TOP), (1 << 29, TOP)])
def test_more_than_all_is_all(loaded: Loaded, asked: int, held: int) -> None:
    bridge = loaded.bridge.Rp2040Bridge()
    bridge.drive(asked)
    assert bridge.duty() == held


def test_brake_is_both_high_and_coast_is_both_low_and_asleep(loaded: Loaded) -> None:
    bridge = loaded.bridge.Rp2040Bridge()
    bridge.drive(1234)
    bridge.brake()
    assert inputs(loaded.chip) == (TOP, TOP)
    assert not asleep(loaded.chip)
    assert bridge.duty() == 0
    bridge.drive(-77)
    bridge.coast()
    assert inputs(loaded.chip) == (0, 0)
    assert asleep(loaded.chip)
    assert bridge.duty() == 0


# ---- converter ----------------------------------------------------------------------------------


@given(codes=st.tuples(*[st.integers(0, 4095)] * 4))
def test_each_channel_is_converted_when_it_is_read(codes: tuple[int, int, int, int]) -> None:
    loaded = load()
    adc = loaded.adc.Rp2040Adc()
    loaded.chip.adc_codes[:] = codes
    assert tuple(adc.read(channel) for channel in range(4)) == codes
    assert loaded.chip.adc_conversions == 4


def test_the_four_analogue_pins_are_the_converters_channels(loaded: Loaded) -> None:
    loaded.adc.Rp2040Adc()
    assert [loaded.chip.function[pin] for pin in range(26, 30)] == ["adc"] * 4
    pins = (rev_a.PIN_ADC_CURRENT, rev_a.PIN_ADC_HALL, rev_a.PIN_ADC_NTC, rev_a.PIN_ADC_BATTERY)
    channels = (
        rev_a.ADC_CHANNEL_CURRENT,
        rev_a.ADC_CHANNEL_HALL,
        rev_a.ADC_CHANNEL_NTC,
        rev_a.ADC_CHANNEL_BATTERY,
    )
    assert [pin - 26 for pin in pins] == list(channels)


# ---- switches, lines, watchdog ------------------------------------------------------------------

SWITCHES = {  # name of the port: pin, level when active
    "seat": (19, 0),
    "home": (20, 0),
    "button": (18, 0),
    "bridge_stall": (6, 0),
    "vbus": (24, 1),
}


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_is_active_at_its_level_and_a_broken_wire_is_not(
    loaded: Loaded, name: str
) -> None:
    board = loaded.board.Rp2040Board()
    pin, active = SWITCHES[name]
    switch = getattr(board, name)
    assert switch.level() == 0, "nothing connected"
    loaded.chip.drive(pin, active)
    assert switch.level() == 1
    loaded.chip.drive(pin, 1 - active)
    assert switch.level() == 0


def test_a_broken_index_wire_does_not_look_like_a_parked_cam(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    assert board.pulses.index_level() == 0
    loaded.chip.drive(11, 1)
    assert board.pulses.index_level() == 1


def test_the_level_of_drive_enable_is_read_behind_the_chain(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    board.enable.grant()
    loaded.chip.run_us(10)
    assert loaded.chip.level(rev_a.PIN_DRIVE_ENABLE) == 1
    assert board.enable.level() == 0
    loaded.chip.drive(rev_a.PIN_ENABLE_SENSE, 1)
    assert board.enable.level() == 1


def test_boost_follows_its_level(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    assert loaded.chip.level(rev_a.PIN_BOOST_ENABLE) == 0
    board.boost.set(1)
    assert loaded.chip.level(rev_a.PIN_BOOST_ENABLE) == 1
    board.boost.set(0)
    assert loaded.chip.level(rev_a.PIN_BOOST_ENABLE) == 0


def test_every_kick_is_an_edge_and_touches_no_other_line(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    board.boost.set(1)
    seen = []
    for _ in range(4):
        board.watchdog.kick()
        seen.append(loaded.chip.level(rev_a.PIN_WATCHDOG_KICK))
    assert seen == [1, 0, 1, 0]
    assert loaded.chip.level(rev_a.PIN_BOOST_ENABLE) == 1


# ---- light and buzzer ---------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "duty"), [(0, 0), (1, 257), (128, 32896), (255, 65535)])
def test_the_light_takes_bytes(loaded: Loaded, value: int, duty: int) -> None:
    light = loaded.indicators.Rp2040Light()
    light.set(value, 0, 255 - value)
    duties = [loaded.fakes.pwm_duty[pin] for pin in (22, 23, 25)]
    assert duties == [duty, 0, 65535 - duty]


@given(frequency_hz=st.integers(20, 20_000))
def test_the_buzzer_sounds_at_its_frequency_and_stops(frequency_hz: int) -> None:
    loaded = load()
    buzzer = loaded.indicators.Rp2040Buzzer()
    assert loaded.fakes.pwm_duty[21] == 0
    buzzer.set(frequency_hz)
    entry = loaded.chip.pwm[2]
    sounding_hz = rev_a.CPU_HZ * 16 / entry["div"] / (entry["top"] + 1)
    assert abs(sounding_hz - frequency_hz) / frequency_hz < 0.001
    assert loaded.fakes.pwm_duty[21] == 32768
    buzzer.set(0)
    assert loaded.fakes.pwm_duty[21] == 0


# ---- clock and tick -----------------------------------------------------------------------------


@given(start_us=st.integers(0, (1 << 34)), passed_us=st.integers(0, (1 << 29) - 1))
@example(start_us=(1 << 30) - 5, passed_us=(1 << 29) - 1)
@example(start_us=(1 << 32) - 5, passed_us=10)
@example(start_us=7 << 29, passed_us=(1 << 29) - 1)
def test_the_clock_measures_across_its_wraps(start_us: int, passed_us: int) -> None:
    loaded = load()
    clock = loaded.timing.Rp2040Clock()
    loaded.chip.cycle = start_us * MHZ
    before = clock.now_us()
    assert before == start_us % WRAP
    loaded.chip.cycle = (start_us + passed_us) * MHZ
    assert clock.elapsed_us(before) == passed_us


def quiet(loaded: Loaded) -> object:
    """A board of which only the tick's machine runs: the others cost simulation time."""
    board = loaded.board.Rp2040Board()
    for block in loaded.chip.blocks:
        for machine in block.machines:
            machine.enabled = False
    return board


def test_wait_returns_once_for_every_tick_and_at_once_after_a_missed_one(loaded: Loaded) -> None:
    board = quiet(loaded)
    ticks = []
    board.ticker.start(lambda: ticks.append(loaded.chip.now_us()))
    for expected in range(1, 6):
        assert board.ticker.wait() is True
        assert len(ticks) == expected
    loaded.chip.run_us(3500)  # the main loop was busy
    missed = len(ticks)
    assert missed >= 8
    assert board.ticker.wait() is True
    assert len(ticks) == missed, "did not sleep: a tick had been handled"
    assert board.ticker.wait() is True
    assert len(ticks) == missed + 1


def test_wait_returns_between_ticks_for_what_the_host_has_sent(loaded: Loaded) -> None:
    board = quiet(loaded)
    ticks: list[int] = []
    board.ticker.start(lambda: ticks.append(loaded.chip.now_us()))
    assert board.ticker.wait() is True
    loaded.fakes.host_in += b"\1"
    assert board.ticker.wait() is True
    assert len(ticks) == 1, "no need to sleep until the next"
    assert board.link.read_into(bytearray(8)) == 1
    assert board.ticker.wait() is True
    assert len(ticks) == 2


def test_wait_ends_when_the_ticks_have_ended(loaded: Loaded) -> None:
    board = quiet(loaded)
    board.ticker.start(lambda: None)
    assert board.ticker.wait() is True
    loaded.chip.handlers.clear()  # what MicroPython does to a handler that raised
    before_us = loaded.chip.now_us()
    assert board.ticker.wait() is False
    assert 100_000 <= loaded.chip.now_us() - before_us <= 110_000


def test_a_host_that_never_falls_silent_does_not_hide_that_the_ticks_have_ended(
    loaded: Loaded,
) -> None:
    board = quiet(loaded)
    board.ticker.start(lambda: None)
    assert board.ticker.wait() is True
    loaded.chip.handlers.clear()
    before_us = loaded.chip.now_us()
    loaded.fakes.host_in += b"\1"  # and nobody ever takes it
    while board.ticker.wait():
        loaded.chip.run_us(500)  # a pass of the main loop
        assert loaded.chip.now_us() - before_us <= 110_000
    assert loaded.chip.now_us() - before_us >= 100_000


def test_a_main_loop_that_was_busy_for_longer_finds_the_ticks_alive(loaded: Loaded) -> None:
    board = quiet(loaded)
    board.ticker.start(lambda: None)
    assert board.ticker.wait() is True
    loaded.fakes.host_in += b"\1"
    loaded.chip.run_us(150_000)
    for _ in range(3):
        assert board.ticker.wait() is True


def test_the_ticks_interrupt_goes_before_the_others(loaded: Loaded) -> None:
    board = quiet(loaded)
    board.ticker.start(lambda: None)
    assert loaded.chip.priorities == 0x0080_8080  # PIO block 0, line 0 is interrupt 7


def test_the_chips_watchdog_is_fed_by_ticks_alone(loaded: Loaded) -> None:
    board = quiet(loaded)
    assert loaded.fakes.wdt_ms is None
    board.ticker.start(lambda: None)
    assert loaded.fakes.wdt_ms == 1000
    loaded.chip.run_us(10_000)
    assert len(loaded.chip.watchdog_load) in (9, 10)

    def raises() -> None:
        raise RuntimeError("a fault in the tick")

    fed = len(loaded.chip.watchdog_load)
    board.ticker._handler = raises
    with pytest.raises(RuntimeError):
        loaded.chip.run_us(1500)
    assert len(loaded.chip.watchdog_load) == fed


# ---- cartridge bus ------------------------------------------------------------------------------


def test_transfers_go_to_the_cartridges_bus(loaded: Loaded) -> None:
    i2c = loaded.bus.Rp2040I2c()
    loaded.fakes.bus[0x50] = bytearray(range(256))
    buffer = bytearray(4)
    i2c.read_into(0x50, 0xFC, buffer)
    assert buffer == bytes((0xFC, 0xFD, 0xFE, 0xFF))
    i2c.write(0x50, b"\x20\x01\x02")
    assert loaded.fakes.bus_log[0] == ("open", 0, 16, 17, 400_000, 10_000)
    assert loaded.fakes.bus_log[-1] == ("write", 0x50, b"\x20\x01\x02")


@pytest.mark.parametrize("held", [False, True])
def test_a_failed_transfer_raises_and_frees_a_data_line_that_is_held(
    loaded: Loaded, held: bool
) -> None:
    i2c = loaded.bus.Rp2040I2c()
    loaded.fakes.bus_log.clear()
    loaded.chip.drive(rev_a.PIN_I2C_SDA, 0 if held else 1)
    with pytest.raises(OSError, match="5"):
        i2c.read_into(0x50, 0, bytearray(1))
    clocks = [level for what, level, *_ in loaded.fakes.bus_log if what == "clock"]
    assert clocks == ([0, 1] * 9 if held else [])
    assert loaded.fakes.bus_log[-1][0] == "open", "the controller has its pins back"
    with pytest.raises(OSError, match="5"):
        i2c.write(0x50, b"\x00")


# ---- board --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reason", "cause"), [(0, 0), (1, 1), (2, 2), (3, 1)])
def test_the_reset_cause_is_told_apart(loaded: Loaded, reason: int, cause: int) -> None:
    board = loaded.board.Rp2040Board()
    loaded.chip.reason = reason
    assert board.reset_cause() == cause


def test_identity_and_reset(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    assert len(board.unique_id()) == 8
    board.enable.grant()
    loaded.chip.run_us(10)
    board.reset()
    assert loaded.fakes.resets == 1
    assert loaded.chip.level(rev_a.PIN_DRIVE_ENABLE) == 0


def test_the_chip_runs_at_the_clock_that_all_dividers_count_on(loaded: Loaded) -> None:
    loaded.fakes.frequency_hz = 200_000_000
    loaded.board.Rp2040Board()
    assert loaded.fakes.frequency_hz == rev_a.CPU_HZ == 125_000_000
    dividers = [m.config.divider_256 / 256 for b in loaded.chip.blocks for m in b.machines[:4]]
    assert dividers[:5] == [125, 25, 5, 5, 125]


def test_a_traceback_from_the_tick_has_memory_set_aside(loaded: Loaded) -> None:
    loaded.board.Rp2040Board()
    assert loaded.fakes.emergency >= 100


def test_before_anything_else_both_power_lines_are_low_outputs() -> None:
    loaded = load()
    loaded.safe_start.lines_low()
    for pin in (rev_a.PIN_DRIVE_ENABLE, rev_a.PIN_BOOST_ENABLE):
        assert (loaded.chip.function[pin], loaded.chip.level(pin)) == ("sio", 0)
    loaded.board.Rp2040Board()
    for pin in (rev_a.PIN_DRIVE_ENABLE, rev_a.PIN_BOOST_ENABLE):
        assert loaded.chip.edges.get(pin, []) == [], "no glitch while the board takes them over"
