"""Every number of the plant, in SI units unless the name says otherwise, with its source.

Figures that firmware shares come from `hardware.board.rev_a`; the rest is stated here. A
`Parameters` is never changed: `replace` makes another one. Named corners are in `corners.py`.
"""

from dataclasses import dataclass, field, replace

from hardware.board import rev_a as board

__all__ = [
    "BatteryParameters",
    "BridgeParameters",
    "CamParameters",
    "MotorParameters",
    "Parameters",
    "SenseParameters",
    "SkinParameters",
    "StageParameters",
    "ThermalParameters",
    "replace",
]


@dataclass(frozen=True, slots=True)
class MotorParameters:
    """Coreless DC motor, FAULHABER 1331T006SR."""

    resistance_ohm: float = board.MOTOR_RESISTANCE_MOHM * 1e-3  # data sheet, at 25 C
    inductance_h: float = board.MOTOR_INDUCTANCE_UH * 1e-6  # L/R = 70e-6 / 2.83 = 25 us
    torque_nm_per_a: float = board.MOTOR_TORQUE_UNM_PER_A * 1e-6
    inertia_kgm2: float = board.MOTOR_INERTIA_E12_KGM2 * 1e-12  # rotor; the slider is in the cam
    # No-load current 22 mA * 5.35 mNm/A = 0.12 mNm, plus 0.10 mNm of seal and slider.
    friction_nm: float = 0.22e-3
    # Breaking away takes a little more than sliding (dry coreless motor; judgement).
    stiction_ratio: float = 1.15


@dataclass(frozen=True, slots=True)
class CamParameters:
    """Eccentric, slider and the springs that pull the needles back."""

    radius_m: float = board.CAM_RADIUS_UM * 1e-6
    slider_kg: float = board.SLIDER_MASS_MG * 1e-6
    # Return spring and membrane together, gentle: the eccentric moves the slider both ways, the
    # spring only takes up play. Torque at most (0.02 + 10 * 2.5e-3) N * 1.25 mm = 0.056 mNm, a
    # quarter of the friction, so it never turns the resting cam.
    spring_preload_n: float = 0.02
    spring_n_per_m: float = 10.0


@dataclass(frozen=True, slots=True)
class BridgeParameters:
    """DRV8213 class bridge."""

    resistance_ohm: float = board.BRIDGE_RESISTANCE_MOHM * 1e-3
    current_limit_a: float = board.BRIDGE_CURRENT_LIMIT_MA * 1e-3
    stall_a: float = board.BRIDGE_STALL_MA * 1e-3
    stall_blank_us: int = board.BRIDGE_STALL_BLANK_US
    countdown_us: int = board.ENABLE_COUNTDOWN_US
    watchdog_min_us: int = board.WATCHDOG_MIN_US
    watchdog_max_us: int = board.WATCHDOG_MAX_US


@dataclass(frozen=True, slots=True)
class BatteryParameters:
    """One lithium-ion cell, boost converter and what the logic draws."""

    capacity_ah: float = board.BATTERY_CAPACITY_MAH * 1e-3
    resistance_ohm: float = board.BATTERY_RESISTANCE_MOHM * 1e-3
    soc: float = 0.8  # state of charge at the start, 0..1
    ocv_v: tuple[float, ...] = tuple(mv * 1e-3 for mv in board.BATTERY_OCV_MV)
    logic_a: float = board.LOGIC_CURRENT_MA * 1e-3
    charger_a: float = 0.25  # while USB power is present, through the isolated 1.5 W converter
    boost_v: float = board.BOOST_MV * 1e-3
    boost_efficiency: float = board.BOOST_EFFICIENCY_PERCENT * 1e-2
    boost_start_s: float = board.BOOST_START_US * 1e-6
    boost_lockout_v: float = 2.5  # below this at its input the boost stops ...
    boost_restart_v: float = 2.8  # ... until the input is back here
    bypass_drop_v: float = board.BOOST_BYPASS_DROP_MV * 1e-3
    # A stiff bench supply straight on the motor terminals instead of battery, boost and
    # transistors: 0 = none. Used to repeat measurements stated for "full supply on the motor".
    bench_v: float = 0.0


@dataclass(frozen=True, slots=True)
class ThermalParameters:
    """Winding and housing."""

    ambient_c: float = 25.0
    winding_k_per_w: float = board.MOTOR_RTH_WINDING_MK_PER_W * 1e-3
    housing_k_per_w: float = board.MOTOR_RTH_HOUSING_MK_PER_W * 1e-3
    # Fitted to 4.8 W giving +5 K after 1 s and +18 K after 5 s: the fast time constant is
    # 0.87 J/K * 6 K/W = 5.2 s. The motor weighs 20 g at about 0.45 J/gK = 9 J/K.
    winding_j_per_k: float = 0.87
    housing_j_per_k: float = 9.0
    copper_per_k: float = board.MOTOR_COPPER_PPM_PER_K * 1e-6


@dataclass(frozen=True, slots=True)
class StageParameters:
    """Stepper, lead screw, carriage, home switch and stops of the depth stage (um, half steps)."""

    half_step_um: float = board.DEPTH_HALF_STEP_UM
    # Rotor in the field c of its coils, in half steps (depth_stage.py). Fitted so that it starts at
    # 740, follows to 2400 half steps per second and takes 55 000/s^2: what the board states (700,
    # 2200, 20 000) with a margin.
    magnet_per_s2: float = 160_000.0
    damping_per_s: float = 50.0
    ring_damping_per_s: float = 60.0  # against the field's mean speed: eddy currents
    friction_per_s2: float = 16_000.0
    backlash_um: float = board.DEPTH_BACKLASH_UM
    screw_error_um: float = 2.0  # once per turn of the screw, amplitude
    screw_lead_um: float = 500.0
    retracted_stop_um: float = board.DEPTH_RETRACTED_STOP_UM
    deep_stop_um: float = board.DEPTH_STOP_UM
    home_repeat_um: float = board.HOME_REPEATABILITY_UM  # band in which the switch closes
    home_hysteresis_um: float = 6.0  # it opens this much further out
    start_um: float | None = None  # carriage at power-up; None = anywhere, by the seed


@dataclass(frozen=True, slots=True)
class SenseParameters:
    """Sensors: scale errors and noise (standard deviations)."""

    hall_gain: float = 1.0
    hall_offset_um: float = 0.0
    hall_nonlinearity_um: float = 12.0  # amplitude, of at most 15
    hall_noise_um: float = board.HALL_NOISE_UM
    current_gain: float = 1.0
    current_offset_ma: float = 0.0
    current_noise_ma: float = 3.0
    ntc_offset_k: float = 0.0
    ntc_noise_codes: float = 1.0
    battery_gain: float = 1.0
    battery_noise_codes: float = 1.5
    tach_jitter_us: float = 2.0
    button_bounce_ms: int = 4


@dataclass(frozen=True, slots=True)
class SkinParameters:
    """Needle and skin; the force law itself is in `needle.py`, zones are in `skin.py`."""

    force_per_needle_n: float = 0.055  # published value; 0.15 and 0.3 stand for scar and worn tips
    # Stiffness of the skin under the nose at normal pressure, N/m, and how it grows with it:
    # 12 pins at 1.0 mm push 12 * 0.055 * 1.4 = 0.92 N. Light hand (0.5): 2700 * 0.5^0.8 = 1550 N/m,
    # 0.60 mm deflection, 0.40 mm penetration. Firm (2.0): 4700 N/m, 0.20 mm, 0.80 mm.
    stiffness_n_per_m: float = 2700.0
    stiffness_exponent: float = 0.8
    head_width_mm: float = 8.0
    wander: float = 0.08  # slow change of hand pressure, amplitude as a share
    wander_hz: float = 1.3


@dataclass(frozen=True, slots=True)
class Parameters:
    """All of the plant's numbers."""

    motor: MotorParameters = field(default_factory=MotorParameters)
    cam: CamParameters = field(default_factory=CamParameters)
    bridge: BridgeParameters = field(default_factory=BridgeParameters)
    battery: BatteryParameters = field(default_factory=BatteryParameters)
    thermal: ThermalParameters = field(default_factory=ThermalParameters)
    stage: StageParameters = field(default_factory=StageParameters)
    sense: SenseParameters = field(default_factory=SenseParameters)
    skin: SkinParameters = field(default_factory=SkinParameters)
