"""How exact the protrusion depth is: every 0.05 mm, approached from both sides, several pens.

Truth is the plant's carriage; the pen knows it only through its home switch and its own counting.
"""

from typing import Any

from tests.evidence.figure import figure
from tests.firmware.control.closed_loop import ClosedLoop

DEPTHS_UM = tuple(range(50, 2501, 50))
SETTLED_MS = 30


def depth_errors_um(seed: int, depths_um: tuple[int, ...] = DEPTHS_UM) -> list[float]:
    """Signed errors of one freshly homed pen: all depths going deeper, then going shallower."""
    loop = ClosedLoop(seed=seed)
    loop.home()
    errors = []
    for depth_um in (*depths_um, *reversed(depths_um)):
        loop.position(depth_um)
        loop.advance(SETTLED_MS)
        errors.append(loop.pen.truth.depth_um - depth_um)
    return errors


def travel_ms(seed: int) -> tuple[int, int]:
    """Milliseconds from home to 2.50 mm (until the last half step) and back to withdrawn."""
    loop = ClosedLoop(seed=seed)
    loop.home()
    loop.position(0)
    loop.depth_um = 2500
    out_ms = 0
    while loop.motion.depth_set_um < 2495:
        loop.step()
        out_ms += 1
    loop.until("in_position", 400)
    loop.park()
    loop.step()
    return out_ms, 1 + loop.until("stage_withdrawn", 400)


def depth(pens: int = 10) -> list[dict[str, Any]]:
    """Measure `depth_error_um`."""
    errors = [error for seed in range(pens) for error in depth_errors_um(seed)]
    out_ms, back_ms = travel_ms(0)
    note = (
        f"{pens} pens, 0.05-2.50 mm, both directions: {min(errors):+.1f} to {max(errors):+.1f} um;"
        f" 0 to 2.50 mm in {out_ms} ms, withdrawn in {back_ms} ms"
    )
    worst = round(max(abs(error) for error in errors), 1)
    return [figure("depth_error_um", worst, "um", "<= 20", len(errors), note)]
