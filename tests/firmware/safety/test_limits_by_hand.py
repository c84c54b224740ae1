"""Every limit once more, by hand, with the hazard it answers: none changes unnoticed."""

from firmware.safety import limits

# Needles deeper than they should be, or not out of the skin (H01, H02, H03, H10, H44).
DEPTH = {
    "DEPTH_HARD_CAP_UM": 2500,
    "DEPTH_DEFAULT_CAP_UM": 1500,
    "DEPTH_DEMO_CAP_UM": 250,
    "DEPTH_MIN_UM": 50,
    "DEPTH_ERROR_UM": 120,
    "DEPTH_ERROR_MS": 3,
    "NEEDLES_IN_UM": 100,
}
# Too fast, too slow, stuck, turning by itself (H07, H08, H09, H14, H35).
MOTION = {
    "RATE_MIN_CHZ": 2500,
    "RATE_FLOOR_CHZ": 5000,
    "RATE_MAX_CHZ": 15_000,
    "OVERSPEED_CHZ": 16_000,
    "OVERSPEED_MS": 3,
    "OVERSPEED_PERCENT": 110,
    "OVERSPEED_SET_MS": 20,
    "RATE_WARN_PERCENT": 10,
    "RATE_WARN_MS": 96,
    "RATE_LOW_PERCENT": 80,
    "RATE_LOW_MS": 300,
    "STALL_MS": 30,
    "STALL_START_MS": 80,
    "TACHOMETER_ERROR_CHZ": 2500,
    "TACHOMETER_ERROR_MS": 200,
    "TURNS_WRONG_MOST": 4,
    "CREEP_MOST_CHZ": 2500,
    "CREEP_BRAKE_MS": 50,
    "BRAKE_CHZ_PER_MS": 280,
    "UNCOMMANDED_PULSES": 3,
    "UNCOMMANDED_WINDOW_MS": 256,
}
# Force on the skin, a motor that draws what it should not, senses that lie (H07, H09, H35).
CURRENT = {
    "CURRENT_PEAK_MA": 1500,
    "CURRENT_PEAK_MS": 3,
    "CURRENT_START_BLANK_MS": 25,
    "OVERCURRENT_MS": 100,
    "CURRENT_OFF_MA": 150,
    "CURRENT_OFF_MS": 20,
    "DUTY_OFF_MS": 32,
    "CURRENT_CODE_RAIL": 4090,
    "BRIDGE_STALL_MS": 32,
    "CURRENT_CODE_DEAD": 8,
    "CURRENT_SENSOR_MS": 96,
    "CURRENT_FROZEN_MS": 32,
    "OUTPUT_WRONG_MS": 3,
    "CURRENT_MOST_MA": 800,
    "CURRENT_DEFAULT_MA": 400,
}
# A hot tip, a hot motor (H33), and the senses of heat and depth (H02, H35).
HEAT = {
    "TEMPERATURE_WARN_CDEG": 4100,
    "TEMPERATURE_STOP_CDEG": 4300,
    "TEMPERATURE_MS": 480,
    "WINDING_STOP_CDEG": 10_000,
    "NTC_OPEN_CODE": 4000,
    "NTC_SHORT_CODE": 150,
    "NTC_SENSOR_MS": 96,
    "HALL_LOW_CODE": 41,
    "HALL_HIGH_CODE": 3932,
    "HALL_SENSOR_MS": 64,
    "HALL_FROZEN_MS": 128,
}
# Power that ends in the middle of a stroke (H11, H34, H35).
SUPPLY = {
    "BATTERY_START_PERCENT": 30,
    "BATTERY_WARN_PERCENT": 20,
    "BATTERY_STOP_PERCENT": 10,
    "BATTERY_STOP_MV": 3100,
    "BATTERY_MS": 96,
    "BATTERY_SENSOR_LOW_MV": 2500,
    "BATTERY_SENSOR_HIGH_MV": 4500,
    "BATTERY_SENSOR_MS": 96,
}
# Nobody there, nothing happening, too long (H10, H12, H14, H26, H27, H36, H37, H39).
TIME = {
    "LEASE_MS": 250,
    "ARM_MS": 30_000,
    "ARM_HOLD_MS": 1000,
    "SESSION_MS": 30 * 60 * 1000,
    "IDLE_MS": 60_000,
    "DWELL_WARN_MS": 5000,
    "DWELL_STOP_MS": 10_000,
    "POSITIONING_MS": 1500,
    "PARKING_MS": 1500,
    "SETTLE_MS": 300,
    "BOOT_MS": 10_000,
    "TICK_LATE_US": 4000,
    "MAIN_LOOP_MS": 1000,
}
# Button, cartridge contact, drive-enable (H13, H14, H20, H23, H39, H41).
SWITCHES = {
    "BUTTON_MS": 5,
    "BUTTON_STUCK_MS": 10_048,
    "PRESSES_MOST": 6,
    "PRESSES_MS": 3500,
    "SEAT_LOST_MS": 5,
    "SEAT_MADE_MS": 200,
    "ENABLE_RISE_MS": 4,
    "ENABLE_FALL_MS": 8,
}
# Too much in one place, a slip of the unit (H18, H26, H27).
DOSE = {
    "PASSES_MAX": 6,
    "ZONE_TIME_MAX_S": 30 * 60,
    "DOSE_MAX_PER_CM2": 5000,
    "DOSE_WARN_PERCENT": 90,
    "AREA_MIN_MM2": 100,
    "AREA_MAX_MM2": 60_000,
    "SESSION_ZONES_MAX": 16,
}
# Zone: cap um, most with an override um, lowest and highest rate 0.01 Hz (H01, H04, H06).
ZONES = {
    1: (750, 1500, 5000, 12_000),
    2: (750, 1500, 5000, 15_000),
    3: (750, 1000, 5000, 15_000),
    4: (500, 750, 5000, 10_000),
    5: (500, 750, 5000, 15_000),
    6: (1500, 2000, 8000, 15_000),
    7: (1000, 1500, 5000, 15_000),
    8: (750, 1000, 5000, 15_000),
    9: (1000, 1500, 5000, 15_000),
    10: (1000, 1500, 5000, 15_000),
    11: (750, 1000, 5000, 15_000),
    12: (1500, 2000, 5000, 15_000),
    13: (1500, 2500, 5000, 15_000),
    14: (1500, 2000, 5000, 15_000),
    15: (1000, 1500, 5000, 15_000),
    16: (750, 1000, 5000, 15_000),
}
# Needles: over-current limit mA, depth cap um, punctures counted per stroke (H09, H21, H26).
CARTRIDGES = {
    12: (500, 2500, 12),
    24: (650, 2500, 24),
    36: (800, 2500, 36),
    0: (400, 500, 36),
}


def test_every_limit_is_the_one_that_was_reasoned() -> None:
    by_hand = DEPTH | MOTION | CURRENT | HEAT | SUPPLY | TIME | SWITCHES | DOSE
    there = {name: value for name, value in vars(limits).items() if type(value) is int}
    assert there == by_hand


def test_every_zone_has_the_limits_of_its_skin() -> None:
    assert {row[0]: row[1:] for row in limits.ZONE_LIMITS} == ZONES
    assert [row[0] for row in limits.ZONE_LIMITS] == list(range(1, 17))
    for zone, row in ZONES.items():
        assert limits.zone_row(zone) == (zone, *row)
    for unknown in (-1, 0, 17, 255):
        assert limits.zone_row(unknown) is None


def test_every_cartridge_has_the_limits_of_its_needles() -> None:
    assert {row[0]: row[1:] for row in limits.CARTRIDGE_LIMITS} == CARTRIDGES
    for pins, row in CARTRIDGES.items():
        assert limits.cartridge_row(pins) == (pins, *row)
    for unknown in (-1, 1, 11, 13, 35, 37):
        assert limits.cartridge_row(unknown) is None
