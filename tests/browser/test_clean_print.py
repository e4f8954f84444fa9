"""On paper a page is black on white in both palettes, without menus, and no figure is cut."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser._everything import fullest

PAPER = 680, 1000  # A4 within its margins, in CSS pixels
KINDS = ("talk", "talks", "research-page", "home")
CLICKED = ".skip, .site-header nav, .site-tools, .search, .copy, .menu, .video, .headerlink"
COLOURS = """() => [document.body, ...document.querySelectorAll("h1, main p:not(.verdict), main a")]
  .map((one) => getComputedStyle(one)).map((look) => [look.backgroundColor, look.color])"""
GREY = {f"rgb({one}, {one}, {one})" for one in (0, 61)}
WHOLE = """() => [...document.querySelectorAll(
    "img, svg, canvas, tr, figure, .rostra-demo, .rostra-hero")]
  .filter((one) => one.checkVisibility() && !one.parentElement.closest("svg"))
  .map((one) => [one.outerHTML.slice(0, 60), getComputedStyle(one).breakInside,
    one.getBoundingClientRect().height])"""
ADDRESSES = """() => [...document.querySelectorAll("main a[href^=http]")]
  .filter((one) => one.checkVisibility() && !one.querySelector("code"))
  .map((one) => [one.getAttribute("href"), getComputedStyle(one, "::after").content])"""


@pytest.fixture
def printed(everything: tuple[str, Path], visit: Callable) -> Callable[..., Page]:
    """Open a page as it goes to paper."""

    def opened(address: str, scheme: str) -> Page:
        page = visit(everything[0], width=PAPER[0], scheme=scheme).go(address)
        if page.locator("[data-demo]").count():
            expect(page.locator("[data-demo] canvas[aria-label]").first).to_be_visible()
        page.emulate_media(media="print", color_scheme=scheme)
        return page

    return opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_stays_and_what_is_clicked_goes(
    everything: tuple[str, Path],
    printed: Callable[..., Page],
    pictures: Path,
    kind: str,
    language: str,
    scheme: str,
) -> None:
    page = printed(fullest(everything[1])[kind, language], scheme)
    (ground, _), *texts = page.evaluate(COLOURS)
    assert ground == "rgb(255, 255, 255)"
    assert {ink for _, ink in texts} <= GREY
    assert page.locator(CLICKED).filter(visible=True).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for address, after in page.evaluate(ADDRESSES):
        assert address in after
    for what, inside, height in page.evaluate(WHOLE):
        assert inside == "avoid", what
        assert height < PAPER[1], what
    page.pdf(path=pictures / f"print-{kind}-{language}-{scheme}.pdf", format="A4")


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_links_on_paper_say_where_they_lead(printed: Callable[..., Page], prefix: str) -> None:
    """On screen they do not."""
    page = printed(f"{prefix}/talks/ai-prisec/film/", "light")
    said = page.evaluate(ADDRESSES)
    assert said
    page.emulate_media(media="screen")
    assert {after for _, after in page.evaluate(ADDRESSES)} == {"none"}
    assert page.locator(".site-header nav").is_visible()
