"""`pen recover`: goes on with an update that was interrupted, from wherever the pen now is."""

import contextlib

import click

from host_controller.cli import flash
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command


@pen_command("recover")
@click.option("--forget", is_flag=True, help="Forget the update; the pen is left as it is.")
def command(shared: PenContext, forget: bool) -> None:
    """Go on with an update that was interrupted.

    It needs nothing but the pen: the firmware and the backup were kept. Interrupted again, it goes
    on again.
    """
    from host_controller.cli.watched_world import WatchedWorld
    from host_controller.flashing import journal
    from host_controller.flashing.update import Updater

    out = shared.out
    updates = journal.unfinished()
    if shared.port:
        updates = [one for one in updates if shared.port in (one.serial, one.url)] or updates
    if not updates:
        if out.as_json:
            out.object("pen.recover/1", {"unfinished": 0})
        else:
            out.line("no update is unfinished; `pen flash FILE` begins one")
        return
    update = updates[0]
    if forget:
        journal.end(update)
        if out.as_json:
            out.object("pen.recover/1", {"unfinished": len(updates) - 1, "forgot": update.serial})
        else:
            out.line(f"the update of pen {update.serial} to {update.version} is forgotten")
            out.line(f"its backup stays: {update.backup or 'there is none'}")
        return
    flash.told(out, update)
    image = journal.firmware_of(update)
    with contextlib.closing(WatchedWorld(shared)) as world, flash.bar(out) as progress:
        updater = Updater(world, image, flash.teller(out), progress)
        flash.finished(out, updater.carry_on(update))
