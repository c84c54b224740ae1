"""What has been done in each zone: time, contact, passes and punctures, and when it is enough.

A pass is one run of the needles (from the button's press to the stop) with at least half a second
in which contact was not excluded. Punctures are strokes times needles, counted while contact is
not excluded. Owns the counters of all zones of the session. `step` runs in every fourth tick of
RUNNING; it allocates nothing, and all it can do is ask to stop.
"""

from firmware.safety import limits
from firmware.treatment.contact import FREE, LIKELY, SAMPLE_MS, ContactEstimate
from protocol import codes
from protocol.interpreter import const

PASS_MS = const(500)
LIFT_MS = const(100)  # off the skin this long: the pen was lifted, dwell begins anew
PULSES_PER_STROKE = const(4)
_NEVER = const(0x3FFFFFFF)


class ZoneProgress:
    """Counters of one zone in this session."""

    def __init__(self) -> None:
        self.clear(0)

    def clear(self, zone: int) -> None:
        """Start `zone` (1..16, 0 = unused) from nothing."""
        self.zone = zone
        self.active_ms = 0  # needles running
        self.contact_ms = 0  # of these, contact not excluded
        self.strokes = 0  # of these, in contact
        self.punctures = 0
        self.passes = 0


class Progress:
    """Counters at work: `select` and `begin_run` from outside the tick's RUNNING, then `step`."""

    def __init__(self, contact: ContactEstimate) -> None:
        self.contact = contact
        self.zones = [ZoneProgress() for _ in range(limits.SESSION_ZONES_MAX + 1)]
        self.current = self.zones[0]  # number 0 stands for "no zone chosen"
        self.stop_reason = codes.STOP_NONE
        self.dwell_warn = 0
        self.dose_warn = 0
        self._per_stroke = 0
        self._time_limit_ms = _NEVER
        self._dose_limit = _NEVER
        self._dose_warn_at = _NEVER
        self._area_mm2 = 1
        self._dwell_ms = 0
        self._lift_ms = 0
        self._pulses = 0
        self._run_contact_ms = 0

    def new_session(self) -> None:
        """Forget every zone."""
        for number, zone in enumerate(self.zones):
            zone.clear(number)
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
        self.current = self.zones[0]
        self.stop_reason = codes.STOP_NONE
        self.dwell_warn = 0
        self.dose_warn = 0

    def select(
        self, zone: int, per_stroke: int, time_limit_s: int, dose_limit_per_cm2: int, area_mm2: int
    ) -> None:
        """Count for `zone` 1..16 from now on, with its limits.

        5000 per cm2 on 600 cm2 are 3 million punctures, times 90 is 2^28: inside 30 bits.
        """
        self.current = self.zones[zone]
        self._per_stroke = per_stroke
        self._time_limit_ms = time_limit_s * 1000
        self._dose_limit = dose_limit_per_cm2 * area_mm2 // 100
        self._dose_warn_at = self._dose_limit * limits.DOSE_WARN_PERCENT // 100
        self._area_mm2 = area_mm2
        self.stop_reason = codes.STOP_NONE
        self._judge()

    @property
    def finished(self) -> bool:
        """Whether the chosen zone has had its time or its dose."""
        return (
            self.current.active_ms >= self._time_limit_ms
            or self.current.punctures >= self._dose_limit
        )

    def punctures_per_cm2(self) -> int:
        """Of the chosen zone, by its planned area; 0..65535."""
        # At most 3 million and one stroke: times 100 stays below 2^30.
        return min(self.current.punctures * 100 // self._area_mm2, 65535)

    def begin_run(self, depth_um: int, pins: int) -> None:
        """The needles start: RUNNING was entered."""
        self.contact.begin(depth_um, pins)
        self.stop_reason = codes.STOP_NONE
        self.dwell_warn = 0
        self._dwell_ms = 0
        self._lift_ms = 0
        self._pulses = 0
        self._run_contact_ms = 0

    def step(self, duty: int, rate_chz: int, pulses: int) -> None:
        """SAMPLE_MS of RUNNING: mean duty, mean rate, new tachometer pulses."""
        ms = SAMPLE_MS
        zone = self.current
        contact = self.contact
        contact.step(duty, rate_chz)
        zone.active_ms += ms
        level = contact.level
        if level == FREE:
            self._lift_ms += ms
            if self._lift_ms >= LIFT_MS:
                self._dwell_ms = 0
                self.dwell_warn = 0
        else:
            self._lift_ms = 0
            zone.contact_ms += ms
            self._count_pass(zone, ms)
            if pulses:
                self._pulses += pulses
                while self._pulses >= PULSES_PER_STROKE:
                    self._pulses -= PULSES_PER_STROKE
                    zone.strokes += 1
                    zone.punctures += self._per_stroke
            if level >= LIKELY:
                self._dwell_ms += ms
        self._judge()

    def _count_pass(self, zone: ZoneProgress, ms: int) -> None:
        """Half a second of contact makes the run a pass, once."""
        before_ms = self._run_contact_ms
        if before_ms < PASS_MS:
            self._run_contact_ms = before_ms + ms
            if self._run_contact_ms >= PASS_MS:
                zone.passes += 1

    def _judge(self) -> None:
        """Compare with the limits; the first reason stays."""
        zone = self.current
        if zone.punctures >= self._dose_warn_at:
            self.dose_warn = 1
            if zone.punctures >= self._dose_limit and not self.stop_reason:
                self.stop_reason = codes.STOP_DOSE
        else:
            self.dose_warn = 0
        if zone.active_ms >= self._time_limit_ms and not self.stop_reason:
            self.stop_reason = codes.STOP_ZONE_TIME
        if self._dwell_ms >= limits.DWELL_WARN_MS:
            self.dwell_warn = 1
            if self._dwell_ms >= limits.DWELL_STOP_MS and not self.stop_reason:
                self.stop_reason = codes.STOP_DWELL
