"""Fault and usage history: what an entry holds, and how it goes into the append-only logs.

An entry is the answer to FAULT_LOG or USAGE_LOG without its number, which the log keeps itself.
Main loop at standstill only. Owns the two logs.
"""

import struct

from firmware.storage import layout
from firmware.storage.append_log import AppendLog
from protocol import messages, schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from firmware.hal.ports import Flash


def _entry_format(message: int) -> str:
    """The response's format without its first field, the number."""
    response = schema.BY_NUMBER[message].response
    if response is None:
        raise ValueError("message %d has no response" % message)
    return "<" + response.format[2:]


FAULT_FORMAT = _entry_format(messages.FAULT_LOG)
USAGE_FORMAT = _entry_format(messages.USAGE_LOG)


class History:
    """The two logs of the pen."""

    def __init__(self, flash: "Flash") -> None:
        self._faults = AppendLog(
            flash, layout.FAULT_LOG_AT, layout.FAULT_LOG_SECTORS, struct.calcsize(FAULT_FORMAT)
        )
        self._usage = AppendLog(
            flash, layout.USAGE_LOG_AT, layout.USAGE_LOG_SECTORS, struct.calcsize(USAGE_FORMAT)
        )

    def add_fault(self, *values: "Any") -> None:
        """Append the fields of FAULT_LOG's response from `unix_s` on."""
        self._faults.append(struct.pack(FAULT_FORMAT, *values))

    def add_usage(self, *values: "Any") -> None:
        """Append the fields of USAGE_LOG's response from `unix_s` on."""
        self._usage.append(struct.pack(USAGE_FORMAT, *values))

    def fault(self, index: int) -> "tuple[Any, ...] | None":
        """All fields of FAULT_LOG's response, `index` back from the newest."""
        return _fields(self._faults.newest(index), FAULT_FORMAT)

    def usage(self, index: int) -> "tuple[Any, ...] | None":
        """All fields of USAGE_LOG's response, `index` back from the newest."""
        return _fields(self._usage.newest(index), USAGE_FORMAT)


def _fields(entry: "tuple[int, bytes] | None", entry_format: str) -> "tuple[Any, ...] | None":
    if entry is None:
        return None
    return (entry[0],) + struct.unpack(entry_format, entry[1])
