"""Who may open the pages: this computer's browser, with the key of this start.

A page of another site could otherwise send requests to 127.0.0.1 through the same browser. The
`Host` must be ours and the key must come in the opening address, then in a cookie. STOP needs no
key: anything on this computer may stop the pen. Owns the key.
"""

import secrets
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "pen_key"
STOP_PATH = "/stop"


class Doorkeeper:
    """ASGI middleware in front of everything."""

    def __init__(self, inner: ASGIApp, *, hosts: frozenset[str], key: str) -> None:
        self._inner = inner
        self._hosts = hosts
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, send to the right address, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"host", "") not in self._hosts:
            await _refuse(scope, receive, send, 400, "This address does not belong to the pen.")
            return
        if scope["path"] == STOP_PATH or self._knows(headers.get(b"cookie", "")):
            await self._inner(scope, receive, send)
            return
        given = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        if scope["type"] == "http" and secrets.compare_digest(given, self._key):
            # The same page without the key; one slash, or the browser would take it for a host.
            answer = RedirectResponse("/" + scope["path"].lstrip("/\\"), status_code=303)
            answer.set_cookie(COOKIE, self._key, httponly=True, samesite="strict")
            await answer(scope, receive, send)
            return
        await _refuse(scope, receive, send, 403, "Open the address that the program has printed.")

    def _knows(self, cookies: str) -> bool:
        morsel = SimpleCookie(cookies).get(COOKIE)
        return morsel is not None and secrets.compare_digest(morsel.value, self._key)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await receive()  # the request to connect
        await send({"type": "websocket.close", "code": 4403, "reason": text})
        return
    await PlainTextResponse(text, status_code=status)(scope, receive, send)
