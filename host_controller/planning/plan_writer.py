"""A proposal as the text of a plan file, with comments for whoever opens it. Pure."""

from decimal import Decimal

from host_controller.library.library import USUAL
from host_controller.library.quantities import range_text
from host_controller.planning.proposal import Proposal, ProposedZone

NAME_LENGTH = 16


def _number(value: int, unit: int) -> str:
    """Exact, so that what is too fine is refused where the file is read, never rounded."""
    exact = (Decimal(value) / unit).normalize()
    return f"{exact:.2f}" if unit == 1000 and exact == round(exact, 2) else f"{exact:f}"


def plan_name(proposal: Proposal) -> str:
    """What the pen shows: the client's number and as much of the concern as fits."""
    return f"{proposal.request.client} {proposal.request.concern}"[:NAME_LENGTH].rstrip(" -")


def _zone(zone: ProposedZone) -> list[str]:
    entry = zone.entry
    soft, hard = range_text("depth", entry.depth.soft), range_text("depth", entry.depth.hard)
    lines = [
        "",
        "[[zones]]",
        f'zone = "{entry.zone}"',
        f"depth_mm = {_number(zone.depth_um, 1000)}  # soft {soft}, hard {hard}",
    ]
    if zone.first_depth_um:
        lines.append(f"first_depth_mm = {_number(zone.first_depth_um, 1000)}  # the first pass")
    lines += [
        f"rate_hz = {_number(zone.rate_chz, 100)}",
        f"passes = {zone.passes}",
        f"dose_limit_per_cm2 = {zone.dose_per_cm2}",
        f"time_limit_s = {zone.time_limit_s}",
        f"area_cm2 = {_number(zone.area_mm2, 100)}",
    ]
    if zone.reason is not None:
        lines.append(
            f'override = {{ reason = "{zone.reason.word}", '
            f'approved_by = "{zone.reason.approved_by}" }}'
        )
    return lines


def text(proposal: Proposal) -> str:
    """The whole file."""
    request, library = proposal.request, proposal.library
    lines = [
        f"# Made with {library.name} ({library.state}, {library.approval}).",
        "# Values outside the soft range need an override with a reason; `pen plan check` tells.",
        'format = "pen-plan/1"',
        f'name = "{plan_name(proposal)}"',
        'mode = "hold"      # the needles run while the pen\'s button is held',
        "tethered = true    # the pen stops 250 ms after it last heard the program",
        f'library = "{library.library_id}"',
        f'library_sha256 = "{library.sha256}"',
        "",
        "[made_for]",
        f'client = "{request.client}"',
        f'concern = "{request.concern}"',
    ]
    for key, value, left_out in (
        ("fitzpatrick", request.fitzpatrick, ""),
        ("skin", request.skin, USUAL),
        ("role", request.role, ""),
        ("early", request.early_reason, ""),
    ):
        if value != left_out:
            lines.append(f'{key} = "{value}"')
    if request.planned_at is not None:
        lines.append(f"planned_at = {request.planned_at.isoformat()}")
    lines += ["", "[cartridge]", f"pins = {proposal.pins or chr(34) + 'nano' + chr(34)}"]
    for zone in proposal.zones:
        lines += _zone(zone)
    return "\n".join(lines) + "\n"
