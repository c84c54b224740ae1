"""How fast and how surely the pen stops and withdraws: seeded cases over phase, load and voltage.

A case is a pen with its own seed, motor within tolerances, battery charge, cartridge, hand, depth
and rate. It runs, and at a random moment the mode changes to PARK. Still and parked are judged by
the plant; that Motion says the same is part of the judgement.
"""

import random
from dataclasses import dataclass
from math import cos, pi
from typing import Any

from hardware.plant.parameters import Parameters, replace
from tests.evidence.figure import figure
from tests.firmware.control.closed_loop import ClosedLoop, loaded

STILL_RAD_S = pi  # half a revolution per second
LIMIT_MS = 600


@dataclass
class Stop:
    """What one case came to."""

    case: int
    still_ms: int
    parked_ms: int  # LIMIT_MS when it did not
    fault: int
    deeper_um: float  # how much further the tip came out once the motor stood still
    told: str  # the case in words


def conditions(number: int) -> tuple[Parameters, dict[str, Any]]:
    """Return the pen and the load of case `number`."""
    choose = random.Random(f"stop {number}")
    base = Parameters()
    motor = replace(
        base.motor,
        resistance_ohm=base.motor.resistance_ohm * choose.uniform(0.9, 1.1),
        torque_nm_per_a=base.motor.torque_nm_per_a * choose.uniform(0.95, 1.05),
        friction_nm=base.motor.friction_nm * choose.uniform(0.7, 1.5),
    )
    battery = replace(base.battery, soc=choose.uniform(0.02, 1.0))
    return replace(base, motor=motor, battery=battery), {
        "pins": choose.choice((12, 24, 36)),
        "force_n": choose.choice((0.0, 0.055, 0.055, 0.15, 0.3)),
        "depth_um": choose.randrange(5, 251) * 10,
        "rate_chz": choose.randrange(25, 151) * 100,
        "run_ms": choose.randrange(30, 400),
        "lift_ms": choose.choice((None, None, 5, 20)),
    }


def stop_case(number: int) -> Stop:
    """Run case `number`."""
    parameters, load = conditions(number)
    loop = ClosedLoop(parameters, seed=number)
    loop.home()
    loop.position(load["depth_um"])
    if load["force_n"]:
        loaded(loop.pen, load["pins"], load["force_n"])
    loop.run(load["rate_chz"], load["run_ms"])
    return watch_stop(loop, number, str(load), load["lift_ms"])


def watch_stop(loop: ClosedLoop, number: int, told: str, lift_ms: int | None = None) -> Stop:
    """Ask for a stop and watch the plant until it is parked."""
    motor = loop.pen.motor
    loop.park()
    still_ms = parked_ms = LIMIT_MS
    deepest_um = deeper_um = 0.0
    for elapsed in range(1, LIMIT_MS + 1):
        if elapsed == lift_ms:
            loop.pen.person.lift()
        loop.step()
        tip_um = loop.pen.truth.depth_um - 1250 * (1 - cos(motor.theta))
        if still_ms == LIMIT_MS:
            if abs(motor.omega) < STILL_RAD_S:
                still_ms = elapsed
                deepest_um = max(tip_um, 0.0)
        else:
            deeper_um = max(deeper_um, tip_um - deepest_um)
        if loop.motion.cam_parked and loop.motion.stage_withdrawn and retracted(loop):
            parked_ms = elapsed
            break
    return Stop(number, still_ms, parked_ms, loop.motion.failed, deeper_um, told)


def retracted(loop: ClosedLoop) -> bool:
    """By the plant: cam within the index mark, standing, stage at its home switch."""
    at_mark = abs(loop.pen.motor.theta - pi) < 20.5 * pi / 180
    return at_mark and loop.pen.motor.standing and loop.pen.truth.depth_um < 50


def stop(cases: int = 1000) -> list[dict[str, Any]]:
    """Measure the three figures of a stop over `cases` cases."""
    stops = [stop_case(number) for number in range(cases)]
    good = [one for one in stops if one.parked_ms < LIMIT_MS]
    shown = sum(one.parked_ms < LIMIT_MS or bool(one.fault) for one in stops)
    still = max(one.still_ms for one in stops)
    parked = max(one.parked_ms for one in good)
    middle = sorted(one.parked_ms for one in good)[len(good) // 2]
    deeper = max(one.deeper_um for one in stops)
    return [
        figure("stop_still_ms", still, "ms", "<= 50", cases, "worst case"),
        figure(
            "stop_parked_ms",
            parked,
            "ms",
            "<= 250",
            len(good),
            f"worst case; median {middle} ms; once still no tip came out more than"
            f" {deeper:.0f} um further",
        ),
        figure(
            "stop_parked_share",
            100.0 * shown / cases,
            "%",
            ">= 100",
            cases,
            f"{len(good)} parked, {shown - len(good)} with a fault shown",
        ),
    ]
