"""The steps of a calibration at the pen: home, plan, arm, end. The needles start by its button.

Every function is one short conversation, made where nothing else talks with the pen. A calibration
runs in the air, on a cartridge for the workshop: it counts as used from then on. Owns no state.
"""

from host_controller import errors, refusals, timeouts
from host_controller.calibration.depth_check import DEPTHS_UM
from host_controller.calibration.failures import CalibrationNotNow
from host_controller.calibration.rate_check import RATE_CHZ
from host_controller.pen import Pen
from host_controller.planning.plan import PINS_NANO, Plan, PlanZone
from host_controller.planning.plan_bytes import compile_plan
from host_controller.replies import EXPOSED, CartridgeInfo, Reading
from protocol import codes
from protocol.texts import RESULT_TEXTS

NAME = "calibration"
# Zones whose cap of 1.50 mm leaves room for every depth; nothing is treated in them.
_ZONES = (12, 13, 14)
_RATE_ZONE = 15
_DEPTH_RATE_CHZ = 5000  # the slowest of a treatment: least wear, and the gauge follows
_NEEDED = (
    (codes.COND_SELF_TEST_PASSED, "its self-test has not passed"),
    (codes.COND_HOMED, "its depth stage has not found home"),
    (codes.COND_NEEDLES_IN, "its needles are not sensed inside"),
    (codes.COND_BATTERY_OK, "its battery is below 30 %"),
)


def zone_of(depth_um: int) -> int:
    """Number of the plan's zone for a depth; 0 stands for the rate check."""
    return _ZONES[DEPTHS_UM.index(depth_um)] if depth_um else _RATE_ZONE


def missing(reading: Reading) -> list[str]:
    """What keeps a pen from being calibrated now, in words; empty when nothing does."""
    if reading.fault:
        number = refusals.fault_number(reading.fault)
        return [f"fault {number} stands: {refusals.fault_sentence(reading.fault)}"]
    found = [text for bit, text in _NEEDED if not reading.has(bit)]
    if codes.STATE_ARMED <= reading.state <= codes.STATE_PARKING:
        found.append(f"it is {reading.state_name}")
    if reading.has(codes.COND_TEMPERATURE_WARN):
        found.append("it is warmer than 41 °C")
    return found


def require_rest(reading: Reading) -> None:
    """Raise CalibrationNotNow unless the pen is sound, disarmed, still, with its needles inside."""
    found = missing(reading)
    if found:
        raise CalibrationNotNow(
            f"The pen cannot be calibrated now: {'; '.join(found)}.",
            cause="A calibration begins from home, on a pen that is sound.",
            next_step="Put that right, then try again. Switching the pen off and on lets it home.",
        )


def home(pen: Pen, session_id: int) -> Reading:
    """Let the pen test itself at standstill and find it at home, with a cartridge that fits.

    Raises CalibrationNotNow, SelfTestFailed.
    """
    require_rest(pen.status())
    failed = pen.self_test()
    if failed:
        raise errors.SelfTestFailed(f"The self-test failed: {', '.join(failed)}.")
    require_rest(pen.status())
    _cartridge(pen, session_id)
    return pen.status()


def _cartridge(pen: Pen, session_id: int) -> CartridgeInfo:
    found = pen.cartridge()
    if found is None:
        raise CalibrationNotNow(
            "No cartridge is seated.",
            next_step="Seat a cartridge for the workshop; it counts as used afterwards.",
        )
    if found.pins == PINS_NANO or found.needle_um < DEPTHS_UM[-1]:
        raise CalibrationNotNow(
            "The needles of this cartridge are too short to be measured.",
            next_step=f"Seat one with needles of at least {DEPTHS_UM[-1] / 1000:.2f} mm.",
        )
    if found.used_session_id not in (0, session_id):
        raise CalibrationNotNow(
            "This cartridge was used before, in a treatment or in another calibration.",
            cause="A cartridge serves one session; a calibration that goes on is the same one.",
            next_step="Seat a new cartridge for the workshop.",
        )
    return found


def plan_for(cartridge: CartridgeInfo) -> Plan:
    """The plan of a calibration: hold to run, tethered, a zone for each depth and one for rate."""
    depths = [
        (zone, depth_um, _DEPTH_RATE_CHZ) for zone, depth_um in zip(_ZONES, DEPTHS_UM, strict=True)
    ]
    rows = [*depths, (_RATE_ZONE, DEPTHS_UM[0], RATE_CHZ)]
    zones = tuple(
        PlanZone(zone, depth_um, rate_chz, 6, 1800, 5000, 4000) for zone, depth_um, rate_chz in rows
    )
    return Plan(
        NAME, False, True, False, cartridge.pins, cartridge.needle_um, "", zones
    )  # hold to run, tethered, no demonstration


def begin(pen: Pen, session_id: int, depth_um: int) -> int:
    """Choose a depth (0: the rate check), hold the lease and arm for 30 s; the zone's number.

    Raises CalibrationNotNow, PenRefused. Nothing moves before the pen's own button.
    """
    status = pen.status()
    if status.state == codes.STATE_ARMED or status.state in EXPOSED:
        end(pen)
    require_rest(pen.status())
    image = compile_plan(plan_for(_cartridge(pen, session_id)), session_id)
    info = pen.plan_info()
    if info is None or info.sha256 != image.sha256:
        pen.push_plan(image)
    zone = zone_of(depth_um)
    pen.select_zone(zone)
    ready = pen.wait_for(lambda now: now.state >= codes.STATE_CONFIGURED, timeouts.SETTLE_MS)
    if ready.state < codes.STATE_CONFIGURED:
        _refuse_cartridge(pen)
    pen.hold_lease()
    try:
        pen.wait_for(
            lambda now: now.has(codes.COND_TETHER_OK),
            timeouts.KEEPALIVE_REPLY_MS * timeouts.KEEPALIVE_ATTEMPTS,
        )
        pen.arm()
    except errors.PenError:
        pen.release_lease()
        raise
    return zone


def _refuse_cartridge(pen: Pen) -> None:
    found = pen.cartridge()
    result = found.result if found else codes.RESULT_NO_CARTRIDGE
    sentence, next_step = RESULT_TEXTS.get(result, ("The pen does not get ready.", ""))
    raise CalibrationNotNow(
        sentence,
        cause="The cartridge was used elsewhere, or does not fit.",
        next_step=next_step or "Seat a cartridge for the workshop.",
    )


def end(pen: Pen) -> Reading:
    """Stop, let the lease go, wait until the needles are in; raises NotParked."""
    pen.stop()
    pen.release_lease()
    return pen.wait_parked()
