"""Gauge, strobe, thumb and switch of the simulated bench, so that the wizard can be gone through.

Shown for a simulated pen alone. What the instruments show is the plant's truth, rounded as such
instruments are read; it still has to be typed in by a person. Owns what it shows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import background_tasks, run, ui

from host_controller import errors
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.engineer.parts import Hands, small
from host_controller.ui.engineer.workshop import Workshop
from host_controller.ui.problems import tell
from protocol import codes

if TYPE_CHECKING:
    from host_controller.simulated.hand import Hand

GAUGE_STEP_UM = 10  # a dial gauge of 0.01 mm
STROBE_STEP_CHZ = 10
LOOK_S = 0.3


class CalibrationBench:
    """One window's view of the bench."""

    def __init__(self, say: Texts, workshop: Workshop, hands: Hands) -> None:
        assert workshop.hand is not None
        self._say = say
        self._workshop = workshop
        self._hand: Hand = workshop.hand
        self._looking = False
        with look.card(say("engineer.bench")), ui.element("div").classes("eng-bar"):
            self._thumb = small(say("treat.press"), self._do(self._hand.toggle_button), hands=hands)
            small(
                say("engineer.new_cartridge"),
                self._do(self._hand.change_cartridge),
                hands=hands,
            )
            small(
                say("engineer.off_and_on"),
                self._do(self._hand.switch_off_and_on),
                hands=hands,
            )
            self._shown = ui.label().classes("pen-small-number")

    def _do(self, order: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            try:
                await run.io_bound(order)
            except errors.PenError as problem:
                tell(problem)

        return work

    def refresh(self) -> None:
        """Look at the instruments while needles run."""
        measured, reading = self._workshop.run, self._workshop.desk.view.reading
        self._thumb.set_text(self._say("treat.release" if self._hand.pressed else "treat.press"))
        running = reading is not None and reading.state == codes.STATE_RUNNING
        if running and measured is not None and not self._looking:
            self._looking = True
            background_tasks.create(self._look())
        gauge = strobe = "–"
        if measured is not None and measured.gauge_um:
            gauge = self._say.mm(measured.gauge_um)
        if measured is not None and measured.strobe_chz:
            strobe = self._say.hz(measured.strobe_chz)
        self._shown.set_text(self._say("engineer.instruments", gauge=gauge, strobe=strobe))

    async def _look(self) -> None:
        measured = self._workshop.run
        try:
            gauge_um = await asyncio.to_thread(self._hand.gauge_um)
            strobe_chz = await asyncio.to_thread(self._hand.strobe_chz)
            if measured is not None:
                seen = round(gauge_um / GAUGE_STEP_UM) * GAUGE_STEP_UM
                measured.gauge_um = max(measured.gauge_um, seen)
                measured.strobe_chz = round(strobe_chz / STROBE_STEP_CHZ) * STROBE_STEP_CHZ
        except errors.PenError:
            pass  # the simulator has ended; the frame says that the pen is lost
        finally:
            await asyncio.sleep(LOOK_S)
            self._looking = False
