"""What the dispatcher may ask of the pen: the seam between the wire and everything behind it.

`firmware.pen_services.PenServices` answers it; tests answer it with fakes. A refusal is the tuple
`(result, context, value, low, high)` with RESULT_OK first where nothing is wrong. Owns nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Refusal = tuple[int, int, int, int, int]


class Services:
    """One method per thing a host can ask; main loop only."""

    def identity(self) -> "tuple[str, str, str, list[str], str]":
        """(serial number, firmware version, library id, capabilities, hash of the image)."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop or disarm, in any state."""
        raise NotImplementedError

    def renew_lease(self) -> None:
        """The host is there."""
        raise NotImplementedError

    def update(self, operation: int, data: bytes) -> "Refusal":
        """Ask to leave the firmware."""
        raise NotImplementedError

    def update_state(self) -> int:
        """How far the leaving is: the state of UPDATE's response."""
        raise NotImplementedError

    def may_change_plan(self) -> "Refusal":
        """Whether a plan may be replaced now."""
        raise NotImplementedError

    def may_write(self) -> bool:
        """Whether the flash may be written this moment (nothing moves, no proof is under way)."""
        raise NotImplementedError

    def plan_info(self) -> "tuple[Any, ...] | None":
        """Fields of PLAN_INFO's response."""
        raise NotImplementedError

    def select_zone(self, zone: int) -> "Refusal":
        """Choose a zone of the plan."""
        raise NotImplementedError

    def arm(self) -> "Refusal":
        """Ask to arm."""
        raise NotImplementedError

    def acknowledge(self, fault: int) -> "Refusal":
        """Ask to clear a fault."""
        raise NotImplementedError

    def begin_self_test(self) -> "Refusal":
        """Start the self-test; its answer comes later."""
        raise NotImplementedError

    def setting(self, name: bytes) -> "list[tuple[str, Any]] | None":
        """One setting by name, or all names for an empty one."""
        raise NotImplementedError

    def change_settings(self, changes: "dict[str, Any]") -> "Refusal":
        """Change all of them or none."""
        raise NotImplementedError

    def value_of(self, name: str) -> int:
        """Value of a known setting."""
        raise NotImplementedError

    def fault_entry(self, index: int) -> "tuple[Any, ...] | None":
        """Fields of FAULT_LOG's response."""
        raise NotImplementedError

    def usage_entry(self, index: int) -> "tuple[Any, ...] | None":
        """Fields of USAGE_LOG's response."""
        raise NotImplementedError

    def limits(self, zone: int) -> "tuple[int, ...] | None":
        """Fields of LIMITS's response."""
        raise NotImplementedError

    def cartridge(self) -> "tuple[Any, ...] | None":
        """Fields of CARTRIDGE's response; None when none is seated."""
        raise NotImplementedError

    def set_clock(self, unix_s: int) -> "Refusal":
        """Take date and time."""
        raise NotImplementedError

    def set_telemetry_rate(self, rate_hz: int) -> None:
        """0..200 records a second."""
        raise NotImplementedError

    def status(self, buffer: bytearray) -> None:
        """Pack what is measured now as the payload of `buffer`, a frame's."""
        raise NotImplementedError
