"""Places in the queue: one client may not take them all, and gets its own back."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from rostra.live import fairness
from rostra.live.fairness import MOST, Fair
from rostra.live.mounting import AT_ONCE, QUEUE
from rostra.live.words import LANGUAGES


def events(*clients: str | None) -> list[Any]:
    asked = [SimpleNamespace(client=c and SimpleNamespace(host=c)) for c in clients]
    return [SimpleNamespace(request=request) for request in asked]


def queue(*clients: str | None, running: tuple[str, ...] = ()) -> Any:
    """A queue as Gradio keeps it, a job of each client waiting, and some under way."""
    lane = SimpleNamespace(queue=events(*clients))
    jobs = [None, *([event] for event in events(*running))]
    return SimpleNamespace(event_queue_per_concurrency_id={"attack": lane}, active_jobs=jobs)


async def answers(fair: Fair, requests: list[tuple[str, str]]) -> list[int]:
    """What requests that arrive at once are answered."""
    found: list[int] = []

    async def receive() -> Message:
        raise AssertionError("nobody reads")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.append(message["status"])

    async def one(client: str, path: str) -> None:
        scope = {"type": "http", "method": "POST", "path": path, "client": (client, 1)}
        await fair(scope, receive, send)

    await asyncio.gather(*(one(*request) for request in requests))
    return sorted(found)


async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes a moment to put a job into its queue."""
    await asyncio.sleep(0.01)
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_one_client_does_not_fill_the_queue() -> None:
    assert QUEUE >= 3 * MOST
    join = "/demos/x/gradio_api/queue/join"
    full = Fair(gradio, [queue(*["a"] * (MOST - 1), "b", None), queue("a")])
    assert asyncio.run(answers(full, [("a", join)])) == [429]
    assert asyncio.run(answers(full, [("b", join)])) == [200]
    assert asyncio.run(answers(full, [("a", "/demos/x/gradio_api/run/predict")])) == [200]


def test_jobs_that_run_are_counted_too() -> None:
    """Or one client would have all of them, time after time."""
    assert MOST < AT_ONCE
    join = "/demos/x/gradio_api/queue/join"
    full = Fair(gradio, [queue("a", "b", running=("a",) * (MOST - 1))])
    assert asyncio.run(answers(full, [("a", join)])) == [429]
    assert asyncio.run(answers(full, [("b", join)])) == [200]


def test_jobs_that_arrive_at_once_are_counted_before_they_wait() -> None:
    fair = Fair(gradio, [])
    many = [("a", "/demos/x/gradio_api/call/speak")] * (MOST + 3)
    assert asyncio.run(answers(fair, many)) == [200] * MOST + [429] * 3
    assert fair.waiting("a") == 0
    assert asyncio.run(answers(fair, many[:1])) == [200]


def test_the_servers_queues_are_counted_across_languages(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "MOST", 2)
    calls = [f"/demos/{zh}hello/gradio_api/call/speak" for zh in ("", "zh/")]
    for _ in range(2):  # the first runs, or is about to
        posted = [client.post(call, json={"data": ["slow"]}) for call in calls * 3]
    refused = [answer.json()["detail"] for answer in posted if answer.status_code == 429]
    assert any("under way" in words for words in refused)
    assert any("排队" in words for words in refused)
    assert len(LANGUAGES) == len(calls)
