"""One treatment: push the plan, enter zones, arm, watch, stop, record.

The screens (`treat`, `try`, `demo`) call `step` often and show what stands here. The needles start
by the pen's button alone; this class can only ask, watch and stop. The record is written as the
treatment goes, by threads of its own, so that a slow disk never costs the lease.
Owns the record, the figures of the current zone and the events not yet shown.
"""

import contextlib
from collections import deque
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from host_controller import errors, refusals, timeouts, versions, words
from host_controller.pen import TELEMETRY_HZ, Pen
from host_controller.planning.plan import Plan, PlanZone
from host_controller.planning.plan_bytes import PlanImage, compile_plan
from host_controller.records import kinds
from host_controller.records.pseudonyms import pseudonym
from host_controller.records.udi import Udi, must_be_of
from host_controller.replies import EXPOSED, Reading
from host_controller.treatment.sampler import Sampler
from host_controller.treatment.zone_figures import ZoneFigures
from protocol import codes
from protocol.texts import STOP_TEXTS

if TYPE_CHECKING:
    from host_controller.records.recorder import Recorder

FRESH = TELEMETRY_HZ * 10  # a screen looks often; one that shows only the newest needs none
COMPLETE = (codes.STOP_DOSE, codes.STOP_ZONE_TIME)  # the zone has had what was planned


class TreatmentSession:
    """A treatment with one pen and one plan."""

    def __init__(
        self, pen: Pen, plan: Plan, image: PlanImage, record: "Recorder", session_id: int
    ) -> None:
        self.pen = pen
        self.plan = plan  # in force now: the ramp first, where there is one
        self.image = image  # of the whole plan
        self._whole = plan
        self.record = record
        self.session_id = session_id
        self.reading: Reading = pen.status()
        self.figures: ZoneFigures | None = None
        self.done: list[ZoneFigures] = []
        self.faults: list[int] = []
        self.events: deque[str] = deque(maxlen=50)
        self.fresh: deque[Reading] = deque(maxlen=FRESH)  # readings nobody has fetched yet
        self.problems: list[str] = []  # of the record, told again at the end
        self.record_errors: list[errors.PenError] = []  # the same, for those who show them apart
        self._fault_shown = 0
        self._disarmed_by = codes.STOP_NONE  # as the pen's notice says, until it is told
        self._heard_ms = pen.client.clock_ms()
        self._sampler = Sampler()
        self._begun_ms = self._heard_ms
        self._begun = False
        self._cartridge = ""
        self._cartridge_used = False
        self._simulated = False
        self._currents_ma = deque([self.reading.current_ma], maxlen=TELEMETRY_HZ // 5)

    # --- begin and end --------------------------------------------------------------------------

    def begin(
        self,
        client: str = "",
        operator: str = "",
        continues: str = "",
        simulated: str = "",
        planning: dict[str, object] | None = None,
        udi: Udi | None = None,
    ) -> None:
        """Open the record, set the pen's clock, push the plan, start telemetry.

        `simulated` names the interpreter of a simulated pen; `planning` is what the plan was made
        from. Both stand in the record. Raises RecordUnwritable, ClockBehind, CartridgeSeen,
        WrongPack when `udi`, of the cartridge's pack, is not that of the cartridge.
        """
        pen, self._simulated = self.pen, bool(simulated)
        for row in self.plan.zones:
            if row.approved_by:
                pseudonym(row.approved_by, "a staff code")
        self.record.open()
        self._begun, self._begun_ms = True, pen.client.clock_ms()
        self._record_begin(client, operator, continues, simulated, planning or {})
        self.record.settle()  # what cannot be recorded is not begun
        pen.set_clock()
        self._look_at_cartridge(udi)
        ramp = None if continues else self._whole.ramp()
        image = compile_plan(ramp, self.session_id) if ramp else self.image
        self.plan = ramp or self._whole
        info = pen.plan_info()
        if info is None or info.sha256 != image.sha256:
            pen.push_plan(image)
        self._read_logs()
        pen.set_telemetry(TELEMETRY_HZ)
        self._heard_ms = pen.client.clock_ms()
        self.reading = pen.status()

    @property
    def more_to_come(self) -> bool:
        """Whether what is in force is only the shallower first pass."""
        return self.plan is not self._whole

    def go_on(self) -> None:
        """After the first pass: push the whole plan. The pen goes on counting passes and dose."""
        if self.reading.state == codes.STATE_ARMED or self.reading.state in EXPOSED:
            self.stop()
        self.leave()
        self.pen.push_plan(self.image)
        self.plan = self._whole
        self._add(kinds.PLAN, plan_sha256=self.image.sha256.hex())
        self._heard_ms = self.pen.client.clock_ms()

    def _record_begin(
        self,
        client: str,
        operator: str,
        continues: str,
        simulated: str,
        planning: dict[str, object],
    ) -> None:
        identity = self.pen.identity
        offset = datetime.now().astimezone().utcoffset()
        plan = {key: value for key, value in self.plan.as_dict().items() if key != "name"}
        self._add(
            kinds.BEGIN,
            client=client,
            operator=operator,
            continues=continues,
            demo=self.plan.demo,
            simulated=simulated,
            pen=identity.serial,
            firmware=identity.firmware,
            schema_id=identity.schema,
            program=versions.program_version(),
            utc_offset_min=round(offset.total_seconds() / 60) if offset else 0,
            session_id=self.session_id,
            plan=plan,
            plan_sha256=self.image.sha256.hex(),
            planning=planning,
            approvals={r.name: r.approved_by for r in self.plan.zones if r.approved_by},
            seen=self.record.seen_heads(),
        )

    def _look_at_cartridge(self, udi: Udi | None) -> None:
        """Record the cartridge; refuse one that any pen of this clinic has used before.

        Cartridges of simulated pens are numbered afresh by every simulator: only the pen judges.
        """
        cartridge = self.pen.cartridge()
        if cartridge is None:
            return
        self._cartridge = cartridge.cartridge_id.hex()
        self._add(
            kinds.CARTRIDGE,
            id=self._cartridge,
            pins=cartridge.pins,
            needle_um=cartridge.needle_um,
            lot=cartridge.lot_text,
            expiry_day=cartridge.expiry_day,
            result=cartridge.result,
            udi=udi.text if udi else "",
        )
        if udi is not None:
            must_be_of(udi, cartridge.lot_text, date.fromisoformat(words.day(cartridge.expiry_day)))
        if not self._simulated:
            self.record.refuse_used_cartridge(self._cartridge, self.session_id)

    def _read_logs(self) -> None:
        from host_controller.records.pen_logs import reconcile

        with contextlib.suppress(errors.PenError):  # they can be read the next time
            reconcile(self.pen, self.record)

    def finish(self, outcome: str, error: errors.PenError | None = None) -> None:
        """Close the record; the pen must have been stopped before. Raises RecordUnwritable."""
        if not self._begun:  # the record was refused
            self.record.close()
            return
        self.leave()
        with contextlib.suppress(errors.PenError):  # it may be the reason for the end
            self.reading = self.pen.status()
            self._read_logs()
        self._add(
            kinds.END,
            outcome=outcome,
            error=error.number if error else None,
            faults=[refusals.fault_number(fault) for fault in self.faults],
            needles_in=self.reading.needles_in,
            battery_pct=self.reading.battery_pct,
        )
        try:
            self.record.close()
        finally:
            self._tell_problems()

    def _add(self, kind: str, **fields: Any) -> None:
        """Record one entry with the time since the beginning; never waits."""
        self.record.add(kind, t_ms=self.pen.client.clock_ms() - self._begun_ms, **fields)

    def _tell_problems(self) -> None:
        while self.record.problems:
            problem = self.record.problems.popleft()
            self.record_errors.append(problem)
            self.problems.append(f"{problem.number} {problem.sentence} {problem.next_step}")
            self.events.append(self.problems[-1])

    # --- zones ----------------------------------------------------------------------------------

    def enter(self, row: PlanZone) -> None:
        """Choose a zone; whatever is armed or runs is stopped first. Raises PenRefused."""
        if self.reading.state == codes.STATE_ARMED or self.reading.state in EXPOSED:
            self.stop()
        self.leave()
        self.pen.select_zone(row.zone)
        self.figures = ZoneFigures(row)
        self._add(kinds.ZONE, zone=row.name, depth_um=row.depth_um, rate_chz=row.rate_chz)
        self._settle()

    def _settle(self) -> None:
        """Let the pen look at cartridge, plan and zone: it does so within milliseconds."""
        until_ms = self.pen.client.clock_ms() + timeouts.SETTLE_MS
        self._refresh()
        while self.reading.state < codes.STATE_CONFIGURED or not self.reading.needles_in:
            if self.pen.client.clock_ms() >= until_ms:
                return  # the screen says what is missing
            self.step()

    def leave(self) -> None:
        """End the current zone and record what was measured."""
        if self.figures is None:
            return
        row = self.figures.row
        figures = self.figures.as_dict()
        self._add_sample(self._sampler.end())
        self._add(kinds.ZONE_END, **figures, area_mm2=row.area_mm2, override=row.override_text)
        self.done.append(self.figures)
        self.figures = None

    @property
    def zone_complete(self) -> bool:
        """Whether the pen ended this zone because its time or dose is reached."""
        ended = self.figures is not None and self.figures.ended_by in COMPLETE
        return ended and self.reading.state not in EXPOSED

    # --- arm, watch, stop -----------------------------------------------------------------------

    def arm(self) -> None:
        """Ask for 30 s of the pen's own button; raises PenRefused with the reason."""
        self._add(kinds.ARM, zone=self.reading.zone_name)
        client = self.pen.client
        if self.plan.tethered and not client.lease_held:
            client.hold_lease()
            self._let_one_keepalive_through()
        self.pen.arm()
        until_ms = client.clock_ms() + timeouts.REPLY_MS
        self._refresh()
        while self.reading.state == codes.STATE_CONFIGURED and client.clock_ms() < until_ms:
            self.step()  # what is granted is carried out by the pen's next tick

    def _let_one_keepalive_through(self) -> None:
        client = self.pen.client
        replies_before = client.link.statistics.replies
        until_ms = client.clock_ms() + timeouts.KEEPALIVE_REPLY_MS * timeouts.KEEPALIVE_ATTEMPTS
        while client.link.statistics.replies == replies_before and client.clock_ms() < until_ms:
            client.pump()

    def step(self, timeout_s: float = timeouts.PUMP_S) -> None:
        """Pump once and take in what came; raises NoAnswer when the pen has fallen silent."""
        client = self.pen.client
        client.pump(timeout_s)
        self._take_all()
        if client.clock_ms() - self._heard_ms > timeouts.SILENCE_MS:
            raise errors.NoAnswer(
                f"The pen has been silent for {timeouts.SILENCE_MS} ms.",
                cause="The cable is loose, or the pen lost power. A tethered pen has stopped.",
                next_step="Look that the needles are in, then connect again.",
            )

    def _take_all(self) -> None:
        client = self.pen.client
        while client.notices:  # telemetry carries the same facts, but for why an arming ended
            notice = client.notices.popleft()
            if (notice.previous, notice.state) == (codes.STATE_ARMED, codes.STATE_CONFIGURED):
                self._disarmed_by = notice.stop_reason
        while client.readings:
            self._heard_ms = client.clock_ms()
            self._take(client.readings.popleft())

    def _refresh(self) -> None:
        """Ask for the state now; what came before it is taken in first."""
        status = self.pen.status()
        self._take_all()
        self._heard_ms = self.pen.client.clock_ms()
        self._take(status)

    def _take(self, reading: Reading) -> None:
        before, self.reading = self.reading, reading
        self.fresh.append(reading)
        self._currents_ma.append(reading.current_ma)
        if self.figures is not None:
            self.figures.take(reading)
        if reading.state == codes.STATE_RUNNING and not self._cartridge_used:
            self._cartridge_used = True
            if self._cartridge and not self._simulated:
                self._add(kinds.CARTRIDGE_USED, id=self._cartridge, session_id=self.session_id)
        self._add_sample(self._sampler.take(reading))
        if reading.fault and reading.fault != self._fault_shown:
            self.faults.append(reading.fault)
            self.events.append(
                f"{refusals.fault_number(reading.fault)} "
                f"{refusals.fault_sentence(reading.fault)} "
                f"{refusals.fault_next_step(reading.fault)}"
            )
        self._fault_shown = reading.fault
        if before.state in EXPOSED and reading.state not in EXPOSED and not reading.fault:
            sentence, next_step = STOP_TEXTS.get(reading.stop_reason, ("", ""))
            self.events.append(f"{sentence} {next_step}".strip())
            self._add(
                kinds.STOP,
                zone=reading.zone_name,
                reason=reading.stop_name,
                needles_in=reading.needles_in,
                zone_ms=reading.zone_ms,
                punctures=reading.punctures,
            )
        elif before.state == codes.STATE_ARMED and reading.state == codes.STATE_CONFIGURED:
            reason = self._disarmed_by or reading.stop_reason  # a notice may be lost
            self._disarmed_by = codes.STOP_NONE
            self.events.append(" ".join(STOP_TEXTS.get(reason, ("", ""))))
        if reading.fault and before.fault != reading.fault:
            self._add(
                kinds.FAULT,
                fault=refusals.fault_number(reading.fault),
                zone=reading.zone_name,
            )

    def _add_sample(self, sample: dict[str, Any] | None) -> None:
        if sample is not None:
            self._add(kinds.SAMPLE, **sample)
            self._tell_problems()

    @property
    def current_ma(self) -> int:
        """Mean motor current of the last 0.2 s, for the eye: every puncture makes it jump."""
        return round(sum(self._currents_ma) / len(self._currents_ma))

    def stop(self) -> Reading:
        """Stop, wait until the pen senses its needles inside; raises NotParked."""
        self.pen.stop()
        parked = self.pen.wait_parked()
        self._take_all()
        self._heard_ms = self.pen.client.clock_ms()
        self._take(parked)
        return parked

    def acknowledge(self) -> None:
        """Acknowledge the latched fault; raises PenRefused while its cause is present."""
        fault = self.reading.fault
        self.pen.acknowledge(fault)
        self._add(kinds.ACKNOWLEDGE, fault=refusals.fault_number(fault))

    def summary(self) -> dict[str, Any]:
        """The treatment as one object."""
        return {
            "record_id": self.record.record_id,
            "zones": [figures.as_dict() for figures in self.done],
            "faults": [refusals.fault_number(fault) for fault in self.faults],
            "needles_in": self.reading.needles_in,
        }
