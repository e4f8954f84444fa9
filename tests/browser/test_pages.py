"""Pages: both languages, light and dark, wide and narrow; nothing missing, nothing foreign."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser._playground import PREFIX
from tests.browser.conftest import SHIFTS

KINDS = {
    "home": "/",
    "talk": "/talks/ai-prisec/badbatch/",
    "research": "/research/attacks/",
    "demo": "/gallery/attack_playground/",
}
LOOKS = list(itertools.product(("en", "zh"), ("light", "dark"), (1280, 390)))


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_home_shows_the_attack_already_run(
    live: str, visit: Callable, pictures: Path, language: str, scheme: str, width: int
) -> None:
    visitor = visit(live, width=width, scheme=scheme)
    page = visitor.go(f"{PREFIX[language]}/")
    hero = page.locator(".rostra-hero")
    expect(hero.locator(".is-standard p")).to_contain_text({"en": "fooled", "zh": "被骗"}[language])
    expect(hero.locator(".is-robust p")).to_contain_text(
        {"en": "still says", "zh": "仍判为"}[language]
    )
    check(visitor, language, scheme)
    page.screenshot(path=pictures / f"home-{language}-{scheme}-{width}.png", full_page=True)


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("kind", ["talk", "research", "demo"])
def test_other_pages(
    live: str, visit: Callable, pictures: Path, kind: str, language: str, scheme: str, width: int
) -> None:
    visitor = visit(live, width=width, scheme=scheme)
    page = visitor.page
    page.add_init_script(SHIFTS)
    visitor.go(PREFIX[language] + KINDS[kind])
    if page.locator(".rostra-demo").count():
        page.locator(".rostra-demo").first.scroll_into_view_if_needed()
        expect(page.locator(".rostra-demo.is-live")).to_be_visible(timeout=20_000)
        frame = page.frame_locator(".rostra-demo iframe")
        expect(frame.locator(".rostra-stage .side").nth(1)).to_be_visible()
        body = frame.locator("html")
        dark = {"light": "default", "dark": "slate"}[scheme]
        expect(body).to_have_attribute("data-md-color-scheme", dark)
        page.wait_for_timeout(400)
    check(visitor, language, scheme)
    page.screenshot(path=pictures / f"{kind}-{language}-{scheme}-{width}.png", full_page=True)
    assert page.evaluate("window.shifted") < 0.1


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_home_in_spring_2022_announces_the_next_talk(
    spring: str, visit: Callable, pictures: Path, language: str, scheme: str, width: int
) -> None:
    visitor = visit(spring, width=width, scheme=scheme)
    visitor.page.clock.set_fixed_time("2022-03-01T00:00:00Z")
    page = visitor.go(f"{PREFIX[language]}/")
    expect(page.locator("[data-heroes] > :not([hidden]) h1")).to_contain_text("BadBatch")
    soon = {"en": "in 5 days", "zh": "5 天后"}[language]
    expect(page.locator("[data-heroes] > :not([hidden]) .eyebrow")).to_contain_text(soon)
    expect(page.locator(".rostra-hero canvas").first).to_be_visible()
    check(visitor, language, scheme)
    page.screenshot(path=pictures / f"spring-{language}-{scheme}-{width}.png", full_page=True)


NEW_YORK = {
    "en": ["Sunday 6 March 2022, 10:00", "Saturday 5 March, 21:00 where you are"],
    "zh": ["2022 年 3 月 6 日 星期日 10:00", "您当地：3 月 5 日 星期六 21:00"],
}


@pytest.fixture
def home_from(spring: str, visit: Callable) -> Callable[[str, str], Page]:
    """The first page days before a talk, in a language, as seen from a time zone."""

    def opened(language: str, zone: str) -> Page:
        visitor = visit(spring, zone=zone)
        visitor.page.clock.set_fixed_time("2022-03-01T00:00:00Z")
        return visitor.go(f"{PREFIX[language]}/")

    return opened


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_visitor_elsewhere_reads_the_talks_time_and_their_own(
    home_from: Callable[[str, str], Page], language: str
) -> None:
    page = home_from(language, "America/New_York")
    there, here = NEW_YORK[language]
    expect(page.locator("[data-heroes] > :not([hidden]) .when strong")).to_have_text(there)
    expect(page.locator("[data-heroes] > :not([hidden]) [data-local-time]")).to_have_text(here)
    expect(page.locator("[data-heroes] > :not([hidden]) [data-local-time]")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_visitor_of_the_same_clock_reads_one_time(
    home_from: Callable[[str, str], Page], language: str
) -> None:
    page = home_from(language, "Asia/Hong_Kong")
    expect(page.locator("[data-heroes] > :not([hidden]) .when strong")).to_have_text(
        NEW_YORK[language][0]
    )
    place = page.locator("[data-heroes] > :not([hidden]) [data-local-time]")
    expect(place).to_have_count(1)
    expect(place).to_be_hidden()
    expect(place).to_have_text("")


def check(visitor: object, language: str, scheme: str) -> None:
    page = visitor.page
    assert page.evaluate("document.documentElement.lang").startswith(language)
    dark = page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert dark == (scheme == "dark")
    broken = "[...document.images].filter((i) => i.complete && !i.naturalWidth).map((i) => i.src)"
    assert page.evaluate(broken) == []
    assert not visitor.overflows()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_slider_of_the_first_page_moves_the_verdicts(
    live: str, visit: Callable, language: str
) -> None:
    page = visit(live).go(f"{PREFIX[language]}/")
    slider = page.locator(".rostra-hero input[type=range]")
    verdict = page.locator(".rostra-hero .is-standard p")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0/255")
    expect(verdict).to_contain_text({"en": "still says", "zh": "仍判为"}[language])
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "16/255")
    expect(verdict).to_contain_text({"en": "fooled", "zh": "被骗"}[language])
    page.get_by_role(
        "link", name={"en": "Attack it yourself", "zh": "亲手攻击它"}[language]
    ).click()
    assert page.url.endswith(f"{PREFIX[language]}/gallery/attack_playground/")


def test_colours_follow_the_page_while_it_is_open(live: str, visit: Callable) -> None:
    page = visit(live).go("/gallery/attack_playground/")
    root = page.frame_locator(".rostra-demo iframe").locator("html")
    expect(root).to_have_attribute("data-md-color-scheme", "default", timeout=20_000)
    page.locator(".theme").click()
    expect(root).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_code_is_copied_where_there_is_no_clipboard(
    still: str, visit: Callable, language: str
) -> None:
    """Served without encryption to a network, a page is given none."""
    visitor = visit(still)
    visitor.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = (what) => { window.taken = [what, String(getSelection())];"
        " return true; }"
    )
    page = visitor.go(f"{PREFIX[language]}/talks/ai-prisec/badbatch/")
    button = page.locator(".cite .copy").first
    expect(button).to_have_text({"en": "Copy", "zh": "复制"}[language])
    button.click()
    expect(button).to_have_text({"en": "Copied", "zh": "已复制"}[language])
    what, text = page.evaluate("window.taken")
    assert what == "copy"
    assert text.strip() == page.locator(".cite pre > code").first.inner_text().strip()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wide_table_scrolls_in_its_box_and_says_so(
    still: str, visit: Callable, language: str
) -> None:
    visitor = visit(still, width=390)
    page = visitor.go(f"{PREFIX[language]}/benchmarks/")
    says = {"en": "Scroll the table sideways", "zh": "左右滑动表格"}[language]
    wide = page.locator("section", has=page.locator("#pgd"))
    expect(wide.locator("[data-sideways]")).to_contain_text(says)
    expect(wide.locator("[data-sideways]")).to_be_visible()
    assert wide.locator(".scroll").evaluate("(box) => box.scrollWidth > box.clientWidth")
    fits = page.locator("section", has=page.locator("#site"))
    expect(fits.locator("table")).to_be_visible()
    expect(fits.locator("[data-sideways]")).to_be_hidden()
    assert not visitor.overflows()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(wide.locator("[data-sideways]")).to_be_hidden()


def test_code_of_a_hand_written_page_has_its_button_within_reach(
    still: str, visit: Callable
) -> None:
    page = visit(still).go("/how-to/add-a-talk/")
    button = page.locator(".highlight .copy").first
    button.click()
    expect(button).to_have_text("Copied")


BARS = """() => [...document.querySelectorAll("math mo")].filter((mo) => mo.textContent === "‖")
  .map((mo) => mo.getBoundingClientRect()).map(({ top, height }) => [top, height])"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bars_of_a_norm_are_level(still: str, visit: Callable, language: str) -> None:
    page = visit(still).go(f"{PREFIX[language]}/research/attacks/")
    expect(page.locator("math").first).to_be_visible()
    bars = page.evaluate(BARS)
    assert bars
    for opening, closing in zip(bars[::2], bars[1::2], strict=True):
        assert opening == pytest.approx(closing, abs=0.5)
