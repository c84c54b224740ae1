"""The locked page: the way back in, and beside a treatment its live values. Owns nothing."""

import time

from nicegui import ui

from host_controller import errors
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.lock import Lock
from host_controller.ui.problems import tell


def lock_panel(say: Texts, lock: Lock, operator: str) -> None:
    """Asks for the staff code; shows nothing of the client."""
    with look.card(say("lock.heading")), ui.element("div").classes("pen-lock"):
        ui.label(say("lock.why"))
        code = ui.input(say("lock.code")).props("outlined autocomplete=off")

        def unlock() -> None:
            try:
                lock.open(str(code.value or ""), operator, time.monotonic())
            except errors.PenError as problem:
                tell(problem)

        code.on("keydown.enter", unlock)
        look.button(say("lock.open"), unlock)
