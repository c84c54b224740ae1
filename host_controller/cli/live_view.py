"""The live view of a treatment: one screen of 80 x 24, larger where there is room.

Draws what the pen says (never what was asked of it); a value that stops coming is greyed with its
age. Colour means alarm only: red a fault, yellow a warning; everything is in words too.
Owns the rich display while it is active.
"""

import contextlib
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from host_controller import words
from host_controller.planning.plan import PlanZone
from host_controller.replies import EXPOSED, Reading
from host_controller.treatment import guidance
from host_controller.treatment.session import TreatmentSession
from protocol import codes

STALE_MS = 300
BAR_CELLS = 16
NOW_LINES = 4  # room for the longest next step of a fault
EVENTS_SHOWN = 3
ROOM = (80, 24)  # columns and lines that hold everything
NOTICE = "open design, not a cleared medical device, not for use on people"


def bar(share: float, cells: int = BAR_CELLS) -> str:
    """A bar of `cells` characters, 0..1."""
    full = round(min(max(share, 0.0), 1.0) * cells)
    return "█" * full + "░" * (cells - full)


def _needles(reading: Reading) -> Text:
    if reading.needles_in:
        return Text("IN (sensed)", style="bold")
    if reading.state in EXPOSED:
        return Text(" OUT ", style="bold reverse")
    return Text(" NOT SENSED INSIDE ", style="bold white on red")


def _state(reading: Reading) -> Text:
    style = "bold white on red" if reading.fault else "bold"
    if reading.state == codes.STATE_RUNNING:
        style = "bold reverse"
    return Text(f" {reading.state_name.upper()} ", style=style)


def _values(session: TreatmentSession, row: PlanZone, stale: bool) -> Table:
    reading = session.reading
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(width=11)
    table.add_column(width=16)
    table.add_column(width=20)
    table.add_column()
    running = reading.state == codes.STATE_RUNNING
    depth = words.mm(max(reading.depth_um, 0)) if reading.state in EXPOSED else "-"
    dose = reading.punctures_per_cm2 / row.dose_limit_per_cm2
    contact = "in skin" if reading.has(codes.COND_CONTACT) else "in air"
    rows: list[tuple[str, str, str, str]] = [
        ("depth", f"set {words.mm(row.depth_um)}", f"measured {depth}", "needle protrusion"),
        (
            "rate",
            f"set {words.hz(row.rate_chz, 0)}",
            f"measured {words.hz(reading.rate_chz)}" if running else "measured -",
            contact if running else "",
        ),
        (
            "dose",
            f"{reading.punctures_per_cm2}/cm²",
            f"of {row.dose_limit_per_cm2}/cm²",
            f"{bar(dose)} {min(dose, 1):4.0%}",
        ),
        (
            "time",
            f"{words.minutes(reading.zone_ms)} running",
            f"{words.minutes(reading.contact_ms)} in skin",
            f"of {words.minutes(row.time_limit_s * 1000)}, pass {reading.pass_number} "
            f"of {row.passes}",
        ),
        (
            "pen",
            f"{max(session.current_ma, 0)} mA",
            words.celsius(reading.temperature_cdeg),
            f"battery {reading.battery_pct} %",
        ),
    ]
    for name, *cells in rows:
        table.add_row(name, *cells, style="dim" if stale else "")
    return table


class LiveView:
    """The screen of one treatment."""

    def __init__(
        self, session: TreatmentSession, title: str, arm_key: str, help_lines: list[str]
    ) -> None:
        self._session = session
        self._title = title
        self._arm_key = arm_key
        self._help = help_lines
        self._live = Live(console=Console(highlight=False), screen=True, auto_refresh=False)

    def __enter__(self) -> "LiveView":
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):  # the terminal may have gone
            self._live.__exit__(kind, error, trace)

    def show(self, row: PlanZone, index: int, note: str = "", hand: str = "") -> None:
        """Draw the screen for zone `row`, the `index`-th of the plan (from 0).

        `note` answers the last key; `hand` tells what a simulated person does.
        """
        self._live.update(self.render(row, index, note, hand), refresh=True)

    def render(self, row: PlanZone, index: int, note: str = "", hand: str = "") -> RenderableType:
        """What `show` draws."""
        session = self._session
        reading = session.reading
        age_ms = session.pen.client.silent_ms
        stale = age_ms > STALE_MS
        head = Text(no_wrap=True, overflow="ellipsis")
        head.append(f"zone {index + 1} of {len(session.plan.zones)}  ")
        head.append(f"{row.name.upper()}", style="bold")
        if row.override_reason:
            head.append(f"  OVERRIDE: {row.override_text}", style="yellow")
        age = Text(f"   last heard {age_ms / 1000:.1f} s ago" if stale else "", style="yellow")
        state = Text.assemble("state ", _state(reading))
        needles = Text.assemble("needles ", _needles(reading))
        size = self._live.console.size
        if size.width < ROOM[0] or size.height < ROOM[1]:
            # What is pinned comes first: a terminal cuts off what does not fit, at its lower end.
            larger = Text(f"make the terminal larger: {ROOM[0]} x {ROOM[1]}", style="yellow")
            stop = Text("STOP: s or Esc", style="bold reverse")
            title = Text(self._title, no_wrap=True, overflow="ellipsis")
            return Group(state, needles + age, stop, larger, title, *self._now(reading, row, note))
        status = Text.assemble(state, "   ", needles, age)
        lines: list[RenderableType] = [
            Text(self._title, no_wrap=True, overflow="ellipsis"),
            Text(NOTICE, style="dim"),
            Rule(characters="─", style="dim"),
            head,
            status,
            Text(),
            _values(session, row, stale),
            Text(),
            *self._now(reading, row, note),
        ]
        events = [f"· {event}" for event in list(session.events)[-EVENTS_SHOWN:]]
        for event in events + [""] * (EVENTS_SHOWN - len(events)):
            lines.append(Text(event, style="dim", no_wrap=True, overflow="ellipsis"))
        lines.append(Rule(characters="─", style="dim"))
        help_lines = [hand, *self._help] if hand else self._help
        lines += [Text(line, no_wrap=True, overflow="ellipsis") for line in help_lines]
        lines.append(Text("  STOP: s or Esc  ".center(78), style="bold reverse", no_wrap=True))
        return Padding(Group(*lines), (0, 1))

    def _now(self, reading: Reading, row: PlanZone, note: str) -> list[Text]:
        """Always NOW_LINES lines, so that STOP stays in its place."""
        text = Text()
        warned = guidance.warnings(reading, row)
        if warned:
            text.append(f"** {warned[0]}\n", style="bold yellow")
        style = "bold red" if reading.fault else "bold"
        step = guidance.next_step(self._session, row, self._arm_key)
        text.append(f"→ {step}", style=style)
        if note:
            text.append(f"\n{note}", style="yellow")
        console = self._live.console
        lines = list(text.wrap(console, max(20, console.width - 2)))[:NOW_LINES]
        return lines + [Text()] * (NOW_LINES - len(lines))
