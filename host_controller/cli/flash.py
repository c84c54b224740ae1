"""`pen flash FILE`: new firmware for the pen, or for a board that waits in its boot loader."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from host_controller import errors
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.output import Output

if TYPE_CHECKING:
    from host_controller.flashing.journal import Update
    from host_controller.flashing.update import Outcome, Updater
    from host_controller.flashing.world import Progress

WORD_WIDTH = 10
BARE_BOARD = "A board without firmware: hold its boot pad to ground while plugging it in."
PARTS = {"asked": "before it was written", "writing": "while it was written"}


def teller(out: Output) -> Callable[[str, str], None]:
    """Prints one step per line; nothing with --json."""

    def tell(word: str, text: str) -> None:
        if not out.as_json:
            out.message(f"  {word:<{WORD_WIDTH}} {text}")

    return tell


@contextlib.contextmanager
def bar(out: Output) -> "Iterator[Progress]":
    """A progress bar on stderr; silent with --json, one line where there is no terminal."""
    if out.as_json:
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn

    columns = (
        TextColumn(f"  {'writing':<{WORD_WIDTH}}"),
        BarColumn(30),
        TaskProgressColumn(),
        DownloadColumn(),
    )
    # Not redirected: the lines before and after it stay as they are, however narrow the terminal.
    progress = Progress(
        *columns,
        console=out.errors,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )

    def show(done: int, total: int) -> None:
        if not progress.task_ids:
            progress.start()
            progress.add_task("", total=total)
        progress.update(progress.task_ids[0], completed=done, refresh=True)
        if done == total:
            progress.stop()

    try:
        yield show
    finally:
        progress.live.stop()  # where it broke off; the cursor is seen again


def finished(out: Output, outcome: "Outcome") -> None:
    """Say what came of it."""
    if out.as_json:
        out.object("pen.flash/1", outcome._asdict())
    elif outcome.changed:
        out.line(f"done: pen {outcome.serial} runs firmware {outcome.version}")
    else:
        out.line(f"nothing done: pen {outcome.serial} runs firmware {outcome.version}")


@pen_command("flash")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Also older firmware, or of another protocol.")
@click.option("--dry-run", is_flag=True, help="Check file and pen, change nothing.")
def command(shared: PenContext, file: Path, force: bool, dry_run: bool) -> None:
    """Put new firmware on the pen: back up, write, verify.

    FILE is a UF2 file (`make firmware` builds one). The pen changes its firmware only when its own
    button is held for 2 s. An update that is interrupted goes on with `pen recover`.
    """
    from host_controller.cli.watched_world import WatchedWorld
    from host_controller.flashing import image_file
    from host_controller.flashing.update import Updater

    image = image_file.load(file)
    out = shared.out
    with contextlib.closing(WatchedWorld(shared)) as world, bar(out) as progress:
        updater = Updater(world, image, teller(out), progress)
        finished(out, _flash(shared, updater, force, dry_run))


def _flash(shared: PenContext, updater: "Updater", force: bool, dry_run: bool) -> "Outcome":
    from host_controller.flashing import journal
    from host_controller.flashing.failures import SeveralDisks

    world, image = updater.world, updater.image
    waiting = world.disks()
    for update in [] if dry_run else journal.unfinished():
        if waiting or update.image == image.image_id:
            told(shared.out, update)
            return updater.take_over(update, force)
    try:
        url = shared.url()
    except errors.NoPenFound as missing:
        if shared.port or dry_run:
            raise
        if not waiting:
            next_step = f"{missing.next_step} {BARE_BOARD}"
            raise errors.NoPenFound(
                missing.sentence, cause=missing.cause, next_step=next_step
            ) from missing
        if len(waiting) > 1:
            raise SeveralDisks(f"{len(waiting)} boards wait in their boot loaders.") from missing
        return updater.flash_disk(force)
    return updater.flash(url, force, dry_run)


def told(out: Output, update: "Update") -> None:
    """Say which update goes on."""
    if not out.as_json:
        part = PARTS.get(update.step, "after it was written")
        out.message(
            f"The update of pen {update.serial} to {update.version} was interrupted {part}; "
            "it goes on."
        )
