"""A proposal as people read it and as programs do. Fits 80 columns. Owns no state."""

import textwrap
from typing import Any

from host_controller.cli.library_view import width
from host_controller.cli.output import Output
from host_controller.library.library import USUAL
from host_controller.library.quantities import text_of
from host_controller.planning.plan import pins_text
from host_controller.planning.proposal import Proposal, ProposedZone


def as_object(proposal: Proposal) -> dict[str, Any]:
    """The proposal for programs: um, 0.01 Hz, um/s, seconds."""
    library = proposal.library
    return {
        "client": proposal.request.client,
        "concern": proposal.request.concern,
        "library": {
            "id": library.library_id,
            "version": library.version,
            "state": library.state,
            "approval": library.approval,
            "sha256": library.sha256,
        },
        "zones": [
            {
                "zone": zone.entry.zone,
                "depth_um": zone.depth_um,
                "first_depth_um": zone.first_depth_um or zone.depth_um,
                "rate_chz": zone.rate_chz,
                "passes": zone.passes,
                "dose_per_cm2": zone.dose_per_cm2,
                "needs_reason": list(zone.needs_reason),
                "reason": zone.reason.word if zone.reason else "",
                **zone.coverage._asdict(),
            }
            for zone in proposal.zones
        ],
        "needles_s": proposal.needles_s,
        "notes": list(proposal.notes),
    }


def _row(zone: ProposedZone) -> tuple[str, ...]:
    expected = zone.coverage
    first = text_of("depth", zone.first_depth_um) if zone.first_depth_um else "-"
    return (
        zone.entry.zone,
        text_of("depth", zone.depth_um),
        first,
        text_of("rate", zone.rate_chz),
        str(zone.passes),
        str(expected.per_pass_per_cm2),
        str(expected.total_per_cm2),
        f"{expected.glide_um_s / 10_000:.1f} cm/s",
        f"{expected.needles_s} s",
    )


def show(out: Output, proposal: Proposal) -> None:
    """Print it."""
    request, library = proposal.request, proposal.library
    skin = f", {request.skin} skin" if request.skin != USUAL else ""
    kind = f", Fitzpatrick {request.fitzpatrick}" if request.fitzpatrick else ""
    role = f", by {request.role}" if request.role else ""
    out.line(f"{request.client}: {library.indications[request.concern]}{kind}{skin}{role}")
    out.line(f"{library.name}, {library.state}: {library.approval}")
    out.line(f"cartridge: {pins_text(proposal.pins)}; thick skin first")
    out.line()
    right = ("depth", "first", "rate", "passes", "each", "all", "glide", "takes")
    out.table(("zone", *right), [_row(zone) for zone in proposal.zones], right)
    out.line()
    _paragraph(
        out,
        "each, all: punctures/cm² of one pass and of all at the speed under glide, with a head "
        f"{request.head_um / 1000:.0f} mm wide. takes: needles on skin until a zone has had its "
        f"dose and the pen ends it, {proposal.needles_s} s in all.",
    )
    early = [zone for zone in proposal.zones if zone.coverage.total_per_cm2 > zone.dose_per_cm2]
    if request.glide_um_s and early:
        speeds = [
            f"{zone.entry.zone} {zone.coverage.matching_glide_um_s / 10_000:.1f}" for zone in early
        ]
        _paragraph(
            out,
            "At this speed the dose is reached before the last pass; in cm/s it would match at: "
            f"{', '.join(speeds)}.",
        )
    for zone in proposal.zones:
        if zone.reason is not None:
            what = ", ".join(zone.needs_reason)
            _paragraph(
                out,
                f"{zone.entry.zone}: {what} outside the soft limits, {zone.reason.word}, "
                f"approved by {zone.reason.approved_by}.",
            )
    for note in proposal.notes:
        _paragraph(out, note, "! ")


def _paragraph(out: Output, text: str, mark: str = "") -> None:
    out.line(textwrap.fill(mark + text, width(), subsequent_indent=" " * len(mark)))
