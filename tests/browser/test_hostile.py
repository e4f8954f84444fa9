"""Chromium over pages of hostile entries: nothing runs, nothing is asked of others, and the policy
of the pages is never needed: it has nothing to refuse."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests._project import with_no_talks
from tests.browser.conftest import ROOT, Visitor, served
from tests.rostra.sitegen.hostile._folder import plant

MISSING = re.compile(r"404: |console: Failed to load resource: .* 404 ")
NOW = "2004-03-01T00:00:00Z"  # some of the talks are to come
WATCH = """(() => {
  window.refused = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true);
})()"""
# What a head may hold, and what a body must not. The canaries of the tables set window.told.
# A style= of a page's text would be refused, and said to be; one that a script of ours sets is not.
HEAD = {"TITLE", "META", "LINK", "SCRIPT", "BASE"}
SEEN = """() => ({
  told: window.told ?? null,
  refused: window.refused,
  head: [...document.head.children].map((one) => one.nodeName),
  metas: [...document.querySelectorAll("meta[http-equiv], base[href]")].map((one) => one.outerHTML),
  scripts: [...document.scripts].filter((one) => one.type !== "application/ld+json")
    .map((one) => one.src || one.textContent),
  active: document.body.querySelectorAll("iframe, frame, object, embed, applet, base, style, svg, "
    + "audio, video, form[action], meta").length,
  handlers: [...document.querySelectorAll("*")].flatMap((one) => one.getAttributeNames()
    .filter((name) => name.startsWith("on") || name === "srcdoc")),
  links: [...document.querySelectorAll("[href], [src], [action], [formaction]")]
    .map((one) => one.href || one.src || one.action).map(String)
    .filter((url) => /^(javascript|vbscript|file|blob|data:(?!image|text.calendar)).*:/i.test(url)),
  data: [...document.querySelectorAll("script[type='application/ld+json']")]
    .map((one) => typeof JSON.parse(one.textContent)),
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the entries that are not refused, as `rostra build` makes it."""
    project = with_no_talks(tmp_path_factory.mktemp("hostile"))
    shutil.rmtree(project / "seminars")
    plant(project / "seminars")
    made = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-c", "from rostra.cli import app; app()", "build"]
    command += ["--project", str(project), "--site", str(made)]
    here = {key: value for key, value in os.environ.items() if key != "ROSTRA_SITE_URL"}
    more = {"ROSTRA_NOW": NOW, "ROSTRA_REFERENCE": "false"}
    done = subprocess.run(command, env=here | more, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return made


@pytest.fixture(scope="module")
def hostile(site: Path) -> Iterator[str]:
    with served(site, None) as origin:
        yield origin


def addresses(site: Path, pattern: str) -> list[str]:
    found = sorted(site.glob(pattern))
    return [f"/{path.parent.relative_to(site).as_posix()}/".replace("/./", "/") for path in found]


def looked(page: Page) -> dict[str, object]:
    """What is wrong with the page that is open."""
    seen = page.evaluate(SEEN)
    ours = page.evaluate("location.origin") + "/"
    assert set(seen.pop("head")) <= HEAD
    assert all(script.startswith(ours) for script in seen.pop("scripts"))
    assert set(seen.pop("data")) <= {"object"}
    return {name: found for name, found in seen.items() if found}


@pytest.mark.parametrize(
    "pattern",
    [
        "talks/weekly/h*/index.html",
        "zh/talks/weekly/h?/index.html",
        "people/p?/index.html",
        "topics/*[0-4]/index.html",
        "index.html",
        "zh/index.html",
        "talks/index.html",
        "talks/*/index.html",
        "zh/people/index.html",
        "*/index.html",
        "embed/*/index.html",
    ],
)
def test_nothing_runs_and_nobody_else_is_asked(
    hostile: str, site: Path, browser: Browser, pattern: str
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    dialogs: list[str] = []
    wrong = {}
    try:
        visitor = Visitor(context.new_page(), hostile)
        visitor.page.add_init_script(WATCH)
        visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        visitor.page.clock.set_fixed_time(NOW)
        found = addresses(site, pattern)
        assert found
        for address in found:
            page = visitor.go(address)
            if problems := looked(page):
                wrong[address] = problems
            assert page.url == hostile + address, "the page sent us away"
            assert len(context.pages) == 1, "a window was opened"
        # A picture that our own host does not have is missing, and harms nobody.
        faults = [one for one in visitor.faults if not MISSING.match(one)]
        assert (wrong, faults, dialogs) == ({}, [], [])
    finally:
        context.close()


def test_the_page_that_is_searched_runs_nothing(hostile: str, visit) -> None:
    visitor = visit(hostile)
    visitor.page.add_init_script(WATCH)
    page = visitor.go("/")
    page.locator(".search-open").click()
    page.locator("#search-field").fill("script alert")
    page.locator("dialog.search li").first.wait_for()
    assert looked(page) == {}


def test_the_policy_stops_what_a_page_should_not_have(hostile: str, browser: Browser) -> None:
    """The watch sees: a script put into a page is refused, and said to be."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{hostile}/")
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<b onclick=\"window.told=1\">x</b>')"
        )
        page.evaluate("document.body.lastElementChild.click()")
        page.wait_for_function("window.refused.length")
        found = looked(page)
        assert "told" not in found
        assert found["refused"]
        assert found["handlers"] == ["onclick"]
    finally:
        context.close()
