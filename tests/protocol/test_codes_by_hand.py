"""Numbers on the wire once more, by hand: they are appended, never renumbered."""

from protocol import codes

# In order, from 0.
STATES = "BOOT IDLE CARTRIDGE_OK CONFIGURED ARMED POSITIONING RUNNING PARKING FAULT"
CONDITIONS = """
    SELF_TEST_PASSED HOMED SEATED CARTRIDGE_VALID CARTRIDGE_FITS PLAN_READY ZONE_CHOSEN BUTTON
    TETHER_OK BATTERY_OK NEEDLES_IN CAM_PARKED CONTACT TEMPERATURE_WARN RATE_WARN BATTERY_WARN
    DWELL_WARN DOSE_WARN DRIVE_ENABLED STOP_PATH_PROVEN
"""
STOPS = """
    NONE BUTTON HOST LEASE ARM_EXPIRED ZONE_TIME SESSION_TIME DOSE DWELL IDLE CARTRIDGE
    PLAN_CHANGED FAULT NOT_READY SUPPLY
"""
RESULTS = """
    OK UNKNOWN_TYPE BAD_LENGTH SCHEMA_MISMATCH WRONG_STATE OUT_OF_RANGE UNKNOWN_ZONE
    ABOVE_ZONE_CAP ABOVE_OVERRIDE_MAX RATE_OUT_OF_RANGE HASH_MISMATCH CHUNK_GAP PLAN_FORMAT
    NO_PLAN ZONE_NOT_IN_PLAN DUPLICATE_ZONE NO_CARTRIDGE CARTRIDGE_UNREADABLE CARTRIDGE_USED
    CARTRIDGE_EXPIRED CARTRIDGE_WRONG FAULT_LATCHED CAUSE_PRESENT BATTERY_LOW BUTTON_HELD
    STORAGE_FAILED UNSUPPORTED NO_SUCH_ENTRY SELF_TEST_FAILED LEASE_MISSING DOSE_REACHED
    NOT_BY_HOST UNKNOWN_SETTING CLOCK_UNSET BAD_FORMAT HELLO_FIRST SEQUENCE SESSION_OVER
    NEEDLES_OUT NOT_CONFIRMED IMAGE_WRONG
"""
FAULTS = {
    0: "NONE",
    10: "DEPTH_ERROR",
    11: "DEPTH_SENSOR",
    12: "HOMING",
    13: "WITHDRAW",
    20: "OVERSPEED",
    21: "RATE_LOW",
    22: "STALL",
    23: "OVERCURRENT",
    24: "CURRENT_PEAK",
    25: "TACHOMETER",
    26: "MOTION_UNCOMMANDED",
    27: "PARK",
    28: "ENABLE",
    29: "CURRENT_SENSOR",
    30: "TEMPERATURE",
    31: "WINDING",
    32: "TEMPERATURE_SENSOR",
    33: "BATTERY_EMPTY",
    34: "BATTERY_SENSOR",
    40: "CARTRIDGE_LOST",
    60: "SELF_TEST",
    61: "TICK_LATE",
    62: "STORAGE",
    63: "INTERNAL",
    64: "WATCHDOG",
    65: "BUTTON_STUCK",
    66: "BUTTON_AT_START",
    67: "OUTPUT",
}


def numbered(prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): number
        for name, number in vars(codes).items()
        if name.startswith(prefix) and isinstance(number, int)
    }


def in_order(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split())}


def test_states_conditions_stops_and_results_count_from_0() -> None:
    assert numbered("STATE_") == in_order(STATES)
    assert numbered("COND_") == in_order(CONDITIONS)
    assert numbered("STOP_") == in_order(STOPS)
    assert numbered("RESULT_") == in_order(RESULTS)


def test_faults_have_their_numbers_by_part() -> None:
    assert numbered("FAULT_") == {name: number for number, name in FAULTS.items()}


def test_every_number_has_its_short_name() -> None:
    assert len(codes.STATE_NAMES) == 9
    assert len(codes.CONDITION_NAMES) == 20
    assert len(codes.STOP_NAMES) == 15
