"""H14: whatever a host sends, in whatever state, no needle starts without a press of the button.

The fire is that of `make fuzz`: whole conversations with plan, lease and arming, valid but for
something, and noise. That it arms the pen is part of the judgement: fire that never armed would
show nothing. Owns nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from protocol import codes
from tests.fuzz.pen_requests import PER_MS, Requests
from tests.hazards.bench import EVERY_STATE, STILL_OUT_UM, app_of, nothing_moved, to_state
from tests.system.harness import BenchPen

pytestmark = [pytest.mark.system, pytest.mark.slow]

MOVING = (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING)
ENTERED_BY_A_PRESS = (codes.STATE_POSITIONING, codes.STATE_RUNNING)
FIRE_MS = 1000  # in the state, and again after each reset
POWER_ON, WATCHDOG, REQUESTED = range(3)  # causes of a reset


class Seen(NamedTuple):
    """What came of some fire."""

    frames: int
    armed_ms: int
    starts: int  # the pen entered POSITIONING or RUNNING from a state at rest
    strokes_at_rest: int  # full extensions seen with the pen at rest before and after


def fire(
    pen: BenchPen, seed: int, milliseconds: int, hand: Callable[[int], None] = lambda _: None
) -> Seen:
    """Send three frames a millisecond; `hand` is told the millisecond before each."""
    requests = Requests(seed)
    supervisor = app_of(pen).supervisor
    frames = armed_ms = starts = strokes_at_rest = 0
    pen.bench.host_write(requests.hello())
    before = supervisor.state
    for now_ms in range(milliseconds):
        hand(now_ms)
        pen.bench.host_write(b"".join(requests.frame() for _ in range(PER_MS)))
        frames += PER_MS
        strokes = pen.truth.strokes
        pen.bench.advance()
        pen.bench.host_read()
        state = supervisor.state
        armed_ms += state == codes.STATE_ARMED
        starts += state in ENTERED_BY_A_PRESS and before not in ENTERED_BY_A_PRESS
        if before not in MOVING and state not in MOVING:
            strokes_at_rest += pen.truth.strokes - strokes
        before = state
    return Seen(frames, armed_ms, starts, strokes_at_rest)


@pytest.mark.parametrize("state", EVERY_STATE, ids=lambda state: codes.STATE_NAMES[state])
def test_h14_no_fire_of_frames_starts_the_needles_in_any_state_or_after_any_reset(
    pen: BenchPen, state: int
) -> None:
    to_state(pen, state)
    strokes = pen.truth.strokes
    seen = [fire(pen, 10 * state, FIRE_MS)]
    if state not in MOVING:  # what was moving may go on until it is parked, no more
        assert nothing_moved(pen)
    for cause in (REQUESTED, POWER_ON, WATCHDOG):
        pen.bench.restart(cause)
        pen.person.release()
        strokes = pen.truth.strokes
        seen.append(fire(pen, 10 * state + cause + 1, FIRE_MS))
        assert pen.truth.strokes - strokes <= 1  # running out after a reset at speed
        assert pen.truth.depth_um < STILL_OUT_UM
    for part in seen:
        assert (part.frames, part.starts, part.strokes_at_rest) == (PER_MS * FIRE_MS, 0, 0)
    # Where there is a cartridge, it was only a press that was missing.
    assert (sum(part.armed_ms for part in seen) > 0) == (state != codes.STATE_IDLE)


def test_h14_the_same_fire_and_a_thumb_do_start_them(pen: BenchPen) -> None:
    """So the check above can fail: here a person presses whenever the light shows armed."""
    supervisor = app_of(pen).supervisor

    def thumb(_: int) -> None:
        if supervisor.state == codes.STATE_ARMED:
            pen.person.press()
        elif supervisor.state not in ENTERED_BY_A_PRESS:
            pen.person.release()

    to_state(pen, codes.STATE_CARTRIDGE_OK)
    seen = fire(pen, 7, 3000, thumb)
    assert seen.armed_ms > 0
    assert seen.starts > 0
