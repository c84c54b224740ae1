"""Every number that protects a person, with the hazards it answers (H.. of docs/hazards.md).

Plain constants, so that the compiler folds them into the code that uses them and a reader finds
each number once. Sources: FDA-evaluated ceiling of 1.50 mm and the clinical ranges behind the
zone caps (docs/hazards.md lists them); figures of parts from `hardware/board`; the rest is
reasoned in the comment beside it. Owns no state; a limit changes only by changing this file.
"""

from protocol.interpreter import const

# --- depth --------------------------------------------------------------------------------------
DEPTH_HARD_CAP_UM = const(2500)  # H01: no plan, override or service value goes beyond
DEPTH_DEFAULT_CAP_UM = const(1500)  # H01: above, an override reason is needed in every zone
DEPTH_DEMO_CAP_UM = const(250)  # H44: a demonstration never reaches the dermis
DEPTH_MIN_UM = const(50)  # H03: below one step of the library nothing is treated
DEPTH_ERROR_UM = const(120)  # H02: 0.15 mm less 0.03, the sensor's error: 1 % of 2 mm and 0.01
DEPTH_ERROR_MS = const(3)  # H02: three samples, so one noisy sample (4 um sigma) cannot trip
NEEDLES_IN_UM = const(100)  # H10: Hall at most this and home switch active = withdrawn

# --- stroke rate ---------------------------------------------------------------------------------
RATE_MIN_CHZ = const(2500)  # H08: 25 Hz, slower drags the skin half a millimetre per stroke
RATE_FLOOR_CHZ = const(5000)  # H08: 50 Hz, lowest rate of a treatment (25 Hz for demonstrations)
RATE_MAX_CHZ = const(15000)  # H07
OVERSPEED_CHZ = const(16000)  # H07: absolute
OVERSPEED_MS = const(3)  # H07: 3 ms at 160 Hz is half a stroke
OVERSPEED_PERCENT = const(110)  # H07: of the granted rate
OVERSPEED_SET_MS = const(20)  # H07: two strokes at 100 Hz
RATE_WARN_PERCENT = const(10)  # H08, H07: either side of the rate asked of the motor
RATE_WARN_MS = const(96)  # H08, H07
RATE_LOW_PERCENT = const(80)  # H08
RATE_LOW_MS = const(300)  # H08
STALL_MS = const(30)  # H09: no tachometer pulse while driven; at 25 Hz one is due every 10 ms
STALL_START_MS = const(80)  # H09: until the first pulse of a run: soft start plus a quarter turn
TACHOMETER_ERROR_CHZ = const(2500)  # H35: back-EMF against pulses; the estimate itself is +-10 Hz
TACHOMETER_ERROR_MS = const(200)  # H35: net time, agreement counts back
TURNS_WRONG_MOST = const(4)  # H35: turns without exactly four pulses; sixteen right ones undo one
CREEP_MOST_CHZ = const(2500)  # H07: while parking the cam: it creeps at 6 Hz, 16 at most
CREEP_BRAKE_MS = const(50)  # H07: before that more, as braking leaves it from 150 Hz:
BRAKE_CHZ_PER_MS = const(280)  # H07: told 68 Hz at most after 20 ms, where this line says 109
UNCOMMANDED_PULSES = const(3)  # H07, H14: more than a knock moves the cam
UNCOMMANDED_WINDOW_MS = const(256)  # H07, H14

# --- motor current --------------------------------------------------------------------------------
CURRENT_PEAK_MA = const(1500)  # H09: the driver's own limit (2.2 A) stands behind
CURRENT_PEAK_MS = const(3)  # H09
CURRENT_START_BLANK_MS = const(25)  # H09: a start draws stall current for 10-20 ms
OVERCURRENT_MS = const(100)  # H09: net time above the cartridge's limit, ripple counted back
CURRENT_OFF_MA = const(150)  # H07: with the drive cut no current may flow
CURRENT_OFF_MS = const(20)  # H07: braking current has died after three time constants of 7 ms
DUTY_OFF_MS = const(32)  # H07: no duty is held in a state without drive
CURRENT_CODE_RAIL = const(4090)  # H35: of 4095, the sense output is at its rail
BRIDGE_STALL_MS = const(32)  # H09: the bridge's own opinion, after its 20 ms above 1.5 A
CURRENT_CODE_DEAD = const(8)  # H35: 6 mA; the free-running motor takes 40 mA
CURRENT_SENSOR_MS = const(96)  # H35
CURRENT_FROZEN_MS = const(32)  # H35: the same code while needles run; noise alone is four codes
OUTPUT_WRONG_MS = const(3)  # H35: what a register holds differs from what was written there

# --- temperature ----------------------------------------------------------------------------------
TEMPERATURE_WARN_CDEG = const(4100)  # H33
TEMPERATURE_STOP_CDEG = const(4300)  # H33: 43 C on skin for minutes is the threshold of a burn
TEMPERATURE_MS = const(480)  # H33: the housing needs minutes; this is only against noise
WINDING_STOP_CDEG = const(10000)  # H33: 25 K below the motor's rating, so the model may be wrong
NTC_OPEN_CODE = const(4000)  # H35: above: colder than -49 C, the wire is open
NTC_SHORT_CODE = const(150)  # H35: below: hotter than 146 C, it is shorted
NTC_SENSOR_MS = const(96)  # H35
HALL_LOW_CODE = const(41)  # H35, H02: -170 um, behind the mechanical stop at -100 um
HALL_HIGH_CODE = const(3932)  # H35, H02: 2680 um, beyond the mechanical stop at 2600 um
HALL_SENSOR_MS = const(64)  # H35, H02
HALL_FROZEN_MS = const(128)  # H35, H02: the same code; noise alone is five codes

# --- supply ---------------------------------------------------------------------------------------
BATTERY_START_PERCENT = const(30)  # H34, H11
BATTERY_WARN_PERCENT = const(20)  # H34
BATTERY_STOP_PERCENT = const(10)  # H34, H11: under load
BATTERY_STOP_MV = const(3100)  # H11: above the cell protection, whatever the gauge believes
BATTERY_MS = const(96)  # H34: longer than the sag of a start
BATTERY_SENSOR_LOW_MV = const(2500)  # H35: the board could not be running
BATTERY_SENSOR_HIGH_MV = const(4500)  # H35: no single cell reaches this
BATTERY_SENSOR_MS = const(96)  # H35

# --- time -----------------------------------------------------------------------------------------
LEASE_MS = const(250)  # H12: host silent this long while tethered
ARM_MS = const(30_000)  # H14: arm expires
ARM_HOLD_MS = const(1000)  # H14: button hold that arms an untethered plan
SESSION_MS = const(1_800_000)  # H27: needles running, per session
IDLE_MS = const(60_000)  # H12, H14: running without contact
DWELL_WARN_MS = const(5000)  # H26: contact without a lift
DWELL_STOP_MS = const(10_000)  # H26
POSITIONING_MS = const(1500)  # H10: cam parked (<= 0.5 s) and full travel (<= 0.2 s), thrice over
PARKING_MS = const(1500)  # H10: 0.25 s expected; after this it is a fault
SETTLE_MS = const(300)  # H37: after a reset at speed the needles run out for 25 to 220 ms
BOOT_MS = const(10_000)  # H39: self-test and homing
TICK_LATE_US = const(4000)  # H36: the 5 ms countdown is about to fall
MAIN_LOOP_MS = const(1000)  # H36: main loop silent while armed or moving

# --- switches and lines ---------------------------------------------------------------------------
BUTTON_MS = const(5)  # H13, H14: contact bounce of the button is under 3 ms
BUTTON_STUCK_MS = const(10_048)  # H13: 314 rounds of 32 ms, so never before 10 s, held for nothing
PRESSES_MOST = const(6)  # H13, H14: that many while armed or moving, within the time below
PRESSES_MS = const(3500)  # H13, H14: to start, treat and stop again takes a thumb over a second
SEAT_LOST_MS = const(5)  # H20, H23: vibration opens the contact for less than 2 ms
SEAT_MADE_MS = const(200)  # H41, H20: a bayonet is closed for good
ENABLE_RISE_MS = const(4)  # H39: after a grant; the chain has an RC of 1 ms
ENABLE_FALL_MS = const(8)  # H39: after the last grant; the countdown is 5 ms

# --- dose -----------------------------------------------------------------------------------------
PASSES_MAX = const(6)  # H27
ZONE_TIME_MAX_S = const(1800)  # H27
DOSE_MAX_PER_CM2 = const(5000)  # H26, H27: six passes of 750 and a margin
DOSE_WARN_PERCENT = const(90)  # H27
AREA_MIN_MM2 = const(100)  # H18: 1 cm2, smaller is a slip of the unit
AREA_MAX_MM2 = const(60_000)  # H18: 600 cm2
SESSION_ZONES_MAX = const(16)  # H18

# --- zones: id, cap um, override maximum um, lowest and highest rate 0.01 Hz ----------------------
# H01, H04, H06. Above the cap a plan needs an override reason; above the maximum it is refused.
ZONE_LIMITS = (
    (1, 750, 1500, 5000, 12000),  # forehead: bone under 2 mm of fat
    (2, 750, 1500, 5000, 15000),  # glabella
    (3, 750, 1000, 5000, 15000),  # temple: thin, nerves and vessels
    (4, 500, 750, 5000, 10000),  # periorbital, outside the orbital rim only (H04)
    (5, 500, 750, 5000, 15000),  # nose: cartilage
    (6, 1500, 2000, 8000, 15000),  # cheek
    (7, 1000, 1500, 5000, 15000),  # malar
    (8, 750, 1000, 5000, 15000),  # perioral
    (9, 1000, 1500, 5000, 15000),  # chin
    (10, 1000, 1500, 5000, 15000),  # neck
    (11, 750, 1000, 5000, 15000),  # decolletage
    (12, 1500, 2000, 5000, 15000),  # cheek with acne scars
    (13, 1500, 2500, 5000, 15000),  # surgical scar, body
    (14, 1500, 2000, 5000, 15000),  # striae
    (15, 1000, 1500, 5000, 15000),  # scalp
    (16, 750, 1000, 5000, 15000),  # hand dorsum
)

# --- cartridges: pins, over-current limit mA, depth cap um, punctures counted per stroke ----------
# H09, H21, H26. Current: the hardest load the pins should meet (0.3 N each: 361 mA peak with 12
# pins) and a margin; 800 mA is the most that any cartridge is given. Nano tips have no needles
# to count, so they are counted as the largest array.
CARTRIDGE_LIMITS = (
    (12, 500, 2500, 12),
    (24, 650, 2500, 24),
    (36, 800, 2500, 36),
    (0, 400, 500, 36),  # nano
)
CURRENT_MOST_MA = const(800)  # H09: no cartridge is given more
CURRENT_DEFAULT_MA = const(400)  # H21: before a cartridge is known, the least of them


def zone_row(zone: int) -> "tuple[int, int, int, int, int] | None":
    """Limits of zone 1..16 as (zone, cap_um, override_max_um, rate_low_chz, rate_high_chz)."""
    for row in ZONE_LIMITS:
        if row[0] == zone:
            return row
    return None


def cartridge_row(pins: int) -> "tuple[int, int, int, int] | None":
    """Limits of a cartridge as (pins, current_ma, depth_cap_um, punctures_per_stroke)."""
    for row in CARTRIDGE_LIMITS:
        if row[0] == pins:
            return row
    return None
