"""A treatment with a person at the keyboard: live view, keys, zone by zone.

STOP acts on the first press and asks nothing; arming is the key that confirms. Owns the loop.
"""

import time

from host_controller import errors
from host_controller.cli.keys import ESCAPE, Keys
from host_controller.cli.live_view import LiveView
from host_controller.replies import EXPOSED
from host_controller.simulated.hand import Hand
from host_controller.treatment.session import TreatmentSession
from protocol import codes

REDRAW_S = 0.1
ARM_KEY = "press a"

_KEYS = "a arm   n next zone   k acknowledge fault   q quit"
_HAND_KEYS = "space button down/up   1-9 hand pressure   l lift/touch   h stay on one spot"


class Guided:
    """One treatment; `hand` is the simulated person's, None with a real pen."""

    def __init__(self, session: TreatmentSession, title: str, hand: Hand | None = None) -> None:
        self._session = session
        self._title = title
        self._hand = hand
        self._index = 0
        self._note = ""
        self._over = False
        self._done_before = len(session.done)
        self.quit = False  # the person ended it, rather than going on past the last zone

    def run(self) -> str:
        """Run to the end; returns the outcome, "complete" or "ended by the user"."""
        help_lines = [_KEYS] if self._hand is None else [_HAND_KEYS, _KEYS]
        self._enter(0)
        with Keys() as keys, LiveView(self._session, self._title, ARM_KEY, help_lines) as view:
            drawn = 0.0
            while not self._over:
                self._session.step()
                if self._hand:
                    self._hand.glide(self._session.reading)
                key = keys.get()
                if key:
                    self._act(key.lower())
                if key or time.monotonic() - drawn >= REDRAW_S:
                    drawn = time.monotonic()
                    if not self._over:
                        self._draw(view)
        self._stop_if_needed()
        self._session.leave()
        planned = len(self._session.plan.zones)
        done = self._session.done[self._done_before :]
        treated = sum(figures.runs > 0 for figures in done)
        return "complete" if treated == planned else "ended by the user"

    def _draw(self, view: LiveView) -> None:
        hand = f"Your hand: {self._hand.words()}." if self._hand else ""
        view.show(self._session.plan.zones[self._index], self._index, self._note, hand)

    def _enter(self, index: int) -> None:
        row = self._session.plan.zones[index]
        self._session.enter(row)
        self._index = index
        if self._hand:
            self._hand.go_to(row)

    def _act(self, key: str) -> None:
        """Do what a key asks for; what the pen refuses is shown, not raised."""
        session = self._session
        self._note = ""
        try:
            if key in ("s", ESCAPE):
                session.stop()
                self._note = "Stopped: the pen senses its needles inside."
            elif key in ("a", "\n", "\r"):
                session.arm()
            elif key == "n":
                self._next()
            elif key == "k" and session.reading.fault:
                session.acknowledge()
            elif key == "q":
                self._over = self.quit = True
            elif self._hand:
                self._move_hand(self._hand, key)
        except errors.PenError as error:
            if isinstance(error, errors.PenUnplugged | errors.NoAnswer | errors.NotParked):
                raise
            self._note = f"{error.number} {error.sentence}"
            if not session.reading.fault:  # its own next step is on the screen already
                self._note += f" {error.next_step}"

    def _next(self) -> None:
        self._stop_if_needed()
        if self._index + 1 == len(self._session.plan.zones):
            self._over = True
        else:
            self._enter(self._index + 1)

    def _stop_if_needed(self) -> None:
        state = self._session.reading.state
        if state == codes.STATE_ARMED or state in EXPOSED:
            self._session.stop()

    def _move_hand(self, hand: Hand, key: str) -> None:
        if key == " ":
            hand.toggle_button()
        elif key in "123456789":
            hand.set_step(int(key))
        elif key == "l":
            hand.toggle_skin()
        elif key == "h":
            hand.toggle_spot()
