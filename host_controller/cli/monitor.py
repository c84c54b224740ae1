"""`pen monitor`: what the pen measures, live. Ending it stops the pen."""

import contextlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from host_controller import errors, telemetry_csv, words
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.guard import stopping
from host_controller.cli.info import reading_fields
from host_controller.replies import EXPOSED, Reading
from protocol import codes

SHOWN_HZ = 10  # lines on a terminal; more cannot be read


def line(reading: Reading) -> str:
    """One reading on one line of at most 79 characters."""
    depth = words.mm(max(reading.depth_um, 0)) if reading.state in EXPOSED else "   -   "
    inside = "in" if reading.needles_in else "OUT"
    skin = "skin" if reading.has(codes.COND_CONTACT) else "air "
    fault = f" F{reading.fault:02d}" if reading.fault else ""
    return (
        f"{reading.t_ms / 1000:8.2f} s  {reading.state_name:<12} {reading.zone_name or '-':<11.11}"
        f" {depth} {words.hz(reading.rate_chz):>8} {reading.current_ma:4d} mA {skin} "
        f"{inside:<3} {reading.battery_pct:3d} %{fault}"
    )


@contextlib.contextmanager
def _writer(path: Path | None) -> Iterator[Callable[[Reading], None]]:
    """Writes readings to `path`, where one is given; raises FileUnwritable."""
    if path is None:
        yield lambda _reading: None
        return
    with _asked(path), path.open("w", encoding="ascii", newline="\n") as file:
        file.write(telemetry_csv.header() + "\n")
    with path.open("a", encoding="ascii", newline="\n") as file:

        def write(reading: Reading) -> None:
            with _asked(path):
                file.write(telemetry_csv.line(reading) + "\n")

        yield write


@contextlib.contextmanager
def _asked(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise errors.FileUnwritable(f"{path} cannot be written: {error.strerror}.") from error


@pen_command("monitor")
@click.option("--hz", "rate_hz", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--count", type=click.IntRange(1), help="End after so many readings.")
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Also to FILE."
)
def command(shared: PenContext, rate_hz: int, count: int | None, file: Path | None) -> None:
    """Show what the pen measures, live.

    With --csv every field goes to a file that the engineer's page can replay.

    Ctrl-C stops the pen and waits until it is parked.
    """
    with shared.pen() as pen, _writer(file) as write, stopping(pen, shared.out):
        live = sys.stdout.isatty() and not shared.out.as_json
        for shown, reading in enumerate(itertools.islice(pen.telemetry(rate_hz), count)):
            write(reading)
            if shared.out.as_json:
                shared.out.object("pen.monitor.reading/1", reading_fields(reading))
            elif not live:
                shared.out.line(line(reading))
            elif shown % max(1, rate_hz // SHOWN_HZ) == 0:
                sys.stdout.write("\r" + line(reading).ljust(79)[:79])
                sys.stdout.flush()
        if live:
            shared.out.line()
        pen.set_telemetry(0)
