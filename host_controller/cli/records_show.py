"""A record for people: what was planned, what was measured, how it ended."""

from datetime import timedelta

from host_controller import words
from host_controller.cli.output import Output
from host_controller.planning.plan import pins_text
from host_controller.records.views import SessionRecord, ZoneRecord

_HEADER = ("zone", "set", "measured", "rate set", "measured", "dose", "time", "stopped by")
_RIGHT = _HEADER[1:-1]


def _mm(value_um: int | None) -> str:
    return "-" if value_um is None else f"{value_um / 1000:.2f} mm"


def _hz(value_chz: int | None) -> str:
    return "-" if value_chz is None else words.hz(value_chz, 0)


def _zone(zone: ZoneRecord) -> tuple[str, ...]:
    return (
        zone.zone,
        _mm(zone.depth_um_set),
        _mm(zone.depth_um_mean),
        _hz(zone.rate_chz_set),
        _hz(zone.rate_chz_mean),
        f"{zone.punctures_per_cm2}/cm²",
        words.minutes(zone.zone_ms),
        ", ".join(zone.stop_reasons) or "-",
    )


def _facts(record: SessionRecord) -> list[tuple[str, str]]:
    local = record.begun + timedelta(minutes=record.utc_offset_min)
    rows = [
        ("record", record.record_id),
        ("begun", f"{local:%Y-%m-%d %H:%M:%S} (UTC{record.utc_offset_min / 60:+.1f} h)"),
        ("client", record.client or "-"),
        ("operator", record.operator or "-"),
        ("outcome", record.outcome + (f", {record.error}" if record.error else "")),
        ("pen", f"{record.pen.serial}, firmware {record.pen.firmware}"),
        ("library", f"{record.library.library_id} {record.library.approval}".strip()),
        ("needles", {True: "in (sensed)", False: "NOT SENSED INSIDE"}.get(
            bool(record.needles_in)) or "-" if record.needles_in is not None else "not known"),
    ]  # fmt: skip
    if record.concern:
        rows.insert(4, ("concern", record.concern))
    if record.continues:
        rows.append(("continues", record.continues))
    for cartridge in record.cartridges:
        state = "" if cartridge.accepted else ", refused by the pen"
        text = f"{cartridge.cartridge_id}, {pins_text(cartridge.pins)}, lot {cartridge.lot}"
        rows.append(("cartridge", f"{text}, expires {cartridge.expires}{state}"))
    return rows


def print_record(out: Output, record: SessionRecord) -> None:
    """Print it."""
    if record.simulated:
        out.line(f"SIMULATED ({record.simulated}): nobody was treated")
    out.pairs(_facts(record))
    out.line()
    out.table(_HEADER, [_zone(zone) for zone in record.zones], _RIGHT)
    out.line()
    for override in record.overrides:
        who = f", approved by {override.approved_by}" if override.approved_by else ""
        out.line(f"override  {override.zone} {override.field}: {override.reason}{who}")
    for fault in record.faults:
        state = "acknowledged" if fault.acknowledged else "not acknowledged"
        out.line(f"fault     {fault.number} in {fault.zone or 'no zone'}, {state}")
    for change in record.corrections:
        out.line(
            f"corrected {change.field}: {change.before or '-'} -> {change.after} "
            f"({change.reason}, {change.by}, {change.at:%Y-%m-%d %H:%M})"
        )
    for remark in record.remarks:
        out.line(f"remark    {remark}")
    out.line(
        f"chain     {record.chain.writer}, entries {record.chain.first} to "
        f"{record.chain.last}, head {record.chain.head}"
    )
