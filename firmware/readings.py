"""One tick's measurements: written by `drivers`, read by safety, control and treatment.

One instance lives for ever; its fields are plain integers so that the tick allocates nothing.
A leaf: imports nothing.
"""


class Readings:
    """Measurements of the current tick (units in the names, ranges beside them)."""

    def __init__(self) -> None:
        self.now_us = 0  # 0..2^30-1, wraps
        self.tick_us = 1000  # since the tick before
        self.t_ms = 0  # ticks since reset, wraps at 2^30 (12 days)
        self.rate_chz = 0  # from the tachometer, 0.01 Hz, 0..30000; 0 after 80 ms without pulse
        self.pulse_delta = 0  # tachometer pulses in this tick
        self.pulse_age_ms = 1000  # since the last pulse, stops at 1000
        self.index_level = 0
        self.current_ma = 0  # bridge current, 0..3300, 1 kHz samples
        self.depth_um = 0  # from the Hall sensor, calibrated, -300..2900
        self.temperature_cdeg = 2500  # housing
        self.winding_cdeg = 2500  # winding model
        self.supply_mv = 3700  # battery terminals
        self.battery_percent = 50  # charge left, 0..100, load counted in
        self.current_code = 0  # the four ADC codes behind the values, 0..4095
        self.hall_code = 0
        self.ntc_code = 0
        self.battery_code = 0
        self.seat = 0  # raw levels, 1 = active; debounce is safety's business
        self.home = 0
        self.button = 0
        self.bridge_stall = 0
        self.vbus = 0
        self.enable_level = 0  # drive-enable read back behind the whole chain
        self.duty = 0  # read back from the PWM, -5000..5000
