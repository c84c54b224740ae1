"""What is worth keeping goes to the histories: each fault, and each zone's usage after a run.

Entries wait here until nothing moves and no proof is under way, because writing the flash stops
everything else for up to 45 ms. Main loop. Owns what waits.
"""

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

    def poll(self) -> None:
        """Write what waits, at standstill; at most one entry per pass."""
        supervisor = self._app.supervisor
        if supervisor.faults.count == self._faults_seen and supervisor.runs == self._runs_seen:
            return
        if not self.quiet():
            return
        if supervisor.faults.count != self._faults_seen:
            self._faults_seen = supervisor.faults.count
            self._add_fault()
        else:
            self._runs_seen = supervisor.runs
            self._add_usage()

    def quiet(self) -> bool:
        """Whether the flash may be written: nothing armed, nothing moving, no proof."""
        supervisor = self._app.supervisor
        if codes.STATE_ARMED <= supervisor.state <= codes.STATE_PARKING:
            return False
        if supervisor.state == codes.STATE_BOOT and not supervisor.faults.current:
            return False
        return not supervisor.line.proof.active and not supervisor.asked_proof

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
