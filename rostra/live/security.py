"""What the server refuses, and the headers it adds: one middleware in front of site and demos.

Gradio trusts its network more than a public lecture may. The probes that each rule answers are
repeated in `tests/rostra/live/test_security.py`.
"""

import time
from collections import deque
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rostra.live.hosts import ALLOWED, host_name

DEMOS = "/demos/"
TALKS, EMBEDS = ("/talks/", "/zh/talks/"), ("/embed/", "/zh/embed/")
BODY_LIMIT = 4_000_000  # bytes: a picture of 2 MB, written in base64, and its settings

# Events that one address may send, of whatever kind: a seminar room behind one address that opens
# the page and tries things stays below it, a script does not. How many jobs it may have waiting is
# `rostra.live.fairness`. The address is the connection's, or what a proxy that uvicorn trusts says.
JOBS, WITHIN = 300, 5.0  # seconds
ASKING = ("/queue/join", "/call/", "/run/", "/api/")

# A proxy's word on who asked for what reaches Gradio from anyone. uvicorn has taken scheme and
# client from proxies that it trusts by then; the name must come as Host.
_UNBELIEVED = (b"x-forwarded-", b"x-gradio-", b"forwarded")

_PAGES = "default-src 'self'; img-src 'self' data:; frame-src 'self'"
# A talk's page may show its recording, wherever that is, once the visitor has pressed play.
_TALKS = _PAGES + " https:; media-src 'self' https:"
# Gradio evaluates the templates of its HTML component, hence 'unsafe-eval'; only under /demos/.
_GRADIO = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'"
)
_EVERYWHERE = "; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

# Gradio's doors that no demo here uses: fetching URLs, files sent by anyone, its editors and logs.
CLOSED = (
    "/upload",
    "/proxy=",
    "/file=http",
    "/file/http",
    "/component_server",
    "/process_recording",
    "/vibe-",
    "/undo-vibe-",
    "/dev/reload",
    "/startup-events",
    "/profiling",
    "/deep_link",
    "/run-history",
    "/runs",
    "/monitoring",
    "/openapi.json",
    "/docs",
    "/redoc",
)


class Guard:
    """Refuse what no page of ours sends; add the headers that Gradio and StaticFiles leave out.

    Args:
        app: The application behind it.
        hosts: Names, without a port, under which it is served; None: under any.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = None) -> None:
        self.app = app
        self.hosts = hosts
        self.pace = Pace(JOBS, WITHIN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply = _with_headers(scope["path"], send)
        scope["headers"] = [pair for pair in scope["headers"] if not _unbelieved(pair[0])]
        refused = self._misnamed(scope) or refusal(scope) or self._hurried(scope)
        if refused is None:
            await self.app(scope, _counted(receive), reply)
        else:
            await refused(scope, receive, reply)

    def _misnamed(self, scope: Scope) -> PlainTextResponse | None:
        name = host_name(Headers(scope=scope).get("host", ""))
        if self.hosts is None or name in self.hosts:
            return None
        words = f"This server does not go by that name. Names it goes by: {', '.join(self.hosts)}."
        return PlainTextResponse(f"{words} {ALLOWED} adds more.", 400, {"connection": "close"})

    def _hurried(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] != "POST" or not any(door in scope["path"] for door in ASKING):
            return None
        client = scope["client"][0] if scope["client"] else ""
        if self.pace.allows(client, time.monotonic()):
            return None
        return PlainTextResponse("Too many runs at once; wait a moment.", 429, {"retry-after": "5"})


def _unbelieved(name: bytes) -> bool:
    return name.lower().startswith(_UNBELIEVED)


class Pace:
    """How often each client may do something.

    Args:
        most: How many times…
        within: …in so many seconds.

    Examples:
        >>> pace = Pace(2, 1.0)
        >>> [pace.allows("a", now) for now in (0.0, 0.1, 0.2, 1.1)]
        [True, True, False, True]
    """

    def __init__(self, most: int, within: float) -> None:
        self.most, self.within = most, within
        self._seen: dict[str, deque[float]] = {}

    def allows(self, client: str, now: float) -> bool:
        """Count one more, unless it is one too many.

        Args:
            client: Who.
            now: When, in seconds of any clock that does not go back.

        Returns:
            Whether it may.
        """
        times = self._seen.setdefault(client, deque(maxlen=self.most))
        if len(times) == self.most and now - times[0] < self.within:
            return False
        times.append(now)
        if len(self._seen) > 10_000:  # the memory of who has long been gone
            old = now - self.within
            self._seen = {name: seen for name, seen in self._seen.items() if seen[-1] > old}
        return True


def refusal(scope: Scope) -> PlainTextResponse | None:
    """Say why a request is not served, or None where it is.

    Args:
        scope: ASGI's description of an HTTP request.

    Returns:
        The refusal, ready to send; its connection is closed after it.
    """
    headers = Headers(scope=scope)
    close = {"connection": "close"}
    if "content-length" in headers and "transfer-encoding" in headers:
        return PlainTextResponse("One length, please.", 400, close)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        return PlainTextResponse("Content-Length is a number.", 400, close)
    if len(length) > 10 or int(length) > BODY_LIMIT:
        return PlainTextResponse(f"At most {BODY_LIMIT} bytes.", 413, close)
    if foreign(scope["method"], headers):
        return PlainTextResponse("This server answers its own pages only.", 403, close)
    if scope["path"].startswith(DEMOS) and closed(scope["path"]):
        return PlainTextResponse("Not found.", 404, close)
    return None


def foreign(method: str, headers: Headers) -> bool:
    """Whether another site's page sends this request; reading pages is free, acting is not.

    Args:
        method: HTTP method.
        headers: The request's headers.

    Returns:
        True where a state-changing request carries an Origin that is not this server.
    """
    origin = headers.get("origin")
    if origin is None or method in ("GET", "HEAD"):
        return False
    return urlsplit(origin).netloc != headers.get("host")


def closed(path: str) -> bool:
    """Whether a path under /demos/ is one of Gradio's doors that stay shut.

    Args:
        path: The decoded path of the request.

    Returns:
        True where it is.

    Examples:
        >>> closed("/demos/attack_playground/gradio_api/file=http://example.org/")
        True
        >>> closed("/demos/attack_playground/gradio_api/queue/join")
        False
    """
    own = path.removeprefix(DEMOS).partition("gradio_api")[2] or _after_name(path)
    return own.lower().startswith(CLOSED)


def _after_name(path: str) -> str:
    """The part of /demos/<name>/… or /demos/zh/<name>/… after the demo's name, with its slash."""
    parts = path.removeprefix(DEMOS).removeprefix("zh/").split("/", 1)
    return "/" + parts[1] if len(parts) == 2 else "/"


def _counted(receive: Receive) -> Receive:
    """Count a body that came without a length; past the limit the client is treated as gone."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= BODY_LIMIT else {"type": "http.disconnect"}

    return counted


def _with_headers(path: str, send: Send) -> Send:
    """Add our headers to an answer; drop Gradio's leave for other sites to read it."""

    async def reply(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            headers["content-security-policy"] = policy(path)
            headers.update(HEADERS)
        await send(message)

    return reply


def policy(path: str) -> str:
    """The Content-Security-Policy of a path: strict for pages, Gradio's needs under /demos/.

    No page runs a script or takes a style from elsewhere, or one that stands in it. A talk's page
    may frame another site's player.

    Args:
        path: The decoded path of the request.

    Returns:
        The header's value.
    """
    if path.startswith(DEMOS):
        return _GRADIO + _EVERYWHERE
    if path.startswith(EMBEDS):  # made to be framed by other sites, and able to do nothing there
        return _PAGES + _EVERYWHERE.replace("frame-ancestors 'self'", "frame-ancestors *")
    return (_TALKS if path.startswith(TALKS) else _PAGES) + _EVERYWHERE
