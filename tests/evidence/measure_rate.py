"""How exact the stroke rate is: steady under every load, and through a sudden one.

Truth is the plant's cam angle. Loads are those of the open-loop table (pins and force per needle).
A load is within the motor's authority where 6 V alone keep it at or above the rate, and an ideal
controller that never runs above it loses less than a tenth on one way into the skin, with no more
above the back-EMF than the firmware allows itself so that the supervisor sees no current peak.
"""

from collections import deque
from math import acos, inf, pi
from typing import Any

from hardware.board import rev_a as board
from hardware.plant.motor import CLOSED, Motor
from hardware.plant.parameters import Parameters, replace
from tests.evidence.figure import figure
from tests.firmware.control.closed_loop import ClosedLoop, loaded, steady_hand

LOADS = ((0, 0.0), (12, 0.055), (12, 0.15), (12, 0.3), (36, 0.055), (36, 0.15), (36, 0.3))
RATES_CHZ = (2500, 5000, 7500, 10_000, 12_500, 15_000)
DEPTH_UM = 1500
BOOST_V = 6.0
ABOVE_EMF_V = 4.1  # 1.34 A through 3.07 ohm
STEP_RATE_CHZ = 10_000
STEP_LOAD = (36, 0.15)

# Resistance, torque constant, state of charge: nominal and the corners of tolerance.
NOMINAL = (1.0, 1.0, 0.8)
CORNERS = tuple(
    (ohm, torque, charge) for ohm in (0.9, 1.1) for torque in (0.95, 1.05) for charge in (0.05, 1.0)
)


def pen_of(corner: tuple[float, float, float]) -> Parameters:
    """A pen at a corner of tolerance, in a steady hand."""
    base = steady_hand()
    motor = replace(
        base.motor,
        resistance_ohm=base.motor.resistance_ohm * corner[0],
        torque_nm_per_a=base.motor.torque_nm_per_a * corner[1],
    )
    return replace(base, motor=motor, battery=replace(base.battery, soc=corner[2]))


def within_authority(parameters: Parameters, pins: int, force_n: float, rate_chz: int) -> bool:
    """Say whether an ideal controller could hold this rate under this load."""
    if pins == 0:
        return True
    ohm = parameters.motor.resistance_ohm + board.BRIDGE_RESISTANCE_MOHM * 1e-3
    motor = Motor(parameters.motor, parameters.cam, ohm)
    motor.load_n = pins * force_n
    motor.set_depth(DEPTH_UM)
    speed = 2 * pi * rate_chz / 100
    contact = 2 * pi - acos(1 - DEPTH_UM / 1250)
    motor.place(contact, speed)
    t_us = 0
    while motor.revolutions < 10:
        own = parameters.motor.torque_nm_per_a * motor.omega
        volts = min(BOOST_V, own + ABOVE_EMF_V) if motor.omega < speed else own
        motor.run(volts, CLOSED, inf, t_us, 200)
        t_us += 200
        if motor.omega < 0.9 * speed:
            return False
    motor.place(contact, speed)
    start = motor.revolutions
    for _ in range(800):
        motor.run(BOOST_V, CLOSED, inf, t_us, 1000)
        t_us += 1000
    return (motor.revolutions - start) / 0.8 >= rate_chz / 100


def mean_error_pct(loop: ClosedLoop, rate_chz: int, milliseconds: int) -> float:
    """Rate over a stretch of time against the set one, signed, in percent."""
    start = loop.pen.motor.revolutions
    loop.advance(milliseconds)
    turns = loop.pen.motor.revolutions - start
    return turns * 1000 / milliseconds / (rate_chz / 100) * 100 - 100


def running(parameters: Parameters, seed: int, rate_chz: int) -> ClosedLoop:
    """A pen that runs free at a rate."""
    loop = ClosedLoop(parameters, seed)
    loop.home()
    loop.position(DEPTH_UM)
    loop.run(rate_chz, 400)
    return loop


def steady_case(
    corner: tuple[float, float, float], pins: int, force_n: float, rate_chz: int, seed: int = 1
) -> float:
    """Steady error in percent, signed, over one second that begins 0.6 s after the load."""
    loop = running(pen_of(corner), seed, rate_chz)
    if pins:
        loaded(loop.pen, pins, force_n)
    loop.advance(600)
    return mean_error_pct(loop, rate_chz, 1000)


def open_loop_case(pins: int, force_n: float, rate_chz: int) -> float:
    """The same with the duty frozen at what the free motor needs."""
    loop = running(pen_of(NOMINAL), 1, rate_chz)
    duties = []
    for _ in range(200):
        loop.step()
        duties.append(loop.readings.duty)
    duty = sum(duties) // len(duties)
    drive = loop.board.bridge.drive
    loop.board.ticker.start(lambda: (loop.board.enable.grant(), loop.board.watchdog.kick()))
    drive(duty)
    loaded(loop.pen, pins, force_n)
    loop.advance(600)
    return mean_error_pct(loop, rate_chz, 1000)


def steady() -> list[dict[str, Any]]:
    """Measure `rate_error_steady_pct`."""
    worst = worst_nominal = worst_open = 0.0
    cases = 0
    beyond = []
    for corner in (NOMINAL, *CORNERS):
        for pins, force_n in LOADS:
            for rate_chz in RATES_CHZ:
                if not within_authority(pen_of(corner), pins, force_n, rate_chz):
                    if corner == NOMINAL:
                        beyond.append(f"{pins} x {force_n} N at {rate_chz // 100} Hz")
                    continue
                error = abs(steady_case(corner, pins, force_n, rate_chz, seed=cases))
                cases += 1
                worst = max(worst, error)
                if corner == NOMINAL:
                    worst_nominal = max(worst_nominal, error)
                    if pins:
                        worst_open = max(worst_open, abs(open_loop_case(pins, force_n, rate_chz)))
    note = (
        f"worst of {len(LOADS)} loads x {len(RATES_CHZ)} rates 25-150 Hz x nominal and"
        f" {len(CORNERS)} corners (R +-10 %, kt +-5 %, battery 5/100 %); nominal pen"
        f" {worst_nominal:.2f} %, the same at fixed duty {worst_open:.0f} %; beyond the motor at"
        f" 6 V, nominal: {', '.join(beyond)}"
    )
    return [figure("rate_error_steady_pct", round(worst, 3), "%", "<= 1.0", cases, note)]


class LastRevolution:
    """Rate over the last revolution, sliding by a millisecond."""

    def __init__(self, loop: ClosedLoop) -> None:
        self._loop = loop
        self._past: deque[tuple[int, float]] = deque()

    def step(self) -> float:
        """Advance 1 ms; rate in Hz, or 0 before the first revolution."""
        self._loop.step()
        now = (self._loop.pen.t_us, self._loop.pen.motor.revolutions)
        past = self._past
        past.append(now)
        while len(past) > 2 and now[1] - past[1][1] >= 1:
            past.popleft()
        (t0, r0), (t1, r1) = past[0], past[1] if len(past) > 1 else past[0]
        if now[1] - r0 < 1:
            return 0.0
        began = t0 + (t1 - t0) * (now[1] - 1 - r0) / (r1 - r0)
        return 1e6 / (now[0] - began)


def load_step_case(corner: tuple[float, float, float], seed: int) -> tuple[float, int]:
    """Dip in percent and recovery in ms from free to 36 x 0.15 N at 100 Hz."""
    loop = running(pen_of(corner), seed, STEP_RATE_CHZ)
    rate = LastRevolution(loop)
    for _ in range(100 + seed % 17):
        rate.step()
    loaded(loop.pen, *STEP_LOAD)
    set_hz = STEP_RATE_CHZ / 100
    dip = recovery = 0.0
    for elapsed in range(1, 501):
        now = rate.step()
        dip = max(dip, 100 - now / set_hz * 100)
        if abs(now / set_hz - 1) > 0.02:
            recovery = elapsed
    return dip, int(recovery)


def load_step(cases: int = 40) -> list[dict[str, Any]]:
    """Measure `load_dip_pct` and `load_recovery_ms`."""
    dips, recoveries = zip(*(load_step_case(NOMINAL, seed) for seed in range(cases)), strict=True)
    corner_dip = corner_recovery = 0.0
    for number, corner in enumerate(CORNERS):
        dip, recovery = load_step_case(corner, number)
        corner_dip = max(corner_dip, dip)
        corner_recovery = max(corner_recovery, recovery)
    what = "100 Hz, free -> 36 x 0.15 N, rate over the last revolution, any phase"
    dip_note = f"{what}; worst corner of tolerance {corner_dip:.1f} %"
    recovery_note = f"until it stays within 2 %; worst corner {corner_recovery:.0f} ms"
    return [
        figure("load_dip_pct", round(max(dips), 2), "%", "<= 10", cases, dip_note),
        figure("load_recovery_ms", max(recoveries), "ms", "<= 100", cases, recovery_note),
    ]
