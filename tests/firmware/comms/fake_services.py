"""Services that note what they are asked and answer as told. Owns the notes."""

from typing import Any

from firmware.comms.services import Services
from protocol import codes, telemetry

OK = (codes.RESULT_OK, 0, 0, 0, 0)
NO = (codes.RESULT_WRONG_STATE, 0, 6, 0, 0)


class FakeServices(Services):
    """`refusal` is what everything that can be refused answers."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.refusal = OK
        self.quiet = True
        self.plan: tuple[Any, ...] | None = None
        self.entry: tuple[Any, ...] | None = None
        self.values = {"buzzer": 1}
        self.plan_refusal = OK
        self.keep_refusal = OK
        self.kept: list[bytes] = []

    def identity(self) -> tuple[str, str, str, list[str], str]:
        return "0011", "0.1.0", "", ["plan"], "00112233445566ff"

    def update(self, operation: int, data: bytes) -> tuple[int, int, int, int, int]:
        self.asked.append(("update", operation, data))
        return self.refusal

    def update_state(self) -> int:
        return 5

    def stop(self) -> None:
        self.asked.append("stop")

    def renew_lease(self) -> None:
        self.asked.append("lease")

    def may_change_plan(self) -> tuple[int, int, int, int, int]:
        return self.refusal

    def check_plan(self, data: bytearray) -> tuple[int, int, int, int, int]:
        return self.plan_refusal

    def keep_plan(self, data: bytes, sha256: bytes) -> tuple[int, int, int, int, int]:
        if self.keep_refusal == OK:
            self.kept.append(data)
        return self.keep_refusal

    def may_write(self) -> bool:
        return self.quiet

    def plan_info(self) -> tuple[Any, ...] | None:
        return self.plan

    def select_zone(self, zone: int) -> tuple[int, int, int, int, int]:
        self.asked.append(("zone", zone))
        return self.refusal

    def arm(self) -> tuple[int, int, int, int, int]:
        self.asked.append("arm")
        return self.refusal

    def acknowledge(self, fault: int) -> tuple[int, int, int, int, int]:
        self.asked.append(("acknowledge", fault))
        return self.refusal

    def begin_self_test(self) -> tuple[int, int, int, int, int]:
        self.asked.append("self-test")
        return self.refusal

    def setting(self, name: bytes) -> list[tuple[str, Any]] | None:
        if not name:
            return [("names", list(self.values))]
        key = name.decode("ascii", "replace")
        return [(key, self.values[key])] if key in self.values else None

    def change_settings(self, changes: dict[str, Any]) -> tuple[int, int, int, int, int]:
        if self.refusal == OK:
            self.values.update(changes)
        return self.refusal

    def value_of(self, name: str) -> int:
        return self.values[name]

    def fault_entry(self, index: int) -> tuple[Any, ...] | None:
        self.asked.append(("fault", index))
        return self.entry

    def usage_entry(self, index: int) -> tuple[Any, ...] | None:
        self.asked.append(("usage", index))
        return self.entry

    def limits(self, zone: int) -> tuple[int, ...] | None:
        return (zone, 750, 1500, 2500, 5000, 12000, 1800, 5000, 6, 250, 30) if zone < 17 else None

    def cartridge(self) -> tuple[Any, ...] | None:
        return self.entry

    def set_clock(self, unix_s: int) -> tuple[int, int, int, int, int]:
        self.asked.append(("clock", unix_s))
        return self.refusal

    def set_telemetry_rate(self, rate_hz: int) -> None:
        self.asked.append(("rate", rate_hz))

    def status(self, buffer: bytearray) -> None:
        record = telemetry.new_record()
        record[telemetry.FIELDS.index("t_ms")] = 1234
        telemetry.pack(record, buffer)
