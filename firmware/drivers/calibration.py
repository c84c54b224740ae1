"""What differs from pen to pen, as integers.

Purpose: the trim values that drivers and control take at construction; storage may replace them
before that. Owns: nothing that changes in a run.
"""


class Calibration:
    """Trim of one pen; a new object holds the nominal pen."""

    def __init__(self) -> None:
        self.current_zero_code = 0  # ADC code at 0 mA, 0..200
        self.current_gain_ppt = 1000  # parts per thousand of the nominal mA per code
        self.hall_offset_um = 0  # added before the table, -200..200
        # added at 0, 256, 512 .. 2560 um: what is left of the magnet's non-linearity, -40..40
        self.hall_table_um = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        self.depth_zero_um = 0  # home switch to protrusion 0 at full extension, -100..100
        self.battery_gain_ppt = 1000  # parts per thousand of the nominal divider
        self.kt_ppt = 1000  # parts per thousand of the nominal torque constant
        self.resistance_ppt = 1000  # parts per thousand of the nominal winding resistance
