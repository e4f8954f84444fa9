"""A browser that hangs up when it was told to has not gone away."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = "/queue/data"
GOODBYE = b"close_stream"


class Patient:
    """Keep from Gradio that a browser has closed a stream of events after it was told to.

    Gradio takes a closed stream for a closed page and drops all of its jobs. The browser closes
    the stream because Gradio says so at the end of a job; if it asks for the next job before
    Gradio has looked away from the old stream, that job is dropped too, and nothing ever answers.

    Args:
        app: Gradio.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; hold back one kind of message about it."""
        if scope["type"] != "http" or not scope["path"].endswith(STREAM):
            await self.app(scope, receive, send)
            return
        told = False

        async def said(message: Message) -> None:
            nonlocal told
            told = told or GOODBYE in message.get("body", b"")
            await send(message)

        async def heard() -> Message:
            message = await receive()
            if told and message["type"] == "http.disconnect":
                await asyncio.Event().wait()  # ends with the answer, which is complete already
            return message

        await self.app(scope, heard, said)
