"""Every time-out of the host in one place, with its reason.

Milliseconds for the conversation, so that it runs in virtual time as well; seconds where a file
descriptor is waited on. Owns no state.
"""

# --- conversation -------------------------------------------------------------------------------
READ_BYTES = 4096  # more than 20 ms of telemetry at 200 Hz
PUMP_S = 0.02  # longest wait for bytes in one pass; the lease is looked at after each

REPLY_MS = 100  # the pen answers within a few milliseconds; a slow bridge adds tens
REPLY_ATTEMPTS = 5
HELLO_MS = 150
HELLO_ATTEMPTS = 20  # 3 s: a pen that was just switched on tests itself and homes meanwhile
COMMIT_MS = 250  # erasing a flash sector takes 45 ms, a plan and its log entry take several
COMMIT_ATTEMPTS = 16
BURST_MS = 250  # several requests in one go, a commit among them; then they are asked one by one
SELF_TEST_MS = 500  # homing there and back, sensors, stop path
SELF_TEST_ATTEMPTS = 30
STOP_MS = 40  # STOP is repeated fast: it is the one request that must arrive
STOP_ATTEMPTS = 25

# --- lease --------------------------------------------------------------------------------------
KEEPALIVE_MS = 80  # the pen stops after 250 ms: two may be lost
KEEPALIVE_REPLY_MS = 60
KEEPALIVE_ATTEMPTS = 2
SILENCE_MS = 1000  # after this the host stops hoping; the pen has stopped long before

# --- flashing -----------------------------------------------------------------------------------
FLASH_LOOK_MS = 100  # between two looks for a disk, a pen, a button
FLASH_CONFIRM_MS = 31_000  # the pen itself waits 30 s for its button
FLASH_RELEASE_MS = 10_000  # for a thumb that is still down
FLASH_DISK_MS = 20_000  # a desktop mounts a disk within some seconds
FLASH_BACK_MS = 30_000  # the image is 1 MB of file at USB's full speed, then the pen starts
FLASH_HASH_MS = 15_000  # a pen counts its hash beside its other work
FLASH_OLD_HASH_MS = 2500  # the same before, where it is only shown and compared
FLASH_BOOT_MS = 5000  # homing and self-test

# --- stopping -----------------------------------------------------------------------------------
PARKED_MS = 3000  # 0.25 s is usual, the pen itself reports a fault after 1.5 s
SETTLE_MS = 1500  # a cartridge is believed after 0.2 s, then read and compared with the plan
POLL_STATUS_MS = 50  # how often the state is asked for where no telemetry runs
