"""A button pressed while the flash is being written starts nothing until it is written."""

from firmware import words as place
from protocol import codes
from tests.firmware.safety.rig import Rig


def test_positioning_drives_nothing_while_an_entry_is_due() -> None:
    rig = Rig().armed()
    words = rig.pen.words
    words[place.NOTE_DUE] = 1
    rig.press()
    rig.step_until(codes.STATE_POSITIONING)
    for _ in range(200):
        assert rig.state == codes.STATE_POSITIONING
        assert words[place.LINE_ASKED] == 0
        rig.step(1)
    assert rig.fault == 0
    words[place.NOTE_DUE] = 0
    rig.step(1)
    assert words[place.LINE_ASKED] == 1
    rig.step_until(codes.STATE_RUNNING)
