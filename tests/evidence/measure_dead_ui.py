"""Nobody at the laptop any more: the program killed, its loop blocked, the window closed.

From the moment of it to the pen's motor no longer driven, seen at the plant, needles running.
"""

import signal
import time
from collections.abc import Iterable
from typing import Any

from tests.evidence.figure import figure
from tests.evidence.ui_world import World, world

KILLED, BLOCKED, CLOSED = 20, 40, 40  # together 100; a killed program has to be started again


def _spent_ms(here: World, since_s: float) -> float:
    driven_s, _ = here.pen.until_off()
    here.pen.do(press=False)
    return (driven_s - since_s) * 1000


def killed(count: int) -> list[float]:
    """The program is killed."""
    found = []
    with world() as here:
        for _ in range(count):
            here.run(here.ready(here.window()))
            since_s = time.time()
            here.signal(signal.SIGKILL)
            found.append(_spent_ms(here, since_s))
            here.close_windows()
            here.end()
            here.begin()
    return found


def blocked(count: int) -> list[float]:
    """The loop that serves the pages is blocked."""
    found = []
    with world() as here:
        page = here.window()
        steps = here.ready(page)
        for _ in range(count):
            here.run(steps)
            since_s = time.time()
            here.signal(signal.SIGUSR2)
            found.append(_spent_ms(here, since_s))
            steps.state("Ready to arm")
            take = page.get_by_role("button", name="Take control")
            if take.is_visible():
                take.click()
    return found


def closed(count: int) -> list[float]:
    """The window is closed; the next one takes control and goes on where the treatment is."""
    found = []
    with world() as here:
        page = here.window()
        steps = here.ready(page)
        for _ in range(count):
            here.run(steps)
            since_s = time.time()
            page.close()
            found.append(_spent_ms(here, since_s))
            page = here.window()
            steps.page = page
            steps.state("Ready to arm")
    return found


def dead_ui() -> Iterable[dict[str, Any]]:
    """`dead_ui_stop_ms_max` over all of them."""
    rows = {"killed": killed(KILLED), "loop blocked": blocked(BLOCKED), "closed": closed(CLOSED)}
    told = [f"{name} {len(row)} times: at most {max(row):.0f} ms" for name, row in rows.items()]
    spent = [value for row in rows.values() for value in row]
    yield figure(
        "dead_ui_stop_ms_max", round(max(spent), 1), "ms", "<= 300", len(spent), "; ".join(told)
    )
