"""A live demo in a page: it comes when it is scrolled to and moves nothing, however it loads."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser._playground import GALLERY, attack, demo

RESEARCH = "/research/robustness-testing/"
HEIGHTS = """(place) => {
  window.heights = [];
  new ResizeObserver(() => heights.push(place.offsetHeight)).observe(place);
}"""


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_a_demo_comes_when_it_is_scrolled_to_and_moves_nothing(
    live: str, visit: Callable, width: int
) -> None:
    page = visit(live, width=width).go(RESEARCH)
    page.wait_for_load_state("networkidle")
    place = page.locator(".rostra-demo")
    assert place.bounding_box()["y"] > 900 + 300
    assert page.locator("iframe").count() == 0
    place.evaluate(HEIGHTS)
    place.scroll_into_view_if_needed()
    demo(page)
    page.evaluate(
        "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
    )
    heights = page.evaluate("window.heights")
    assert set(heights) == {heights[0]}


@pytest.mark.parametrize("width", [1280, 960, 768, 640, 390, 320])
def test_the_first_pages_recording_finds_its_room_kept(
    live: str, visit: Callable, width: int
) -> None:
    hero = visit(live, width=width).go("/").locator(".rostra-hero")
    expect(hero.locator(".recorded")).to_be_visible()
    kept = hero.evaluate("(place) => parseFloat(getComputedStyle(place).minHeight)")
    assert hero.bounding_box()["height"] <= kept + 0.5


@pytest.mark.parametrize("width", [1024, 900, 820, 390])
def test_bars_have_room_at_any_width(live: str, visit: Callable, width: int) -> None:
    visitor = visit(live, width=width)
    frame = demo(visitor.go(GALLERY))
    assert frame.locator(".side .track").first.bounding_box()["width"] > 80
    assert not visitor.overflows()


def test_a_demo_whose_scripts_come_late_is_whole(live: str, visit: Callable) -> None:
    held: list[Route] = []
    page = visit(live).page
    page.route("**/javascripts/picker.js", lambda route: held.append(route))
    page.goto(f"{live}{GALLERY}?steps=3")
    frame = page.frame_locator(".rostra-demo iframe")
    expect(frame.locator(".rostra-picker")).to_be_attached(timeout=20_000)
    expect(frame.locator(".rostra-stage")).to_be_attached()
    expect(frame.get_by_role("radio", name="stop", exact=True)).to_have_count(0)
    [late] = held
    late.continue_()
    expect(frame.get_by_role("radio", name="stop", exact=True)).to_be_checked()
    attack(demo(page))
