"""The distribution's Chromium, and windows that reach nothing but this computer.

A request to anywhere else is aborted and kept in `strangers`; so is what a page complains of.
Owns the browser.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    sync_playwright,
)

MISSING = "Chromium is not installed: apt-get install chromium"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NOT_OURS = re.compile(r"^(?!(https?|wss?)://127\.0\.0\.1[:/]|blob:|data:|about:)")
PATIENCE_MS = 60_000  # of a test on a busy machine; nothing is timed by it


def program() -> str | None:
    """Path of the browser; None where there is none."""
    names = (os.environ.get("CHROMIUM", "chromium"), "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@dataclass
class Windows:
    """Opens windows and keeps what went wrong in any of them."""

    browser: Browser
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, address: str, *, guarded: bool = True, **options: Any) -> Page:
        """A window in a profile of its own; `options` as of Playwright's new_context.

        An unguarded one is for figures: looking at every request takes time.
        """
        context = self.browser.new_context(
            **{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", **options}
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if guarded:
            context.route(NOT_OURS, self._refuse)
        page = context.new_page()
        page.on(
            "websocket", lambda socket: NOT_OURS.match(socket.url) and self._stranger(socket.url)
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.goto(address)
        return page

    def picture(self, folder: Path) -> None:
        """Keep what every window shows."""
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=folder / f"{number}.png")

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _refuse(self, route: Route) -> None:
        self._stranger(route.request.url)
        route.abort()

    def _stranger(self, url: str) -> None:
        self.strangers.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


@contextmanager
def running() -> Iterator[Browser]:
    """The browser, with an empty profile; raises FileNotFoundError where it is not installed."""
    path = program()
    if path is None:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


if __name__ == "__main__":  # for `make test`: say at once what will be skipped
    if program() is None:
        print(f"{MISSING}; without it the tests with a browser are skipped", file=sys.stderr)
        sys.exit(os.environ.get("CI") == "true")
