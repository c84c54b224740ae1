"""The program at rest and at work: the first page, the server's share of a core, actions, axe."""

import os
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser import axe, test_every_page, test_whole_treatment, walk
from tests.browser.chromium import Windows, running
from tests.browser.real_program import RealProgram, started
from tests.browser.walk import Walk
from tests.evidence.figure import figure

STARTS = 7
SPANS = 5  # of running needles with traces drawing
SPANS_MOST = 15
SPAN_S = 3.0
TICK_HZ = os.sysconf("SC_CLK_TCK")

# When the heading of the first page has been painted, on the wall's clock.
FIRST_PAGE = """
const look = () => {
  if (document.querySelector('.pen-content h2'))
    requestAnimationFrame(() => { window.penFirst = performance.timeOrigin + performance.now(); });
  else requestAnimationFrame(look);
};
look();
"""


def first_page() -> Iterable[dict[str, Any]]:
    """`first_page_s`: from the start of the process to the first page painted, everything warm."""
    spent_s = []
    with running() as browser:
        for _ in range(STARTS + 1):  # the first one warms
            begun_s = time.time()
            with started() as program:
                address_s = time.time()
                page = browser.new_page()
                page.add_init_script(FIRST_PAGE)
                page.goto(program.address)
                page.wait_for_function("window.penFirst")
                spent_s.append((page.evaluate("penFirst") / 1000 - begun_s, address_s - begun_s))
                page.close()
    whole, ready = (statistics.median(row) for row in zip(*spent_s[1:], strict=True))
    worst = max(row[0] for row in spent_s[1:])
    note = f"median; pages served after {ready:.2f} s, slowest of {STARTS} {worst:.2f} s"
    yield figure("first_page_s", round(whole, 2), "s", "<= 2", STARTS, note)


def processor_s(process_id: int) -> float:
    """Processor time of a process without its children."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK_HZ


@contextmanager
def _program() -> Iterator[tuple[RealProgram, Browser]]:
    with running() as browser, started() as program:
        yield program, browser


def server_cpu() -> Iterable[dict[str, Any]]:
    """`server_cpu_pct`: the server's process alone while needles run and traces draw."""
    with _program() as (program, browser):
        windows = Windows(browser)
        page = walk.in_control(windows.open(program.address, guarded=False))
        steps = Walk(page, program)
        idle_pct = _share_pct(program, SPAN_S)
        program.do(contact=False)
        shares: list[float] = []
        frames_hz: list[float] = []
        for _ in range(SPANS_MOST):  # a visit each: the dose of a zone is reached in 4 s
            steps.home()
            steps.client(concern="enlarged pores")
            steps.questions()
            steps.send()
            steps.run()
            drawn, begun_s = _drawn(page), time.monotonic()
            share_pct = _share_pct(program, SPAN_S)
            frame_hz = (_drawn(page) - drawn) / (time.monotonic() - begun_s)
            if page.locator(".pen-state").inner_text() == "NEEDLES RUN":  # all the time
                shares.append(share_pct)
                frames_hz.append(frame_hz)
            steps.stop()
            if len(shares) == SPANS:
                break
        windows.close()
    assert len(shares) == SPANS, "a busy machine stopped the needles again and again"
    note = (
        f"of one core, mean of {SPANS} times {SPAN_S:.0f} s, traces drawn with new samples "
        f"{statistics.mean(frames_hz):.0f} times a second; at the first page {idle_pct:.1f} %"
    )
    yield figure("server_cpu_pct", round(statistics.mean(shares), 1), "%", "<= 10", SPANS, note)


def _drawn(page: Page) -> int:
    """How often the traces have been drawn in this window."""
    (worker,) = (each for each in page.workers if each.url.endswith("/trace_worker.js"))
    return int(worker.evaluate("drawn"))


def _share_pct(program: RealProgram, span_s: float) -> float:
    before_s, begun_s = processor_s(program.process.pid), time.monotonic()
    time.sleep(span_s)
    spent_s = processor_s(program.process.pid) - before_s
    return 100 * spent_s / (time.monotonic() - begun_s)


def actions() -> Iterable[dict[str, Any]]:
    """`actions_to_armed`: as the test of the same name counts them."""
    with _program() as (program, browser):
        windows = Windows(browser)
        page = walk.in_control(windows.open(program.address))
        count = test_whole_treatment.to_armed_plan_of_three_zones(Walk(page, program))
        windows.close()
    note = "fields filled in, choices and clicks, from opening to the armed pen, three zones"
    yield figure("actions_to_armed", count, "actions", "<= 12", 1, note)


def axe_serious() -> Iterable[dict[str, Any]]:
    """`axe_serious`: serious and critical findings on every page, both themes."""
    found: list[str] = []
    looked: list[str] = []
    with _program() as (program, browser):
        for theme in ("light", "dark"):
            windows = Windows(browser)
            page = walk.in_control(windows.open(program.address, color_scheme=theme))

            def look(name: str, page: Any = page) -> None:
                looked.append(name)
                found.extend(axe.grave(page))

            test_every_page.tour(Walk(page, program), look)
            windows.close()
    note = f"axe-core, WCAG 2.2 AA and best practice: {', '.join(dict.fromkeys(looked))}"
    yield figure("axe_serious", len(found), "findings", "== 0", len(looked), note)
