"""What goes wrong in a run: broken parts, and everything people, hosts and cables can do.

Owns no state. `driver_short` 2 is left out: both transistors of the bridge shorted drive the motor
with nothing in between that could stop it (see the fault matrix).
"""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.campaign.script import Event

Value = Callable[[Random], Any]


def _one_of(*values: Any) -> Value:
    return lambda choose: choose.choice(values)


# Switches of the plant with the values they may take.
SWITCHES: dict[str, Value] = {
    "driver_short": _one_of(1),
    "bridge_open": _one_of(True),
    "pwm_stuck": _one_of(5000, 0, -5000, 2500),
    "countdown_stuck": _one_of(True),
    "watchdog_stuck": _one_of(True),
    "watchdog_dead": _one_of(True),
    "enable_sense_stuck": _one_of(0, 1),
    "stall_stuck": _one_of(0, 1),
    "boost_dead": _one_of(True),
    "cam_jammed": _one_of(True),
    "friction_nm": lambda choose: round(choose.uniform(1e-4, 4e-3), 5),
    "tach_lost": _one_of(True),
    "tach_stuck": _one_of(True),
    "tach_drop_share": lambda choose: round(choose.uniform(0.02, 0.9), 2),
    "tach_noise_hz": lambda choose: round(10 ** choose.uniform(1, 3.5), 1),
    "index_stuck": _one_of(0, 1),
    "current_code": lambda choose: choose.choice((0, 4095, choose.randrange(4096))),
    "hall_code": lambda choose: choose.choice((0, 4095, choose.randrange(4096))),
    "ntc_code": lambda choose: choose.randrange(4096),
    "battery_code": lambda choose: choose.randrange(4096),
    "ntc_open": _one_of(True),
    "ntc_shorted": _one_of(True),
    "adc_frozen": _one_of(True),
    "hall_drift_um": lambda choose: round(choose.uniform(-400.0, 400.0)),
    "depth_jammed": _one_of(True),
    "depth_coils_off": _one_of(True),
    "depth_slip_wells": _one_of(-4, -2, -1, 1, 2, 4),
    "home_open": _one_of(True),
    "home_shorted": _one_of(True),
    "cartridge_out_ms": lambda choose: round(10 ** choose.uniform(0, 2.5), 1),
    "memory_dead": _one_of(True),
    "button_stuck": _one_of(0, 1),
    "button_bouncing": _one_of(True),
    "battery_sag_v": lambda choose: round(choose.uniform(0.1, 1.5), 2),
    "battery_resistance_factor": lambda choose: round(choose.uniform(1.5, 5.0), 1),
}
ONE_SHOT = ("depth_slip_wells", "cartridge_out_ms")
HOLDS = ("main", "tick", "all")
MOST = 3


def faults(choose: Random, end_ms: int) -> list[Event]:
    """None to three faults that may overlap; half of them heal again."""
    events = []
    for _ in range(choose.choice((0, 1, 1, 2, 3))):
        at_ms = choose.randrange(50, end_ms)
        for_ms = round(10 ** choose.uniform(0, 3.4))
        if choose.random() < 0.12:
            what = choose.choice(HOLDS)
            events += [Event(at_ms, "hold", (what,)), Event(at_ms + for_ms, "go on", (what,))]
            continue
        name = choose.choice(sorted(SWITCHES))
        events.append(Event(at_ms, "fault", (name, SWITCHES[name](choose))))
        if choose.random() < 0.5 and name not in ONE_SHOT:
            events.append(Event(at_ms + for_ms, "heal", (name,)))
    return events


def mishaps(choose: Random, end_ms: int) -> list[Event]:
    """A few things that people, hosts, cables and supplies do at the wrong moment."""
    events: list[Event] = []
    for _ in range(choose.choice((0, 0, 1, 2, 3, 5))):
        at_ms = choose.randrange(50, end_ms)
        events += choose.choice(_ALL)(choose, at_ms)
    return events


def _hand(choose: Random, at_ms: int) -> list[Event]:
    what = choose.choice(("press", "release", "lift", "press"))
    for_ms = choose.choice((choose.randint(1, 4), choose.randint(1, 600)))  # brushed, or held
    return [Event(at_ms, what), Event(at_ms + for_ms, "release")]


def _cartridge(choose: Random, at_ms: int) -> list[Event]:
    pins = choose.choice((12, 24, 36, 0))
    state = choose.choice(("new", "new", "used", "worn"))
    unique = choose.getrandbits(32)
    return [
        Event(at_ms, "remove"),
        Event(at_ms + choose.randint(1, 900), "insert", (pins, state, unique)),
    ]


def _host(choose: Random, at_ms: int) -> list[Event]:
    what = choose.choice(
        ("push", "select", "arm", "arm", "disarm", "stop", "acknowledge", "hello", "self-test")
    )
    values: tuple[Any, ...] = ()
    if what == "push":
        values = (choose.randrange(3),)
    elif what == "select":
        values = (choose.choice(("cheek", "nose", "chin", "forehead", "hand")),)
    return [Event(at_ms, what, values)]


def _silence(choose: Random, at_ms: int) -> list[Event]:
    return [Event(at_ms, "silent", (choose.choice((50, 200, 300, 900)),))]


def _setting(choose: Random, at_ms: int) -> list[Event]:
    return [Event(at_ms, "setting", ("light_percent", choose.randint(-5, 120)))]


def _noise(choose: Random, at_ms: int) -> list[Event]:
    each_ms, for_ms = choose.choice((3, 60, 900)), choose.choice((1, 20, 150, 400))
    return [Event(at_ms, "noise", (choose.getrandbits(16), each_ms, for_ms))]


_CABLE: tuple[tuple[str, Any], ...] = (
    ("drop_ppm", 20_000),
    ("corrupt_ppm", 20_000),
    ("duplicate_ppm", 20_000),
    ("delay_ms", 60),
    ("delay_ms", 400),
    ("silent", True),
)


def _cable(choose: Random, at_ms: int) -> list[Event]:
    if choose.random() < 0.3:
        return [
            Event(at_ms, "unplug"),
            Event(at_ms + choose.randint(1, 700), "plug"),
            Event(at_ms + 720, "hello"),
        ]
    name, value = choose.choice(_CABLE)
    return [
        Event(at_ms, "cable", (name, value)),
        Event(at_ms + choose.randint(5, 900), "cable good"),
    ]


def _power(choose: Random, at_ms: int) -> list[Event]:
    until_ms = at_ms + choose.choice((1, 3, 20, 300))
    if choose.random() < 0.4:
        cut = Event(at_ms, "cut in flash", (choose.randrange(6), round(choose.random(), 2)))
        until_ms = at_ms + 900
    elif choose.random() < 0.5:
        return [Event(at_ms, "reset", (choose.choice((0, 1)),)), Event(at_ms + 500, "hello")]
    else:
        cut = Event(at_ms, "cut")
    return [cut, Event(until_ms, "power"), Event(until_ms + 450, "hello")]


_ALL = (
    _hand,
    _hand,
    _hand,
    _cartridge,
    _host,
    _host,
    _host,
    _silence,
    _setting,
    _noise,
    _cable,
    _power,
)
