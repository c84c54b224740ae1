"""The pin link's messages: what crosses between a pen's pins and the simulated bench.

Purpose: one definition of the bytes for both ends. Owns no state.

Little endian, lockstep, 1 ms of simulated time per STEP:

    bench -> firmware   STEP    what the pins see, then `serial_len` bytes from the host
    firmware -> bench   DRIVE   what the pins do, then `tail_len` bytes to the host
    firmware -> bench   CALL    the same record, then `tail_len` bytes of a request (see CALL_*)
    bench -> firmware   ANSWER  status and `tail_len` bytes

The firmware speaks first: it sends the calls of its boot and then its first DRIVE. After that every
STEP is answered by any number of CALLs (each answered at once) and one DRIVE. A CALL carries all
outputs too, because a flash erase must be simulated with the outputs that the tick left behind.
"""

from protocol.interpreter import const

# --- kinds: the first byte of every message ------------------------------------------------------
KIND_STEP = const(1)
KIND_ANSWER = const(2)
KIND_DRIVE = const(3)
KIND_CALL = const(4)

# --- STEP: kind, t_us (wraps at 2^30), tach_count, tach_edge_us, index_count, index_edge_us,
# adc 0..3, pins, serial_len. Times wrap at 2^30, so none of them leaves a small integer.
STEP_FORMAT = "<BIHIHIHHHHHH"
STEP_SIZE = const(29)
SEEN_T_US = const(1)
SEEN_TACH_COUNT = const(2)
SEEN_TACH_EDGE_US = const(3)
SEEN_INDEX_COUNT = const(4)
SEEN_INDEX_EDGE_US = const(5)
SEEN_ADC = const(6)  # and the three after it
SEEN_PINS = const(10)
SEEN_SERIAL_LEN = const(11)

PIN_SEAT = const(0x01)  # cartridge seated
PIN_HOME = const(0x02)  # depth stage at its home switch
PIN_BUTTON = const(0x04)
PIN_BRIDGE_STALL = const(0x08)
PIN_ENABLE = const(0x10)  # drive-enable read back behind the AND chain
PIN_INDEX = const(0x20)  # level of the index mark
PIN_VBUS = const(0x40)
# Not pins, but two failures that only the bench can bring about:
HOLD_MAIN = const(0x80)  # the main loop hangs: handle the tick, then send the DRIVE at once
HOLD_TICK = const(0x100)  # the tick's interrupt is lost: only the main loop runs
HOLD_ALL = const(0x200)  # the processor stands still, its peripherals go on (emulated chip only)

SERIAL_IN_MAX = const(1024)  # bytes of host data in one STEP: a full-speed port carries no more
SERIAL_OUT_MAX = const(1024)  # and in one DRIVE

# --- DRIVE and CALL: kind, duty (PWM counts, signed), bridge, enable, coils, coil_count, lines,
# light red, green, blue, buzzer_hz, tail_len.
DRIVE_FORMAT = "<BhBBHBBBBBHH"
DRIVE_SIZE = const(16)

BRIDGE_COAST = const(0)
BRIDGE_DRIVE = const(1)
BRIDGE_BRAKE = const(2)

ENABLE_CUT = const(0)  # cut since the last message
ENABLE_GRANT = const(1)  # granted since the last message: 5 ms from now
ENABLE_NEITHER = const(2)

LINE_BOOST = const(0x01)  # level
LINE_WATCHDOG = const(0x02)  # the external watchdog was kicked since the last message

# --- requests of a CALL: first byte of its tail, then the arguments ------------------------------
CALL_I2C_WRITE = const(1)  # address u8, data
CALL_I2C_READ = const(2)  # address u8, register u8, count u8 -> data
CALL_FLASH_SIZE = const(3)  # -> u32
CALL_FLASH_READ = const(4)  # address u32, count u16 -> data
CALL_FLASH_ERASE = const(5)  # address u32; 45 ms pass
CALL_FLASH_PROGRAM = const(6)  # address u32, data (at most a page); 0.4 ms pass
CALL_UNIQUE_ID = const(7)  # -> 8 bytes
CALL_RESET_CAUSE = const(8)  # -> cause u8, scratch u32
CALL_RESET = const(9)  # [cause u8 [scratch u32]]; the answer is the last that this run sees
CALL_IMAGE_READ = const(10)  # address u32, count u16 -> data, of the firmware's area
CALL_BOOT_LOADER = const(11)  # leave for the boot loader: the last of this run, as CALL_RESET
CALL_SERVICE = const(12)  # leave for the service's prompt: the same

I2C_READ_FORMAT = "<BBBB"
FLASH_FORMAT = "<BI"
FLASH_READ_FORMAT = "<BIH"

# --- ANSWER: kind, status (0 or an errno), tail_len ----------------------------------------------
ANSWER_FORMAT = "<BBH"
ANSWER_SIZE = const(4)
