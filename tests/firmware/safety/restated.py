"""Which constant of a kernel stands for which limit: kernels restate them, because an imported name
would be looked up at run time. `test_restated.py` compares; the hazard file counts them as used.
"""

from firmware.safety import limits as lim

# module -> constant -> (name of the limit, what the constant must be)
LIMITS: dict[str, dict[str, tuple[str, int]]] = {
    "safety/conditions.py": {
        "_BUTTON_DEBOUNCE_MS": ("BUTTON_MS", lim.BUTTON_MS),
        "_SEAT_LOST_MS": ("SEAT_LOST_MS", lim.SEAT_LOST_MS),
        "_SEAT_MADE_MS": ("SEAT_MADE_MS", lim.SEAT_MADE_MS),
        "_LEASE_ENDS_MS": ("LEASE_MS", lim.LEASE_MS),
        "_NEEDLES_IN_UM": ("NEEDLES_IN_UM", lim.NEEDLES_IN_UM),
    },
    "safety/events.py": {
        "_PRESSES_MOST": ("PRESSES_MOST", lim.PRESSES_MOST),
        "_PRESSES_MS": ("PRESSES_MS", lim.PRESSES_MS),
    },
    "safety/grant.py": {
        "_HARD_CAP_UM": ("DEPTH_HARD_CAP_UM", lim.DEPTH_HARD_CAP_UM),
        "_DEFAULT_CAP_UM": ("DEPTH_DEFAULT_CAP_UM", lim.DEPTH_DEFAULT_CAP_UM),
        "_DEMO_CAP_UM": ("DEPTH_DEMO_CAP_UM", lim.DEPTH_DEMO_CAP_UM),
        "_DEPTH_MIN_UM": ("DEPTH_MIN_UM", lim.DEPTH_MIN_UM),
        "_RATE_MIN_CHZ": ("RATE_MIN_CHZ", lim.RATE_MIN_CHZ),
        "_RATE_MAX_CHZ": ("RATE_MAX_CHZ", lim.RATE_MAX_CHZ),
        "_CURRENT_MOST_MA": ("CURRENT_MOST_MA", lim.CURRENT_MOST_MA),
    },
    "safety/measures.py": {
        "_BOOT_MS": ("BOOT_MS", lim.BOOT_MS),
        "_ARM_MS": ("ARM_MS", lim.ARM_MS),
        "_PASSAGE_MS": ("PARKING_MS", lim.PARKING_MS),
        "_SETTLE_MS": ("SETTLE_MS", lim.SETTLE_MS),
        "_START_BLANK_MS": ("CURRENT_START_BLANK_MS", lim.CURRENT_START_BLANK_MS),
        "_PEAK_FROM_MA": ("CURRENT_PEAK_MA", lim.CURRENT_PEAK_MA),
        "_STALL_START_MS": ("STALL_START_MS", lim.STALL_START_MS),
        "_STALL_MS": ("STALL_MS", lim.STALL_MS),
        "_OVERSPEED_PERCENT": ("OVERSPEED_PERCENT", lim.OVERSPEED_PERCENT),
        "_RATE_LOW_PERCENT": ("RATE_LOW_PERCENT", lim.RATE_LOW_PERCENT),
        "_RATE_WARN_PERCENT": ("RATE_WARN_PERCENT", lim.RATE_WARN_PERCENT),
        "_CREEP_MOST_CHZ": ("CREEP_MOST_CHZ", lim.CREEP_MOST_CHZ),
        "_CREEP_BRAKE_MS": ("CREEP_BRAKE_MS", lim.CREEP_BRAKE_MS),
        "_BRAKE_CHZ_PER_MS": ("BRAKE_CHZ_PER_MS", lim.BRAKE_CHZ_PER_MS),
        "_UNCOMMANDED_WINDOW": ("UNCOMMANDED_WINDOW_MS", lim.UNCOMMANDED_WINDOW_MS - 1),
        "_SESSION_MOST_64MS": ("SESSION_MS", lim.SESSION_MS // 64),
        "_IDLE_MOST_MS": ("IDLE_MS", lim.IDLE_MS),
        "_TICK_LOST_US": ("TICK_LATE_US", lim.TICK_LATE_US),
    },
    "treatment/progress.py": {
        "_DWELL_WARN_MS": ("DWELL_WARN_MS", lim.DWELL_WARN_MS),
        "_DWELL_STOP_MS": ("DWELL_STOP_MS", lim.DWELL_STOP_MS),
    },
}
# One constant for two limits.
SHARED = {"POSITIONING_MS": "PARKING_MS"}


def names() -> set[str]:
    """The limits that kernels enforce."""
    found = {name for module in LIMITS.values() for name, _ in module.values()}
    return found | set(SHARED)
