"""Whether the pen may leave its firmware: for the boot loader, or for the service's prompt.

The host only asks. For the boot loader the pen has to be disarmed, still and with its needles
sensed inside, and its own button, up when the host asked, has to be held for 2 s: no program can
drop a pen out of its firmware, in a treatment or elsewhere (H38). For the service the button has
to be down since power-up, for 5 s. While it waits nothing can be armed. Main loop; owns the wait.
"""

from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Refusal = tuple[int, int, int, int, int]

# Operations and states of the UPDATE message. 1 to 4 are an update within the firmware, which
# this board cannot: its flash has no second place that its ROM would start.
QUERY = const(0)
BOOT_LOADER = const(5)
SERVICE = const(6)
NONE = const(0)
WAITS = const(5)  # for the button
LEAVING = const(6)

WORDS = {BOOT_LOADER: b"boot loader", SERVICE: b"service"}  # a stray byte asks for nothing

HOLD_MS = const(2000)  # longer than any press in a treatment that begins or ends something
WAIT_MS = const(30_000)  # as long as an arming
SERVICE_HOLD_MS = const(5000)
DEBOUNCE_MS = const(100)  # after the start, until a button that is down is believed to be
LEAVE_MS = const(300)  # the host hears of it: three of its questions

_OK = (codes.RESULT_OK, 0, 0, 0, 0)


class UpdateGuard:
    """`ask` when the host does, `step` with every slow pass of the main loop."""

    def __init__(self) -> None:
        self.state = NONE
        self._operation = QUERY
        self._left_ms = 0  # of the wait, then of the leaving
        self._held_ms = 0  # of the press that confirms
        self._fresh = False  # the button was up since the host asked
        self._since_start = True  # the button has been down in every step since the start
        self._start_ms = 0  # for so long
        self._age_ms = 0

    @property
    def busy(self) -> bool:
        """Waiting or leaving: nothing may be armed."""
        return self.state != NONE

    def ask(
        self, operation: int, data: bytes, state: int, needles_in: bool, button: bool
    ) -> "Refusal":
        """Ask to leave; OK means that the wait (or the leaving) has begun."""
        if operation not in WORDS:
            return (codes.RESULT_UNSUPPORTED, operation, 0, 0, 0)
        if data != WORDS[operation]:
            return (codes.RESULT_BAD_FORMAT, 0, 0, 0, 0)
        if operation == SERVICE:
            return self._ask_service(state)
        if state == codes.STATE_BOOT or codes.STATE_ARMED <= state <= codes.STATE_PARKING:
            return (codes.RESULT_WRONG_STATE, 0, state, 0, 0)
        if not needles_in:
            return (codes.RESULT_NEEDLES_OUT, 0, 0, 0, 0)
        if self.state == LEAVING:
            return _OK
        if button:
            return (codes.RESULT_BUTTON_HELD, 0, 0, 0, 0)
        self.state = WAITS
        self._operation = operation
        self._left_ms = WAIT_MS
        self._held_ms = 0
        self._fresh = False
        return _OK

    def _ask_service(self, state: int) -> "Refusal":
        if state not in (codes.STATE_BOOT, codes.STATE_FAULT):
            return (codes.RESULT_WRONG_STATE, 0, state, 0, 0)
        if not self._since_start or self._start_ms < SERVICE_HOLD_MS:
            return (codes.RESULT_NOT_CONFIRMED, 0, self._start_ms, SERVICE_HOLD_MS, 0)
        self._leave(SERVICE)
        return _OK

    def cancel(self) -> None:
        """The host stopped, or another one came: what waits is forgotten."""
        if self.state == WAITS:
            self.state = NONE

    def step(self, state: int, needles_in: bool, button: bool, ms: int) -> int:
        """`ms` later; BOOT_LOADER or SERVICE once it is time to go there, else QUERY."""
        if self._since_start:
            self._age_ms += ms
            if button:
                self._start_ms += ms
            elif self._age_ms > DEBOUNCE_MS:
                self._since_start = False
                self._start_ms = 0
        if self.state == WAITS:
            self._wait(state, needles_in, button, ms)
        elif self.state == LEAVING:
            self._left_ms -= ms
            if self._left_ms <= 0:
                return self._operation
        return QUERY

    def _wait(self, state: int, needles_in: bool, button: bool, ms: int) -> None:
        self._left_ms -= ms
        moving = codes.STATE_ARMED <= state <= codes.STATE_PARKING
        if self._left_ms <= 0 or moving or not needles_in:
            self.state = NONE
        elif not button:
            self._fresh = True
            self._held_ms = 0
        elif self._fresh:
            self._held_ms += ms
            if self._held_ms >= HOLD_MS:
                self._leave(BOOT_LOADER)

    def _leave(self, operation: int) -> None:
        self.state = LEAVING
        self._operation = operation
        self._left_ms = LEAVE_MS
