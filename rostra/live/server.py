"""One process, one port: the built site at /, each demo at /demos/<name>/.

The site is up as soon as it is built. The demos follow when torch and gradio are installed, in the
running process. Neither is imported before that.
"""

import asyncio
import contextlib
import errno
import logging
import socket
import sys
from collections.abc import AsyncIterator, Collection, Iterator
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rostra.live import freshness
from rostra.live.changes import AT, Changes
from rostra.live.hosts import address, names
from rostra.live.pages import Site
from rostra.live.rebuilding import Builder, Watch, first
from rostra.live.security import Guard
from rostra.live.streams import Patient

log = logging.getLogger("rostra.live")

State = Literal["installing", "loading", "ready", "absent"]
POLL = 0.5  # seconds between two looks for the stamp


class PortTakenError(OSError):
    """Another process listens where the server should."""


class Demos:
    """Everything under /demos/: how far the demos are, and their app once there is one.

    Args:
        folder: Where the demo files are; None serves the site alone.
        device: Where models run: "cpu", "cuda", "auto" or None (the same).
        wait_for: A stamp that appears when the packages are installed, or the same name with
            `.failed` when they could not be; None: look once.
    """

    def __init__(
        self, folder: Path | None, *, device: str | None = None, wait_for: Path | None = None
    ) -> None:
        self.folder = folder
        self.device = device
        self.wait_for = wait_for
        self.state: State = "absent"
        self.names: list[str] = []
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: the demo, the way to its other language, or how far it is."""
        await self.answering(scope)(scope, receive, send)

    def answering(self, scope: Scope) -> ASGIApp:
        """Choose who answers a request under /demos/.

        Args:
            scope: ASGI's description of an HTTP request.

        Returns:
            The application to call.
        """
        path = scope["path"]
        if path == "/demos/status.json":
            now = {"state": self.state, "demos": self.names}
            return JSONResponse(now, headers={"cache-control": "no-store"})
        if self.app is None:
            return PlainTextResponse(f"The demos are {self.state}.", 503, {"retry-after": "5"})
        if b"lang=zh" in scope["query_string"] and path.strip("/") in self._pages():
            target = path.replace("/demos/", "/demos/zh/", 1)
            return RedirectResponse(f"{target}?{scope['query_string'].decode('latin-1')}")
        return self.app

    def _pages(self) -> set[str]:
        return {f"demos/{name}" for name in self.names}

    async def run(self) -> None:
        """Wait for the packages, mount the demos, keep them until cancelled."""
        if self.folder is None or not await self._installed():
            return
        self.state = "loading"
        try:
            # In a thread: importing torch and gradio takes seconds, and pages are being read.
            inner, names = await asyncio.to_thread(_mounted, self.folder, self.device)
        except Exception as error:
            ours = type(error).__module__ == "robustlib.errors"  # it says all that is to be said
            said = "The live demos do not start; pages show recordings: %s"
            log.error(said, error, exc_info=not ours)
            self.state = "absent"
            return
        async with inner.router.lifespan_context(inner):
            self.app, self.names, self.state = Patient(inner), names, "ready"
            log.info("The live demos are ready: %s", ", ".join(names))
            await asyncio.Event().wait()

    async def _installed(self) -> bool:
        if self.wait_for is None:
            return _importable()
        self.state = "installing"
        failed = self.wait_for.with_name(f"{self.wait_for.name}.failed")
        while not self.wait_for.exists():
            if failed.exists():
                log.error("The live demos' packages could not be installed; pages show recordings.")
                self.state = "absent"
                return False
            await asyncio.sleep(POLL)
        invalidate_caches()
        return True


def _importable() -> bool:
    return all(find_spec(name) is not None for name in ("torch", "gradio"))


def _mounted(folder: Path, device: str | None) -> tuple[FastAPI, list[str]]:
    from rostra.live.mounting import mount

    async def mounted() -> tuple[FastAPI, list[str]]:
        return mount(folder, device)

    # A loop of its own: in a thread without one, Gradio opens a new loop per lock and leaves it.
    return asyncio.run(mounted())


def create_app(
    site: Path,
    demos: Path | None,
    *,
    device: str | None = None,
    wait_for: Path | None = None,
    hosts: Collection[str] | None = None,
    changes: Changes | None = None,
) -> FastAPI:
    """Make the one application: site at /, demos under /demos/, the guard in front.

    Args:
        site: Folder of the built site.
        demos: Folder of demo files, or None for the site alone.
        device: Where models run.
        wait_for: A stamp that appears when torch and gradio are installed.
        hosts: Names under which it is served; None: under any.
        changes: What open pages hear of the site's builds.

    Returns:
        The application; its lifespan mounts the demos when it can.
    """
    shown = Demos(demos, device=device, wait_for=wait_for)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(shown.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, hosts=hosts)
    app.mount("/demos", shown)
    if changes is not None:
        app.mount(AT, changes)
    app.mount("/", Site(site, changes))
    app.state.demos, app.state.changes = shown, changes
    return app


def listen(host: str, port: int) -> socket.socket:
    """Take the port before any work is done, so that a taken one is said at once.

    Args:
        host: Address to bind.
        port: TCP port; 0 takes any free one.

    Returns:
        The bound socket.

    Raises:
        PortTakenError: Another process has it, this user may not, or the address is not here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        message = f"cannot serve at {host}:{port} ({error.strerror})"
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            advice = f"choose another port, for example {port + 1}"
        else:
            advice = "choose an address of this machine; 0.0.0.0 means all of them"
        raise PortTakenError(f"{message}; {advice}") from error
    return bound


def serve(
    project: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    device: str | None = None,
    wait_for: Path | None = None,
    *,
    allowed: Collection[str] = (),
    watch: bool = True,
) -> None:
    """Build the site where its sources are newer, serve it, mount the demos when they can run.

    An edit is built while it is served, and open pages on this machine show it.

    Bound to this machine, it answers under this machine's names and the site's public one only;
    bound to more (0.0.0.0, an address of the network), under any, unless names are listed.

    Args:
        project: Folder of mkdocs.yml, seminars/, docs/ and demos/.
        host: Address to bind; 127.0.0.1 is this machine only.
        port: TCP port.
        device: Where models run: "cpu", "cuda" or "auto".
        wait_for: A stamp that appears when torch and gradio are installed.
        allowed: Names under which it answers besides; also $ROSTRA_ALLOWED_HOSTS, with commas.
        watch: Whether edits are looked for.

    Raises:
        PortTakenError: Another process has the port.
        BuildError: The site does not build.
    """
    bound = listen(host, port)
    url = address(host, bound.getsockname()[1], project)
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    with contextlib.closing(bound), contextlib.ExitStack() as stack:
        changes = stack.enter_context(_watching(project, url)) if watch else None
        demos = project / "demos"
        app = create_app(
            freshness.site_of(project) if watch else freshness.built_site(project, url),
            demos if demos.is_dir() else None,
            device=device,
            wait_for=wait_for,
            hosts=names(host, project, allowed),
            changes=changes,
        )
        sys.stdout.write(f"Serving at http://{host}:{bound.getsockname()[1]} (stop: Ctrl-C)\n")
        sys.stdout.flush()
        run(app, bound)


@contextlib.contextmanager
def _watching(project: Path, url: str) -> Iterator[Changes]:
    """Build the site if need be, then after each edit until the block ends."""
    builder = Builder(project, url)
    with contextlib.closing(builder):
        seen = freshness.seen(project)
        freshness.built_site(project, url, first(builder))
        changes = Changes()
        watch = Watch(builder, changes.tell, seen)
        watch.start()
        try:
            yield changes
        finally:
            watch.stop()


class _Server(uvicorn.Server):
    """Ends the streams of its pages first: they would go on for as long as they are let."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        changes: Changes | None = self.config.app.state.changes  # type: ignore[union-attr]
        if changes is not None:
            changes.close()
        await super().shutdown(sockets)


def run(app: FastAPI, bound: socket.socket) -> None:
    """Serve until a signal; open streams are given two seconds to end.

    Args:
        app: The application.
        bound: A bound socket.
    """
    config = uvicorn.Config(
        app, http="h11", log_level="warning", server_header=False, timeout_graceful_shutdown=2
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config).run(sockets=[bound])
