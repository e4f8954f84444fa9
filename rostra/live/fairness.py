"""How many jobs one client may have, waiting and running: the queue is for everybody.

Imported only when gradio is installed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from gradio.queueing import Queue
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rostra.live.words import MESSAGES, say

# A third of the queue, and two thirds of the runs at once: one client cannot fill them, and of a
# seminar room behind one address so many may have pressed the button within the seconds that a run
# takes. Pages that load or show a picture do not wait in it.
MOST = 16
JOINING = ("/queue/join", "/call/")


class Fair:
    """Refuse a job of a client that has `MOST`, in whatever demo and language.

    Gradio's own limit is one for all: a single client could take every place.

    Args:
        app: The demos.
        queues: Of all demos; may be filled after this is made.
    """

    def __init__(self, app: ASGIApp, queues: Iterable[Queue]) -> None:
        self.app = app
        self.queues = queues
        self._joining: Counter[str] = Counter()  # asked, not yet in a queue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless it asks for one job too many."""
        if not _joins(scope):
            await self.app(scope, receive, send)
            return
        client = scope["client"][0] if scope["client"] else ""
        if self.waiting(client) >= MOST:
            language = "zh" if "/zh/" in scope["path"] else "en"
            refused = JSONResponse({"detail": say(MESSAGES, "many", language, count=MOST)}, 429)
            await refused(scope, receive, send)
            return
        self._joining[client] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._joining[client] -= 1
            self._joining += Counter()  # forgets who is at zero

    def waiting(self, client: str) -> int:
        """Count a client's jobs that are not over.

        Args:
            client: Its address.

        Returns:
            How many.
        """
        asked = (event.request.client for queue in self.queues for event in _events(queue))
        return self._joining[client] + sum(who is not None and who.host == client for who in asked)


def _events(queue: Queue) -> Iterator[Any]:
    for lane in queue.event_queue_per_concurrency_id.values():
        yield from lane.queue
    for job in queue.active_jobs:
        yield from job or ()


def _joins(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and any(door in scope["path"] for door in JOINING)
    )
