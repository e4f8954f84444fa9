"""Open pages hear of each build: what they show anew, or why there is nothing new to show.

Only pages that this server hands to this machine ask for it: the script is put in on the way out,
so that the built site, and what a visitor from elsewhere gets, have none of it.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rostra.live.rebuilding import Built

AT = "/__site"
SCRIPT = Path(__file__).with_name("changes.js")
LISTENERS = 32  # open pages; a browser has six at most, and a page that is not looked at hangs up
PULSE = 10.0  # seconds between two signs of life
HERE = ("127.0.0.1", "::1")


class Changes:
    """What was built, by number, and who listens.

    A page knows the number of the build that it was handed out after, and is told at once what it
    has missed since: a page that was not looked at for a while does not listen.
    """

    def __init__(self) -> None:
        self.number = 0
        self.files: dict[str, int] = {}
        self.faults: tuple[dict[str, str], ...] = ()
        self.listeners: set[asyncio.Event] = set()
        self.closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self, built: Built) -> None:
        """Take what came of a build, from any thread."""
        self.number += 1
        self.files |= dict.fromkeys(built.changed, self.number)
        if built.shown == "site":
            self.faults = built.faults
        self._wake()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the server is gone, and its listeners
                self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for one in self.listeners:
            one.set()

    def since(self, number: int) -> dict[str, Any]:
        """What a page that was handed out after that build has to know."""
        files = [name for name, at in self.files.items() if at > number]
        return {"number": self.number, "changed": files, "faults": self.faults}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the script, or its listening."""
        await self._answering(scope)(scope, receive, send)

    def _answering(self, scope: Scope) -> ASGIApp:
        if not is_here(scope) or scope["method"] != "GET":
            return PlainTextResponse("Not found.", 404)
        if scope["path"] == f"{AT}/changes.js":
            kept = {"cache-control": "no-cache"}
            return FileResponse(SCRIPT, media_type="text/javascript", headers=kept)
        if scope["path"] != f"{AT}/changes":
            return PlainTextResponse("Not found.", 404)
        if len(self.listeners) >= LISTENERS:
            return PlainTextResponse("Too many pages listen.", 503)
        return StreamingResponse(
            self._stream(_number(scope)),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    async def _stream(self, number: int) -> AsyncIterator[str]:
        self._loop = asyncio.get_running_loop()
        rung = asyncio.Event()
        self.listeners.add(rung)
        told: Any = None
        try:
            while not self.closed:
                rung.clear()
                news = self.since(number)
                if (news["changed"], news["faults"]) != told:
                    told = (news["changed"], news["faults"])
                    yield f"data: {json.dumps(news, ensure_ascii=False)}\n\n"
                else:
                    yield ":\n\n"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), PULSE)
        finally:
            self.listeners.discard(rung)

    def listening(self, scope: Scope, response: Response) -> Response:
        """Let a page that goes to this machine load the script.

        Args:
            scope: ASGI's description of the request.
            response: The page, as a file.

        Returns:
            The page with the script, or what was given.
        """
        page = isinstance(response, FileResponse) and response.media_type == "text/html"
        if not page or not is_here(scope) or scope["method"] != "GET":
            return response
        assert isinstance(response, FileResponse)
        html = Path(response.path).read_bytes()
        # The number does not count: a page that stayed the same has missed nothing.
        tag = f'<script src="{AT}/changes.js" data-number="{self.number}" defer></script>'
        before, end, after = html.rpartition(b"</body>")
        answer = Response(before + tag.encode() + end + after, response.status_code)
        answer.headers["content-type"] = "text/html; charset=utf-8"
        answer.headers["cache-control"] = "no-store"
        return answer


def is_here(scope: Scope) -> bool:
    """Whether who asks is on this machine, and asks nobody else to do it."""
    client = scope["client"][0] if scope.get("client") else ""
    return client in HERE and "via" not in Headers(scope=scope)


def _number(scope: Scope) -> int:
    given = parse_qs(scope["query_string"].decode("latin-1")).get("since", ["0"])[0]
    return int(given) if given.isdecimal() and len(given) < 10 else 0
