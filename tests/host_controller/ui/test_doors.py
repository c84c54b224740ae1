"""Who may come in, which window controls, and that every language says everything."""

import asyncio
import hashlib
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from host_controller.planning.screening import QUESTIONS
from host_controller.ui import control as control_module
from host_controller.ui.catalogue import LANGUAGES, Texts, texts
from host_controller.ui.control import Control
from host_controller.ui.doorkeeper import COOKIE, Doorkeeper
from host_controller.ui.server import STATIC
from host_controller.ui.visit import STEPS
from protocol import codes
from protocol.zones import ZONES

KEY = "the-key-of-this-start"
UI = Path("host_controller/ui")


async def page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("inside")


def ask(
    path: str, method: str = "GET", cookie: str = "", host: str = "127.0.0.1:8000"
) -> httpx.Response:
    inner = Starlette(routes=[Route("/", page), Route("/stop", page, methods=["POST"])])
    keeper = Doorkeeper(inner, hosts=frozenset(("127.0.0.1:8000",)), key=KEY)

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=keeper)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000"
        ) as browser:
            headers = {"host": host} | ({"cookie": f"{COOKIE}={cookie}"} if cookie else {})
            return await browser.request(method, path, headers=headers)

    return asyncio.run(send())


def test_without_the_key_nobody_comes_in() -> None:
    assert ask("/").status_code == 403
    assert ask("/?key=another").status_code == 403
    assert ask("/", cookie="another").status_code == 403


def test_the_key_of_the_address_becomes_a_cookie_and_leaves_the_address() -> None:
    answer = ask(f"/?key={KEY}")
    assert answer.status_code == 303
    assert KEY not in answer.headers["location"]
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert ask("/", cookie=KEY).text == "inside"


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [("/", "/"), ("/engineer", "/engineer"), ("//evil.example/", "/evil.example/"),
     ("/\\evil.example", "/evil.example")],
)  # fmt: skip
def test_the_opening_address_may_name_a_page_of_ours_alone(asked: str, sent_to: str) -> None:
    keeper = Doorkeeper(page_app, hosts=frozenset(("127.0.0.1:8000",)), key=KEY)
    scope = {"type": "http", "method": "GET", "path": asked, "query_string": f"key={KEY}".encode(),
             "headers": [(b"host", b"127.0.0.1:8000")]}  # fmt: skip
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    asyncio.run(keeper(scope, receive, send))  # type: ignore[arg-type]
    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert headers[b"location"].decode() == sent_to


async def page_app(*_: object) -> None:
    raise AssertionError("it came in")


def test_stop_needs_no_key() -> None:
    assert ask("/stop", "POST").text == "inside"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9", "127.0.0.1", ""])
def test_a_foreign_host_is_refused_also_for_stop(host: str) -> None:
    assert ask("/stop", "POST", host=host).status_code == 400


def test_a_socket_without_the_key_is_closed() -> None:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def inner(*_: object) -> None:
        raise AssertionError("it came in")

    keeper = Doorkeeper(inner, hosts=frozenset(("127.0.0.1:8000",)), key=KEY)  # type: ignore[arg-type]
    scope = {"type": "websocket", "path": "/x", "headers": [(b"host", b"127.0.0.1:8000")],
             "query_string": b""}  # fmt: skip
    asyncio.run(keeper(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["type"] == "websocket.close"


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(control_module, "time", found)
    return found


def test_the_first_window_controls_and_the_second_looks_on(clock: Clock) -> None:
    control = Control()
    control.arrive("one")
    control.arrive("two")
    assert control.holds("one")
    assert not control.holds("two")
    control.take("two")
    assert control.holds("two")


def test_control_is_not_handed_on_by_itself(clock: Clock) -> None:
    control = Control()
    control.arrive("one")
    control.leave("one")
    control.arrive("three")
    assert not control.lively
    assert not control.holds("three")


def test_a_silent_page_counts_as_gone_after_a_quarter_of_a_second(clock: Clock) -> None:
    control = Control()
    control.arrive("one")
    clock.now_s += 0.24
    assert control.lively
    control.beat("two")  # looks on: does not count
    clock.now_s += 0.02
    assert not control.lively
    control.beat("one")
    assert control.lively


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_places(language: str) -> None:
    english, other = texts("en"), texts(language)
    # English words of errors and of the shipped library come with them.
    theirs = ("problem.", "library.")
    assert {key for key in other if not key.startswith(theirs)} == english.keys()
    for key, text in english.items():
        places = sorted(re.findall(r"{(\w+)}", text))
        assert sorted(re.findall(r"{(\w+)}", other[key])) == places, key


def test_every_state_zone_and_step_has_a_text() -> None:
    say = Texts("en")
    for state in range(len(codes.STATE_NAMES)):
        say(f"state.{state}")
    for _, name in ZONES:
        say.zone(name)
    for step in STEPS:
        say(f"step.{step}")
    assert QUESTIONS


def test_every_text_that_the_pages_use_is_in_the_catalogue() -> None:
    used: set[str] = set()
    for file in UI.rglob("*.py"):
        used |= set(re.findall(r"""(?<![\w.])f?["']([a-z]+\.[a-z_]+)["']""", file.read_text()))
    used.discard("plan.toml")
    known = texts("en")
    sections = {key.partition(".")[0] for key in known}
    assert {key for key in used if key.partition(".")[0] in sections} <= known.keys()


def test_vendored_files_are_as_they_came() -> None:
    folder = STATIC / "uplot"
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert "MIT" in (folder / "LICENSE").read_text()
