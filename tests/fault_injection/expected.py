"""What each fault must come to in each state: written by hand, from the limits and the physics.

One line per fault and place; whatever has no line must go on as if nothing were the matter until
the operator ends it, and a fault that is latched already must stay the one that is shown, unless a
graver one follows: needles that may be out, or a fault that only a power cycle clears. A line names
the faults of which one is shown first (NONE where chance decides) and, after them, within how
many ms it is seen: the time of the limit, two or eight ms of sampling where a sense takes turns, 16
or 32 where a watch does, and what motor or stage need to get there. Owns no state.
"""

from dataclasses import dataclass

from protocol import codes

REST = ("idle", "cartridge ok", "configured")
PLACES = ("boot", *REST, "armed", "start", "positioning", "running", "parking", "fault")


@dataclass(frozen=True)
class Expected:
    """The faults of which one is shown first, or the stop, and the latest that it is seen."""

    faults: tuple[int, ...] = ()
    stops: tuple[int, ...] = ()  # for one of which the pen stops without a fault
    within_ms: float | None = None


GOES_ON = Expected()


def _read(text: str) -> Expected:
    """From "A B 40", FAULT_A or FAULT_B within 40 ms, or "stop LEASE 260"."""
    words = text.split()
    within_ms = float(words.pop()) if words[-1].isdigit() else None
    if words[0] == "stop":
        stops = tuple(getattr(codes, f"STOP_{word}") for word in words[1:])
        return Expected(stops=stops, within_ms=within_ms)
    return Expected(tuple(getattr(codes, f"FAULT_{w}") for w in words), within_ms=within_ms)


_ARMED = ("armed", "start", "positioning", "running", "parking")
_LEASE = {**dict.fromkeys(_ARMED, "stop LEASE 256"), "parking": "stop LEASE BUTTON"}
_INTERNAL = {"boot": "INTERNAL", **dict.fromkeys(("rest", *_ARMED, "fault"), "INTERNAL 3")}

# fmt: off
_TABLE: dict[str, dict[str, str]] = {
    # While the stage is on its way out the line is down: what only a driven motor shows comes after
    # that, here 125 ms after the fault, or 225 after the press.
    # Speeding up takes the motor 20 ms in the air, 110 % then counts for 20 ms, 160 Hz for 3.
    "driver short": {
        "start": "OVERSPEED 300", "positioning": "OVERSPEED 260", "running": "OVERSPEED 45",
        "parking": "PARK OVERSPEED NONE 1505",  # none where the cam happens to stop at its mark
    },
    "driver shorted through": {
        "boot": "MOTION_UNCOMMANDED ENABLE", "rest": "MOTION_UNCOMMANDED 40",
        "armed": "MOTION_UNCOMMANDED 40", "start": "MOTION_UNCOMMANDED 40",
        "positioning": "OVERSPEED 45", "running": "OVERSPEED 45", "parking": "OVERSPEED 45",
        "fault": "MOTION_UNCOMMANDED 40",
    },
    # Coasting in the air takes a quarter of a second, then 30 ms without a pulse; a wire that is
    # off carries no current, and 96 ms below 6 mA are seen as well.
    "bridge open": {
        "start": "PARK 500", "positioning": "STALL 300",
        "running": "STALL TACHOMETER CURRENT_SENSOR 350",
        "parking": "OVERSPEED PARK NONE 1505",  # 20 ms faster than a motor that is braked
    },
    "PWM stuck full": {
        "boot": "MOTION_UNCOMMANDED ENABLE SELF_TEST", "start": "OVERSPEED 260",
        "positioning": "OVERSPEED 165", "running": "OVERSPEED 45", "parking": "OVERSPEED 45",
    },
    # 25 ms until it stands and 30 without a pulse; creeping gives up after 400 ms.
    "PWM stuck at 0": {
        "start": "PARK STALL 500", "positioning": "STALL 300", "running": "STALL 60",
        "parking": "PARK NONE 405",
    },
    # Against the brake of the back-EMF: 1.5 A for 3 ms; from standstill backwards to 160 Hz.
    "PWM stuck backwards": {
        "boot": "MOTION_UNCOMMANDED ENABLE SELF_TEST", "start": "OVERSPEED CURRENT_PEAK 110",
        "positioning": "OVERSPEED CURRENT_PEAK 165", "running": "CURRENT_PEAK 5",
        "parking": "CURRENT_PEAK OVERSPEED 45",
    },
    # The line must be low 8 ms after the last grant: after the stop, if a run is under way.
    "countdown stuck": {
        "boot": "ENABLE", "cartridge ok": "ENABLE 9", "configured": "ENABLE 9", "armed": "ENABLE 9",
        "start": "ENABLE 9", "positioning": "ENABLE", "running": "ENABLE", "parking": "ENABLE 300",
        "fault": "ENABLE 9",
    },
    "watchdog stuck high": {"boot": "ENABLE"},  # found by the next proof of the stop path
    # 4 ms granted and still low.
    "watchdog dead": {
        "boot": "ENABLE", "start": "ENABLE 230", "positioning": "ENABLE 130",
        "running": "ENABLE 5", "parking": "ENABLE 5",
    },
    "enable reads 0": {
        "boot": "ENABLE", "start": "ENABLE 230", "positioning": "ENABLE 130",
        "running": "ENABLE 5", "parking": "ENABLE 5",
    },
    "enable reads 1": {
        "boot": "ENABLE", "rest": "ENABLE 9", "armed": "ENABLE 9", "start": "ENABLE 9",
        "positioning": "ENABLE", "running": "ENABLE", "parking": "ENABLE 300", "fault": "ENABLE 9",
    },
    # Sampled every 8 ms, watched every 32 while needles run.
    "stall output stuck": {
        "boot": "SELF_TEST", "start": "CURRENT_PEAK 100", "positioning": "CURRENT_PEAK 50",
        "running": "CURRENT_PEAK 50", "parking": "CURRENT_PEAK 50",
    },
    # The rail at 3.6 V: what is asked is not there; 200 ms of disagreement with the back-EMF.
    "boost dead": {
        "start": "TACHOMETER RATE_LOW STALL 700",
        "positioning": "TACHOMETER RATE_LOW STALL 600",
        "running": "TACHOMETER RATE_LOW STALL 350",
    },
    "cam jammed": {
        "start": "OVERCURRENT PARK 500", "positioning": "STALL OVERCURRENT 300",
        "running": "STALL 32", "parking": "OVERCURRENT PARK NONE 405",
    },
    "tachometer lost": {
        "start": "PARK 500", "positioning": "DEPTH_ERROR PARK 1505", "running": "STALL 32",
        "parking": "PARK 405",
    },
    "tachometer stuck": {
        "start": "STALL 600", "positioning": "STALL 300", "running": "STALL 32",
    },
    # Pulses lost at random: 200 ms more of disagreement than of agreement.
    "tachometer drops": {
        "start": "TACHOMETER RATE_LOW", "positioning": "TACHOMETER RATE_LOW",
        "running": "TACHOMETER RATE_LOW",
    },
    "tachometer noisy": {
        "boot": "MOTION_UNCOMMANDED", "rest": "MOTION_UNCOMMANDED 20",
        "armed": "MOTION_UNCOMMANDED 20", "start": "MOTION_UNCOMMANDED 20",
        "positioning": "OVERSPEED 20", "running": "OVERSPEED 20", "parking": "OVERSPEED 20",
        "fault": "MOTION_UNCOMMANDED 20",
    },
    # Four pulses belong to a mark: four turns of which that is not so, at 97 Hz. Parking does not
    # find its mark: 400 ms, or 1.5 s of positioning.
    "index stuck off": {
        "start": "PARK 500", "positioning": "DEPTH_ERROR PARK 1505", "running": "TACHOMETER 120",
        "parking": "PARK 405",
    },
    "index stuck on": {
        "start": "TACHOMETER 500", "positioning": "TACHOMETER 500", "running": "TACHOMETER 120",
    },
    "current at the rail": {
        "boot": "CURRENT_SENSOR MOTION_UNCOMMANDED", "rest": "MOTION_UNCOMMANDED CURRENT_SENSOR 22",
        "armed": "MOTION_UNCOMMANDED 22", "start": "MOTION_UNCOMMANDED 22",
        "positioning": "CURRENT_SENSOR 5", "running": "CURRENT_SENSOR 5",
        "parking": "CURRENT_SENSOR 5", "fault": "MOTION_UNCOMMANDED 22",
    },
    # 96 ms below 6 mA; without its current the control runs too fast sooner.
    "current dead": {
        "start": "CURRENT_SENSOR OVERSPEED STALL 600",
        "positioning": "CURRENT_SENSOR OVERSPEED STALL 350",
        "running": "CURRENT_SENSOR OVERSPEED 100", "parking": "PARK NONE 1505",
    },
    # The same code for 32 ms of a run, and of the Hall sensor for 128 ms of any state (after the
    # first, and 8 ms until that is looked at): noise alone is several codes. A stage
    # that moves is 0.12 mm away from a frozen code within 20 ms.
    "converter frozen": {
        "boot": "DEPTH_SENSOR HOMING", "rest": "DEPTH_SENSOR 137", "armed": "DEPTH_SENSOR 137",
        "start": "DEPTH_SENSOR DEPTH_ERROR 200",
        "positioning": "DEPTH_ERROR DEPTH_SENSOR CURRENT_SENSOR 200",
        # 32 equal codes after the first, and 8 ms until that is looked at; a control that is
        # misled may be quicker.
        "running": "CURRENT_SENSOR OVERSPEED 41",
        "parking": "DEPTH_ERROR DEPTH_SENSOR WITHDRAW OVERCURRENT CURRENT_SENSOR 137",
    },
    # --- depth: 0.12 mm for 3 ms; 2.68 mm or -0.17 mm read for 48 ms ---
    "Hall + 0.3 mm": {
        "boot": "DEPTH_SENSOR HOMING", "rest": "WITHDRAW 1020",
        "armed": "WITHDRAW 1020", "start": "WITHDRAW 1020",
        "positioning": "DEPTH_ERROR 200", "running": "DEPTH_ERROR 6", "parking": "DEPTH_ERROR 6",
        "fault": "WITHDRAW 1020",
    },
    "Hall - 0.3 mm": {
        "boot": "DEPTH_SENSOR HOMING", "rest": "DEPTH_SENSOR 66", "armed": "DEPTH_SENSOR 66",
        "start": "DEPTH_SENSOR 66", "positioning": "DEPTH_ERROR DEPTH_SENSOR 200",
        "running": "DEPTH_ERROR 6", "parking": "DEPTH_SENSOR DEPTH_ERROR WITHDRAW 250",
    },
    "Hall creeps to + 0.3 mm": {
        "boot": "DEPTH_SENSOR HOMING DEPTH_ERROR WITHDRAW", "rest": "WITHDRAW 1160",
        "armed": "WITHDRAW 1160",
        "start": "DEPTH_ERROR 350", "positioning": "DEPTH_ERROR 200", "running": "DEPTH_ERROR 160",
        "parking": "DEPTH_ERROR WITHDRAW 350", "fault": "WITHDRAW 1160",
    },
    "Hall at 0": {
        "boot": "DEPTH_SENSOR HOMING", "rest": "DEPTH_SENSOR 66", "armed": "DEPTH_SENSOR 66",
        "start": "DEPTH_SENSOR 66", "positioning": "DEPTH_SENSOR DEPTH_ERROR 66",
        "running": "DEPTH_ERROR 6", "parking": "DEPTH_SENSOR DEPTH_ERROR 66",
    },
    "Hall at the rail": {
        "boot": "DEPTH_SENSOR HOMING", "rest": "DEPTH_SENSOR 66", "armed": "DEPTH_SENSOR 66",
        "start": "DEPTH_SENSOR 66", "positioning": "DEPTH_ERROR 6", "running": "DEPTH_ERROR 6",
        "parking": "DEPTH_ERROR 6",
    },
    # A stage that should be withdrawn and is not, for a second: a return by the switch takes that.
    "home switch open": {
        "boot": "HOMING", "rest": "WITHDRAW 1020", "armed": "WITHDRAW 1020",
        "start": "WITHDRAW 1020", "positioning": "WITHDRAW",
        "running": "WITHDRAW", "parking": "WITHDRAW 1505", "fault": "WITHDRAW 1020",
    },
    "home switch shorted": {"boot": "HOMING DEPTH_SENSOR"},
    "steps lost inwards": {
        "boot": "HOMING NONE",
        "start": "DEPTH_ERROR 500", "positioning": "DEPTH_ERROR 200", "running": "DEPTH_ERROR 6",
        "parking": "DEPTH_ERROR 400",
    },
    "steps lost outwards": {
        "boot": "HOMING DEPTH_SENSOR NONE", "rest": "WITHDRAW 1020", "armed": "WITHDRAW 1020",
        "start": "WITHDRAW DEPTH_ERROR 1020", "positioning": "DEPTH_ERROR 200",
        "running": "DEPTH_ERROR 6", "parking": "DEPTH_ERROR 6", "fault": "WITHDRAW 1020",
    },
    "stage jammed": {
        "boot": "HOMING", "start": "DEPTH_ERROR 500", "positioning": "DEPTH_ERROR 200",
        "running": "WITHDRAW", "parking": "WITHDRAW 1505",
    },
    "coils dead": {
        "boot": "HOMING", "start": "DEPTH_ERROR 500", "positioning": "DEPTH_ERROR 200",
        "running": "WITHDRAW", "parking": "WITHDRAW 1505",
    },
    # --- cartridge: 5 ms; the contact itself drops the drive at once ---
    "cartridge out 10 ms": dict.fromkeys(_ARMED, "CARTRIDGE_LOST 7"),
    "cartridge out 100 ms": dict.fromkeys(_ARMED, "CARTRIDGE_LOST 7"),
    "cartridge pulled off": dict.fromkeys(_ARMED, "CARTRIDGE_LOST 7"),
    "memory dead": {"armed": "stop CARTRIDGE", "start": "stop CARTRIDGE"},
    # --- button ---
    "button stuck down": {
        "boot": "BUTTON_AT_START", "rest": "BUTTON_STUCK 10070",
    },
    "button stuck up": {
        "positioning": "stop BUTTON 9", "running": "stop BUTTON 9",
    },
    # Down or up in the moment of the test; five presses in a second are no thumb.
    "button bouncing": {
        "boot": "SELF_TEST NONE", **dict.fromkeys(("rest", *_ARMED), "BUTTON_STUCK NONE"),
    },
    # --- temperature and supply: 96 or 480 ms, sampled every 8 and watched every 32 ---
    "NTC open": {
        "boot": "TEMPERATURE_SENSOR", **dict.fromkeys(("rest", *_ARMED), "TEMPERATURE_SENSOR 136"),
    },
    "NTC shorted": {
        "boot": "TEMPERATURE_SENSOR", **dict.fromkeys(("rest", *_ARMED), "TEMPERATURE_SENSOR 136"),
    },
    # All at once, as no housing warms: 740 ms until a mean over 256 ms has 95 % of 19 K, then 480.
    "NTC at 44 C": {
        "boot": "TEMPERATURE", **dict.fromkeys(("rest", *_ARMED), "TEMPERATURE 1300"),
    },
    "battery sags": dict.fromkeys(_ARMED, "BATTERY_EMPTY 136"),
    "battery reads 0": {
        "boot": "BATTERY_SENSOR", **dict.fromkeys(("rest", *_ARMED), "BATTERY_SENSOR 136"),
    },
    "battery reads full": {
        "boot": "BATTERY_SENSOR", **dict.fromkeys(("rest", *_ARMED), "BATTERY_SENSOR 136"),
    },
    # --- cable: 250 ms after the last sign of life; parking may be over before ---
    "link dropped": _LEASE,
    "link delayed": _LEASE,
    "link flooded": _LEASE,
    "link jittered": dict.fromkeys(_ARMED, "stop LEASE BUTTON"),
    "cable pulled": _LEASE,
    # --- interpreter: the next tick, or nobody at all until the chip's own watchdog resets ---
    "heap exhausted": _INTERNAL,
    "exception in tick": _INTERNAL,
    "exception in main": _INTERNAL,
    "exceptions in tick": dict.fromkeys(("boot", "rest", *_ARMED, "fault"), "INTERNAL"),
    "loop in main": _LEASE,
    "loop in main, no host": dict.fromkeys(_ARMED, "INTERNAL 1080"),
    "collection 200 ms": dict.fromkeys(_ARMED, "TICK_LATE"),
    "tick lost": dict.fromkeys(_ARMED, "TICK_LATE"),
    "loop in tick": dict.fromkeys(("boot", "rest", *_ARMED, "fault"), "WATCHDOG"),
    "dead": dict.fromkeys(("boot", "rest", *_ARMED, "fault"), "WATCHDOG"),
}
# fmt: on

# In a latched run, where it is another: the thumb has let go, and its next press is the stop.
_LATCHED: dict[str, dict[str, str]] = {
    # Closed while it is open, the contact is that press. Closed by the press that started the
    # needles, it stays down: 1.5 s of positioning at most, 10 s of a run, 20 ms of debounce, two
    # looks at it.
    "button stuck down": {
        "start": "BUTTON_STUCK 11536",
        "positioning": "BUTTON_STUCK 11536",
        "running": "stop BUTTON",
        "parking": "stop BUTTON",
    },
    # There is no press any more, so that the thumb cannot stop them.
    "button stuck up": {"positioning": "stop HOST", "running": "stop HOST"},
}

# After these the pen has started anew: it shows nothing of what was before.
RESTARTED = ("supply cut", "reset")


def expected(fault: str, place: str, latch: bool = False) -> Expected:
    """What `fault` must come to in `place` (a state, or "start"), also in a latched run."""
    row = _TABLE.get(fault, {}) | (_LATCHED.get(fault, {}) if latch else {})
    text = row.get(place) or (row.get("rest") if place in REST else None)
    return _read(text) if text else GOES_ON


def faults_named() -> set[str]:
    """Faults that have a row."""
    return set(_TABLE) | set(_LATCHED)
