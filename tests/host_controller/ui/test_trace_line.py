"""The traces' own line: what the chart shows at first, then each reading once, until it closes."""

import asyncio
import struct
from collections import deque
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.replies import Reading
from host_controller.ui import trace_line as module
from host_controller.ui.trace_line import TraceLine, packed

PLAIN = Reading(*[0] * len(Reading._fields))
SAMPLE_BYTES = 10  # of trace_worker.js, restated


class Desk(SimpleNamespace):
    """A desk's readings, as many as it keeps."""

    def __init__(self, kept: int = 6000) -> None:
        super().__init__(readings=deque(maxlen=kept), taken=0)

    def hear(self, *times_ms: int) -> None:
        for t_ms in times_ms:
            self.readings.append(PLAIN._replace(t_ms=t_ms))
            self.taken += 1


class Window:
    """A window's end of the line; it goes once it has got `enough` samples."""

    def __init__(self, desk: Desk, enough: int, more: tuple[int, ...] = ()) -> None:
        self.times_ms: list[int] = []
        self.messages = 0
        self._desk, self._enough, self._more = desk, enough, list(more)
        self._gone = asyncio.Event()

    async def accept(self) -> None:
        pass

    async def receive(self) -> dict[str, str]:
        await asyncio.wait_for(self._gone.wait(), 10)
        return {"type": "websocket.disconnect"}

    async def send_bytes(self, data: bytes) -> None:
        self.messages += 1
        assert len(data) % SAMPLE_BYTES == 0
        self.times_ms += [t for t, *_ in struct.iter_unpack("<IhHH", data)]
        if self._more:
            self._desk.hear(self._more.pop(0))
        if len(self.times_ms) >= self._enough:
            self._gone.set()


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.0)


def serve(desk: Desk, enough: int, more: tuple[int, ...] = ()) -> Window:
    async def whole() -> Window:
        window = Window(desk, enough, more)
        await TraceLine(desk).line(window)  # type: ignore[arg-type]
        assert len(asyncio.all_tasks()) == 1  # nothing is left that would push on
        return window

    return asyncio.run(whole())


@given(st.lists(st.integers(0, 2**30), min_size=1, max_size=40, unique=True), st.integers(1, 40))
def test_each_reading_goes_out_once_and_in_order(times: list[int], before: int) -> None:
    desk = Desk()
    desk.hear(*times[:before])
    window = serve(desk, len(times), tuple(times[before:]))
    assert window.times_ms == times


def test_a_line_begins_with_the_half_minute_that_the_chart_shows() -> None:
    desk = Desk()
    desk.hear(*range(6000))
    window = serve(desk, 1)
    assert window.messages == 1
    assert window.times_ms == list(range(6000 - module.SHOWN, 6000))


def test_samples_are_as_the_browser_reads_them() -> None:
    reading = PLAIN._replace(t_ms=70_000, depth_um=-40, depth_set_um=500, rate_chz=9012)
    view = packed([reading])
    assert view == bytes.fromhex("70110100d8fff4013423")


def test_a_window_that_goes_while_it_is_sent_to_ends_its_line_alone() -> None:
    desk = Desk()
    desk.hear(1)

    class Going(Window):
        async def send_bytes(self, data: bytes) -> None:
            self._gone.set()
            raise RuntimeError("the line is closed")

    async def whole() -> None:
        await TraceLine(desk).line(Going(desk, 1))  # type: ignore[arg-type]

    asyncio.run(whole())
