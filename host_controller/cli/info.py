"""`pen info`: who the pen is, its state, its cartridge, its plan."""

import contextlib
from typing import Any

from host_controller import errors, refusals, versions, words
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.pen import Pen
from host_controller.pen_words import cartridge_words, library_words, plan_words
from host_controller.replies import Reading


def reading_fields(reading: Reading) -> dict[str, Any]:
    """A reading as `--json` shows it: every field, and names beside numbers."""
    return {
        **reading._asdict(),
        "state_name": reading.state_name,
        "zone_name": reading.zone_name,
        "stop_name": reading.stop_name,
        "condition_names": reading.condition_names(),
        "needles_in": reading.needles_in,
    }


def library_named(tag: str) -> str:
    """The same with name and state, where this computer knows the library with that hash."""
    from host_controller.library import store

    with contextlib.suppress(errors.PenError):  # a damaged library is told elsewhere
        for kept in store.all_kept():
            if kept.library.tag == tag:
                return f"{kept.library.name}, {kept.library.state}, {tag}"
    return tag


def gather(pen: Pen) -> dict[str, Any]:
    """Everything `info` knows, as plain values."""
    identity, status = pen.identity, pen.status()
    cartridge, plan = pen.cartridge(), pen.plan_info()
    return {
        "product": identity.product,
        "serial_number": identity.serial,
        "firmware": identity.firmware,
        "schema_id": identity.schema,
        "image": identity.image,
        "program": versions.program_version(),
        "library": library_words(identity),
        "capabilities": identity.capabilities,
        "url": pen.client.transport.url,
        "status": reading_fields(status),
        "cartridge": _plain(cartridge),
        "plan": _plain(plan),
        "round_trip_ms": pen.client.link.statistics.round_trip_ms,
    }


def _plain(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        key: value.hex() if isinstance(value, bytes) else value
        for key, value in row._asdict().items()
    }


@pen_command("info")
def command(shared: PenContext) -> None:
    """Who the pen is, its state, cartridge and plan."""
    with shared.pen(own_time=True) as pen:
        if shared.out.as_json:
            shared.out.object("pen.info/1", gather(pen))
            return
        identity, status = pen.identity, pen.status()
        rows = [
            ("pen", f"{identity.serial} ({identity.product})"),
            ("firmware", f"{identity.firmware}, protocol {identity.schema}"),
            ("image", identity.image or "not told yet"),
            ("program", versions.program_version()),
            ("can do", ", ".join(identity.capabilities) or "-"),
            ("port", pen.client.transport.url),
            ("", ""),
            ("state", status.state_name),
            ("needles", "in (sensed)" if status.needles_in else "OUT, or not sensed inside"),
            ("cartridge", cartridge_words(pen.cartridge())),
            ("plan", plan_words(pen.plan_info())),
            ("library", library_named(library_words(identity)) or "-"),
            ("zone", status.zone_name or "none chosen"),
            ("battery", f"{status.battery_pct} % ({words.volts(status.supply_mv)})"),
            ("temperature", words.celsius(status.temperature_cdeg)),
            ("last stop", status.stop_name),
        ]
        shared.out.pairs(rows)
        if status.fault:
            number = refusals.fault_number(status.fault)
            shared.out.line()
            shared.out.line(f"fault {number}: {refusals.fault_sentence(status.fault)}")
            shared.out.line(f"next: {refusals.fault_next_step(status.fault)}")
