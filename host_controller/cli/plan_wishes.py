"""What a person wishes beside the library's values: other values, and the reasons for them.

`--set cheek.depth=1.20`, `--reason cheek=scar`; at a terminal a missing reason is asked for.
Owns no state.
"""

import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import click

from host_controller import errors
from host_controller.library.quantities import range_text, text_of
from host_controller.library.starter import load as device
from host_controller.planning.proposal import Proposal, ProposedZone, Reason, Request
from host_controller.records.pseudonyms import pseudonym

# Pen's units in a written one, and the step that a value comes in.
UNITS = {
    "depth": (1000, 10),
    "rate": (100, 1),
    "passes": (1, 1),
    "dose": (1, 1),
    "area": (100, 100),
}


def _value(zone: ProposedZone, quantity: str) -> int:
    return {
        "depth": zone.depth_um,
        "rate": zone.rate_chz,
        "passes": zone.passes,
        "dose": zone.dose_per_cm2,
    }[quantity]


def changes_of(texts: tuple[str, ...]) -> tuple[tuple[str, str, int], ...]:
    """`cheek.depth=1.20` and the like as (zone, quantity, value in the pen's units)."""
    found = []
    for text in texts:
        name, _, written = text.partition("=")
        zone, _, what = name.partition(".")
        if what not in UNITS or not zone or not written:
            raise errors.UsageError(
                f"{text!r} is no change.",
                cause=f"A change is ZONE.WHAT=VALUE; WHAT is one of {', '.join(UNITS)}.",
                next_step="For example --set cheek.depth=1.20.",
            )
        if zone not in device().zones:
            raise errors.UsageError(f"{zone!r} is not a zone.", next_step="Run `pen plan zones`.")
        unit, step = UNITS[what]
        try:
            exact = Decimal(written) * unit
        except InvalidOperation:
            exact = Decimal("NaN")
        if not exact.is_finite() or abs(exact) > 10**6 or exact % step:
            raise errors.UsageError(
                f"{written!r} is no value for {what}.",
                cause="Depth is in mm in steps of 0.01, rate in Hz, area in whole cm².",
                next_step="For example --set cheek.depth=1.20.",
            )
        found.append((zone, what, int(exact)))
    return tuple(found)


def reasons_of(texts: tuple[str, ...], approved_by: str) -> tuple[tuple[str, Reason], ...]:
    """`cheek=scar` and the like."""
    known = device().override_reasons
    found = []
    for text in texts:
        zone, _, word = text.partition("=")
        if word not in known:
            raise errors.UsageError(
                f"{text!r} gives no reason from the list.",
                cause=f"A reason is ZONE=WORD; WORD is one of {', '.join(known)}.",
                next_step="For example --reason cheek=scar --approved-by dr-03.",
            )
        if not approved_by:
            raise errors.UsageError(
                "A reason needs somebody who stands for it.",
                next_step="Add --approved-by with a staff code, for example dr-03.",
            )
        found.append((zone, Reason(word, approved_by)))
    return tuple(found)


def ask_reasons(request: Request, proposal: Proposal, approved_by: str) -> Request:
    """Ask at the terminal for each zone that leaves the soft range and has no reason yet."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return request
    known = list(device().override_reasons)
    for zone in proposal.zones:
        if not zone.needs_reason or zone.reason is not None:
            continue
        told = ", ".join(text_of(what, _value(zone, what)) for what in zone.needs_reason)
        click.echo(f"{zone.entry.zone}: {told} is outside the soft limits. Why?", err=True)
        for number, word in enumerate(known, 1):
            click.echo(f"  {number} {word}", err=True)
        chosen = click.prompt("number", type=click.IntRange(1, len(known)), err=True)
        approved_by = approved_by or click.prompt("approved by (staff code)", err=True)
        why = Reason(known[chosen - 1], pseudonym(approved_by, "a staff code"))
        request = replace(request, reasons=(*request.reasons, (zone.entry.zone, why)))
    return request


def must_have_reasons(proposal: Proposal) -> None:
    """Raise PlanRefused for zones outside the soft limits without a reason."""
    lines, zones = [], []
    for zone in proposal.zones:
        if not zone.needs_reason or zone.reason is not None:
            continue
        zones.append(zone.entry.zone)
        for what in zone.needs_reason:
            rail = zone.entry.guardrail(what)
            value = _value(zone, what)
            lines.append(
                f"{zone.entry.zone}: {text_of(what, value)} is {rail.judge(value).place} the soft "
                f"limits of {proposal.library.name}, {range_text(what, rail.soft)}."
            )
    if lines:
        raise errors.PlanRefused(
            "The plan leaves the soft limits without a reason; it was not written.",
            cause="What is unusual has to be meant, and somebody has to stand for it.",
            next_step=f"Choose values inside, or add --reason {zones[0]}=WORD --approved-by CODE; "
            f"WORD is one of {', '.join(device().override_reasons)}.",
            lines=lines,
        )
