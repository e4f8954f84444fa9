"""Streams: closing one on request is not leaving, closing one unasked is."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from rostra.live.streams import Patient


def outcome(*events: bytes, path: str = "/demos/x/gradio_api/queue/data") -> str:
    """What an app like Gradio makes of a browser that hangs up after the last of some events."""
    seen = "nothing"

    async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal seen
        for event in events:
            await send({"type": "http.response.body", "body": event, "more_body": True})
        leaving = asyncio.create_task(receive())
        done, _ = await asyncio.wait([leaving], timeout=0.05)
        seen = "gone" if done else "there"
        leaving.cancel()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    scope = {"type": "http", "path": path}
    asyncio.run(asyncio.wait_for(Patient(gradio)(scope, receive, send), 5))
    return seen


def test_a_page_that_closes_the_stream_on_request_is_still_there() -> None:
    assert outcome(b'data: {"msg":"process_completed"}', b'data: {"msg":"close_stream"}') == "there"


def test_a_page_that_is_closed_in_the_middle_is_gone() -> None:
    assert outcome(b'data: {"msg":"process_generating"}') == "gone"


def test_other_requests_are_left_alone() -> None:
    assert outcome(b"close_stream", path="/demos/x/gradio_api/heartbeat/1") == "gone"
