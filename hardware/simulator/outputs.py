"""Puts the outputs of a DRIVE or CALL on the plant's pins. Owns no state."""

import struct

from firmware.hal.pin_layout import (
    DRIVE_FORMAT,
    ENABLE_CUT,
    ENABLE_GRANT,
    LINE_BOOST,
    LINE_WATCHDOG,
)
from hardware.plant.pen import Pen

_unpack_drive = struct.Struct(DRIVE_FORMAT).unpack_from


def put_out(pen: Pen, record: bytes | bytearray) -> int:
    """Apply the outputs of `record` from now on; returns the length of its tail."""
    (
        _,
        pen.duty,
        pen.bridge,
        enable,
        coils,
        coil_count,
        lines,
        red,
        green,
        blue,
        pen.buzzer_hz,
        tail,
    ) = _unpack_drive(record)
    pen.light = (red, green, blue)
    pen.boost = lines & LINE_BOOST != 0
    if enable == ENABLE_GRANT:
        pen.grant()
    elif enable == ENABLE_CUT:
        pen.cut()
    if lines & LINE_WATCHDOG:
        pen.watchdog_kick()
    if coil_count:
        pen.coils(coils, coil_count)
    return int(tail)
