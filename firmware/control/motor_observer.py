"""What the motor does between two tachometer pulses, from voltage and current alone.

Purpose: speed every millisecond from the back-EMF, and the winding's temperature. Owns: the sign of
the current (the bridge reports a magnitude), winding temperature and with it the resistance.

    back-EMF = V - I R,  speed = back-EMF / ke,  R = R25 (1 + 0.0039 (T - 25))
"""

from hardware.board.rev_a import (
    BRIDGE_RESISTANCE_MOHM,
    MOTOR_BACK_EMF_UV_PER_HZ,
    MOTOR_COPPER_PPM_PER_K,
    MOTOR_RESISTANCE_MOHM,
    MOTOR_RTH_WINDING_MK_PER_W,
    PWM_TOP,
)
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.drivers.motor_bridge import MotorBridge
    from firmware.readings import Readings

_WINDOW_MS = const(64)  # of one thermal step
_WINDOW_MASK = const(63)
# The winding alone: 0.95 J/K (time constant 5.7 s with 6 K/W to the housing).
_WINDING_MJ_PER_K = const(950)
BRAKE_GAP_MV = const(400)  # the controller brakes with at least this much below the back-EMF
_BRAKING_MV = const(200)  # so with half of it, in whichever tick, the current flows backwards
# A motor left at its own back-EMF draws a few mA of either sign, and its speed can rise by what
# the slider gives back: 70 mV in a tick at 100 Hz, less the friction's 16 mV, and noise.
_EMF_MAX_MV = const(7000)  # more than the rail: then a sense is broken
_DOUBT_MA = const(40)
_RISE_MV = const(60)
_BRAKE_RISE_MV = const(200)  # what a wrong resistance makes of the step from drive to brake
_RISE_MAX_MK = const(300_000)


class MotorObserver:
    """Back-EMF speed and winding temperature; `step` before the controllers.

    Every tick while anything turns; at rest at least in the ticks that are multiples of 64.
    """

    def __init__(
        self, readings: "Readings", bridge: "MotorBridge", calibration: "Calibration"
    ) -> None:
        self._readings = readings
        self._bridge = bridge
        # 5 % less: the observer may be a little slow to see a load, but with much more than the
        # true resistance (10 % spread) it would answer a load by overshooting, and swing.
        self._cold_mohm = MOTOR_RESISTANCE_MOHM * calibration.resistance_ppt * 95 // 100_000
        emf_uv_per_hz = MOTOR_BACK_EMF_UV_PER_HZ * calibration.kt_ppt // 1000
        # chz per mV * 2^10 = 100 * 1000 / ke_uv * 2^10 = 3046; times 7 V < 2^25
        self._chz_scale = 100_000 * 1024 // emf_uv_per_hz
        # mV per chz * 2^16 = 22 030; times 30 000 chz = 6.6e8 < 2^30
        self.mv_scale = emf_uv_per_hz * 65_536 // 100_000
        self._rise_mk = 0  # winding above housing
        self._squares = 0  # of mA, / 64, in this window
        self._samples = 0
        self.resistance_mohm = self._cold_mohm + BRIDGE_RESISTANCE_MOHM
        self.current_ma = 0  # signed: positive turns forwards
        self.emf_mv = 0
        self.speed_chz = 0  # -24000..24000, no better than R and ke are known

    def step(self) -> None:
        """Take the current of the last millisecond, which the duty read back has driven."""
        readings = self._readings
        current_ma = readings.current_ma
        # With drive-enable low the gates short the winding, whatever the duty.
        applied_mv = 0
        if readings.enable_level:
            applied_mv = readings.duty * self._bridge.rail_mv // PWM_TOP
        drop_mv = current_ma * self.resistance_mohm // 1000
        emf_mv = self.emf_mv
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
        self.current_ma = current_ma
        emf_mv = applied_mv - drop_mv
        if emf_mv > _EMF_MAX_MV:
            emf_mv = _EMF_MAX_MV
        elif emf_mv < -_EMF_MAX_MV:
            emf_mv = -_EMF_MAX_MV
        self.emf_mv = emf_mv
        self.speed_chz = emf_mv * self._chz_scale >> 10
        self._squares += current_ma * current_ma >> 6
        self._samples += 1
        if not readings.t_ms & _WINDOW_MASK:
            self._warm()

    def _warm(self) -> None:
        """Let the winding warm or cool for 64 ms."""
        # mA^2 / 1000 * mOhm / 1000 = mW: mean square <= 3600^2 = 1.3e7, / 1000 * 4000 = 5.2e7
        square = (self._squares // self._samples) << 6
        self._squares = 0
        self._samples = 0
        winding_mohm = self.resistance_mohm - BRIDGE_RESISTANCE_MOHM
        heat_mw = square // 1000 * winding_mohm // 1000
        loss_mw = self._rise_mk * 1000 // MOTOR_RTH_WINDING_MK_PER_W
        rise_mk = self._rise_mk + (heat_mw - loss_mw) * _WINDOW_MS // _WINDING_MJ_PER_K
        self._rise_mk = min(max(rise_mk, 0), _RISE_MAX_MK)
        winding_cdeg = self._readings.temperature_cdeg + self._rise_mk // 10
        self._readings.winding_cdeg = winding_cdeg
        # 39 ppm per 0.01 K: 4000 mOhm * 39 * 40 000 / 1e6 < 2^30 before the division by 1000
        above_cdeg = winding_cdeg - 2500
        warm_mohm = self._cold_mohm * above_cdeg // 1000 * MOTOR_COPPER_PPM_PER_K // 100_000
        self.resistance_mohm = self._cold_mohm + warm_mohm + BRIDGE_RESISTANCE_MOHM
