"""The telemetry record, gathered from the words of the tick: machine code, without the heap.

Kernel of the main loop. Places are those of `firmware.words`, and the order is the table's in
`protocol.schema`; tests compare both. Owns nothing.
"""

from protocol.interpreter import const, micropython, ptr32

# Words, restated: an imported name would be looked up at run time.
_DUTY = const(16)
_T_MS = const(17)
_RATE_CHZ = const(20)
_CURRENT_MA = const(22)
_DEPTH_UM = const(23)
_SUPPLY_MV = const(24)
_TEMPERATURE_CDEG = const(25)
_BATTERY_PERCENT = const(26)
_DEPTH_SET_UM = const(45)
_RATE_SET_CHZ = const(46)
_CONDITIONS = const(256)
_STATE = const(275)
_STOP_REASON = const(282)
_FAULT = const(287)
_ZONE = const(353)
_TICKS_LATE = const(360)
_COUNTED_AT = const(410)
_AREA_MM2 = const(526)

# Places among the counts of a zone (treatment/progress.py).
_ACTIVE_MS = const(0)
_CONTACT_MS = const(1)
_PUNCTURES = const(3)
_PASSES = const(4)
_MOST_PASSES = const(6)


@micropython.viper
def gather(words, record, frames_bad: int):  # type: ignore[no-untyped-def]
    """Fill `record` but for its counter, with `frames_bad` as its last field.

    At most 3 million punctures: times 100 stays below 2^29.
    """
    w = ptr32(words)
    r = ptr32(record)
    zone = w[_COUNTED_AT]
    passes = w[zone + _PASSES]
    if passes > _MOST_PASSES:
        passes = _MOST_PASSES
    r[1] = w[_T_MS]
    r[2] = w[_STATE]
    r[3] = w[_FAULT]
    r[4] = w[_STOP_REASON]
    r[5] = w[_ZONE]
    r[6] = passes
    r[7] = w[_BATTERY_PERCENT]
    r[8] = w[_CONDITIONS]
    r[9] = w[_RATE_SET_CHZ]
    r[10] = w[_RATE_CHZ]
    r[11] = w[_DEPTH_SET_UM]
    r[12] = w[_DEPTH_UM]
    r[13] = w[_CURRENT_MA]
    r[14] = w[_SUPPLY_MV]
    r[15] = w[_TEMPERATURE_CDEG]
    r[16] = w[_DUTY]
    r[17] = w[zone + _ACTIVE_MS]
    r[18] = w[zone + _CONTACT_MS]
    r[19] = w[zone + _PUNCTURES]
    r[20] = w[zone + _PUNCTURES] * 100 // w[_AREA_MM2]
    r[21] = w[_TICKS_LATE]
    r[22] = frames_bad
