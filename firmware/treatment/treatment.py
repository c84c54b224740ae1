"""The treatment in hand: plan in force, chosen zone, cartridge, and what safety may know of them.

The attributes in the first block are the seam to safety (`safety.status.TreatmentStatus`). The main
loop changes them only while nothing is armed; the tick adds contact and warnings to `facts`.
Owns plan, zone choice and the verdict on the cartridge.
"""

from firmware.safety import limits
from firmware.treatment import cartridge as judgement
from firmware.treatment.contact import LIKELY, SAMPLE_MS, ContactEstimate
from firmware.treatment.progress import Progress
from protocol import codes, plan_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from protocol.cartridge_layout import Identity
    from protocol.plan_layout import Plan, PlanRow

_CARTRIDGE = (1 << codes.COND_CARTRIDGE_VALID) | (1 << codes.COND_CARTRIDGE_FITS)
_CONTACT = 1 << codes.COND_CONTACT
_DWELL = 1 << codes.COND_DWELL_WARN
_DOSE = 1 << codes.COND_DOSE_WARN


class Treatment:
    """What is to be done, and how far it is."""

    def __init__(self) -> None:
        # For safety, read in the tick.
        self.facts = 0
        self.seat_generation = -1
        self.tethered = 1
        self.latch = 0
        self.demo = 0
        self.zone = 0
        self.depth_um = 0
        self.rate_chz = 0
        self.override_reason = 0
        self.current_limit_ma = limits.CURRENT_DEFAULT_MA
        self.cartridge_depth_um = 0
        self.stop_reason = codes.STOP_NONE
        # For the main loop.
        self.progress = Progress(ContactEstimate())
        self.plan: "Plan | None" = None
        self.row: "PlanRow | None" = None
        self.plan_hash = b""
        self.pins = 0
        self.cartridge_result = codes.RESULT_NO_CARTRIDGE
        self._standing = 0  # facts of the main loop
        self._running = 0
        self._ticks = 0  # gathered since the last count
        self._duty_sum = 0
        self._rate_sum = 0
        self._pulse_sum = 0

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
        self._tell()
        return new_session

    def drop_zone(self) -> None:
        """No zone is chosen."""
        self._standing &= ~(1 << codes.COND_ZONE_CHOSEN)
        self._tell()
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
        self._tell()
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
        standing = self._standing & ~_CARTRIDGE
        self.cartridge_result = verdict[0]
        if identity is not None and verdict[0] == codes.RESULT_OK:
            standing |= 1 << codes.COND_CARTRIDGE_VALID
            if self._fits(identity):
                standing |= 1 << codes.COND_CARTRIDGE_FITS
        self._standing = standing
        self._tell()
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

    def step(self, state: int, duty: int, rate_chz: int, pulses: int) -> None:
        """In each tick, after the supervisor: gather, and every fourth tick count and tell."""
        if state != codes.STATE_RUNNING:
            if self._running:
                self._running = 0
                self._tell()
            return
        if not self._running:
            self._running = 1
            self.stop_reason = codes.STOP_NONE
            self._ticks = self._duty_sum = self._rate_sum = self._pulse_sum = 0
            self.progress.begin_run(self.depth_um, self.pins)
        self._duty_sum += duty
        self._rate_sum += rate_chz
        self._pulse_sum += pulses
        self._ticks += 1
        if self._ticks == SAMPLE_MS:
            self._count()

    def _count(self) -> None:
        """Four ticks together; their sums are below 2^17."""
        progress = self.progress
        progress.step(self._duty_sum // SAMPLE_MS, self._rate_sum // SAMPLE_MS, self._pulse_sum)
        self._ticks = self._duty_sum = self._rate_sum = self._pulse_sum = 0
        self.stop_reason = progress.stop_reason
        self._tell()

    def _tell(self) -> None:
        """Renew `facts`, in one assignment."""
        progress = self.progress
        facts = self._standing
        if progress.dose_warn:
            facts |= _DOSE
        if self._running:
            if progress.contact.level >= LIKELY:
                facts |= _CONTACT
            if progress.dwell_warn:
                facts |= _DWELL
        self.facts = facts
