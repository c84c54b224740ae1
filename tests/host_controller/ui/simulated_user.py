"""The pages without a browser: the program in this process, windows as NiceGUI's simulated users.

The pen is the small stand-in behind a real socket; the desk's thread talks with it. Owns the
program of one test.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from nicegui import Client, core, ui
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals, prepare_simulation

from host_controller.courses.history import History
from host_controller.pen import Pen
from host_controller.ui import server
from host_controller.ui.desk import Desk
from tests.host_controller.fake_pen import FakePen, served

PATIENCE = 100  # looks of 0.1 s, on a busy machine; what is there at once costs nothing
BEAT_S = 0.05


class Windows:
    """Windows of one program; `open` makes one, the first of them controls."""

    def __init__(self, program: server.Program) -> None:
        self.program = program
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, path: str = "/") -> User:
        """A window at a path, whose page lives."""
        transport = httpx.ASGITransport(core.app)
        user = User(httpx.AsyncClient(transport=transport, base_url="http://test"))
        client = await user.open(path)
        self._tasks.append(asyncio.create_task(self._beat(client.id)))
        await self.sees(user, "STOP")
        return user

    async def _beat(self, window: str) -> None:
        """What a page's script does."""
        while True:
            self.program.control.beat(window)
            await asyncio.sleep(BEAT_S)

    async def sees(self, user: User, text: str) -> None:
        """Wait until the window shows this."""
        await user.should_see(text, retries=PATIENCE)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that is not on the page."""
    end = time.monotonic() + PATIENCE / 10
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def _pages(address: str, language: str) -> AsyncIterator[Windows]:
    with nicegui_reset_globals():
        os.environ["NICEGUI_USER_SIMULATION"] = "true"
        program = server.Program(Desk(lambda: Pen.open(address)), language, None, History)
        windows = Windows(program)
        try:
            prepare_simulation()
            server.pages(program)
            async with core.app.router.lifespan_context(core.app):
                try:
                    yield windows
                finally:
                    windows.close()
        finally:
            os.environ.pop("NICEGUI_USER_SIMULATION")
            ui.navigate, ui.notify, ui.download = Navigate(), notify, download
            # Else the modules of these pages would be forgotten, with every class that others hold.
            Client.page_routes.clear()


def walk(
    fake: FakePen, steps: Callable[[Windows], Awaitable[None]], *, language: str = "en"
) -> None:
    """Let a test's steps run against a fresh program with this pen."""

    async def whole() -> None:
        async with _pages(address, language) as windows:
            await steps(windows)

    with served(fake) as address:
        asyncio.run(whole())
