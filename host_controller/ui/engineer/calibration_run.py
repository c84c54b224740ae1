"""One measurement of the wizard: arm, watch the pen's mean, type what the instrument shows.

Owns the field.
"""

from collections.abc import Awaitable, Callable

from nicegui import ui

from host_controller.calibration import typed
from host_controller.calibration.samples import SAMPLES_LEAST
from host_controller.replies import EXPOSED
from host_controller.ui.catalogue import Texts
from host_controller.ui.engineer import calibration_jobs as jobs
from host_controller.ui.engineer.calibration_words import mm
from host_controller.ui.engineer.parts import Choice, Hands, small
from host_controller.ui.engineer.workshop import Workshop
from protocol import codes

Do = Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]]
HZ, RPM = 0, 1


class RunPanel:
    """For a depth, or for the rate (depth 0)."""

    def __init__(self, say: Texts, workshop: Workshop, depth_um: int, hands: Hands, do: Do) -> None:
        self._say = say
        self._workshop = workshop
        self._depth_um = depth_um
        self._unit: Choice | None = None
        with ui.element("div").classes("eng-bar"):
            self._arm = small(
                say("engineer.arm"),
                do(lambda: jobs.arm(workshop, depth_um)),
                main=True,
                hands=hands,
            )
            self._live = ui.label().classes("pen-small-number").props("role=status")
            self._advice = ui.label().classes("eng-fact")
        with ui.element("div").classes("eng-bar"):
            label = say("engineer.gauge_field" if depth_um else "engineer.rate_field")
            self._field = ui.input(label).props("outlined inputmode=decimal autocomplete=off")
            self._field.classes("w-64")
            hands.guard(self._field)
            if not depth_um:
                units = {HZ: "Hz", RPM: say("engineer.per_minute")}
                self._unit = Choice(say("engineer.unit"), units, HZ, lambda _: None)
            small(say("engineer.keep"), do(self._keep), main=True, hands=hands)

    async def _keep(self) -> None:
        text = str(self._field.value or "")
        if self._depth_um:
            await jobs.keep_depth(self._workshop, self._depth_um, typed.gauge_um(text))
            return
        per_minute = self._unit is not None and self._unit.value == RPM
        await jobs.keep_rate(self._workshop, typed.rate_chz(text, per_minute))

    def refresh(self) -> None:
        """The pen's mean so far, and what comes next."""
        say, run = self._say, self._workshop.run
        reading = self._workshop.desk.view.reading
        means = run.samples.means() if run and run.depth_um == self._depth_um else None
        if means is None:
            self._live.set_text("–")
        elif self._depth_um:
            self._live.set_text(f"{mm(self._say, means.measured_um)} · n {means.samples}")
        else:
            self._live.set_text(f"{self._say.hz(means.rate_chz, 2)} · n {means.samples}")
        state = reading.state if reading else codes.STATE_IDLE
        enough = means is not None and means.samples >= SAMPLES_LEAST
        if state == codes.STATE_ARMED and not enough:
            advice = "press_hold"
        elif state in EXPOSED:
            advice = "read_it" if enough else "go_on_holding"
        elif enough:
            advice = "type_it"
        else:
            advice = "arm_first"
        self._advice.set_text(say(f"engineer.{advice}"))
