"""A line of its own between a window and the program: the page's heartbeat, and STOP.

It goes past the pages' library, so that neither waits behind what is being drawn. The page sends
`beat` and `stop`; it is told `sent` when STOP has left for the pen, then `taken` when the pen has
acknowledged it, or `unheard`; `armed` takes such words away again. Owns the open lines.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from host_controller.ui.control import Control
from host_controller.ui.desk import Desk

LINE_PATH = "/line/{window}"
TAKEN_S = 0.2  # longest wait for the pen's word after a STOP

BEAT, STOP = "beat", "stop"
SENT, TAKEN, UNHEARD, ARMED = "sent", "taken", "unheard", "armed"


class Lifeline:
    """The lines of all windows."""

    def __init__(self, desk: Desk, control: Control) -> None:
        self._desk = desk
        self._control = control
        self._lines: set[WebSocket] = set()
        self._armed = False
        self._waiting: set[asyncio.Event] = set()  # for the pen's word after a STOP
        self._loop: asyncio.AbstractEventLoop | None = None
        desk.on_stop_taken = self._stop_taken

    async def line(self, socket: WebSocket, window: str) -> None:
        """Serve one window's line until it closes; a window whose line closes has gone."""
        await socket.accept()
        self._lines.add(socket)
        try:
            while True:
                word = await socket.receive_text()
                if word == STOP:
                    await self.stop(socket.send_text)
                elif word == BEAT:
                    self._control.beat(window)
        except WebSocketDisconnect:
            pass
        finally:
            self._lines.discard(socket)
            self._control.leave(window)

    async def stop(self, tell: Callable[[str], Awaitable[None]]) -> None:
        """Press STOP and tell what becomes of it, word by word."""
        self._loop = asyncio.get_running_loop()
        heard = asyncio.Event()
        self._waiting.add(heard)  # first: the pen may be quicker than this returns
        try:
            if self._desk.stop():
                pressed_s = self._desk.stop_pressed_s
                await tell(SENT)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TAKEN_S):
                        while self._desk.view.stop_taken_s < pressed_s:
                            heard.clear()  # it may have been for another window's STOP
                            await heard.wait()
                        await tell(TAKEN)
                        return
            await tell(UNHEARD)
        finally:
            self._waiting.discard(heard)

    def _stop_taken(self) -> None:
        """From the desk's thread: wake who waits for the pen's word."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the program has just ended
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for heard in self._waiting:
            heard.set()

    async def stop_by_request(self) -> dict[str, bool]:
        """STOP without a line: from another program, or while the line is being opened."""
        words: list[str] = []

        async def keep(word: str) -> None:
            words.append(word)

        await self.stop(keep)
        return {"sent": SENT in words, "taken": TAKEN in words}

    async def look(self) -> None:
        """Called often: tell the windows when the pen has been armed afresh."""
        armed = self._desk.view.armed
        if armed and not self._armed:
            for socket in tuple(self._lines):
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it is just closing
                    await socket.send_text(ARMED)
        self._armed = armed
