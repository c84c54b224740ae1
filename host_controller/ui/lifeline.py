"""A line of its own between a window and the program: the page's heartbeat, and STOP.

It goes past the pages' library, so that neither waits behind what is being drawn. The page sends
`beat` and `stop`; it is told `sent` when STOP has left for the pen, then `taken` when the pen has
acknowledged it, or `unheard`; `armed` takes such words away again. Owns the open lines.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from starlette.websockets import WebSocket, WebSocketDisconnect

from host_controller.ui.control import Control
from host_controller.ui.desk import Desk

LINE_PATH = "/line/{window}"
TAKEN_S = 0.2  # longest wait for the pen's word after a STOP
LOOK_S = 0.001  # between two looks for it

BEAT, STOP = "beat", "stop"
SENT, TAKEN, UNHEARD, ARMED = "sent", "taken", "unheard", "armed"


class Lifeline:
    """The lines of all windows."""

    def __init__(self, desk: Desk, control: Control) -> None:
        self._desk = desk
        self._control = control
        self._lines: set[WebSocket] = set()
        self._armed = False

    async def line(self, socket: WebSocket, window: str) -> None:
        """Serve one window's line until it closes; a window whose line closes has gone."""
        await socket.accept()
        self._lines.add(socket)
        try:
            while True:
                word = await socket.receive_text()
                if word == STOP:
                    async for told in self.stop():
                        await socket.send_text(told)
                elif word == BEAT:
                    self._control.beat(window)
        except WebSocketDisconnect:
            pass
        finally:
            self._lines.discard(socket)
            self._control.leave(window)

    async def stop(self) -> AsyncIterator[str]:
        """Press STOP; what becomes of it, word by word."""
        sent = self._desk.stop()
        pressed_s = self._desk.stop_pressed_s
        if sent:
            yield SENT
        while sent and time.monotonic() - pressed_s < TAKEN_S:
            if self._desk.view.stop_taken_s >= pressed_s:
                yield TAKEN
                return
            await asyncio.sleep(LOOK_S)
        yield UNHEARD

    async def stop_by_request(self) -> dict[str, bool]:
        """STOP without a line: from another program, or while the line is being opened."""
        words = [word async for word in self.stop()]
        return {"sent": SENT in words, "taken": TAKEN in words}

    async def look(self) -> None:
        """Called often: tell the windows when the pen has been armed afresh."""
        armed = self._desk.view.armed
        if armed and not self._armed:
            for socket in tuple(self._lines):
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it is just closing
                    await socket.send_text(ARMED)
        self._armed = armed
