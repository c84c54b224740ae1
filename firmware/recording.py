"""What is worth keeping goes to the histories: each fault, each run before and after it.

Entries wait here until the flash may be written. An erase stops everything else for 45 ms, so it
is done only while nothing is armed, and ahead of need; the entry itself takes 0.4 ms and is also
written in ARMED, where nothing is driven. There goes the entry that a run may begin: a run that
the supply or a reset ends can then be counted at the next start (H11, H27). A button that is
pressed meanwhile waits: the word NOTE_DUE keeps all at rest. The sector of the next plan is
erased ahead as well, so that a push meets no erase. Main loop.
Owns what waits, whether the present arming has its entry, and when a plan was stored.
"""

from firmware import words as place
from firmware.safety import limits, requests
from firmware.storage.record_store import StorageError
from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from firmware.app import App
    from firmware.safety.faults import Snapshot

_SPARE_MS = const(2000)  # after a start or a plan: whoever is asking meanwhile is not kept waiting
_WRAP = const(0x3FFFFFFF)
# Of DEPTH_STATE, restated.
_HOMING = const(1)
_MOVING = const(3)
_RETURNING = const(5)
FASTER_PERCENT = 110  # of the rate asked for: faster is cut off by the overspeed limit


class Recorder:
    """`poll` with every pass of the main loop in which the state is new, and every few ms."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._faults_seen = 0
        self._runs_seen = 0
        self._open = False  # the flash says that a run may begin
        self._room = False  # a sector's worth of blank places is ready in each log
        self._plan_ms = 0
        app.supervisor.words[place.NOTE_DUE] = 1

    def count_unfinished(self) -> None:
        """At the start, before a plan comes into force: a run that was not ended counts in full."""
        history = self._app.history
        try:
            run = history.unfinished_run()
            if run is not None:
                history.add_usage(*run)
        except (StorageError, OSError):
            requests.fault(self._app.supervisor, codes.FAULT_STORAGE)

    def plan_kept(self) -> None:
        """A plan was stored, so the sector of the next one is no longer blank."""
        self._plan_ms = self._app.readings.t_ms

    def poll(self) -> None:
        """Write what waits; with nothing to write, make room for what may come."""
        supervisor = self._app.supervisor
        state = supervisor.state
        armed = codes.STATE_ARMED <= state <= codes.STATE_POSITIONING
        if state == codes.STATE_RUNNING and not self._open:
            requests.stop(supervisor, codes.STOP_NOT_READY)  # no run without its entry
            return
        run_waits = supervisor.runs != self._runs_seen or self._open != armed
        waits = supervisor.faults.count != self._faults_seen or (
            run_waits and not supervisor.words[place.COUNTING]
        )
        if not waits and (state == codes.STATE_ARMED or (self._room and not self._spare_due())):
            return
        if not self._may_program() or state == codes.STATE_BOOT:
            return
        # The button may be pressed from here on: nothing moves in POSITIONING until it is 0.
        supervisor.words[place.NOTE_DUE] = 1
        try:
            if self._may_program():
                self._tend(waits, armed)
        except (StorageError, OSError):
            requests.fault(supervisor, codes.FAULT_STORAGE)
        supervisor.words[place.NOTE_DUE] = 0 if self._open else 1

    def _tend(self, waits: bool, armed: bool) -> None:
        """The flash may be written now."""
        if not self._find_room():
            if armed:
                requests.stop(self._app.supervisor, codes.STOP_NOT_READY)
        elif waits:
            self._room = False
            self._write(armed)
        elif self.quiet() and self._spare_due():
            self._app.plan_store.prepare()

    def _write(self, armed: bool) -> None:
        """One try for each entry: what cannot be written is a fault, not an endless loop."""
        supervisor = self._app.supervisor
        history = self._app.history
        if supervisor.faults.count != self._faults_seen:
            self._faults_seen += 1
            self._add_fault()
        if supervisor.words[place.COUNTING]:
            return  # stopped by a fault, the needles run out: the run is counted to its end
        if supervisor.runs != self._runs_seen:
            self._runs_seen = supervisor.runs
            self._open = False
            self._add_usage()
        if armed:
            if not self._open:
                self._open_run()
                self._open = True
        elif self._open:
            self._open = False
            history.close_run()

    def _find_room(self) -> bool:
        """Blank places for what waits; where an erase is allowed, for a whole arming."""
        history = self._app.history
        if not self.quiet():
            return history.find_room()
        if not history.find_room_ahead():
            history.make_room_ahead()
        self._room = True
        return True

    def _spare_due(self) -> bool:
        """Whether it is time to erase the sector of the next plan."""
        if self._app.plan_store.prepared:
            return False
        return (self._app.readings.t_ms - self._plan_ms) & _WRAP >= _SPARE_MS

    def quiet(self) -> bool:
        """Whether the flash may be erased: nothing armed, nothing moving, no proof under way.

        The stage travels in BOOT and FAULT as well, and a little beyond PARKING. Stopped for 45 ms
        at full speed it would lose its steps. Needles that run out are counted first: zone and
        plan change only when this is so, and what they got belongs to the zone that was chosen.
        """
        supervisor = self._app.supervisor
        armed = codes.STATE_ARMED <= supervisor.state <= codes.STATE_POSITIONING
        travels = supervisor.words[place.DEPTH_STATE] in (_HOMING, _MOVING, _RETURNING)
        counting = supervisor.words[place.COUNTING]
        return self._may_program() and not armed and not travels and not counting

    def _may_program(self) -> bool:
        supervisor = self._app.supervisor
        state = supervisor.state
        if codes.STATE_RUNNING <= state <= codes.STATE_PARKING:
            return False
        if state == codes.STATE_POSITIONING and self._open:
            return False  # noted: it may be driving
        return not supervisor.proof.active and not supervisor.proof.asked

    def _add_fault(self) -> None:
        """The first that waits; what followed it goes with the next poll."""
        for kept in self._app.supervisor.faults.snapshots:
            fault = kept.fault
            if fault:
                kept.fault = codes.FAULT_NONE
                self._add_snapshot(fault, kept)
                return

    def _add_snapshot(self, fault: int, kept: "Snapshot") -> None:
        app = self._app
        app.history.add_fault(
            app.wall_clock.unix_s(),
            kept.t_ms,
            fault,
            kept.state,
            app.treatment.zone,
            app.readings.battery_percent,
            kept.conditions,
            max(app.treatment.session_id, 0),
            within(kept.rate_set_chz, 0, 0xFFFF),
            within(kept.rate_chz, 0, 0xFFFF),
            within(kept.depth_set_um, 0, 2600),
            within(kept.depth_um, -32767, 32767),
            within(kept.current_ma, -32767, 32767),
            within(kept.supply_mv, 0, 0xFFFF),
            within(kept.temperature_cdeg, -32767, 32767),
            within(kept.duty, -5000, 5000),
        )

    def _add_usage(self) -> None:
        """The zone's totals after a run."""
        zone = self._app.treatment.progress.current
        self._app.history.add_usage(
            *self._usage(zone.passes, self._app.supervisor.stop_reason),
            zone.active_ms,
            zone.contact_ms,
            zone.punctures,
            self._app.treatment.progress.punctures_per_cm2(),
        )

    def _open_run(self) -> None:
        """The zone's totals as the limits of the run would leave them."""
        app = self._app
        treatment = app.treatment
        zone = treatment.progress.current
        row = treatment.row
        kind = limits.cartridge_row(treatment.pins)
        if row is None or kind is None:
            raise StorageError("an armed pen without a zone or a cartridge")
        session_ms = limits.SESSION_MS - app.supervisor.session_ms
        left_ms = max(min(row.time_limit_s * 1000 - zone.active_ms, session_ms), 0)
        strokes = left_ms * row.rate_chz // 1000 * FASTER_PERCENT // 10_000 + 1
        dose_limit = row.dose_limit_per_cm2 * row.area_mm2 // 100
        punctures = min(zone.punctures + strokes * kind[3], max(dose_limit, zone.punctures))
        app.history.open_run(
            *self._usage(zone.passes + 1, codes.STOP_SUPPLY),
            zone.active_ms + left_ms,
            zone.contact_ms + left_ms,
            punctures,
            min(punctures * 100 // row.area_mm2, 0xFFFF),
        )

    def _usage(self, passes: int, stop_reason: int) -> "tuple[Any, ...]":
        """The first fields of a usage entry, from `unix_s` on."""
        app = self._app
        treatment = app.treatment
        return (
            app.wall_clock.unix_s(),
            max(treatment.session_id, 0),
            bytes(app.cartridge_memory.unique_id),
            treatment.zone,
            within(passes, 0, 6),
            stop_reason,
            treatment.pins,
            treatment.depth_um,
            treatment.rate_chz,
        )


def within(value: int, low: int, high: int) -> int:
    """`value`, or the end of the field's range where a measurement lies beyond it."""
    return min(max(value, low), high)
