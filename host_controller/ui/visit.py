"""One client's visit, from the number to the record: what was chosen so far, what is missing.

Knows no page: pages ask `missing` and show `proposal`. Plans are proposed, checked and compiled by
`planning`, never here. Owns the choices.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from host_controller import errors
from host_controller.courses import interval
from host_controller.courses.history import History
from host_controller.library.library import QUANTITIES, Library
from host_controller.planning import plan_file, plan_source, plan_writer
from host_controller.planning.plan import Plan
from host_controller.planning.proposal import Proposal, ProposedZone, Reason, Request, propose
from host_controller.planning.screening import QUESTIONS, Answer, Screening, must_hold
from host_controller.records.pseudonyms import pseudonym

STEP = {"depth": 50, "rate": 500, "passes": 1, "dose": 25}  # of a stepper, in the pen's units


@dataclass(frozen=True)
class Expected:
    """Who was chosen on another page: what the first page is filled in with."""

    client: str = ""
    concern: str = ""
    fitzpatrick: str = ""
    again: Request | None = None  # the last treatment, to be repeated


CLIENT, CHECKLIST, PLAN, TREAT, RECORD = "client", "checklist", "plan", "treat", "record"
STEPS = (CLIENT, CHECKLIST, PLAN, TREAT, RECORD)


@dataclass
class Visit:
    """The choices of one visit; `library` is the one in force when it began."""

    library: Library
    today: date
    operator: str = ""
    step: str = CLIENT
    request: Request | None = None
    history: History | None = None
    proposal: Proposal | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    record_id: str = ""
    expected: Expected = field(default_factory=Expected)
    # A first page may stand open overnight: asked again when a client is named.
    renew: Callable[[], tuple[Library, date]] | None = None

    # --- the client -----------------------------------------------------------------------------

    def begin(
        self, client: str, concern: str, fitzpatrick: str, operator: str, history: History
    ) -> None:
        """Propose a plan for a client; raises UsageError for a name, NotInLibrary."""
        if self.renew is not None:
            self.library, self.today = self.renew()
        request = Request(
            pseudonym(client, "a client number"), concern, (), fitzpatrick=fitzpatrick
        )
        again = self.expected.again
        if again is not None and (again.client, again.concern) == (client, concern):
            request = replace(again, fitzpatrick=fitzpatrick)
        self.operator = pseudonym(operator, "a staff code")
        self.proposal = propose(self.library, request)
        self.request = request
        self.history = history
        self.answers = {}
        self.step = CHECKLIST

    def treated(self) -> None:
        """The treatment has ended. That may be told twice, and late: the next visit has begun."""
        if self.step == TREAT:
            self.step = RECORD

    # --- the plan -------------------------------------------------------------------------------

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones of the proposal, in the order of treatment."""
        return tuple(zone.entry.zone for zone in self.proposal.zones) if self.proposal else ()

    def possible_zones(self) -> tuple[str, ...]:
        """Every zone in which the library treats this concern."""
        return self.library.zones_of(self.request.concern) if self.request else ()

    def toggle(self, zone: str) -> None:
        """Put a zone in or leave it out; the last one stays. Raises NotInLibrary."""
        chosen = self.zones
        wanted = tuple(z for z in chosen if z != zone) if zone in chosen else (*chosen, zone)
        if wanted:
            self._ask(zones=wanted)

    def zone(self, name: str) -> ProposedZone | None:
        """A zone of the proposal."""
        zones = self.proposal.zones if self.proposal else ()
        return next((zone for zone in zones if zone.entry.zone == name), None)

    def value(self, name: str, quantity: str) -> int:
        """A proposed value, in the pen's units; raises KeyError for another zone or quantity."""
        zone = self.zone(name)
        if zone is None:
            raise KeyError(name)
        return {
            "depth": zone.depth_um,
            "rate": zone.rate_chz,
            "passes": zone.passes,
            "dose": zone.dose_per_cm2,
        }[quantity]

    def may_be(self, name: str, quantity: str, value: int) -> bool:
        """Whether a value lies within the hard limits; the scale of a page ends there."""
        zone = self.zone(name)
        return zone is not None and zone.entry.guardrail(quantity).hard.holds(value)

    def change(self, name: str, quantity: str, value: int) -> bool:
        """Take another value; False, and nothing changed, beyond the hard limits."""
        assert quantity in QUANTITIES
        if self.request is None or not self.may_be(name, quantity, value):
            return False
        others = tuple(c for c in self.request.changes if c[:2] != (name, quantity))
        self._ask(changes=(*others, (name, quantity, value)))
        return True

    def give_reason(self, name: str, word: str, by: str) -> None:
        """Say why a zone leaves the soft limits and who allows it; raises UsageError for a name."""
        assert self.request is not None
        reason = Reason(word, pseudonym(by, "a staff code"))
        others = tuple(r for r in self.request.reasons if r[0] != name)
        self._ask(reasons=(*others, (name, reason)))

    def come_early(self, reason: str) -> None:
        """Say why the interval is not waited for; it excuses what is known now."""
        self._ask(early_reason=reason, planned_at=datetime.now(UTC).replace(microsecond=0))

    def _ask(self, **changes: object) -> None:
        assert self.request is not None
        request = replace(self.request, **changes)  # type: ignore[arg-type]
        self.proposal = propose(self.library, request)
        self.request = request

    # --- what is missing ------------------------------------------------------------------------

    def unanswered(self) -> tuple[str, ...]:
        """Keys of the questions without an answer."""
        return tuple(key for key in QUESTIONS if key not in self.answers)

    def without_reason(self) -> tuple[str, ...]:
        """Zones outside the soft limits whose reason is not given."""
        zones = self.proposal.zones if self.proposal else ()
        return tuple(z.entry.zone for z in zones if z.needs_reason and z.reason is None)

    def resting(self) -> tuple[interval.Rest, ...]:
        """Zones whose interval is not over, unless a reason was given."""
        if self.proposal is None or self.history is None or self.proposal.request.early_reason:
            return ()
        return tuple(interval.too_early(self.history, self._intervals(), self.today))

    @property
    def rest_unknown(self) -> bool:
        """Whether the records could not be asked and nobody has given a reason to go on."""
        early = self.proposal.request.early_reason if self.proposal else ""
        return self.history is not None and not self.history.known and not early

    def _intervals(self) -> dict[str, int]:
        """Days of rest by zone of the proposal."""
        zones = self.proposal.zones if self.proposal else ()
        return {zone.entry.zone: zone.entry.interval_days for zone in zones}

    @property
    def ready(self) -> bool:
        """Whether a treatment may begin."""
        planned = self.proposal is not None
        missing = self.unanswered() or self.without_reason() or self.resting()
        return planned and not missing and not self.rest_unknown

    # --- what the treatment is given ------------------------------------------------------------

    def plan(self) -> Plan:
        """The plan, checked as any plan file is.

        Raises PlanInvalid, ScreeningIncomplete, TooEarly: what a page shows decides nothing.
        """
        if self.proposal is None:
            raise errors.UsageError("There is no plan yet.", next_step="Choose a client.")
        must_hold(self.screening(), self.proposal.request.client, self.today)
        if self.history is not None:
            request = self.proposal.request
            interval.must_have_rested(
                self.history,
                self._intervals(),
                request.early_reason,
                self.today,
                request.planned_at,
            )
        text = plan_writer.text(self.proposal)
        return plan_file.check(
            plan_source.parse("plan.toml", text.encode()), lambda _: self.library
        )

    def screening(self) -> Screening:
        """The answers of today."""
        client = self.request.client if self.request else ""
        return Screening(client, self.today, dict(self.answers))
