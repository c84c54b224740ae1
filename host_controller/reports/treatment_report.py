"""The treatment report: what was planned, what was measured, and where the record stands.

From a `SessionRecord` alone. Every number on the page is in the attached data. Owns no state.
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from host_controller import words
from host_controller.body_map.drawing import Mark, body_map
from host_controller.records.views import CartridgeRecord, LibraryRecord, SessionRecord, ZoneRecord
from host_controller.reports import pdf
from host_controller.reports.trace_plot import trace_plot
from protocol.zones import ZONES


def treatment_report(session: SessionRecord) -> bytes:
    """The report as PDF/A-3a; raises typst.TypstError as `pdf.render` does."""
    pictures = {"map.svg": zone_map(session), "trace.svg": _trace(session)}
    return pdf.render("treatment", report_data(session), pictures, session.ended or session.begun)


def report_data(session: SessionRecord) -> dict[str, Any]:
    """Every text and number of the report, ready to print."""
    return {
        "marks": marks(session),
        "record": session.record_id,
        "client": session.client or "not given",
        "operator": session.operator or "not given",
        "day": local(session, session.begun).strftime("%Y-%m-%d"),
        "span": _span(session),
        "outcome": session.outcome,
        "error": session.error,
        "facts": _facts(session),
        "zones": [_zone_row(zone) for zone in session.zones],
        "sums": {
            "punctures": f"{session.punctures:,}",
            "time": words.minutes(session.zone_ms),
        },
        "samples": len(session.samples),
        "map_words": in_words(session),
        "trace_words": _trace_words(session),
        "overrides": [
            f"{item.zone}: {item.field} {_value(item.field, item.value)}, {item.reason}, "
            f"by {item.approved_by}"
            for item in session.overrides
        ],
        "stops": [
            f"{_at(session, item.t_ms)} {item.zone}: {item.reason}, needles "
            + ("in" if item.needles_in else "NOT confirmed in")
            for item in session.stops
        ],
        "faults": [
            f"{_at(session, item.t_ms)} {item.number} in {item.zone or 'no zone'}, "
            + ("acknowledged" if item.acknowledged else "not acknowledged")
            for item in session.faults
        ],
        "screen": [[question.replace("-", " "), answer] for question, answer in session.screen],
        "corrections": [
            f"{item.at:%Y-%m-%d %H:%M} {item.field}: {item.before} → {item.after}, "
            f"{item.reason}, by {item.by}"
            for item in session.corrections
        ],
        "remarks": list(session.remarks),
        "chain": {
            "writer": session.chain.writer,
            "entries": f"{session.chain.first}–{session.chain.last}",
            "head": session.chain.head,
        },
    }


def marks(session: SessionRecord) -> list[str]:
    """What must stand in the largest letters: that this was no treatment of a person."""
    found = []
    if session.simulated:
        found.append("Simulated pen: no one was treated.")
    if session.demo:
        found.append("Demonstration.")
    if session.outcome in ("interrupted", "open"):
        found.append("The record was interrupted; what is missing was not written.")
    return found


def zone_map(session: SessionRecord) -> str:
    """The drawing: measured mean depth of each treated zone, in mm."""
    found = {
        zone.zone: Mark(
            zone.depth_um_mean,
            f"{zone.depth_um_mean / 1000:.2f}",
            f"{zone.zone}: {words.mm(zone.depth_um_mean)} measured",
        )
        for zone in session.zones
        if zone.depth_um_mean is not None and zone.zone in {name for _, name in ZONES}
    }
    return body_map(found, in_words(session))


def in_words(session: SessionRecord) -> str:
    """The drawing for who does not see it."""
    parts = [
        f"{zone.zone} {words.mm(zone.depth_um_mean)}"
        for zone in session.zones
        if zone.depth_um_mean is not None
    ]
    return "Measured mean depth by zone: " + (", ".join(parts) or "no zone was treated") + "."


def local(session: SessionRecord, moment: datetime) -> datetime:
    """A moment in the time of the computer that wrote the record."""
    return moment.astimezone(timezone(timedelta(minutes=session.utc_offset_min)))


def _span(session: SessionRecord) -> str:
    begun = local(session, session.begun)
    zone = begun.strftime("%z")
    ended = local(session, session.ended).strftime("%H:%M") if session.ended else "…"
    return f"{begun:%H:%M} to {ended} (UTC{zone[:3]}:{zone[3:]})"


def _at(session: SessionRecord, t_ms: int) -> str:
    return f"{local(session, session.begun + timedelta(milliseconds=t_ms)):%H:%M:%S}"


def _facts(session: SessionRecord) -> list[tuple[str, str]]:
    library = session.library
    facts = [
        ("Concern", session.concern or "not given"),
        ("Skin type", f"Fitzpatrick {session.fitzpatrick}" if session.fitzpatrick else "not given"),
        ("Library", _library(library)),
        ("Approval", library.approval or "none: the plan was written by hand"),
        ("Pen", f"{session.pen.serial}, firmware {session.pen.firmware}"),
    ]
    facts += [("Cartridge", _cartridge(cartridge)) for cartridge in session.cartridges]
    facts += [
        ("Plan", f"session {session.session_id}, SHA-256 {session.plan_sha256[:16]}…"),
        ("Program", session.program),
    ]
    if session.continues:
        facts.append(("Continues", session.continues))
    return facts


def _library(library: LibraryRecord) -> str:
    version = f" version {library.version}" if library.version else ""
    return library.library_id + version


def _cartridge(cartridge: CartridgeRecord) -> str:
    return (
        f"{cartridge.cartridge_id}: {words.pins(cartridge.pins)}, {words.mm(cartridge.needle_um)}, "
        f"lot {cartridge.lot}, expires {cartridge.expires:%Y-%m-%d}"
        + ("" if cartridge.accepted else ", REFUSED")
    )


def _zone_row(zone: ZoneRecord) -> dict[str, Any]:
    return {
        "zone": zone.zone,
        "override": zone.override is not None,
        "depth_set": words.mm(zone.depth_um_set),
        "depth": _range(zone.depth_um_mean, zone.depth_um_min, zone.depth_um_max, 1000, 2),
        "rate_set": words.hz(zone.rate_chz_set, 0),
        "rate": _range(zone.rate_chz_mean, zone.rate_chz_min, zone.rate_chz_max, 100, 0),
        "passes": f"{zone.passes} of {zone.passes_set}",
        "dose": f"{zone.punctures_per_cm2} of {zone.dose_limit_per_cm2}",
        "time": words.minutes(zone.zone_ms),
        "contact": words.minutes(zone.contact_ms),
        "ended": ", ".join(zone.stop_reasons) or ("not treated" if not zone.treated else ""),
    }


def _range(mean: int | None, low: int | None, high: int | None, per: int, decimals: int) -> str:
    if mean is None:
        return "–"
    if low is None or high is None:  # never steady for long enough
        return f"{mean / per:.{decimals}f}"
    return f"{mean / per:.{decimals}f} ({low / per:.{decimals}f}–{high / per:.{decimals}f})"


def _value(field: str, value: int) -> str:
    if field == "depth":
        return words.mm(value)
    if field == "rate":
        return words.hz(value)
    return f"{value}/cm²" if field == "dose" else str(value)


def _trace(session: SessionRecord) -> str:
    return trace_plot(session.samples, session.zones, _trace_words(session))


def _trace_words(session: SessionRecord) -> str:
    rates = [zone.rate_chz_mean for zone in session.zones if zone.rate_chz_mean is not None]
    if not rates:
        return "Depth and rate over time: the needles did not run."
    return (
        "Depth and rate over time, mean and range of each step; dashed: as planned. "
        f"Mean rates between {words.hz(min(rates), 0)} and {words.hz(max(rates), 0)}."
    )
