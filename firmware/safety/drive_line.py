"""The drive-enable line and the watchdog's kick, wherever needles do not run.

`hold` says once per tick what the line shall be, by the state alone; the board puts it out at the
end of the tick. In RUNNING the supervisor renews it itself. Where nothing may move, a proof
of the stop path may have the line instead. Owns what was asked of the line.
"""

from firmware.safety.faults import trip
from firmware.safety.stop_path import begin, step
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_MODE = const(28)
_LINE = const(31)
_KICK = const(32)
_STILL = const(39)
_DRIVING = const(47)
_STANDING = const(257)
_ASK_PROOF = const(272)
_STATE = const(275)
_STATE_MS = const(276)
_FAULT = const(287)
_DRIVE_TO_PARK = const(290)
_LINE_ASKED = const(311)
_PROOF_ACTIVE = const(342)
_PROOF_FAILED = const(346)
_NOTE_DUE = const(525)

# States, values and bits, likewise (tests compare).
_CARTRIDGE_OK = const(2)
_CONFIGURED = const(3)
_ARMED = const(4)
_POSITIONING = const(5)
_PARKING = const(7)
_MODE_WITHDRAW = const(5)
_OUT_LEAVE = const(0)
_OUT_GRANT = const(1)
_OUT_CUT = const(2)
_PROOF_CUT = const(0)
_PROOF_LEAVE = const(2)
_PROOF_STARVE = const(3)
_SPOILT = const(64)
_FAULT_ENABLE = const(28)
_BIT_SEATED = const(4)
_BIT_PROVEN = const(0x80000)


@micropython.viper
def hold(words):  # type: (Words) -> None
    """LINE and KICK of this tick. Last kernel of safety."""
    w = ptr32(words)
    state = w[_STATE]
    grant = 0
    if state == _POSITIONING or state == _PARKING:
        # Only while the motor turns or is asked to: no output that sticks finds a line that lets
        # it turn a cam that is parked, while the stage is on its way.
        grant = w[_DRIVING] | (1 - w[_STILL])
        if state == _POSITIONING:
            if w[_NOTE_DUE]:
                grant = 0  # pressed while an entry is written: a few milliseconds later
        elif w[_DRIVE_TO_PARK] == 0:
            grant = 0
            w[_MODE] = _MODE_WITHDRAW  # the motor may not be driven: the stage alone parks
        elif w[_FAULT] != 0 and (w[_STATE_MS] == 0 or w[_STILL] | w[_LINE_ASKED] == 0):
            grant = 0  # a fault takes it down at once; a sound motor that stands gets it to creep
    elif state >= _ARMED:
        w[_ASK_PROOF] = 0
    elif w[_PROOF_ACTIVE]:
        w[_ASK_PROOF] = 0  # who asks meanwhile has this one
        _prove(words)
        return
    else:
        missing = 0
        if state >= _CARTRIDGE_OK and state <= _CONFIGURED and w[_STANDING] & _BIT_PROVEN == 0:
            missing = 1
        if missing | w[_ASK_PROOF]:
            w[_ASK_PROOF] = 0
            begin(words)
        w[_LINE] = _OUT_CUT
        w[_KICK] = 1
        w[_LINE_ASKED] = 0
        return
    if w[_PROOF_ACTIVE]:
        w[_PROOF_ACTIVE] = 0  # something started: the proof is spoilt
        w[_PROOF_FAILED] = w[_PROOF_FAILED] | _SPOILT
    w[_LINE] = _OUT_GRANT if grant else _OUT_CUT
    w[_KICK] = 1
    w[_LINE_ASKED] = grant


@micropython.viper
def _prove(words):  # type: (Words) -> None
    """One tick of the proof."""
    w = ptr32(words)
    asked = int(step(words))
    w[_LINE_ASKED] = 0
    w[_KICK] = 0 if asked == _PROOF_STARVE else 1
    if asked == _PROOF_CUT:
        w[_LINE] = _OUT_CUT
    elif asked == _PROOF_LEAVE:
        w[_LINE] = _OUT_LEAVE
    else:
        w[_LINE] = _OUT_GRANT
    failed = w[_PROOF_FAILED]
    if w[_PROOF_ACTIVE] or failed & _SPOILT:
        return
    if failed:
        trip(words, _FAULT_ENABLE)
    elif w[_STANDING] & _BIT_SEATED:
        w[_STANDING] = w[_STANDING] | _BIT_PROVEN
