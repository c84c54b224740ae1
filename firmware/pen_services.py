"""The pen as the wire sees it: each question answered from, each request passed to, its owner.

Knows the whole firmware, decides nothing: limits are safety's and treatment's, motion is the
supervisor's. Main loop only. Owns nothing.
"""

import binascii

from firmware.comms.services import Services
from firmware.safety import limits, requests
from firmware.storage.record_store import StorageError
from firmware.treatment import plan as plan_check
from firmware.update import guard
from firmware.version import FIRMWARE_VERSION
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from firmware.app import App

    Refusal = tuple[int, int, int, int, int]

OK = (codes.RESULT_OK, 0, 0, 0, 0)
DAY_S = 86_400
CAPABILITIES = ["plan", "logs", "settings", "self-test", "update"]


class PenServices(Services):
    """`comms.services.Services` over the parts of an App."""

    def __init__(self, app: "App") -> None:
        self._app = app

    def identity(self) -> "tuple[str, str, str, list[str], str]":
        """Serial number, firmware version, library id, capabilities, image."""
        self._app.updater.guard.cancel()  # whoever asked for an update has gone
        plan = self._app.treatment.plan
        library = "" if plan is None else binascii.hexlify(plan.library_id).decode()
        serial = binascii.hexlify(self._app.unique_id).decode()
        image = self._app.updater.image
        return serial, image.version(FIRMWARE_VERSION), library, CAPABILITIES, image.image_id

    # --- stop, lease, arm ---------------------------------------------------------------------

    def stop(self) -> None:
        """Stop or disarm, in any state."""
        self._app.updater.guard.cancel()
        requests.stop(self._app.supervisor, codes.STOP_HOST)

    def renew_lease(self) -> None:
        """The host is there."""
        requests.renew_lease(self._app.supervisor)

    def arm(self) -> "Refusal":
        """Ask to arm, from the host."""
        return self._app.ask_arm(False)

    def acknowledge(self, fault: int) -> "Refusal":
        """Ask to clear a fault."""
        return requests.acknowledge(self._app.supervisor, fault)

    # --- update -------------------------------------------------------------------------------

    def update(self, operation: int, data: bytes) -> "Refusal":
        """Ask to leave the firmware; QUERY only asks how far that is."""
        if operation == guard.BOOT_LOADER and self._app.self_test.running:
            return (codes.RESULT_WRONG_STATE, 0, self._app.supervisor.state, 0, 0)
        return self._app.updater.ask(operation, data)

    def update_state(self) -> int:
        """What the guard does."""
        return self._app.updater.guard.state

    # --- plan and zone ------------------------------------------------------------------------

    def may_change_plan(self) -> "Refusal":
        """Not while armed or moving."""
        state = self._app.supervisor.state
        if codes.STATE_ARMED <= state <= codes.STATE_PARKING:
            return (codes.RESULT_WRONG_STATE, 0, state, 0, 0)
        return OK

    def may_write(self) -> bool:
        """While a proof of the stop path has the line up, a write waits for its end (55 ms)."""
        return self._app.recorder.quiet()

    def check_plan(self, data: bytearray) -> "Refusal":
        """Every limit, before anything changes."""
        return plan_check.refusal(data)

    def keep_plan(self, data: bytes, sha256: bytes) -> "Refusal":
        """Store a plan that was checked, then put it in force."""
        app = self._app
        app.recorder.poll()
        try:
            app.plan_store.write(data)
        except (StorageError, OSError):
            return (codes.RESULT_STORAGE_FAILED, 0, 0, 0, 0)
        app.recorder.plan_kept()
        app.put_plan_in_force(data, sha256)
        return OK

    def plan_info(self) -> "tuple[Any, ...] | None":
        """Fields of PLAN_INFO's response."""
        treatment = self._app.treatment
        plan = treatment.plan
        if plan is None:
            return None
        return (
            treatment.plan_hash,
            plan.session_id,
            len(plan.rows),
            plan.flags,
            plan.pins,
            plan.needle_um,
            padded(plan.library_id, 8),
            padded(plan.name, 16),
        )

    def select_zone(self, zone: int) -> "Refusal":
        """A change of zone stops whatever runs; while something moves it must be asked again."""
        app = self._app
        requests.withdraw_arm(app.supervisor)
        state = app.supervisor.state
        if codes.STATE_ARMED <= state <= codes.STATE_PARKING:
            requests.stop(app.supervisor, codes.STOP_PLAN_CHANGED)
            return (codes.RESULT_WRONG_STATE, 0, state, 0, 0)
        app.recorder.poll()  # what was done in the old zone is written before
        return app.treatment.choose_zone(zone)

    def limits(self, zone: int) -> "tuple[int, ...] | None":
        """Fields of LIMITS's response."""
        row = limits.zone_row(zone)
        if row is None:
            return None
        return (
            zone,
            row[1],
            row[2],
            limits.RATE_MIN_CHZ,
            row[3],
            row[4],
            limits.ZONE_TIME_MAX_S,
            limits.DOSE_MAX_PER_CM2,
            limits.PASSES_MAX,
            limits.LEASE_MS,
            limits.ARM_MS // 1000,
        )

    # --- self-test, settings, clock -----------------------------------------------------------

    def begin_self_test(self) -> "Refusal":
        """Refused while armed or moving."""
        return self._app.begin_self_test()

    def setting(self, name: bytes) -> "list[tuple[str, Any]] | None":
        """{name: value}, or {names: [...]} for an empty name."""
        settings = self._app.settings
        if not name:
            return [("names", settings.names())]
        for known in settings.names():
            if known.encode() == name:
                return [(known, settings.get(known))]
        return None

    def value_of(self, name: str) -> int:
        """Value of a known setting."""
        return self._app.settings.get(name)

    def change_settings(self, changes: "dict[str, Any]") -> "Refusal":
        """All or none; the context of a refusal is the place in the table of settings."""
        app = self._app
        refusal = self.may_change_plan()
        if refusal[0] != codes.RESULT_OK:
            return refusal
        names = app.settings.names()
        for name, value in changes.items():
            problem = app.settings.problem(name, value)
            if problem is None:
                continue
            what, low, high = problem
            if what == "unknown":
                return (codes.RESULT_UNKNOWN_SETTING, 0, 0, 0, 0)
            number = value if what == "range" else 0
            return (codes.RESULT_OUT_OF_RANGE, names.index(name), number, low, high)
        try:
            app.settings.change(changes)
        except (StorageError, OSError):
            return (codes.RESULT_STORAGE_FAILED, 0, 0, 0, 0)
        return OK

    def set_clock(self, unix_s: int) -> "Refusal":
        """Take the date; the cartridge is judged again with it.

        Back by more than a day is refused while this pen is on (H32): a host whose clock went
        wrong must not make an expired cartridge fresh.
        """
        app = self._app
        known_s = app.wall_clock.unix_s()
        if unix_s < known_s - DAY_S:
            return (codes.RESULT_OUT_OF_RANGE, 0, unix_s, known_s - DAY_S, 0xFFFFFFFF)
        app.wall_clock.set(unix_s)
        app.cartridge.look_again()
        return OK

    # --- what the pen knows -------------------------------------------------------------------

    def fault_entry(self, index: int) -> "tuple[Any, ...] | None":
        """Fields of FAULT_LOG's response."""
        return self._app.history.fault(index)

    def usage_entry(self, index: int) -> "tuple[Any, ...] | None":
        """Fields of USAGE_LOG's response."""
        return self._app.history.usage(index)

    def cartridge(self) -> "tuple[Any, ...] | None":
        """Fields of CARTRIDGE's response; None when none is seated."""
        app = self._app
        result = app.cartridge.verdict[0]
        memory = app.cartridge_memory
        identity = memory.identity
        if result == codes.RESULT_NO_CARTRIDGE:
            return None
        mark = memory.mark
        return (
            bytes(memory.unique_id),
            identity.kind if identity else 0,
            identity.pins if identity and identity.pins <= 36 else 0,
            identity.needle_um if identity else 0,
            padded(identity.lot if identity else b"", 8),
            identity.expiry_day if identity else 0,
            mark.session_id if mark else 0,
            result,
        )

    def set_telemetry_rate(self, rate_hz: int) -> None:
        """0..200 records a second."""
        self._app.telemetry.set_rate(rate_hz)

    def status(self, buffer: bytearray) -> None:
        """The telemetry record, filled now."""
        self._app.telemetry.pack(buffer)


def padded(data: bytes, size: int) -> bytes:
    """`data` filled up with zeros to `size` bytes."""
    return (data + b"\0" * size)[:size]
