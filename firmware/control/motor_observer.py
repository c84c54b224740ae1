"""What the motor does between two tachometer pulses, from voltage and current alone.

Purpose: speed every millisecond from the back-EMF, and the winding's temperature. Owns:
BACK_EMF_CHZ (no better than R and ke are known), the sign of the current (the bridge reports a
magnitude), winding temperature and with it the resistance.

    back-EMF = V - I R,  speed = back-EMF / ke,  R = R25 (1 + 0.0039 (T - 25))
"""

from firmware import words as place
from hardware.board.rev_a import MOTOR_BACK_EMF_UV_PER_HZ, MOTOR_RESISTANCE_MOHM
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.words import Words

_ENABLE_LEVEL = const(14)
_DUTY = const(16)
_T_MS = const(17)
_CURRENT_MA = const(22)
_TEMPERATURE_CDEG = const(25)
_WINDING_CDEG = const(27)
_BACK_EMF_CHZ = const(48)
_RAIL_MV = const(83)
_COLD_MOHM = const(86)
_CHZ_SCALE = const(87)
_RISE_MK = const(89)
_SQUARES = const(90)
_SQUARE_COUNT = const(91)
_RESISTANCE_MOHM = const(92)
_MOTOR_MA = const(93)
_EMF_MV = const(94)

_PWM_TOP = const(5000)
_BRIDGE_RESISTANCE_MOHM = const(240)
_MOTOR_COPPER_PPM_PER_K = const(3900)
_MOTOR_RTH_WINDING_MK_PER_W = const(6000)

_WINDOW_MS = const(64)  # of one thermal step
_WINDOW_MASK = const(63)
# The winding alone: 0.95 J/K (time constant 5.7 s with 6 K/W to the housing).
_WINDING_MJ_PER_K = const(950)
_RISE_MAX_K = const(300)
# Outside of these the thermistor is broken, and parking needs a resistance that is about right.
_COLDEST_CDEG = const(0)
_WARMEST_CDEG = const(4500)
_BRAKING_MV = const(200)  # half of what the controller brakes with: the current flows backwards
# A motor left at its own back-EMF draws a few mA of either sign, and its speed can rise by what
# the slider gives back: 70 mV in a tick at 100 Hz, less the friction's 16 mV, and noise.
_EMF_MAX_MV = const(7000)  # more than the rail: then a sense is broken
_DOUBT_MA = const(40)
_RISE_MV = const(60)
_BRAKE_RISE_MV = const(200)  # what a wrong resistance makes of the step from drive to brake


def begin(words: "Words", calibration: "Calibration") -> None:
    """Take over what this pen's motor is like."""
    # 5 % less: the observer may be a little slow to see a load, but with much more than the
    # true resistance (10 % spread) it would answer a load by overshooting, and swing.
    cold_mohm = MOTOR_RESISTANCE_MOHM * calibration.resistance_ppt * 95 // 100_000
    emf_uv_per_hz = MOTOR_BACK_EMF_UV_PER_HZ * calibration.kt_ppt // 1000
    words[place.COLD_MOHM] = cold_mohm
    # chz per mV * 2^10 = 100 * 1000 / ke_uv * 2^10 = 3046; times 7 V < 2^25
    words[place.CHZ_SCALE] = 100_000 * 1024 // emf_uv_per_hz
    # mV per chz * 2^16 = 22 030; times 30 000 chz = 6.6e8 < 2^30
    words[place.MV_SCALE] = emf_uv_per_hz * 65_536 // 100_000
    words[place.RESISTANCE_MOHM] = cold_mohm + _BRIDGE_RESISTANCE_MOHM


@micropython.viper
def observe(words):  # type: (Words) -> None
    """Take the current of the last millisecond, which the duty read back has driven."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    current_ma = w[_CURRENT_MA]
    # With drive-enable low the gates short the winding, whatever the duty.
    applied_mv = 0
    if w[_ENABLE_LEVEL] != 0:
        applied_mv = (((w[_DUTY] + half) & mask) - half) * w[_RAIL_MV] // _PWM_TOP
    drop_mv = current_ma * w[_RESISTANCE_MOHM] // 1000
    emf_mv = ((w[_EMF_MV] + half) & mask) - half
    backwards = emf_mv > 0
    if applied_mv > 0:
        if applied_mv < emf_mv - _BRAKING_MV:
            backwards = applied_mv + drop_mv < emf_mv + _BRAKE_RISE_MV
        else:
            backwards = current_ma < _DOUBT_MA and applied_mv + drop_mv < emf_mv + _RISE_MV
    elif applied_mv < 0:
        if applied_mv > emf_mv + _BRAKING_MV:
            backwards = applied_mv - drop_mv <= emf_mv - _BRAKE_RISE_MV
        else:
            backwards = current_ma >= _DOUBT_MA or applied_mv - drop_mv <= emf_mv - _RISE_MV
    if backwards:
        drop_mv = -drop_mv
        current_ma = -current_ma
    w[_MOTOR_MA] = current_ma
    emf_mv = applied_mv - drop_mv
    if emf_mv > _EMF_MAX_MV:
        emf_mv = _EMF_MAX_MV
    elif emf_mv < -_EMF_MAX_MV:
        emf_mv = -_EMF_MAX_MV
    w[_EMF_MV] = emf_mv
    w[_BACK_EMF_CHZ] = emf_mv * w[_CHZ_SCALE] >> 10
    w[_SQUARES] = w[_SQUARES] + (current_ma * current_ma >> 6)
    w[_SQUARE_COUNT] = w[_SQUARE_COUNT] + 1
    if w[_T_MS] & _WINDOW_MASK == 1:  # a tick in which the senses have nothing slow to do
        _warm(words)


@micropython.viper
def _warm(words):  # type: (Words) -> None
    """Let the winding warm or cool for 64 ms."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    # mA^2 / 1000 * mOhm / 1000 = mW: mean square <= 3600^2 = 1.3e7, / 1000 * 4000 = 5.2e7
    square = (w[_SQUARES] // w[_SQUARE_COUNT]) << 6
    w[_SQUARES] = 0
    w[_SQUARE_COUNT] = 0
    heat_mw = square // 1000 * (w[_RESISTANCE_MOHM] - _BRIDGE_RESISTANCE_MOHM) // 1000
    rise_mk = w[_RISE_MK]
    loss_mw = rise_mk * 1000 // _MOTOR_RTH_WINDING_MK_PER_W
    rise_mk += (heat_mw - loss_mw) * _WINDOW_MS // _WINDING_MJ_PER_K
    if rise_mk < 0:
        rise_mk = 0
    elif rise_mk > int(_RISE_MAX_K) * 1000:
        rise_mk = int(_RISE_MAX_K) * 1000
    w[_RISE_MK] = rise_mk
    housing_cdeg = ((w[_TEMPERATURE_CDEG] + half) & mask) - half
    w[_WINDING_CDEG] = housing_cdeg + rise_mk // 10
    if housing_cdeg < _COLDEST_CDEG:
        housing_cdeg = int(_COLDEST_CDEG)
    elif housing_cdeg > _WARMEST_CDEG:
        housing_cdeg = int(_WARMEST_CDEG)
    copper_cdeg = housing_cdeg + rise_mk // 10
    # 39 ppm per 0.01 K: 4000 mOhm * 40 000 / 1000 * 3900 < 2^30
    cold_mohm = w[_COLD_MOHM]
    warm_mohm = cold_mohm * (copper_cdeg - 2500) // 1000 * _MOTOR_COPPER_PPM_PER_K
    w[_RESISTANCE_MOHM] = cold_mohm + warm_mohm // (int(100) * 1000) + _BRIDGE_RESISTANCE_MOHM
