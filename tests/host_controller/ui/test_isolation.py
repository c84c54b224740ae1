"""Every answer keeps the pages apart from other sites, so that they may share memory."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from host_controller.ui.isolation import Isolation


async def page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("inside")


@pytest.mark.parametrize("path", ["/", "/not-there"])
def test_every_answer_has_both_headers(path: str) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=Isolation(Starlette(routes=[Route("/", page)])))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
            return await browser.get(path)

    headers = asyncio.run(ask()).headers
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert "content-type" in headers
