"""A recording plays when it is asked for, and a list of talks stands in another site's page."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests._project import with_known_talks
from tests.browser.conftest import ROOT, served
from tests.browser.test_when import environment

BV = "BV1xx411c7mD"
TALK = "title: {}\nstart: 2026-10-04 10:00\nspeakers: [yi-liu]\nlinks: {{recording: '{}'}}\n"
FILMS = {
    "frame": f"https://www.bilibili.com/video/{BV}/",
    "file": "https://films.example/talk.webm",
}
VTT = "WEBVTT\n\n00:05.000 --> 00:09.000\n<v Yi Liu>Trust is earned.\n\n"
VTT += "01:02.000 --> 01:09.000\n<v Yi Liu>Batches are ordered.\n"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with two recorded talks and one to come."""
    project = with_known_talks(tmp_path_factory.mktemp("films"))
    folder = project / "seminars/ai-prisec"
    for slug, address in FILMS.items():
        (folder / f"{slug}.yaml").write_text(TALK.format(slug, address))
        (folder / f"{slug}.en.vtt").write_text(VTT)
    (folder / "coming.yaml").write_text("title: Soon\nstart: 2099-01-04 10:00\n")
    site = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-c", "from rostra.cli import app; app()", "build"]
    command += ["--project", str(project), "--site", str(site)]
    now = {"ROSTRA_NOW": "2026-11-21", "ROSTRA_REFERENCE": "false"}
    subprocess.run(command, check=True, env=environment() | now, cwd=ROOT, capture_output=True)
    with served(site, None) as origin:
        yield origin


@pytest.fixture
def watcher(browser: Browser, films: str) -> Iterator[tuple[Page, list[str]]]:
    """A page, and the addresses elsewhere that it asks for: none of them is reached."""
    context = browser.new_context()
    page, asked = context.new_page(), []

    def elsewhere(route: Route) -> None:
        if route.request.url.startswith(films):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", elsewhere)
    yield page, asked
    context.close()


def test_nobody_is_asked_for_a_recording_before_play(films: str, watcher) -> None:
    page, asked = watcher
    page.goto(f"{films}/talks/ai-prisec/frame/")
    page.wait_for_load_state("networkidle")
    assert asked == []
    page.locator(".video button").click()
    expect(page.locator(".video iframe")).to_be_focused()
    expect(page.locator(".video-offer")).to_have_count(0)
    assert [url for url in asked if BV not in url] == []
    assert asked[0].startswith(f"https://player.bilibili.com/player.html?bvid={BV}")


def test_a_time_of_the_transcript_leads_into_the_recording(films: str, watcher) -> None:
    page, asked = watcher
    page.goto(f"{films}/talks/ai-prisec/frame/")
    page.get_by_role("link", name="1:02").click()
    expect(page.locator(".video iframe")).to_have_attribute("src", asked[0])
    assert asked[0].endswith("&t=62")


def test_a_file_is_played_by_the_browser_with_its_captions(films: str, watcher) -> None:
    page, asked = watcher
    page.goto(f"{films}/talks/ai-prisec/file/")
    page.locator(".video button").click()
    video = page.locator(".video video")
    expect(video).to_have_attribute("src", FILMS["file"])
    expect(video.locator("track")).to_have_attribute("srclang", "en")
    track = video.locator("track").evaluate("(track) => track.src")
    assert page.request.get(track).text() == VTT
    assert set(asked) == {FILMS["file"]}


def test_words_of_the_transcript_are_found(films: str, visit: Callable) -> None:
    page = visit(films).go("/zh/talks/ai-prisec/frame/")
    said = page.locator(".transcript [data-at]")
    expect(said).to_have_count(2)
    page.locator(".transcript input").fill("ORDERED")
    expect(page.locator(".transcript [data-at]:visible")).to_have_count(1)
    expect(page.locator(".transcript [role=status]")).to_have_text("1 段")


def test_without_scripts_a_time_leads_to_the_recordings_own_page(
    films: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{films}/talks/ai-prisec/frame/")
        link = page.get_by_role("link", name="1:02")
        assert link.get_attribute("href") == f"https://www.bilibili.com/video/{BV}/?t=62"
        expect(page.locator(".video")).to_be_hidden()
    finally:
        context.close()


@pytest.fixture
def other_site(films: str, tmp_path: Path) -> Iterator[str]:
    """Somebody else's page, which shows our talks by one line."""
    line = f'<script src="{films}/assets/javascripts/widget.js" data-language="zh" async></script>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Ours</title><body>{line}<p>After")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_our_talks_stand_in_another_sites_page(
    films: str, other_site: str, browser: Browser
) -> None:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(other_site)
        inside = page.frame_locator("iframe")
        link = inside.get_by_role("link", name="Soon")
        expect(link).to_be_visible()
        assert (link.get_attribute("href") or "").endswith("/zh/talks/ai-prisec/coming/")
        expect(inside.get_by_role("heading")).to_have_text("即将举行")
        frame = page.locator("iframe")
        inner = inside.locator("main").evaluate("(main) => main.getBoundingClientRect().bottom")
        assert abs(float(frame.get_attribute("height") or 0) - inner) <= 2
    finally:
        context.close()
