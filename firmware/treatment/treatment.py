"""The treatment in hand: plan in force, chosen zone, cartridge, and what safety may know of them.

The first block of attributes are the words that safety reads. The main loop changes them only while
nothing is armed; the tick adds contact and warnings to `facts`. Owns plan, zone choice and the
verdict on the cartridge.
"""

from firmware import words as place
from firmware.safety import limits
from firmware.treatment import cartridge as judgement
from firmware.treatment.contact import ContactEstimate, sample, settle
from firmware.treatment.progress import Progress, add, begin_run, compare, run_out
from protocol import codes, plan_layout
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words
    from protocol.cartridge_layout import Identity
    from protocol.plan_layout import Plan, PlanRow

CARTRIDGE_BITS = (1 << codes.COND_CARTRIDGE_VALID) | (1 << codes.COND_CARTRIDGE_FITS)


# Words, restated: an imported name would be looked up at run time.
_ENABLE_LEVEL = const(14)
_DUTY = const(16)
_PULSE_DELTA = const(19)
_RATE_CHZ = const(20)
_PULSE_AGE_MS = const(21)
_STILL = const(39)
_STATE = const(275)
_PLAN_FACTS = const(348)
_PLAN_STANDING = const(496)
_COUNTING = const(502)
_GATHERED = const(503)
_DUTY_SUM = const(504)
_RATE_SUM = const(505)
_PULSE_SUM = const(506)
_DWELL_WARN = const(511)
_DOSE_WARN = const(512)
_CONTACT_LEVEL = const(513)
_PULSES_DUE = const(524)

# Bits and codes, likewise (tests compare).
_RUNNING = const(6)
_PARKING = const(7)
_RUN = const(1)  # of COUNTING: the needles are driven,
_OUT = const(2)  # and after that turn until they stand
_SAMPLE_MS = const(4)
_STILL_AFTER_MS = const(210)  # a pulse at 1.2 Hz, below which a motor counts as standing
_LIKELY = const(2)
_BIT_CONTACT = const(0x1000)
_BIT_DWELL = const(0x10000)
_BIT_DOSE = const(0x20000)


@micropython.viper
def count(words):  # type: (Words) -> None
    """In each tick, after the supervisor: gather four, then contact, counts and limits in turn."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    due = ((w[_PULSES_DUE] + half) & mask) - half
    if w[_STATE] != _RUNNING:
        counting = w[_COUNTING]
        if counting != 0:
            pulses = w[_PULSE_SUM] + w[_PULSE_DELTA]
            w[_PULSE_SUM] = 0
            w[_PULSES_DUE] = -1
            run_out(words, due, pulses)
            if counting == _RUN:
                w[_COUNTING] = int(_OUT)
            elif w[_STATE] != _PARKING and (
                w[_STILL] != 0 or w[_PULSE_AGE_MS] >= _STILL_AFTER_MS  # where no current tells it
            ):
                w[_COUNTING] = 0
            tell(words)
        return
    if w[_COUNTING] != _RUN:
        w[_COUNTING] = int(_RUN)
        w[_GATHERED] = 0
        w[_DUTY_SUM] = 0
        w[_RATE_SUM] = 0
        w[_PULSE_SUM] = 0
        w[_PULSES_DUE] = -1  # nothing to add yet
        due = -1
        begin_run(words)
    if w[_ENABLE_LEVEL] == 0:
        settle(words)
    duty = (((w[_DUTY_SUM] + half) & mask) - half) + (((w[_DUTY] + half) & mask) - half)
    rate = w[_RATE_SUM] + w[_RATE_CHZ]
    pulses = w[_PULSE_SUM] + w[_PULSE_DELTA]
    gathered = w[_GATHERED] + 1
    if gathered == _SAMPLE_MS:
        # Their sums are below 2^17.
        sample(words, duty // _SAMPLE_MS, rate // _SAMPLE_MS)
        w[_PULSES_DUE] = pulses
        duty = 0
        rate = 0
        pulses = 0
        gathered = 0
    elif gathered == 1:
        if due >= 0:
            w[_PULSES_DUE] = -1
            add(words, due)
    elif gathered == 2:
        compare(words)
        tell(words)
    w[_GATHERED] = gathered
    w[_DUTY_SUM] = duty
    w[_RATE_SUM] = rate
    w[_PULSE_SUM] = pulses


@micropython.viper
def tell(words):  # type: (Words) -> None
    """Renew PLAN_FACTS, in one assignment."""
    w = ptr32(words)
    facts = w[_PLAN_STANDING]
    if w[_DOSE_WARN]:
        facts |= _BIT_DOSE
    if w[_COUNTING] == _RUN:
        if w[_CONTACT_LEVEL] >= _LIKELY:
            facts |= _BIT_CONTACT
        if w[_DWELL_WARN]:
            facts |= _BIT_DWELL
    w[_PLAN_FACTS] = facts


class Treatment:
    """What is to be done, and how far it is."""

    # For safety, which reads the words.
    facts = place.named(place.PLAN_FACTS)
    seat_generation = place.named(place.PLAN_SEATING)
    tethered = place.named(place.TETHERED)
    latch = place.named(place.LATCH)
    demo = place.named(place.DEMO)
    zone = place.named(place.ZONE)
    depth_um = place.named(place.ZONE_DEPTH_UM)
    rate_chz = place.named(place.ZONE_RATE_CHZ)
    override_reason = place.named(place.OVERRIDE)
    current_limit_ma = place.named(place.CARTRIDGE_MA)
    cartridge_depth_um = place.named(place.CARTRIDGE_UM)
    stop_reason = place.named(place.PLAN_STOP)
    # For the main loop.
    pins = place.named(place.PINS)
    _standing = place.named(place.PLAN_STANDING)  # facts of the main loop

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.seat_generation = -1
        self.tethered = 1
        self.current_limit_ma = limits.CURRENT_DEFAULT_MA
        self.contact = ContactEstimate(words)
        self.progress = Progress(words)
        self.plan: "Plan | None" = None
        self.row: "PlanRow | None" = None
        self.plan_hash = b""
        self.cartridge_result = codes.RESULT_NO_CARTRIDGE

    @property
    def session_id(self) -> int:
        """Session of the plan in force, -1 without a plan."""
        return -1 if self.plan is None else self.plan.session_id

    def put_in_force(self, plan: "Plan", plan_hash: bytes) -> bool:
        """Take a plan that was checked; the zone must be chosen anew. True for a new session."""
        new_session = plan.session_id != self.session_id
        self.drop_zone()
        self.plan = plan
        self.plan_hash = plan_hash
        self.latch = 1 if plan.flags & plan_layout.FLAG_LATCH else 0
        self.tethered = 1 if plan.flags & plan_layout.FLAG_TETHERED else 0
        self.demo = 1 if plan.flags & plan_layout.FLAG_DEMONSTRATION else 0
        if new_session:
            self.progress.new_session()
        self._standing |= 1 << codes.COND_PLAN_READY
        tell(self.words)
        return new_session

    def drop_zone(self) -> None:
        """No zone is chosen."""
        self._standing &= ~(1 << codes.COND_ZONE_CHOSEN)
        tell(self.words)
        self.row = None
        self.zone = 0
        self.depth_um = 0
        self.rate_chz = 0
        self.override_reason = 0
        self.progress.deselect()

    def choose_zone(self, zone: int) -> "tuple[int, int, int, int, int]":
        """Choose a zone of the plan, or say why not."""
        if self.plan is None:
            return (codes.RESULT_NO_PLAN, 0, 0, 0, 0)
        row = self.plan.row(zone)
        if row is None:
            return (codes.RESULT_ZONE_NOT_IN_PLAN, 0, zone, 0, 0)
        self.drop_zone()
        self.row = row
        self.zone = zone
        self.depth_um = row.depth_um
        self.rate_chz = row.rate_chz
        self.override_reason = row.override_reason
        kind = limits.cartridge_row(self.plan.pins)
        self.progress.select(
            zone,
            kind[3] if kind else 0,
            row.time_limit_s,
            row.dose_limit_per_cm2,
            row.area_mm2,
        )
        self._standing |= 1 << codes.COND_ZONE_CHOSEN
        tell(self.words)
        return (codes.RESULT_OK, 0, 0, 0, 0)

    def judge_cartridge(
        self,
        generation: int,
        identity: "Identity | None",
        verdict: "tuple[int, int, int, int, int]",
    ) -> None:
        """Take the verdict on the cartridge of seating `generation`.

        The bits change in one assignment: the tick may come between any two statements, and a
        cartridge that is read again while needles run must not seem to be gone for a moment.
        """
        standing = self._standing & ~CARTRIDGE_BITS
        self.cartridge_result = verdict[0]
        if identity is not None and verdict[0] == codes.RESULT_OK:
            standing |= 1 << codes.COND_CARTRIDGE_VALID
            if self._fits(identity):
                standing |= 1 << codes.COND_CARTRIDGE_FITS
        self._standing = standing
        tell(self.words)
        self.seat_generation = generation

    def _fits(self, identity: "Identity") -> bool:
        """Whether the plan was made for this cartridge; takes over what the cartridge allows."""
        plan = self.plan
        kind = limits.cartridge_row(identity.pins)
        if plan is None or kind is None:
            return False
        if judgement.fits(identity, plan.pins, plan.needle_um)[0] != codes.RESULT_OK:
            return False
        self.pins = identity.pins
        self.current_limit_ma = kind[1]
        self.cartridge_depth_um = min(kind[2], identity.needle_um)
        return True
