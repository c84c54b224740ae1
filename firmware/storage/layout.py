"""Where things lie in the record region of the flash. Addresses are fixed for the pen's life.

A place that is no longer used stays unused: a pen that goes back to older firmware still finds
what that firmware wrote. Owns no state.
"""

from protocol.interpreter import const

_SECTOR = const(4096)

PLAN_AT = const(0)  # two sectors: the plan in force
SETTINGS_AT = const(2 * _SECTOR)  # two sectors
FAULT_LOG_AT = const(8 * _SECTOR)
FAULT_LOG_SECTORS = const(16)
USAGE_LOG_AT = const(24 * _SECTOR)
USAGE_LOG_SECTORS = const(64)
RUN_LOG_AT = const(88 * _SECTOR)
RUN_LOG_SECTORS = const(4)
SECTORS_NEEDED = const(92)  # of the 128 that the region has
