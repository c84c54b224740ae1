"""A window's own line: it beats, it stops, it is told what became of the STOP; its end is told."""

import asyncio
from types import SimpleNamespace

import pytest
from starlette.websockets import WebSocketDisconnect

from host_controller.ui import lifeline as module
from host_controller.ui.control import Control
from host_controller.ui.desk import View
from host_controller.ui.lifeline import Lifeline


class PlainDesk:
    """A desk whose pen acknowledges a STOP, or does not; `late`: not before it is said to."""

    def __init__(self, sends: bool = True, hears: bool = True, late: bool = False) -> None:
        self.view = View()
        self.on_stop_taken = lambda: None
        self.stop_pressed_s = 0.0
        self.stops = 0
        self._sends = sends
        self._hears = hears and not late

    def stop(self) -> bool:
        self.stops += 1
        self.stop_pressed_s = 100.0
        if self._hears:
            self.acknowledge(100.001)
        return self._sends

    def acknowledge(self, at_s: float) -> None:
        self.view = View(stop_taken_s=at_s)
        self.on_stop_taken()


class Socket:
    """A window's end of the line that says `words` and goes."""

    def __init__(self, *words: str) -> None:
        self._words = list(words)
        self.told: list[str] = []

    async def accept(self) -> None:
        pass

    async def receive_text(self) -> str:
        if not self._words:
            raise WebSocketDisconnect
        return self._words.pop(0)

    async def send_text(self, word: str) -> None:
        self.told.append(word)


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pen that says nothing is not waited for."""
    monkeypatch.setattr(module, "TAKEN_S", 0.0)


def told_after_stop(desk: PlainDesk) -> list[str]:
    socket = Socket("stop")
    line = Lifeline(desk, Control())  # type: ignore[arg-type]
    asyncio.run(line.line(socket, "one"))  # type: ignore[arg-type]
    assert desk.stops == 1
    return socket.told


def test_a_stop_is_sent_and_then_taken() -> None:
    assert told_after_stop(PlainDesk()) == ["sent", "taken"]


def test_without_an_answer_nothing_is_claimed() -> None:
    assert told_after_stop(PlainDesk(hears=False)) == ["sent", "unheard"]


def test_without_a_pen_not_even_that_it_was_sent() -> None:
    assert told_after_stop(PlainDesk(sends=False, hears=False)) == ["unheard"]


def told_by_the_desks_thread(desk: PlainDesk, *acknowledged_s: float) -> list[str]:
    """STOP at 100.0; the pen's words come from another thread once it is known to be sent."""
    line = Lifeline(desk, Control())  # type: ignore[arg-type]
    told: list[str] = []

    async def tell(word: str) -> None:
        told.append(word)
        for at_s in acknowledged_s if word == "sent" else ():
            await asyncio.to_thread(desk.acknowledge, at_s)

    asyncio.run(line.stop(tell))
    return told


def test_the_pens_word_wakes_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TAKEN_S", 60.0)
    assert told_by_the_desks_thread(PlainDesk(late=True), 100.004) == ["sent", "taken"]


def test_the_word_for_an_earlier_stop_is_not_taken_for_this_one() -> None:
    assert told_by_the_desks_thread(PlainDesk(late=True), 99.9) == ["sent", "unheard"]


def test_the_word_for_an_earlier_stop_does_not_end_the_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TAKEN_S", 60.0)
    assert told_by_the_desks_thread(PlainDesk(late=True), 99.9, 100.004) == ["sent", "taken"]


def test_a_word_that_comes_when_nobody_waits_is_no_error() -> None:
    desk = PlainDesk()
    Lifeline(desk, Control())  # type: ignore[arg-type]
    desk.acknowledge(100.0)


@pytest.mark.parametrize(
    ("sends", "hears", "answer"),
    [
        (True, True, {"sent": True, "taken": True}),
        (True, False, {"sent": True, "taken": False}),
        (False, False, {"sent": False, "taken": False}),
    ],
)
def test_a_request_stops_as_well(sends: bool, hears: bool, answer: dict[str, bool]) -> None:
    line = Lifeline(PlainDesk(sends, hears), Control())  # type: ignore[arg-type]
    assert asyncio.run(line.stop_by_request()) == answer


def test_a_beat_keeps_control_alive_and_the_end_of_the_line_gives_it_up() -> None:
    control = Control()
    control.arrive("one")
    beats: list[bool] = []
    control.beat = lambda window: beats.append(window == "one")  # type: ignore[method-assign]
    line = Lifeline(PlainDesk(), control)  # type: ignore[arg-type]
    asyncio.run(line.line(Socket("beat", "nonsense", "beat"), "one"))  # type: ignore[arg-type]
    assert beats == [True, True]
    assert not control.holds("one")


def test_a_line_that_ends_takes_nobody_elses_control() -> None:
    control = Control()
    control.arrive("one")
    asyncio.run(Lifeline(PlainDesk(), control).line(Socket("beat"), "two"))  # type: ignore[arg-type]
    assert control.holds("one")


def test_arming_afresh_takes_the_words_of_the_last_stop_away() -> None:
    desk = PlainDesk()
    line = Lifeline(desk, Control())  # type: ignore[arg-type]

    class Open(Socket):
        async def receive_text(self) -> str:
            for armed in (False, True, True):
                desk.view = SimpleNamespace(armed=armed)  # type: ignore[assignment]
                await line.look()
            raise WebSocketDisconnect

    window = Open()
    asyncio.run(line.line(window, "one"))  # type: ignore[arg-type]
    assert window.told == ["armed"]
