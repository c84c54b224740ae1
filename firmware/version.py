"""Version of the firmware, as HELLO tells it. Owns no state."""

FIRMWARE_VERSION = "0.1.0"
