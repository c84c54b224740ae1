"""Checks of the pen: found, reachable, of our protocol, quick, healthy. Owns no state."""

import statistics
import time
from collections.abc import Iterator

from host_controller import errors, refusals
from host_controller.diagnosis.check import FAILED, OK, WARNING, Check
from host_controller.pen import Pen

ROUND_TRIPS = 50
SLOW_MS = 20.0  # four times what a pen on USB needs
BATTERY_START_PCT = 30


def _failed(name: str, error: errors.PenError) -> Check:
    finding = f"{error.number} {error.sentence} {error.cause}"
    return Check(name, FAILED, finding, error.next_step, error.exit_code)


def _speed(pen: Pen) -> Check:
    times_ms = []
    for _ in range(ROUND_TRIPS):
        start = time.perf_counter()
        pen.status()
        times_ms.append((time.perf_counter() - start) * 1000)
    median, worst = statistics.median(times_ms), max(times_ms)
    finding = f"round trip {median:.1f} ms, slowest {worst:.1f} ms, of {ROUND_TRIPS}"
    bad = pen.client.link.statistics.frames_bad
    if bad or pen.client.link.statistics.retries:
        return Check("link", WARNING, f"{finding}; {bad} bad frames", "Try another cable or port.")
    if median > SLOW_MS:
        return Check("link", WARNING, finding, "The computer or the bridge to the pen is slow.")
    return Check("link", OK, finding)


def _health(pen: Pen) -> Iterator[Check]:
    status = pen.status()
    if status.fault:
        yield Check(
            "fault",
            FAILED,
            f"{refusals.fault_number(status.fault)} {refusals.fault_sentence(status.fault)}",
            refusals.fault_next_step(status.fault),
            errors.EXIT_PEN_FAULT,
        )
    else:
        yield Check("fault", OK, "none stands")
    if status.needles_in:
        yield Check("needles", OK, "sensed inside")
    else:
        yield Check(
            "needles", FAILED, "not sensed inside", "Run `pen stop`.", errors.EXIT_PEN_FAULT
        )
    battery = f"{status.battery_pct} %"
    if status.battery_pct < BATTERY_START_PCT:
        yield Check("battery", WARNING, battery, "Charge to at least 30 % before a treatment.")
    else:
        yield Check("battery", OK, battery)
    if status.ticks_late or status.frames_bad:
        finding = f"{status.ticks_late} control ticks late, {status.frames_bad} bad frames"
        yield Check("counters", OK, f"since the pen started: {finding}")


def checks(url: str) -> Iterator[Check]:
    """Connect to `url` and look; ends at the first thing that makes the rest pointless."""
    try:
        pen = Pen.open(url)
    except errors.PenError as error:
        yield _failed("pen", error)
        return
    with pen:
        identity = pen.identity
        yield Check("pen", OK, f"{identity.serial}, firmware {identity.firmware}, on {url}")
        try:
            yield _speed(pen)
            yield from _health(pen)
        except errors.PenError as error:
            yield _failed("conversation", error)
