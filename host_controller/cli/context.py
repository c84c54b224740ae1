"""What every command shares: its options, its output and the way to a pen.

`--port`, `--json`, `--trace` and `--verbose` may stand before or after the command. Owns the
options of one run of the program.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from host_controller.cli.output import Output

if TYPE_CHECKING:
    from host_controller.config import Config
    from host_controller.pen import Pen
    from host_controller.transport import Transport

F = TypeVar("F", bound=Callable[..., Any])


class PenContext:
    """Options and output of this run."""

    def __init__(self) -> None:
        self.out = Output()
        self.port: str | None = None
        self.trace: str | None = None
        self._config: Config | None = None

    @property
    def config(self) -> "Config":
        """The configuration, read when first needed."""
        if self._config is None:
            from host_controller import config

            self._config = config.load()
        return self._config

    def url(self) -> str:
        """URL of the pen that was meant; raises NoPenFound or SeveralPens."""
        from host_controller.transport.discovery import choose

        return choose(self.port or self.config.port)

    def transport(self) -> "Transport":
        """The pen's port, open; its frames go where --trace and --verbose say."""
        from host_controller.transport import open_transport
        from host_controller.transport.trace import FrameLines, TracedTransport, TraceFile

        transport = open_transport(self.url())
        if self.trace:
            transport = TracedTransport(transport, TraceFile(self.trace, transport.url))
        if self.out.verbose:
            transport = TracedTransport(transport, FrameLines(self.out.message))
        return transport

    @contextlib.contextmanager
    def pen(self, own_time: bool = False) -> "Iterator[Pen]":
        """A connected pen that knows the date, closed afterwards.

        With `own_time` the time-outs of a simulated pen count its milliseconds: for questions, not
        where a lease is held.
        """
        from host_controller.client import monotonic_ms
        from host_controller.pen import Pen
        from host_controller.simulated.pen_clock import PenClock, clock_of

        transport = self.transport()
        clock = clock_of(transport.url) if own_time else monotonic_ms
        try:
            with Pen.over(transport, clock) as pen:
                pen.set_clock()
                yield pen
        finally:
            if isinstance(clock, PenClock):
                clock.close()


def _take(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, _parameter: click.Parameter, value: Any) -> Any:
        if value is not None and value is not False:
            shared = ctx.find_object(PenContext)
            if shared is not None:
                owner = shared if hasattr(shared, name) else shared.out
                setattr(owner, name, value)
        return value

    return callback


OF_A_PEN = ("port", "trace")


def _option(*names: str, field: str, **settings: Any) -> Callable[[F], F]:
    return click.option(*names, field, callback=_take(field), expose_value=False, **settings)


def shared_options(command: F, hidden: Sequence[str] = ()) -> F:
    """Add the options that every command takes; its help is silent about the `hidden` ones."""
    for option in (
        _option("-v", "--verbose", field="verbose", is_flag=True, help="Show frames on stderr."),
        _option(
            "--trace",
            field="trace",
            type=click.Path(dir_okay=False),
            hidden="trace" in hidden,
            help="Write every frame to FILE; replay it with --port replay://FILE.",
        ),
        _option("--json", field="as_json", is_flag=True, help="Print JSON for programs."),
        _option(
            "-p",
            "--port",
            field="port",
            metavar="URL|SERIAL",
            hidden="port" in hidden,
            help="Which pen: a port, a URL or a serial number. Default: the only one there is.",
        ),
    ):
        command = option(command)
    return command


def command(
    name: str, *, hidden: Sequence[str] = (), **settings: Any
) -> Callable[[Callable[..., Any]], click.Command]:
    """A click command with the shared options, called with the PenContext first.

    `hidden` names those that mean nothing to it: taken, so that they may stand anywhere, but not
    shown (`OF_A_PEN` for a command that asks no pen).
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        wrapped: Callable[..., Any] = click.pass_obj(function)
        return click.command(name, click.Command, **settings)(shared_options(wrapped, hidden))

    return decorate
