"""Observer, correction and phase, each alone: what they make of voltage, current and marks."""

from math import exp

import pytest

from firmware import words
from firmware.control import cam_phase, motor_observer, needle_drive
from firmware.drivers import motor_bridge
from firmware.drivers.calibration import Calibration
from firmware.readings import Readings
from tests.evidence.measure_rate import running
from tests.firmware.control.closed_loop import loaded, steady_hand

# Nominal: 2.83 ohm less 5 %, bridge 0.24 ohm, 33.615 mV per Hz.
OHM = 2.83 * 0.95 + 0.24
MV_PER_HZ = 33.615
WRAP = 1 << 30
RETRACTED = 0x8000


class MotorObserver:
    """The observer's kernel and words by name, on a boosted rail."""

    current_ma = words.named(words.MOTOR_MA)
    resistance_mohm = words.named(words.RESISTANCE_MOHM)
    speed_chz = words.named(words.BACK_EMF_CHZ)

    def __init__(self, readings: Readings) -> None:
        self.words = readings.words
        self.words[words.RAIL_MV] = 6000
        motor_observer.begin(self.words, Calibration())


def made() -> tuple[MotorObserver, Readings]:
    readings = Readings()
    readings.enable_level = 1
    return MotorObserver(readings), readings


def seen(observer: MotorObserver, readings: Readings, volts_mv: int, current_ma: int) -> int:
    readings.t_ms += 1
    readings.duty = volts_mv * 5000 // 6000
    readings.current_ma = current_ma
    motor_observer.observe(readings.words)
    return observer.speed_chz


@pytest.mark.parametrize(("hz", "current_ma"), [(25, 40), (100, 40), (100, 400), (150, 200)])
def test_speed_is_the_back_emf(hz: int, current_ma: int) -> None:
    observer, readings = made()
    volts_mv = round(hz * MV_PER_HZ + current_ma * OHM)
    assert abs(seen(observer, readings, volts_mv, current_ma) - hz * 100) < 10
    assert observer.current_ma == current_ma


def test_backwards_is_the_mirror_image() -> None:
    observer, readings = made()
    volts_mv = round(6 * MV_PER_HZ + 50 * OHM)
    assert abs(seen(observer, readings, -volts_mv, 50) + 600) < 10
    assert observer.current_ma == -50


def test_braking_current_tells_the_speed_and_keeps_its_sense() -> None:
    observer, readings = made()
    seen(observer, readings, round(100 * MV_PER_HZ + 40 * OHM), 40)
    braking_ma = round(90 * MV_PER_HZ / OHM)
    assert abs(seen(observer, readings, 0, braking_ma) - 9000) < 10
    assert observer.current_ma == -braking_ma


def test_with_enable_low_the_winding_is_shorted_whatever_the_duty() -> None:
    observer, readings = made()
    seen(observer, readings, round(100 * MV_PER_HZ + 40 * OHM), 40)
    readings.enable_level = 0
    assert abs(seen(observer, readings, 3400, round(80 * MV_PER_HZ / OHM)) - 8000) < 10


def test_a_deep_cut_of_the_voltage_reads_as_braking() -> None:
    observer, readings = made()
    seen(observer, readings, round(100 * MV_PER_HZ + 40 * OHM), 40)
    emf_mv = 99 * MV_PER_HZ
    volts_mv = round(emf_mv - 400)
    assert abs(seen(observer, readings, volts_mv, round(400 / OHM)) - 9900) < 15


def test_a_load_that_hits_a_coasting_motor_reads_as_slowing_down() -> None:
    observer, readings = made()
    seen(observer, readings, round(100 * MV_PER_HZ + 40 * OHM), 40)
    volts_mv = round(100 * MV_PER_HZ)
    assert seen(observer, readings, volts_mv, 150) < 9000


def test_the_sign_of_the_current_is_kept_through_strokes_in_scar() -> None:
    """On the plant: 36 worn needles at 100 Hz, where the current swings between 0 and 1 A."""
    loop = running(steady_hand(), 3, 10_000)
    loaded(loop.pen, 36, 0.15)
    loop.advance(300)
    wrong = 0
    for _ in range(1000):
        before = loop.pen.motor.revolutions
        loop.step()
        truth_chz = (loop.pen.motor.revolutions - before) * 1e5
        # 5 % of the resistance is left out on purpose: 14 % of 100 Hz at 1 A.
        believed_chz = loop.motion.back_emf_chz - 0.14 * loop.readings.words[words.MOTOR_MA] * 2.97
        wrong += abs(believed_chz - truth_chz) > 500
    assert wrong <= 5


def test_winding_warms_as_two_masses_do() -> None:
    observer, readings = made()
    for _ in range(2000):
        seen(observer, readings, 3700, 1200)
    # 1.44 A2 * 2.69 ohm = 3.9 W into 0.95 J/K with 6 K/W for 2 s: 6.9 K.
    rise = 3.9 * 6 * (1 - exp(-2 / 5.7))
    assert abs((readings.winding_cdeg - 2500) / 100 - rise) < 0.5
    warm_mohm = observer.resistance_mohm
    assert abs(warm_mohm - (OHM + 2.69 * 0.0039 * rise) * 1000) < 10
    for _ in range(40_000):
        seen(observer, readings, 0, 0)
    assert abs(readings.winding_cdeg - 2500) < 30


def test_winding_follows_the_housing() -> None:
    observer, readings = made()
    readings.temperature_cdeg = 4000
    for _ in range(64):
        seen(observer, readings, 0, 0)
    assert abs(readings.winding_cdeg - 4000) <= 5
    assert abs(observer.resistance_mohm - (OHM + 2.69 * 0.0039 * 15) * 1000) < 10


@pytest.mark.parametrize(("said_cdeg", "copper_c"), [(9000, 45), (4501, 45), (-1000, 0), (-1, 0)])
def test_a_thermistor_that_cannot_be_right_does_not_bend_the_resistance(
    said_cdeg: int, copper_c: int
) -> None:
    """The housing ends a treatment at 43 C; at 90 C the copper would be 25 % off."""
    observer, readings = made()
    readings.temperature_cdeg = said_cdeg
    for _ in range(64):
        seen(observer, readings, 0, 0)
    assert abs(observer.resistance_mohm - (OHM + 2.69 * 0.0039 * (copper_c - 25)) * 1000) < 10


# --- the correction ------------------------------------------------------------


class Needles:
    """The drive's kernel and words by name."""

    speed_chz = words.named(words.BACK_EMF_CHZ)
    pulse_delta = words.named(words.PULSE_DELTA)
    rate_chz = words.named(words.RATE_CHZ)
    correction_chz = words.named(words.TRIM_CHZ)

    def __init__(self) -> None:
        self.words = words.new()
        motor_bridge.begin(self.words)
        needle_drive.begin(self.words)


def corrected(needles: Needles, observed_chz: int, true_chz: int, ticks: int, period: int) -> int:
    for tick in range(ticks):
        needles.speed_chz = observed_chz
        needles.rate_chz = true_chz
        needles.pulse_delta = int(tick % period == 0)
        needle_drive.drive(needles.words)
    return observed_chz + needles.correction_chz


def test_the_correction_makes_the_mean_exact() -> None:
    assert abs(corrected(Needles(), 10_400, 10_000, 200, 3) - 10_000) <= 4


def test_it_is_settled_within_five_revolutions() -> None:
    needles = Needles()
    corrected(needles, 10_000, 10_000, 60, 3)
    assert abs(corrected(needles, 10_400, 10_000, 5 * 12, 3) - 10_000) <= 50


def test_it_is_bounded_by_an_eighth_and_3_hz() -> None:
    assert corrected(Needles(), 10_000, 0, 400, 3) == 10_000 - 300
    assert corrected(Needles(), 5000, 10_000, 400, 3) == 5000 + 10_000 // 8 + 300


def test_a_silence_of_80_ms_forgets_it() -> None:
    needles = Needles()
    corrected(needles, 10_400, 10_000, 200, 3)
    assert needles.correction_chz != 0
    corrected(needles, 10_400, 10_000, 1, 1)
    for _ in range(81):
        needles.pulse_delta = 0
        needle_drive.drive(needles.words)
    assert needles.correction_chz == 0


# --- the phase ------------------------------------------------------------


class Marks:
    """Marks as the board sees them."""

    edge = words.named(words.TACH_EDGE_US)
    indices = words.named(words.INDEX_COUNT)
    index_edge = words.named(words.INDEX_EDGE_US)

    def __init__(self, readings: Readings) -> None:
        self.words = readings.words


class CamPhase:
    """The phase's kernels and words by name."""

    known = words.named(words.CAM_KNOWN)

    def __init__(self, readings: Readings) -> None:
        self.words = readings.words
        cam_phase.begin(self.words)

    @property
    def angle(self) -> int:
        return cam_phase.angle(self.words)

    def step(self, speed_chz: int) -> None:
        self.words[words.BACK_EMF_CHZ] = speed_chz
        cam_phase.turn(self.words)

    def park(self) -> None:
        cam_phase.park(self.words)

    def forget(self) -> None:
        cam_phase.forget(self.words)


def degrees(phase: CamPhase) -> float:
    return phase.angle * 360 / 65_536


def turn(phase: CamPhase, readings: Readings, speed_chz: int, ticks: int) -> None:
    for _ in range(ticks):
        readings.now_us += 1000
        readings.pulse_delta = 0
        phase.step(speed_chz)


def mark(
    phase: CamPhase, readings: Readings, marks: Marks, speed_chz: int, index: bool = False
) -> None:
    """Pass a tachometer mark 0.2 ms ago, and the index somewhere before it if `index`."""
    readings.now_us += 1000
    marks.edge = readings.now_us - 200
    readings.pulse_delta = 1
    marks.indices += index
    if index:
        marks.index_edge = marks.edge - 50
    phase.step(speed_chz)


def phased() -> tuple[CamPhase, Readings, Marks]:
    readings = Readings()
    return CamPhase(readings), readings, Marks(readings)


def test_unknown_until_the_index_came_by_which_tells_the_mark_behind_it() -> None:
    phase, readings, marks = phased()
    mark(phase, readings, marks, 5000)
    assert phase.known == 0
    mark(phase, readings, marks, 5000, index=True)
    assert phase.known == 1
    assert abs(degrees(phase) - (225 + 3.6)) < 1  # 0.2 ms at 50 Hz beyond the mark
    mark(phase, readings, marks, -5000, index=True)
    assert abs(degrees(phase) - (135 - 3.6)) < 1


def test_marks_are_counted_forwards_and_again_backwards() -> None:
    phase, readings, marks = phased()
    mark(phase, readings, marks, 2000, index=True)
    for expected in (315, 45, 135):
        mark(phase, readings, marks, 2000)
        assert abs(degrees(phase) - expected) < 3
    mark(phase, readings, marks, -2000)  # the same mark on the way back
    assert abs(degrees(phase) - 135) < 3
    mark(phase, readings, marks, -2000)
    assert abs(degrees(phase) - 45) < 3


def test_a_lost_pulse_is_made_good_at_the_next_index() -> None:
    phase, readings, marks = phased()
    mark(phase, readings, marks, 2000, index=True)
    mark(phase, readings, marks, 2000)
    mark(phase, readings, marks, 2000)  # and the one at 135 degrees is lost
    mark(phase, readings, marks, 2000, index=True)
    assert abs(degrees(phase) - 225) < 3


def test_an_index_in_the_same_tick_as_the_mark_before_it_counts_for_the_next() -> None:
    phase, readings, marks = phased()
    mark(phase, readings, marks, 15_000, index=True)
    mark(phase, readings, marks, 15_000)
    mark(phase, readings, marks, 15_000)
    marks.indices += 1
    marks.index_edge = readings.now_us + 1000 - 100  # the mark itself: 200 us before the tick
    mark(phase, readings, marks, 15_000)
    assert abs(degrees(phase) - (135 + 10.8)) < 1
    mark(phase, readings, marks, 15_000)
    assert abs(degrees(phase) - (225 + 10.8)) < 1


def test_between_marks_it_goes_by_speed() -> None:
    phase, readings, marks = phased()
    mark(phase, readings, marks, 1000, index=True)
    turn(phase, readings, 1000, 10)  # 10 Hz for 10 ms
    assert abs(degrees(phase) - (225 + 36)) < 2


def test_a_stalled_motor_does_not_carry_it_beyond_the_next_mark() -> None:
    phase, readings, marks = phased()
    mark(phase, readings, marks, 1000, index=True)
    turn(phase, readings, 2000, 1000)
    assert abs(degrees(phase) - 315) < 0.1
    turn(phase, readings, -2000, 1000)
    assert abs(degrees(phase) - 225) < 0.1


def test_parked_is_retracted_and_the_next_mark_is_the_one_behind() -> None:
    phase, readings, marks = phased()
    phase.park()
    assert (phase.angle, phase.known) == (RETRACTED, 1)
    mark(phase, readings, marks, 1000)
    assert abs(degrees(phase) - 225) < 2
    phase.forget()
    assert phase.known == 0


def test_edge_times_are_right_across_the_wrap() -> None:
    phase, readings, marks = phased()
    readings.now_us = 100
    readings.pulse_delta = 1
    marks.edge = WRAP - 100
    marks.index_edge = WRAP - 300
    marks.indices = 1
    phase.step(5000)
    assert abs(degrees(phase) - (225 + 3.6)) < 1
