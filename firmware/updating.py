"""The way out of the firmware, and the check of the image: what the main loop does for an update.

A pen whose flash does not hold the image that it says is told as a failed self-test and stays
disarmed. Leaving cuts drive-enable first; what comes then is the boot loader's or the service's,
and only a reset leads back. Main loop; owns the guard and the check.
"""

from firmware.safety import requests
from firmware.update import guard
from firmware.update.guard import UpdateGuard
from firmware.update.image_check import ImageCheck
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.app import App

    Refusal = tuple[int, int, int, int, int]

_OK = (codes.RESULT_OK, 0, 0, 0, 0)


class Updater:
    """`poll` with every slow pass of the main loop."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self.guard = UpdateGuard()
        self.image = ImageCheck(app.board.image)

    def refusal(self) -> "Refusal":
        """Why nothing can be armed now, or OK."""
        if self.image.failed:
            return (codes.RESULT_IMAGE_WRONG, 0, 0, 0, 0)
        if self.guard.busy or not self.image.done:
            return (codes.RESULT_WRONG_STATE, 0, self._app.supervisor.state, 0, 0)
        return _OK

    def ask(self, operation: int, data: bytes) -> "Refusal":
        """The host's UPDATE, as `guard.UpdateGuard.ask`; QUERY asks for nothing."""
        if operation == guard.QUERY:
            return _OK
        app = self._app
        word = app.supervisor.conditions.word
        needles_in = bool(word >> codes.COND_NEEDLES_IN & 1)
        down = bool(word >> codes.COND_BUTTON & 1)
        return self.guard.ask(operation, data, app.supervisor.state, needles_in, down)

    def poll(self, state: int, word: int, ms: int) -> None:
        """`ms` after the last time, in `state` with the conditions `word`."""
        if state < codes.STATE_ARMED and not self.image.done:
            self.image.step()
            if self.image.failed:
                requests.fault(self._app.supervisor, codes.FAULT_SELF_TEST)
        needles_in = bool(word >> codes.COND_NEEDLES_IN & 1)
        down = bool(word >> codes.COND_BUTTON & 1)
        going = self.guard.step(state, needles_in, down, ms)
        # What waits to be written is written first; a proof of the stop path ends first.
        if going and self._app.recorder.quiet():
            self._leave(going)

    def light(self, state: int) -> int:
        """The row of `indicator.BY_STATE` to show."""
        if self.guard.busy:
            return len(codes.STATE_NAMES) + (1 if self.guard.state == guard.LEAVING else 0)
        return state

    def _leave(self, operation: int) -> None:
        board = self._app.board
        board.enable.cut()
        board.bridge.brake()
        board.light.set(0, 0, 0)
        board.buzzer.set(0)
        if operation == guard.SERVICE:
            board.enter_service()
        else:
            board.enter_boot_loader()
