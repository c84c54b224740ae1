"""Looks after the cartridge: reads it when it is seated, judges it, marks it used when armed.

Main loop. The memory is read when a seating is new, when plan, zone or clock changed, and after
the used mark was written; the mark is written on entering ARMED, so it is in the chip before the
first stroke (positioning takes longer than the chip's 5 ms). Owns what is left to do.
"""

from firmware.treatment import cartridge as judgement
from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Protocol

    from firmware.treatment.treatment import Treatment
    from protocol.cartridge_layout import Identity, UsedMark

    class Memory(Protocol):
        """What `drivers.cartridge_memory.CartridgeMemory` offers."""

        identity: "Identity | None"
        mark: "UsedMark | None"
        blank: bool
        unique_id: bytearray

        def read(self) -> bool:
            """Read the chip; False when it does not answer."""

        def forget(self) -> None:
            """Forget what was read."""

        def write_mark(self, session_id: int, day: int) -> bool:
            """Send the used mark; False when the chip does not answer."""


RETRY_MS = const(10)  # the chip is busy for 5 ms after a write
TRIES = const(10)


class CartridgeKeeper:
    """`poll` with every pass of the main loop; `look_again` when plan or clock changed."""

    def __init__(
        self,
        memory: "Memory",
        treatment: "Treatment",
        used_elsewhere: "Callable[[bytes, int], bool]",
    ) -> None:
        self._memory = memory
        self._treatment = treatment
        self._used_elsewhere = used_elsewhere  # (cartridge id, session id): by this pen's history
        self._generation = -1  # seating that was judged
        self._tries = 0
        self._wait_ms = 0
        self._marked = False
        self.verdict: "tuple[int, int, int, int, int]" = (codes.RESULT_NO_CARTRIDGE, 0, 0, 0, 0)
        self.mark_failed = 0  # 1: an armed pen could not mark its cartridge; the app disarms

    def look_again(self) -> None:
        """Judge again at the next pass: plan, session or date changed."""
        self._generation = -1
        self._tries = 0
        self._wait_ms = 0

    def poll(self, seated: int, generation: int, armed: bool, unix_s: int, ms: int) -> None:
        """One pass, `ms` after the last."""
        if not seated:
            if self.verdict[0] != codes.RESULT_NO_CARTRIDGE:
                self._memory.forget()
                self.verdict = (codes.RESULT_NO_CARTRIDGE, 0, 0, 0, 0)
                self._treatment.judge_cartridge(generation, None, self.verdict)
            self.look_again()
            return
        self._wait_ms -= ms
        if self._generation != generation and self._wait_ms <= 0:
            self._read(generation, unix_s)
        elif armed and self._memory.blank and not self._marked and self._wait_ms <= 0:
            self._mark(unix_s)

    def _read(self, generation: int, unix_s: int) -> None:
        """Read and judge; a chip that does not answer is asked again a few times."""
        self._tries += 1
        answered = self._memory.read()
        if not answered and self._tries < TRIES:
            self._wait_ms = RETRY_MS
            return
        memory = self._memory
        self.verdict = judgement.refusal(
            memory.identity, memory.blank, memory.mark, self._treatment.session_id, unix_s
        )
        if self.verdict[0] == codes.RESULT_OK and self._used_elsewhere(
            bytes(memory.unique_id), self._treatment.session_id
        ):
            self.verdict = (codes.RESULT_CARTRIDGE_USED, 0, 0, 0, 0)
        if self._marked and memory.blank:
            self.mark_failed = 1
        self._marked = False
        self._generation = generation
        self._tries = 0
        self._treatment.judge_cartridge(generation, memory.identity, self.verdict)

    def _mark(self, unix_s: int) -> None:
        """Write the used mark; the next read proves it."""
        session_id = self._treatment.session_id
        if not self._memory.write_mark(session_id, judgement.day_of(unix_s)):
            self.mark_failed = 1
            return
        self._marked = True
        self._generation = -1
        self._tries = 0
        self._wait_ms = RETRY_MS
