"""Readings for the traces of a window, on a line of its own past the pages' library.

That library wraps each message in a program that the browser compiles anew; sixty times a second
this costs both sides more than the samples do. A line begins with what the chart still shows, then
each reading goes out once. Owns the open lines.
"""

import asyncio
import contextlib
import struct
from collections.abc import Iterable

from starlette.websockets import WebSocket, WebSocketDisconnect

from host_controller.pen import TELEMETRY_HZ
from host_controller.replies import Reading
from host_controller.ui.desk import Desk
from host_controller.ui.engineer.tail import Tail

TRACE_PATH = "/traces"
LOOK_S = 0.008  # between two looks for a new reading; a browser draws every 0.017 s
SHOWN = TELEMETRY_HZ * 30  # readings of the half minute in the chart
SAMPLE = struct.Struct(
    "<IhHH"
)  # t_ms, depth_um, depth_set_um, rate_chz, as `trace_worker.js` reads them


def packed(readings: Iterable[Reading]) -> bytes:
    """The readings as samples, one after the other."""
    return b"".join(
        SAMPLE.pack(reading.t_ms, reading.depth_um, reading.depth_set_um, reading.rate_chz)
        for reading in readings
    )


class TraceLine:
    """One for all windows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def line(self, socket: WebSocket) -> None:
        """Serve one window until it closes the line."""
        await socket.accept()
        pushing = asyncio.create_task(self._push(socket))
        try:
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass  # a window has nothing to say here
        finally:
            pushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pushing

    async def _push(self, socket: WebSocket) -> None:
        desk = self._desk
        tail, taken = Tail(desk.readings, from_start=True), -1
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # the window is just closing
            while True:
                if desk.taken != taken:
                    taken = desk.taken
                    await socket.send_bytes(packed(tail.take()[-SHOWN:]))
                await asyncio.sleep(LOOK_S)
