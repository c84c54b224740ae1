"""Revision A of the pen's board: pins, scales, parts and geometry as plain integers.

The single place where firmware and plant take a figure of the hardware from. It imports nothing and
runs unchanged on CPython and MicroPython. Units stand in the names; where a figure was computed the
arithmetic stands beside it. `bill_of_materials.csv` names the parts, a test compares the two.
"""

BOARD_NAME = "pen-rev-a"

# ---- Processor: RP2040 ------------------------------------------------------------------------

CPU_HZ = 125_000_000

# Pins, by GPIO number. `PIN_*` are all of them; the README table is tested against this list.
PIN_UART_TX = 0  # factory test header
PIN_UART_RX = 1
PIN_BRIDGE_IN1 = 2  # PWM slice 1 A: forward
PIN_BRIDGE_IN2 = 3  # PWM slice 1 B: backward
PIN_DRIVE_ENABLE = 4  # PIO countdown: high while the permission has not expired
PIN_ENABLE_SENSE = 5  # read-back behind the AND chain
PIN_BRIDGE_STALL = 6  # open drain, low = current above the stall threshold
PIN_BRIDGE_SLEEP = 7  # low = bridge asleep, outputs high impedance
PIN_BOOST_ENABLE = 8
PIN_WATCHDOG_KICK = 9  # every edge is a kick of the external window watchdog
PIN_TACH = 10
PIN_INDEX = 11
PIN_COIL_A_POSITIVE = 12  # four pins in a row: one `out pins, 4` writes a half-step pattern
PIN_COIL_A_NEGATIVE = 13
PIN_COIL_B_POSITIVE = 14
PIN_COIL_B_NEGATIVE = 15
PIN_I2C_SDA = 16  # I2C 0
PIN_I2C_SCL = 17
PIN_BUTTON = 18  # low = pressed
PIN_SEAT = 19  # low = cartridge seated
PIN_HOME = 20  # low = carriage at home
PIN_BUZZER = 21  # PWM slice 2 B
PIN_LIGHT_RED = 22
PIN_LIGHT_GREEN = 23
PIN_VBUS = 24  # high = USB power present
PIN_LIGHT_BLUE = 25
PIN_ADC_CURRENT = 26
PIN_ADC_HALL = 27
PIN_ADC_NTC = 28
PIN_ADC_BATTERY = 29

STALL_ACTIVE_LOW = True
BUTTON_ACTIVE_LOW = True
SEAT_ACTIVE_LOW = True
HOME_ACTIVE_LOW = True
INDEX_ACTIVE_LOW = False
VBUS_ACTIVE_LOW = False

ADC_CHANNEL_CURRENT = 0
ADC_CHANNEL_HALL = 1
ADC_CHANNEL_NTC = 2
ADC_CHANNEL_BATTERY = 3
ADC_CHANNELS = 4
ADC_MAX_CODE = 4095  # 12 bit
ADC_REFERENCE_MV = 3300

# ---- Bridge (DRV8213 class) -------------------------------------------------------------------

PWM_HZ = 25_000
PWM_TOP = 5000  # 125 MHz / 25 kHz: duty runs from -5000 to 5000
BRIDGE_RESISTANCE_MOHM = 240  # both transistors in the path
BRIDGE_CURRENT_LIMIT_MA = 2200  # cycle by cycle, in hardware
BRIDGE_STALL_MA = 1500  # stall output: above this ...
BRIDGE_STALL_BLANK_US = 20_000  # ... for this long (the start itself draws more for 10-20 ms)

# Current sense: 3.0 A at full scale, mean of the last millisecond (RC filter), magnitude only.
CURRENT_FULL_SCALE_MA = 3000
CURRENT_SHIFT = 12  # current_ma = code * 3000 >> 12
CURRENT_UA_PER_CODE = 732  # 3 000 000 / 4096

# ---- Drive-enable chain: AND(PIO countdown, cartridge contact, external window watchdog) -------

ENABLE_COUNTDOWN_US = 5000
WATCHDOG_MIN_US = 200  # a kick earlier than this after the last one is a violation
WATCHDOG_MAX_US = 20_000  # no kick for this long is a violation

# ---- Needle motor (FAULHABER 1331T006SR) and cam ------------------------------------------------

MOTOR_RESISTANCE_MOHM = 2830
MOTOR_INDUCTANCE_UH = 70
MOTOR_TORQUE_UNM_PER_A = 5350
MOTOR_INERTIA_E12_KGM2 = 71_000  # 0.71 gcm2 = 7.1e-8 kgm2
MOTOR_NO_LOAD_MA = 22
MOTOR_STALL_UNM = 11_200  # at 6 V
MOTOR_TIME_CONSTANT_US = 7200  # R J / kt^2 = 2.83 * 7.3e-8 / 5.35e-3^2 = 7.2 ms
MOTOR_BACK_EMF_UV_PER_HZ = 33_615  # 5.35 mVs/rad * 2 pi
MOTOR_COPPER_PPM_PER_K = 3900
MOTOR_RTH_WINDING_MK_PER_W = 6000  # winding to housing, 6 K/W
MOTOR_RTH_HOUSING_MK_PER_W = 25_000  # housing to air, 25 K/W

CAM_STROKE_UM = 2500
CAM_RADIUS_UM = 1250
SLIDER_MASS_MG = 3000
STROKES_PER_REVOLUTION = 1

# theta = 0 is full extension, 180 degrees full retraction.
TACH_PER_REVOLUTION = 4
TACH_MARKS_DEG = (45, 135, 225, 315)
INDEX_CENTRE_DEG = 180
INDEX_HALF_WIDTH_DEG = 20

# ---- Depth stage --------------------------------------------------------------------------------

DEPTH_HALF_STEP_UM = 10
DEPTH_TRAVEL_UM = 2500
DEPTH_STOP_UM = 2600  # mechanical stop, deep side
DEPTH_RETRACTED_STOP_UM = -100  # mechanical stop, behind the home switch
DEPTH_BACKLASH_UM = 15
HOME_REPEATABILITY_UM = 3

# Half steps in the order that extends. Bits: 0 A+, 1 A-, 2 B+, 3 B-. 0 = coils off.
COIL_PATTERNS = (0b0001, 0b0101, 0b0100, 0b0110, 0b0010, 0b1010, 0b1000, 0b1001)
COIL_OFF = 0
STEPPER_PULL_IN_PER_S = 700  # start and stop without ramp, half steps per second
STEPPER_PULL_OUT_PER_S = 2200  # fastest it follows at all
STEPPER_ACCELERATION_PER_S2 = 20_000  # ramp that keeps a margin of two
STEPPER_PER_MS_MAX = 4  # patterns one millisecond of the output can take

# Hall sensor: 3000 um over 4096 codes, -200 um at code 0.
# position_um = (code - HALL_ZERO_CODE) * HALL_UM_Q16 >> 16;  3000 * 65536 / 4096 = 48 000 exactly.
HALL_ZERO_CODE = 273  # 200 um / 0.7324 um per code
HALL_UM_Q16 = 48_000
HALL_NONLINEARITY_UM = 15
HALL_NOISE_UM = 4  # standard deviation of one sample

# ---- Motor NTC: 10 k at 25 C, B 3380 (25/50), pull-up 10 k ---------------------------------------

NTC_OHM_25C = 10_000
NTC_BETA_K = 3380
NTC_PULL_UP_OHM = 10_000
# code = 4096 R / (R + 10 000), R = 10 000 exp(3380 (1/T - 1/298.15)), every 5 C from -10 to 90 C.
# Straight lines between the points are within 0.06 C below 55 C and 0.09 C above.
NTC_CODES = (
    3354, 3197, 3024, 2839, 2645, 2446, 2245, 2048, 1857, 1675, 1505,
    1348, 1203, 1073, 955, 849, 755, 672, 598, 533, 476,
)  # fmt: skip
NTC_FIRST_CDEG = -1000
NTC_STEP_CDEG = 500
NTC_OPEN_CODE = 4000  # above: -49 C or colder, so the wire is open
NTC_SHORT_CODE = 150  # below: 146 C or hotter, so it is shorted

# ---- Supply -------------------------------------------------------------------------------------

BATTERY_CAPACITY_MAH = 800
BATTERY_RESISTANCE_MOHM = 150
BATTERY_EMPTY_MV = 3000
BATTERY_FULL_MV = 4200
BATTERY_FULL_SCALE_MV = 6600  # divider 1:2 before 3.3 V: voltage_mv = code * 6600 >> 12
BATTERY_SHIFT = 12
# Open-circuit voltage at 0, 10, ... 100 % of charge.
BATTERY_OCV_MV = (3000, 3500, 3600, 3660, 3710, 3770, 3840, 3920, 4000, 4090, 4200)
BATTERY_OCV_STEP_PERCENT = 10
BOOST_MV = 6000
BOOST_START_US = 3000  # 5 % to 95 % of the rail
BOOST_EFFICIENCY_PERCENT = 90
BOOST_BYPASS_DROP_MV = 300  # boost off: the rail falls to the battery through a diode
LOGIC_CURRENT_MA = 45  # processor, sensors, light

# ---- I2C and cartridge memory (24AA025UID class) -------------------------------------------------

I2C_HZ = 400_000
I2C_CARTRIDGE = 0x50
I2C_ACCELEROMETER = 0x18  # LIS2DH12, SA0 low
ACCELEROMETER_WHO_AM_I_REGISTER = 0x0F
ACCELEROMETER_WHO_AM_I = 0x33
CARTRIDGE_MEMORY_BYTES = 256
CARTRIDGE_WRITABLE_BYTES = 128  # 0x00-0x7F; above is read only
CARTRIDGE_PAGE_BYTES = 16
CARTRIDGE_UNIQUE_ID_ADDRESS = 0xFC
CARTRIDGE_UNIQUE_ID_BYTES = 4
CARTRIDGE_WRITE_CYCLE_US = 5000  # no answer meanwhile: poll

# ---- Flash: 2 MB --------------------------------------------------------------------------------

FLASH_BYTES = 0x20_0000
FLASH_SECTOR_BYTES = 4096
FLASH_PAGE_BYTES = 256
FLASH_ERASE_US = 45_000
FLASH_PROGRAM_US = 400
FLASH_FIRMWARE_OFFSET = 0x00_0000  # interpreter and frozen modules, 768 KB
FLASH_FIRMWARE_BYTES = 0x0C_0000
FLASH_UPDATE_OFFSET = 0x0C_0000  # image under update, 768 KB
FLASH_UPDATE_BYTES = 0x0C_0000
FLASH_RECORDS_OFFSET = 0x18_0000  # plans, settings, records, fault log: 128 sectors
FLASH_RECORDS_BYTES = 0x08_0000
