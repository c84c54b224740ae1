"""One tick's measurements by name, for everybody who is not in a hurry.

Purpose: the words that `drivers` write (places, units, ranges and meaning in `words.py`) as
attributes: telemetry, the main loop and tests read them here, kernels read the array. Owns: the
array, unless it is given one.
"""

from firmware import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words


class Readings:
    """Measurements of the current tick."""

    now_us = words.named(words.NOW_US)
    tick_us = words.named(words.TICK_US)
    t_ms = words.named(words.T_MS)
    rate_chz = words.named(words.RATE_CHZ)
    pulse_delta = words.named(words.PULSE_DELTA)
    pulse_age_ms = words.named(words.PULSE_AGE_MS)
    index_level = words.named(words.INDEX_LEVEL)
    current_ma = words.named(words.CURRENT_MA)
    depth_um = words.named(words.DEPTH_UM)
    temperature_cdeg = words.named(words.TEMPERATURE_CDEG)
    winding_cdeg = words.named(words.WINDING_CDEG)
    supply_mv = words.named(words.SUPPLY_MV)
    battery_percent = words.named(words.BATTERY_PERCENT)
    current_code = words.named(words.CURRENT_CODE)
    hall_code = words.named(words.HALL_CODE)
    ntc_code = words.named(words.NTC_CODE)
    battery_code = words.named(words.BATTERY_CODE)
    seat = words.named(words.SEAT)
    home = words.named(words.HOME)
    button = words.named(words.BUTTON)
    bridge_stall = words.named(words.BRIDGE_STALL)
    vbus = words.named(words.VBUS)
    enable_level = words.named(words.ENABLE_LEVEL)
    duty = words.named(words.DUTY)

    def __init__(self, array: "Words | None" = None) -> None:
        self.words = words.new() if array is None else array
        # Until the first tick has measured: what harms nobody.
        self.tick_us = 1000
        self.pulse_age_ms = 1000
        self.temperature_cdeg = 2500
        self.winding_cdeg = 2500
        self.supply_mv = 3700
        self.battery_percent = 50
