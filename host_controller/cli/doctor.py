"""`pen doctor`: checks of this computer and of the pen, with reasons."""

import sys

import click

from host_controller import errors
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.diagnosis import computer, connection, flashing
from host_controller.diagnosis.check import FAILED, WARNING, Check


def _pen_checks(shared: PenContext) -> list[Check]:
    try:
        url = shared.url()
    except errors.PenError as error:
        finding = f"{error.sentence} {error.cause}"
        return [Check("pen", FAILED, finding, error.next_step, error.exit_code)]
    return list(connection.checks(url))


def _print(shared: PenContext, check: Check) -> None:
    shared.out.line(f"{check.outcome:<8} {check.name}: {check.finding}")
    if check.next_step and check.outcome in (FAILED, WARNING):
        shared.out.line(f"         next: {check.next_step}")


@pen_command("doctor")
@click.option("--udev-rule", is_flag=True, help="Print the rule that lets users open the pen.")
def command(shared: PenContext, udev_rule: bool) -> None:
    """Check this computer and the pen, with reasons."""
    out = shared.out
    if udev_rule:
        if out.as_json:
            out.object("pen.doctor.udev-rule/1", {"rule": computer.UDEV_RULE})
            return
        sys.stdout.write(computer.UDEV_RULE)
        out.message(
            f"Save this as {computer.RULE_FILE} (as root), run `udevadm control --reload`, then "
            "plug the pen in again."
        )
        return
    found = []
    for look in (*computer.ALL, *flashing.ALL):
        found.append(look())
        if not out.as_json:
            _print(shared, found[-1])
    for check in _pen_checks(shared):
        found.append(check)
        if not out.as_json:
            _print(shared, check)
    failed = [check for check in found if check.outcome == FAILED]
    if out.as_json:
        out.object("pen.doctor/1", {"checks": [check._asdict() for check in found]})
    else:
        warned = sum(check.outcome == WARNING for check in found)
        out.line(f"{len(found)} checks, {len(failed)} failed, {warned} warnings")
    if failed:
        raise click.exceptions.Exit(failed[0].exit_code)
