"""`pen settings`: show, get and set."""

from typing import Any

import click

from host_controller import errors
from host_controller.cli.context import PenContext, shared_options
from host_controller.cli.context import command as pen_command


@click.group("settings", invoke_without_command=True)
@shared_options
@click.pass_context
def group(ctx: click.Context) -> None:
    """Show or change settings of the pen."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


def _print(shared: PenContext, values: dict[str, Any]) -> None:
    if shared.out.as_json:
        shared.out.object("pen.settings/1", {"settings": values})
    else:
        shared.out.pairs([(name, str(value)) for name, value in values.items()])


@pen_command("show")
def show(shared: PenContext) -> None:
    """Show every setting."""
    with shared.pen(own_time=True) as pen:
        _print(shared, pen.settings())


@pen_command("get")
@click.argument("name")
def get(shared: PenContext, name: str) -> None:
    """Show one setting."""
    with shared.pen(own_time=True) as pen:
        _print(shared, pen.setting(name))


def parse_value(text: str) -> int | str:
    """A whole number where it reads as one, otherwise the text."""
    try:
        return int(text)
    except ValueError:
        return text


@pen_command("set")
@click.argument("pairs", metavar="NAME=VALUE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
def set_(shared: PenContext, pairs: tuple[str, ...], dry_run: bool) -> None:
    """Change settings, all of them or none."""
    wanted: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name or name in wanted:
            raise errors.UsageError(
                f"{pair!r} cannot be meant.",
                cause="Settings are given once each, as NAME=VALUE.",
                next_step="For example: pen settings set light_pct=40",
            )
        wanted[name] = parse_value(text)
    with shared.pen(own_time=True) as pen:
        if dry_run:
            for name, value in wanted.items():
                shared.out.message(f"{name}: {pen.setting(name).get(name)} -> {value} (dry run)")
            _print(shared, {name: pen.setting(name).get(name) for name in wanted})
            return
        _print(shared, pen.set_settings(wanted))


group.add_command(show)
group.add_command(get)
group.add_command(set_)
