"""Asks the records for the pages: on one thread of its own, so that no page's loop ever waits.

The loop's heartbeat keeps the pen's lease; a database that takes its time must not cost it. Owns
the thread and the open store.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from host_controller.records.home import home

if TYPE_CHECKING:
    from collections.abc import Callable

    from host_controller.records.store import Store

T = TypeVar("T")

FRESH_S = 2.0  # what this computer has spooled is merged at most this often


class Archive:
    """The records of this computer's database."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="records")
        self._store: Store | None = None
        self._completed_s = 0.0

    async def ask(self, question: "Callable[[Store], T]") -> T:
        """The answer of `question(store)`; raises what it raises, and what opening raises."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self._answer, question
        )

    def close(self) -> None:
        """Let the question under way end, then let go of the database."""
        self._thread.submit(self._let_go)
        self._thread.shutdown(wait=True, cancel_futures=False)

    def _answer(self, question: "Callable[[Store], T]") -> T:
        # Loaded here: it takes a third of a second that no first page waits for.
        from host_controller.records.opening import complete
        from host_controller.records.store import Store

        if self._store is None:
            self._store = Store.open(home())
        now_s = time.monotonic()
        if not self._completed_s or now_s - self._completed_s > FRESH_S:
            complete(self._store)
            self._completed_s = time.monotonic()
        return question(self._store)

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
