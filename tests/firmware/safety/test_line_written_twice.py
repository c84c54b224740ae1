"""The drive-enable line and the proof of the stop path against a second writing."""

from firmware.safety import drive_line, stop_path
from tests.firmware.safety.test_conditions_written_twice import LEVEL, trip
from tests.firmware.second_writing import Named, agree, around

ARMED, POSITIONING, RUNNING, PARKING, FAULT = 4, 5, 6, 7, 8
LEAVE, GRANT, CUT = 0, 1, 2  # what is put out
SEATED, PROVEN = 1 << 2, 1 << 19

# Ticks, asked (cut 0, grant 1, leave 2, starve 3), level that a seated line must have then, bit.
STEPS = (
    (6, 1, 1, 1),
    (9, 2, 0, 2),
    (4, 1, 1, 1),
    (3, 0, 0, 4),
    (4, 1, 1, 1),
    (25, 3, 0, 8),
    (4, 0, 0, 4),
)


def begin(w: Named) -> None:
    w.proof_active = 1
    w.proof_failed = w.proof_step = w.proof_ticks = 0
    w.proof_seated = w.seated


def step(w: Named) -> int:
    if w.seat != w.proof_seated or w.tick_us > 2000:
        w.proof_failed |= 64
        w.proof_active = 0
        return 0
    ticks, _, level, wrong = STEPS[w.proof_step]
    at = w.proof_step
    ended = False
    if w.current_ma > 100:
        w.proof_failed |= 32
        ended = True
    elif w.enable_level and not w.seat:
        w.proof_failed |= 16
        ended = True
    elif w.proof_ticks >= ticks:
        if w.enable_level != (level if w.seat else 0):
            w.proof_failed |= wrong
        at += 1
        ended = at == len(STEPS)
    if ended:
        w.proof_active = 0
        w.proof_done += 1
        return 0
    w.proof_ticks = 1 if at != w.proof_step else w.proof_ticks + 1
    w.proof_step = at
    return STEPS[at][1]


PROOF = {
    "seat": LEVEL,
    "seated": LEVEL,
    "proof_seated": LEVEL,
    "tick_us": (1000, 1000, *around(2000)),
    "current_ma": (0, 0, 0, *around(100)),
    "enable_level": LEVEL,
    "proof_step": tuple(range(7)),
    "proof_ticks": tuple(range(27)),
    "proof_failed": (0, 0, 1, 8),
    "proof_active": (1,),
}


def test_a_proof_begins() -> None:
    agree(stop_path.begin, begin, PROOF, 20)


def test_a_step_of_the_proof() -> None:
    agree(stop_path.step, step, PROOF, 4000)


def test_the_steps_of_the_proof() -> None:
    assert stop_path.STEPS == STEPS
    assert list(stop_path.TABLE) == [number for one in STEPS for number in one]
    # Grant, wait for the countdown, cut, starve the watchdog: 55 ticks and back to cut.
    assert sum(one[0] for one in STEPS) == 55


def prove(w: Named) -> None:
    asked = step(w)
    w.line_asked = 0
    w.kick = int(asked != 3)
    w.line = {0: CUT, 1: GRANT, 2: LEAVE, 3: GRANT}[asked]
    if w.proof_active or w.proof_failed & 64:
        return
    if w.proof_failed:
        trip(w, 28)
    elif w.standing & SEATED:
        w.standing |= PROVEN


def hold(w: Named) -> None:
    resting = w.state not in (ARMED, POSITIONING, RUNNING, PARKING, FAULT)
    if resting:
        if w.proof_active:
            w.ask_proof = 0
            prove(w)
            return
        if w.ask_proof or (w.state in (2, 3) and not w.standing & PROVEN):
            begin(w)
        w.ask_proof = 0
        w.line, w.kick, w.line_asked = CUT, 1, 0
        return
    grant = 0
    if w.state == POSITIONING:
        grant = 1 - w.note_due
    elif w.state == PARKING:
        grant = w.drive_to_park
        if not grant:
            w.mode = 5
        elif w.fault:
            grant = int(w.state_ms != 0 and (w.still or w.line_asked))
    else:
        w.ask_proof = 0
    if w.still and not w.driving:
        grant = 0
    if w.proof_active:
        w.proof_active = 0
        w.proof_failed |= 64
    w.line = GRANT if grant else CUT
    w.kick, w.line_asked = 1, grant


def test_the_line_of_a_tick() -> None:
    choices = PROOF | {
        "state": (0, 1, 2, 3, 4, 5, 7, 7, 8),
        "proof_active": LEVEL,
        "proof_failed": (0, 0, 0, 1, 64),
        "proof_step": (0, 1, 3, 5, 6, 6, 6),
        "proof_ticks": (0, 3, 4, 24, 25),
        "note_due": LEVEL,
        "drive_to_park": LEVEL,
        "driving": LEVEL,
        "fault": (0, 10, 28),
        "state_ms": (0, 1, 2),
        "still": LEVEL,
        "line_asked": LEVEL,
        "ask_proof": LEVEL,
        "standing": (0, SEATED, PROVEN, SEATED | PROVEN, 0xFFFFF),
    }
    agree(drive_line.hold, hold, choices, 5000)
