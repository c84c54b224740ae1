"""The kinds of entries a record is made of. Names on disk: never change one. Owns no state."""

SCHEMA = "pen.record/1"

CHAIN_BEGINS = "chain begins"  # after: head of the chain before, why
BEGIN = "begin"  # who, with what, by which plan; seen: heads of the other chains
CARTRIDGE = "cartridge"  # the one that is seated
CARTRIDGE_USED = "cartridge used"  # its needles ran for the first time in this session
PLAN = "plan"  # the whole plan follows the shallower first pass
ZONE = "zone"  # entered
ARM = "arm"
SAMPLE = "sample"  # what was measured in at most 0.8 s
STOP = "stop"
FAULT = "fault"
ACKNOWLEDGE = "acknowledge"
ZONE_END = "zone end"  # figures of the zone
END = "end"
PEN_LOG = "pen log"  # an entry of the pen's own logs, under the pen's own number
CORRECTION = "correction"
SCORE = "score"  # a practitioner's grade of a concern
DAY_CLOSED = "day closed"  # heads of all chains
CALIBRATED = "calibrated"  # somebody compared a pen with gauges: what was found
CLOCK_ACCEPTED = "clock accepted"  # the clock was set back, and somebody said that it is right
