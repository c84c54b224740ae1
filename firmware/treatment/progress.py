"""What has been done in each zone: time, contact, passes and punctures, and when it is enough.

A pass is one run of the needles (from the button's press to the stop) with at least half a second
that was not in air for sure. Punctures are strokes times needles, counted likewise, and until the
needles stand. `add` runs in every fourth tick of RUNNING; all it can do is ask to stop. Owns the
counters of all zones of the session.
"""

from firmware import words as place
from firmware.safety import limits
from firmware.treatment.contact import begin as begin_contact
from protocol import codes
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_ZONE_DEPTH_UM = const(354)
_PLAN_STOP = const(359)
_COUNTED_AT = const(410)
_PINS = const(497)
_PER_STROKE = const(498)
_TIME_LIMIT_MS = const(499)
_DOSE_LIMIT = const(500)
_DOSE_WARN_AT = const(501)
_PULSES_OVER = const(507)
_DWELL_MS = const(508)
_LIFT_MS = const(509)
_RUN_CONTACT_MS = const(510)
_DWELL_WARN = const(511)
_DOSE_WARN = const(512)
_CONTACT_LEVEL = const(513)
_CONTACT_KNOWN = const(514)

# Places among the counts of a zone.
_ACTIVE_MS = const(0)  # needles running
_CONTACT_MS = const(1)  # of these, not in air for sure
_STROKES = const(2)  # not in air for sure, also while the needles run out
_PUNCTURES = const(3)
_PASSES = const(4)
_COUNTS = const(5)
# Limits and codes, restated (tests compare).
_SAMPLE_MS = const(4)
_PASS_MS = const(500)
_LIFT_FROM_MS = const(100)  # off the skin this long: the pen was lifted, dwell begins anew
_PULSES_SHIFT = const(2)  # four pulses are a stroke
_DWELL_WARN_MS = const(5000)
_DWELL_STOP_MS = const(10_000)
_FREE = const(0)
_LIKELY = const(2)
_SURE = const(2)
_STOP_ZONE_TIME = const(5)
_STOP_DOSE = const(7)
_STOP_DWELL = const(8)
_NEVER = 0x1FFFFFFF


@micropython.viper
def begin_run(words):  # type: (Words) -> None
    """The needles start: RUNNING was entered."""
    w = ptr32(words)
    begin_contact(words, w[_ZONE_DEPTH_UM], w[_PINS])
    w[_PLAN_STOP] = 0
    w[_DWELL_WARN] = 0
    w[_DWELL_MS] = 0
    w[_LIFT_MS] = 0
    w[_PULSES_OVER] = 0
    w[_RUN_CONTACT_MS] = 0


@micropython.viper
def add(words, pulses: int):  # type: ignore[no-untyped-def]
    """Four ms of RUNNING at the present level of contact, with new tachometer pulses."""
    w = ptr32(words)
    zone = w[_COUNTED_AT]
    w[zone + _ACTIVE_MS] = w[zone + _ACTIVE_MS] + _SAMPLE_MS
    level = w[_CONTACT_LEVEL]
    if level == _FREE:
        lift_ms = w[_LIFT_MS] + _SAMPLE_MS
        w[_LIFT_MS] = lift_ms
        if lift_ms >= _LIFT_FROM_MS:
            w[_DWELL_MS] = 0
            w[_DWELL_WARN] = 0
    else:
        w[_LIFT_MS] = 0
        if level >= _LIKELY:
            w[_DWELL_MS] = w[_DWELL_MS] + _SAMPLE_MS
    if level != _FREE or w[_CONTACT_KNOWN] != _SURE:
        strike(words, pulses)
        w[zone + _CONTACT_MS] = w[zone + _CONTACT_MS] + _SAMPLE_MS
        # Half a second of contact makes the run a pass, once.
        run_ms = w[_RUN_CONTACT_MS]
        if run_ms < _PASS_MS:
            run_ms += _SAMPLE_MS
            w[_RUN_CONTACT_MS] = run_ms
            if run_ms >= _PASS_MS:
                w[zone + _PASSES] = w[zone + _PASSES] + 1


@micropython.viper
def strike(words, pulses: int):  # type: ignore[no-untyped-def]
    """New tachometer pulses, of needles that are not in air for sure."""
    w = ptr32(words)
    zone = w[_COUNTED_AT]
    pulses += w[_PULSES_OVER]
    strokes = pulses >> _PULSES_SHIFT
    w[_PULSES_OVER] = pulses - (strokes << _PULSES_SHIFT)
    w[zone + _STROKES] = w[zone + _STROKES] + strokes
    w[zone + _PUNCTURES] = w[zone + _PUNCTURES] + strokes * w[_PER_STROKE]


@micropython.viper
def run_out(words, due: int, pulses: int):  # type: ignore[no-untyped-def]
    """A tick after RUNNING with new pulses: what is due still, then braking and parking.

    The strokes of braking go into the skin like any other: two at 100 Hz, which are all of a press
    that is let go at once. No time is counted for them.
    """
    w = ptr32(words)
    if due >= 0:
        add(words, due)
    if w[_CONTACT_LEVEL] != _FREE or w[_CONTACT_KNOWN] != _SURE:
        strike(words, pulses)
    compare(words)  # a zone that is full by them is not started again


@micropython.viper
def compare(words):  # type: (Words) -> None
    """Compare with the limits; the first reason stays."""
    w = ptr32(words)
    zone = w[_COUNTED_AT]
    stop = w[_PLAN_STOP]
    warn = 0
    if w[zone + _PUNCTURES] >= w[_DOSE_WARN_AT]:
        warn = 1
    w[_DOSE_WARN] = warn
    if stop == 0 and w[zone + _PUNCTURES] >= w[_DOSE_LIMIT]:
        stop = _STOP_DOSE
    if stop == 0 and w[zone + _ACTIVE_MS] >= w[_TIME_LIMIT_MS]:
        stop = _STOP_ZONE_TIME
    if w[_DWELL_MS] >= _DWELL_WARN_MS:
        w[_DWELL_WARN] = 1
        if stop == 0 and w[_DWELL_MS] >= _DWELL_STOP_MS:
            stop = _STOP_DWELL
    w[_PLAN_STOP] = stop


class ZoneProgress:
    """Counters of one zone in this session."""

    active_ms = place.named_from(_ACTIVE_MS)
    contact_ms = place.named_from(_CONTACT_MS)
    strokes = place.named_from(_STROKES)
    punctures = place.named_from(_PUNCTURES)
    passes = place.named_from(_PASSES)

    def __init__(self, words: "Words", zone: int) -> None:
        self.words = words
        self.zone = zone
        self.at = place.ZONE_COUNTS + _COUNTS * zone


class Progress:
    """All zones, and the one that is counted for. Changed below ARMED only."""

    stop_reason = place.named(place.PLAN_STOP)
    dwell_warn = place.named(place.DWELL_WARN)
    dose_warn = place.named(place.DOSE_WARN)

    def __init__(self, words: "Words") -> None:
        self.words = words
        # Number 0 stands for "no zone chosen".
        self.zones = [ZoneProgress(words, zone) for zone in range(limits.SESSION_ZONES_MAX + 1)]
        words[place.AREA_MM2] = 1
        self.deselect()

    @property
    def current(self) -> ZoneProgress:
        """The zone that is counted for."""
        return self.zones[(self.words[place.COUNTED_AT] - place.ZONE_COUNTS) // _COUNTS]

    def new_session(self) -> None:
        """Forget every zone."""
        words = self.words
        for number in range(_COUNTS * len(self.zones)):
            words[place.ZONE_COUNTS + number] = 0
        self.deselect()

    def restore(
        self, zone: int, active_ms: int, contact_ms: int, punctures: int, passes: int
    ) -> None:
        """Take up `zone` 1..16 where the pen's own history left it."""
        kept = self.zones[zone]
        kept.active_ms = active_ms
        kept.contact_ms = contact_ms
        kept.punctures = punctures
        kept.passes = passes

    def deselect(self) -> None:
        """No zone is chosen."""
        words = self.words
        words[place.COUNTED_AT] = self.zones[0].at
        words[place.TIME_LIMIT_MS] = _NEVER
        words[place.DOSE_LIMIT] = _NEVER
        words[place.DOSE_WARN_AT] = _NEVER
        self.stop_reason = codes.STOP_NONE
        self.dwell_warn = 0
        self.dose_warn = 0

    def select(
        self, zone: int, per_stroke: int, time_limit_s: int, dose_limit_per_cm2: int, area_mm2: int
    ) -> None:
        """Count for `zone` 1..16 from now on, with its limits.

        5000 per cm2 on 600 cm2 are 3 million punctures, times 90 is 2^28: inside 30 bits.
        """
        words = self.words
        dose = dose_limit_per_cm2 * area_mm2 // 100
        words[place.COUNTED_AT] = self.zones[zone].at
        words[place.PER_STROKE] = per_stroke
        words[place.TIME_LIMIT_MS] = time_limit_s * 1000
        words[place.DOSE_LIMIT] = dose
        words[place.DOSE_WARN_AT] = dose * limits.DOSE_WARN_PERCENT // 100
        words[place.AREA_MM2] = area_mm2
        self.stop_reason = codes.STOP_NONE
        compare(words)

    @property
    def finished(self) -> bool:
        """Whether the chosen zone has had its time or its dose."""
        zone = self.current
        words = self.words
        return (
            zone.active_ms >= words[place.TIME_LIMIT_MS]
            or zone.punctures >= words[place.DOSE_LIMIT]
        )

    def punctures_per_cm2(self) -> int:
        """Of the chosen zone, by its planned area; 0..65535."""
        # At most 3 million and the strokes of one braking: times 100 stays below 2^30.
        return min(self.current.punctures * 100 // self.words[place.AREA_MM2], 65535)
