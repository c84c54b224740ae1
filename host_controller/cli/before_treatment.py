"""What has to be right before a client's treatment begins: who, rested skin, every question asked.

Only for plans that name a client; a plan without one is for trying. Owns no state.
"""

import sys
from datetime import date

import click

from host_controller import dates, errors
from host_controller.cli.context import PenContext
from host_controller.cli.plan_new import history_of
from host_controller.courses import interval
from host_controller.library import store
from host_controller.planning import screening
from host_controller.planning.basis import PlanBasis
from host_controller.planning.failures import ScreeningIncomplete
from host_controller.planning.made_for import library_in_force
from host_controller.planning.plan import Plan
from host_controller.planning.screening import Answer, Screening
from host_controller.records.pseudonyms import is_pseudonym


def prepare(
    shared: PenContext, plan: Plan, client: str, screen: str | None, *, rested: bool
) -> tuple[str, dict[str, object]]:
    """(client, what of the planning belongs into the record).

    `rested` leaves the interval out: a session that is continued is not a new one. Raises
    UsageError for another client than the plan's, LibraryChanged, LibraryExpired, TooEarly,
    ScreeningIncomplete and PlanInvalid.
    """
    basis = plan.basis
    if basis is None:
        if screen is not None:
            raise errors.UsageError(
                "This plan names no client, so nobody's answers belong to it.",
                next_step="Make one: `pen plan new --client NUMBER --concern NAME`.",
            )
        return client, {}
    if client and client != basis.client:
        raise errors.UsageError(
            f"This plan is for {basis.client}, not for {client}.",
            cause="The file of another client was named, or the number is mistyped.",
            next_step="Look who is there, then name that client's plan.",
        )
    library_in_force(basis.library_sha256)  # a plan that lies on the pen may have outlived it
    if basis.library_state != "released":
        shared.out.message(
            f"The library of this plan, {basis.library_id} version {basis.library_version}, is "
            f"{basis.library_state}: {basis.library_approval}."
        )
    if not rested:
        _must_have_rested(shared, plan, basis, dates.today())
    answers = _answers(basis.client, screen)
    screening.must_hold(answers, basis.client, dates.today())
    return basis.client, {**basis.as_record(), "screen": answers.as_record()}


def _must_have_rested(shared: PenContext, plan: Plan, basis: PlanBasis, day: date) -> None:
    """The plan may be older than the client's last session: look again."""
    library = store.by_hash(basis.library_sha256)
    intervals = {}
    for row in plan.zones:
        entry = library.find(basis.concern, row.name, basis.skin, basis.role)
        intervals[row.name] = entry.interval_days if entry else basis.interval_days
    history = history_of(shared, basis.client)
    interval.must_have_rested(history, intervals, basis.early_reason, day, basis.planned_at)


def _answers(client: str, screen: str | None) -> Screening:
    if screen is not None:
        return screening.load(screen)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ScreeningIncomplete(
            f"Nobody answered the questions about {client}.",
            next_step=f"Ask them: `pen plan screen {client}.answers.toml --client {client}`, then "
            "add --screen with that file.",
        )
    return ask(client, dates.today())


def ask(client: str, day: date) -> Screening:
    """Ask every question at the terminal; none has an answer before it is given."""
    click.echo(f"Ask {client}. Each answer is y or n.", err=True)
    found: dict[str, Answer] = {}
    for number, (key, question) in enumerate(screening.QUESTIONS.items(), 1):
        yes = click.prompt(
            f"{number:>2}/{len(screening.QUESTIONS)}  {question}",
            type=click.Choice(["y", "n"], case_sensitive=False),
            err=True,
        )
        found[key] = _decision() if yes == "y" else Answer(yes=False)
    return Screening(client, day, found)


def _decision() -> Answer:
    """A yes: who decided to treat all the same, and why; Ctrl-C is the way not to."""
    for number, (word, meaning) in enumerate(screening.REASONS.items(), 1):
        click.echo(f"        {number} {word}: {meaning}", err=True)
    known = list(screening.REASONS)
    chosen = click.prompt("        treat because", type=click.IntRange(1, len(known)), err=True)
    by = click.prompt("        decided by (staff code)", value_proc=_staff_code, err=True)
    return Answer(True, known[chosen - 1], by)


def _staff_code(text: str) -> str:
    if not is_pseudonym(text):
        raise click.BadParameter("up to 3 letters and up to 10 digits, never a name")
    return text
