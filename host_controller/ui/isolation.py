"""The pages alone in their part of the browser, so that they may share memory with their workers.

STOP's answer is read from such memory (`static/lifeline.js`). A browser grants it to pages that are
served with these two headers: no window of another site knows them, and nothing of another site is
shown in them. Owns no state.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = (
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
)


class Isolation:
    """ASGI middleware: every answer carries HEADERS."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers in the answer."""

        async def isolated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self._inner(scope, receive, isolated)
