"""Named sets of parameters: corners in which a pen off the production line, or an old one, sits.

Tolerances: motor constants by the maker's +-8 % on R and 5 % on kt, seal friction half or double,
Hall and current sense by their data sheets' worst case, battery new to aged and cold.
"""

from hardware.plant.parameters import Parameters, replace

NOMINAL = Parameters()

_motor = NOMINAL.motor
_sense = NOMINAL.sense
_battery = NOMINAL.battery

WEAK_MOTOR = replace(
    NOMINAL,
    motor=replace(
        _motor,
        resistance_ohm=_motor.resistance_ohm * 1.08,
        torque_nm_per_a=_motor.torque_nm_per_a * 0.95,
        friction_nm=0.32e-3,  # the seal's 0.10 mNm doubled
        stiction_ratio=1.3,
    ),
)
STRONG_MOTOR = replace(
    NOMINAL,
    motor=replace(
        _motor,
        resistance_ohm=_motor.resistance_ohm * 0.92,
        torque_nm_per_a=_motor.torque_nm_per_a * 1.05,
        friction_nm=0.17e-3,  # the seal's 0.10 mNm halved
        stiction_ratio=1.0,
    ),
)
HEAVY_SLIDER = replace(
    NOMINAL, cam=replace(NOMINAL.cam, slider_kg=4e-3, spring_preload_n=0.03, spring_n_per_m=15.0)
)
SENSORS_HIGH = replace(
    NOMINAL,
    sense=replace(
        _sense,
        hall_gain=1.01,
        hall_offset_um=15.0,
        hall_nonlinearity_um=15.0,
        current_gain=1.06,
        current_offset_ma=8.0,
        ntc_offset_k=0.6,
        battery_gain=1.01,
    ),
)
SENSORS_LOW = replace(
    NOMINAL,
    sense=replace(
        _sense,
        hall_gain=0.99,
        hall_offset_um=-15.0,
        hall_nonlinearity_um=15.0,
        current_gain=0.94,
        current_offset_ma=-8.0,
        ntc_offset_k=-0.6,
        battery_gain=0.99,
    ),
)
OLD_BATTERY = replace(NOMINAL, battery=replace(_battery, soc=0.4, resistance_ohm=0.3))
LOW_BATTERY = replace(NOMINAL, battery=replace(_battery, soc=0.15))
FULL_BATTERY = replace(NOMINAL, battery=replace(_battery, soc=1.0))
COLD = replace(
    NOMINAL,
    thermal=replace(NOMINAL.thermal, ambient_c=10.0),
    battery=replace(_battery, resistance_ohm=0.25),
    motor=replace(_motor, friction_nm=0.3e-3),  # stiff grease
)
HOT = replace(NOMINAL, thermal=replace(NOMINAL.thermal, ambient_c=35.0))
WORN_STAGE = replace(NOMINAL, stage=replace(NOMINAL.stage, backlash_um=25.0, screw_error_um=4.0))

CORNERS = {
    "nominal": NOMINAL,
    "weak-motor": WEAK_MOTOR,
    "strong-motor": STRONG_MOTOR,
    "heavy-slider": HEAVY_SLIDER,
    "sensors-high": SENSORS_HIGH,
    "sensors-low": SENSORS_LOW,
    "old-battery": OLD_BATTERY,
    "low-battery": LOW_BATTERY,
    "full-battery": FULL_BATTERY,
    "cold": COLD,
    "hot": HOT,
    "worn-stage": WORN_STAGE,
}


def bench(volts: float) -> Parameters:
    """A pen whose motor hangs on a stiff supply: no battery, boost or transistors in between.

    Used to repeat measurements stated for "full supply on the motor".
    """
    return replace(NOMINAL, battery=replace(_battery, bench_v=volts))
