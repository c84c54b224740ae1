"""STOP in the page: how soon the page tells it and how soon the motor is driven no more.

The browser's own clock: from the key's time stamp to the change of the page's words, then to the
next frame. With telemetry, traces drawing, and once more with the reader of the port stalled: then
the page can only say that STOP was sent, and the pen has to obey it all the same.
"""

import signal
import statistics
import time
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page

from tests.evidence.figure import figure
from tests.evidence.ui_world import World, world

STOPS = 30  # of each kind
SHOWN_S = 0.08  # until page and pen are asked; both have kept their own times
STALLED_S = 0.03  # before the press; long before the lease would end

WATCH = """() => {
  window.penTimes = {};
  addEventListener('keydown', (event) => {
    window.penTimes = { press: performance.timeOrigin + event.timeStamp };
  }, true);
  const told = document.getElementById('pen-stop-told');
  new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    for (const word of ['sent', 'taken'])
      if (told.textContent === told.dataset[word]) {
        window.penTimes[word] = now;
        requestAnimationFrame(() => {
          window.penTimes[word + 'Painted'] = performance.timeOrigin + performance.now(); });
      }
  }).observe(told, { childList: true, characterData: true, subtree: true });
}"""


def _stop(here: World, page: Page, word: str) -> dict[str, float]:
    """One STOP; milliseconds from the press."""
    page.keyboard.down("Escape")  # and held while it acts: a finger does not let go in 2 ms
    time.sleep(SHOWN_S)  # neither page nor pen is asked anything meanwhile: that takes their time
    driven_s, enabled_s = here.pen.until_off()
    page.wait_for_function("word => penTimes[word + 'Painted']", arg=word)
    times: dict[str, float] = page.evaluate("penTimes")
    page.keyboard.up("Escape")
    press = times["press"]
    return {
        "shown": times[word] - press,
        "painted": times[f"{word}Painted"] - press,
        "driven": driven_s * 1000 - press,
        "enabled": enabled_s * 1000 - press,
    }


def stops(kind: str, count: int) -> list[dict[str, float]]:
    """`count` stops, `kind` "" or "stalled"."""
    found = []
    with world() as here:
        page = here.window()
        steps = here.ready(page)
        page.evaluate(WATCH)
        for _ in range(count):
            here.run(steps)
            if kind:
                here.signal(signal.SIGUSR1)
                time.sleep(STALLED_S)
            found.append(_stop(here, page, "sent" if kind else "taken"))
            if kind:
                here.signal(signal.SIGUSR1)
            here.pen.do(press=False)
            steps.state("Ready to arm")
    return found


def share(values: list[float], percent: int) -> float:
    """The value that `percent` of them do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def stop_page() -> Iterable[dict[str, Any]]:
    """`stop_page_ms_*` and `stop_drive_ms_p95`: the worse one of plain and stalled."""
    plain, stalled = stops("", STOPS), stops("stalled", STOPS)
    told = []
    worst: dict[int, float] = {}
    for percent in (50, 95):
        both = [share([row["shown"] for row in rows], percent) for rows in (plain, stalled)]
        worst[percent] = max(both)
        told.append(f"p{percent} {both[0]:.1f} ms, with the reader stalled {both[1]:.1f} ms")
    painted = share([row["painted"] for row in plain], 50)
    note = f"{'; '.join(told)}; next frame p50 {painted:.1f} ms; needles running, traces drawing"
    cases = len(plain) + len(stalled)
    yield figure("stop_page_ms_p50", round(worst[50], 1), "ms", "<= 10", cases, note)
    yield figure("stop_page_ms_p95", round(worst[95], 1), "ms", "<= 50", cases, note)
    driven = [share([row["driven"] for row in rows], 95) for rows in (plain, stalled)]
    enabled = share([row["enabled"] for row in plain], 95)
    note = (
        f"press to the end of driving: p95 {driven[0]:.1f} ms, with the reader stalled "
        f"{driven[1]:.1f} ms; drive-enable itself falls when the needles are parked by it: "
        f"p95 {enabled:.0f} ms"
    )
    yield figure("stop_drive_ms_p95", round(max(driven), 1), "ms", "<= 30", cases, note)
