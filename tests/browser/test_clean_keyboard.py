"""Every page can be used with the keys alone: each step is seen, in order, and none is a trap."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser._everything import fullest
from tests.browser.conftest import NARROW, WIDE

# What Tab should stop at, in the order of the page: seen, and not switched off. Of radio buttons
# of one name only the chosen one; the words of a closed <details> are not there.
STOPS = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, iframe, video, [tabindex]";
  const chosen = (one) => one.type !== "radio" || one.checked;
  const scrolls = (one) => getComputedStyle(one).overflowX === "auto"
    && one.scrollWidth > one.clientWidth && !one.querySelector("a[href], button, input");
  window.stops = [...document.querySelectorAll("body *")].filter((one) =>
    (one.matches(wanted) ? one.tabIndex >= 0 : scrolls(one)) && !one.disabled && chosen(one)
      && one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]"));
  return window.stops.length;
}"""
# Where the focus is: its place in that order, what it is, and what is wrong with how it shows.
HERE = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const look = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const wrong = [];
  if (look.outlineStyle === "none" || parseFloat(look.outlineWidth) < 2) wrong.push("no outline");
  if (!box.width || !box.height) wrong.push("no size");
  if (box.bottom <= 0 || box.top >= innerHeight) wrong.push("out of sight");
  const name = `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 30)}`;
  return { at: window.stops.indexOf(one), name, wrong };
}"""


def steps(page: Page) -> list[dict]:
    """Press Tab from the top of a page until it leaves the page, or is caught."""
    count = page.evaluate(STOPS)
    taken: list[dict] = []
    for _ in range(count + 2):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (taken and here["at"] == taken[0]["at"]):
            return taken
        taken.append(here)
    return taken


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_tab_goes_through_every_kind_of_page(
    everything: tuple[str, Path], visit: Callable, width: int
) -> None:
    origin, site = everything
    visitor = visit(origin, width=width)
    page, found = visitor.page, {}
    for (kind, language), address in fullest(site).items():
        visitor.go(address)
        if page.locator("[data-demo]").count():
            expect(page.locator("[data-demo] input[type=range]").first).to_be_visible()
        taken = steps(page)
        wrong = [f"{one['name']}: {one['wrong']}" for one in taken if one["wrong"]]
        order = [one["at"] for one in taken]
        if order != list(range(page.evaluate("window.stops.length"))):
            wrong.append(f"not in order: {[(one['at'], one['name']) for one in taken]}")
        if kind != "embed" and taken[0]["name"][:6] != "a.skip":
            wrong.append(f"first comes {taken[0]['name']}")
        if wrong:
            found[f"{kind} {language} {address}"] = wrong
    assert found == {}


def test_a_trap_would_be_seen(everything: tuple[str, Path], visit: Callable) -> None:
    page = visit(everything[0]).go("/people/")
    page.evaluate("""() => {
      const link = document.querySelector("main a");
      link.style.outline = "none";
      link.addEventListener("keydown", (event) => event.preventDefault());
    }""")
    taken = steps(page)
    assert taken[-1]["wrong"] == ["no outline"]
    assert [one["at"] for one in taken] != list(range(page.evaluate("window.stops.length")))


def reach(page: Page, selector: str) -> None:
    """Press Tab until it is there."""
    for _ in range(page.evaluate(STOPS) + 1):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"no Tab leads to {selector}")


@pytest.fixture
def at(everything: tuple[str, Path], visit: Callable) -> Callable[[str], Page]:
    """Open a page whose requests to others are not sent."""

    def opened(address: str) -> Page:
        origin = everything[0]
        visitor = visit(origin)
        page = visitor.page
        page.route(
            lambda url: not url.startswith(f"{origin}/"),
            lambda route: route.fulfill(status=200, body=""),
        )
        visitor.ours = lambda _: True  # what is asked for after Play is test_video's concern
        return visitor.go(address)

    return opened


def test_the_way_past_the_header_leads_into_the_page(at: Callable[[str], Page]) -> None:
    page = at("/talks/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_palette_and_the_language_are_changed_by_keys(
    at: Callable[[str], Page], key: str
) -> None:
    page = at("/talks/")
    reach(page, "button.theme")
    page.keyboard.press(key)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.keyboard.press(key)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    reach(page, ".site-tools a[hreflang]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zh/talks/")


def test_search_opens_finds_and_gives_the_focus_back(at: Callable[[str], Page]) -> None:
    page = at("/people/")
    reach(page, "button.search-open")
    page.keyboard.press("Enter")
    expect(page.locator("#search-field")).to_be_focused()
    page.keyboard.type("attacks")
    expect(page.locator("dialog.search ol a").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("dialog.search ol a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()
    expect(page.locator("button.search-open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.search ol a").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("dialog.search ol a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/people/" not in url)


def test_the_calendar_menu_opens_and_its_links_are_next(at: Callable[[str], Page]) -> None:
    page = at("/talks/ai-prisec/coming/")
    menu = page.locator("details", has=page.locator("summary.button")).first
    reach(page, "details > summary.button")
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    links = menu.locator("a")
    for place in range(links.count()):
        page.keyboard.press("Tab")
        expect(links.nth(place)).to_be_focused()
        expect(links.nth(place)).to_be_in_viewport()
    for _ in range(links.count()):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is None


def test_a_recording_is_played_and_its_words_looked_through(at: Callable[[str], Page]) -> None:
    page = at("/talks/ai-prisec/film/")
    reach(page, ".video button")
    page.keyboard.press("Enter")
    expect(page.locator(".video :is(iframe, video)")).to_be_focused()
    reach(page, ".transcript input")
    page.keyboard.type("batches")
    expect(page.locator(".transcript [data-at]:visible")).to_have_count(1)
    reach(page, ".transcript a.at")


def test_the_recorded_run_is_moved_by_keys(at: Callable[[str], Page]) -> None:
    page = at("/gallery/attack_playground/")
    slider = page.locator("[data-demo] input[type=range]").first
    expect(slider).to_be_visible()
    reach(page, "[data-demo] input[type=range]")
    before = slider.input_value()
    page.keyboard.press("ArrowLeft")
    assert slider.input_value() != before
    reach(page, "[data-demo] input[type=radio]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.checked")
