"""The first two statements of the board: drive-enable and the boost converter are held low.

Pull-downs hold both lines from power-up on; this makes outputs of them before anything is built
that could fail. Owns no state: `enable` and `lines` take the pins over later.
"""

from machine import Pin

from hardware.board.rev_a import PIN_BOOST_ENABLE, PIN_DRIVE_ENABLE


def lines_low() -> None:
    """Drive-enable first."""
    Pin(PIN_DRIVE_ENABLE, Pin.OUT, value=0)
    Pin(PIN_BOOST_ENABLE, Pin.OUT, value=0)
