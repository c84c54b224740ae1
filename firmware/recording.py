"""What is worth keeping goes to the histories: each fault, and each zone's usage after a run.

Entries wait here until the flash may be written. An erase stops everything else for 45 ms, so it
is done only while nothing is armed, and ahead of need; the entry itself takes 0.4 ms and is also
written in ARMED, where nothing is driven, so that a power cut there loses nothing. Main loop.
Owns what waits.
"""

from firmware.safety import requests
from firmware.storage.record_store import StorageError
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.app import App


class Recorder:
    """`poll` with every pass of the main loop."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._faults_seen = 0
        self._runs_seen = 0
        self._room = False  # blank places are known to be ready

    def poll(self) -> None:
        """Write what waits; with nothing to write, make room for what may come."""
        supervisor = self._app.supervisor
        fault_waits = supervisor.faults.count != self._faults_seen
        usage_waits = supervisor.runs != self._runs_seen
        if self._room and not fault_waits and not usage_waits:
            return
        if not self._may_program() or supervisor.state == codes.STATE_BOOT:
            return
        try:
            if not self._find_room():
                return
            self._room = not fault_waits and not usage_waits
            self._write(fault_waits, usage_waits)
        except (StorageError, OSError):
            requests.fault(supervisor, codes.FAULT_STORAGE)

    def _write(self, fault_waits: bool, usage_waits: bool) -> None:
        """One try for each entry: what cannot be written is a fault, not an endless loop."""
        supervisor = self._app.supervisor
        if fault_waits:
            self._faults_seen = supervisor.faults.count
            self._add_fault()
        if usage_waits:
            self._runs_seen = supervisor.runs
            self._add_usage()

    def _find_room(self) -> bool:
        history = self._app.history
        if history.find_room():
            return True
        if not self.quiet():
            return False
        history.make_room()
        return True

    def quiet(self) -> bool:
        """Whether the flash may be erased: nothing armed, nothing moving, no proof under way."""
        return self._may_program() and self._app.supervisor.state != codes.STATE_ARMED

    def _may_program(self) -> bool:
        supervisor = self._app.supervisor
        state = supervisor.state
        if codes.STATE_POSITIONING <= state <= codes.STATE_PARKING:
            return False
        return not supervisor.line.proof.active and not supervisor.asked.proof

    def _add_fault(self) -> None:
        app = self._app
        faults = app.supervisor.faults
        kept = faults.snapshot
        app.history.add_fault(
            app.wall_clock.unix_s(),
            kept.t_ms,
            kept.fault,
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
        app = self._app
        treatment = app.treatment
        zone = treatment.progress.current
        if treatment.plan is None or treatment.row is None:
            return
        app.history.add_usage(
            app.wall_clock.unix_s(),
            treatment.session_id,
            bytes(app.cartridge_memory.unique_id),
            treatment.zone,
            within(zone.passes, 0, 6),
            app.supervisor.stop_reason,
            treatment.pins,
            treatment.depth_um,
            treatment.rate_chz,
            zone.active_ms,
            zone.contact_ms,
            zone.punctures,
            treatment.progress.punctures_per_cm2(),
        )


def within(value: int, low: int, high: int) -> int:
    """`value`, or the end of the field's range where a measurement lies beyond it."""
    return min(max(value, low), high)
