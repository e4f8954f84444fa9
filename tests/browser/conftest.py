"""A browser, the served site, and a visitor who notices what a page should not do."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from rostra.live.server import create_app, listen
from tests._project import with_known_talks
from tests.browser import _everything

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("ROSTRA_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
WIDE, NARROW = 1280, 390
# Adds up in `window.shifted` how far what is read moves by itself; runs before a page's own.
SHIFTS = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Visitor:
    """One page of the browser, and all that was wrong with it."""

    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on(
            "console", lambda m: self.note(m.type in ("error", "warning"), f"console: {m.text}")
        )
        page.on("pageerror", lambda error: self.note(True, f"script: {error}"))
        page.on("request", lambda r: self.note(not self.ours(r.url), f"elsewhere: {r.url}"))
        page.on("response", lambda r: self.note(r.status >= 400, f"{r.status}: {r.url}"))

    def note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.faults.append(what)

    def ours(self, url: str) -> bool:
        return url.startswith((f"{self.origin}/", "data:", "blob:"))

    def go(self, path: str) -> Page:
        self.page.goto(self.origin + path)
        return self.page

    def overflows(self) -> bool:
        wide = "document.documentElement.scrollWidth > innerWidth + 1"
        return bool(self.page.evaluate(wide))


@contextmanager
def served(site: Path, demos: Path | None, wait_for: Path | None = None) -> Iterator[str]:
    """Serve a site, and its demos where there are some, until the block ends."""
    with listen("127.0.0.1", 0) as bound:
        app = create_app(site, demos, device="cpu", wait_for=wait_for)
        config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        origin = f"http://127.0.0.1:{bound.getsockname()[1]}"
        try:
            wanted = "installing" if wait_for else "ready" if demos else "absent"
            until = time.monotonic() + 120
            while not server.started or status(origin) != wanted:
                assert time.monotonic() < until, "the demos do not come up"
                time.sleep(0.1)
            yield origin
        finally:
            server.should_exit = True
            thread.join(10)


def status(origin: str) -> str:
    return str(httpx.get(f"{origin}/demos/status.json").json()["state"])


def rostra_build(project: Path, site: Path, *more: str, **environment: str) -> Path:
    """Build a site as `rostra build` does."""
    door = "from rostra.cli import app; app()"
    command = [sys.executable, "-c", door, "build", "--site", str(site), *more]
    told = os.environ | environment
    done = subprocess.run(command, cwd=project, env=told, check=False, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return site


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build the site of our own entries."""
    project = with_known_talks(tmp_path_factory.mktemp("project"))

    def built(*, live: bool, now: str = "2026-11-21T08:00:00Z") -> Path:
        site = tmp_path_factory.mktemp("site") / "site"
        # The reference has no page to look at here, and takes the longest.
        told = {"ROSTRA_NOW": now, "ROSTRA_REFERENCE": "false"}
        return rostra_build(project, site, *["--live"] * live, **told)

    return built


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site with every kind of page, as any static host would have it: address and folder."""
    project = _everything.everything(tmp_path_factory.mktemp("everything"))
    site = tmp_path_factory.mktemp("site") / "site"
    rostra_build(project, site, "--strict", ROSTRA_NOW=_everything.NOW)
    with served(site, None) as origin:
        yield origin, site


@pytest.fixture(scope="session")
def live(build: Callable[..., Path]) -> Iterator[str]:
    """The whole thing: site and demos."""
    with served(build(live=True), ROOT / "demos") as origin:
        yield origin


@pytest.fixture
def early(build: Callable[..., Path], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The site while the demos' packages are still being installed, and the stamp of their end."""
    stamp = tmp_path / "stamp"
    with served(build(live=True), ROOT / "demos", stamp) as origin:
        yield origin, stamp


@pytest.fixture(scope="session")
def spring(build: Callable[..., Path]) -> Iterator[str]:
    """The site as it was on 1 March 2022, when a talk was five days away."""
    with served(build(live=False, now="2022-03-01T00:00:00Z"), None) as origin:
        yield origin


@pytest.fixture(scope="session")
def still(build: Callable[..., Path]) -> Iterator[str]:
    """The site as any static host would have it: nobody answers for the demos."""
    with served(build(live=False), None) as origin:
        yield origin


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a page of some width, colours and time zone; at the end nothing may have been wrong."""
    visitors: list[Visitor] = []

    def opened(
        origin: str, *, width: int = WIDE, scheme: str = "light", zone: str | None = None
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            timezone_id=zone,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        visitors.append(Visitor(context.new_page(), origin))
        return visitors[-1]

    yield opened
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.page.context.close()
    assert faults == []


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: $ROSTRA_PICTURES, to be looked at."""
    folder = os.environ.get("ROSTRA_PICTURES")
    path = Path(folder) if folder else tmp_path_factory.mktemp("pictures")
    path.mkdir(parents=True, exist_ok=True)
    return path
