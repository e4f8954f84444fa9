"""What a visitor does with papers, notes and pictures: filter, copy, look closely."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SHIFTS, Visitor, served
from tests.rostra.sitegen._library import LIBRARY, small_site

PICTURE = "![Sixteen signs](assets/zoo/signs.png)"
TALK = LIBRARY["weekly/trust.yaml"] + f"abstract: |\n  Look.\n\n  {PICTURE}\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = LIBRARY | {"weekly/trust.yaml": TALK}
    return small_site(tmp_path_factory.mktemp("project"), entries, "2024-05-10T00:00:00Z")


@pytest.fixture(scope="module")
def origin(site: Path) -> Iterator[str]:
    with served(site, None) as found:
        yield found


def rows(page: Page) -> list[str]:
    shown = page.locator("#papers li:visible, #notes li:visible")
    return [one.split("\n")[0] for one in shown.all_inner_texts()]


@pytest.mark.parametrize(("prefix", "all_of_them"), [("", "2 of 2"), ("/zh", "2 / 2")])
def test_papers_are_filtered_and_the_address_says_how(
    origin: str, visit: Callable[..., Visitor], prefix: str, all_of_them: str
) -> None:
    page = visit(origin).go(f"{prefix}/publications/")
    count = page.locator(".filter output")
    expect(count).to_have_text(all_of_them)
    expect(count).to_have_attribute("aria-live", "polite")
    page.locator("[name=year]").focus()
    page.keyboard.press("End")  # the keyboard alone: the oldest year
    expect(page.locator("#papers li:visible")).to_have_count(1)
    expect(page.locator("#y2024")).to_be_hidden()
    expect(page).to_have_url(f"{origin}{prefix}/publications/?year=2020")
    page.reload()
    assert rows(page) == ["Doubt"]
    page.locator("[type=reset]").click()
    expect(count).to_have_text(all_of_them)
    page.locator("[name=person]").select_option("wang")
    page.locator("[name=q]").fill("TRÚST iclr")
    expect(page.locator("#papers li:visible")).to_have_count(1)
    page.locator("[name=q]").fill("bibtex")  # what is folded away is not searched
    expect(page.locator("#papers li:visible")).to_have_count(0)


def test_who_is_sent_to_a_paper_finds_it(origin: str, visit: Callable[..., Visitor]) -> None:
    page = visit(origin).go("/publications/?year=2020#lee2024")
    expect(page.locator("#lee2024")).to_be_visible()
    expect(page.locator("[name=year]")).to_have_value("")


def test_notes_are_filtered_by_tag_and_category(origin: str, visit: Callable) -> None:
    page = visit(origin).go("/notes/?tag=figures")
    assert len(rows(page)) == 1
    page.locator("[name=tag]").select_option("trust")
    expect(page.locator("#notes > li:visible")).to_have_count(2)
    page.locator("[name=category]").select_option("lab")
    expect(page.locator("#notes > li:visible")).to_have_count(1)


@pytest.mark.parametrize("path", ["/publications/", "/notes/", "/talks/weekly/trust/"])
def test_without_scripts_all_is_there(origin: str, browser: Browser, path: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin + path)
    assert page.locator(".filter:visible").count() == 0
    assert page.locator("main li[data-filtered]").count() == 0
    for link in page.locator("a.zoom").all():
        answer = page.request.get(f"{origin}{path}{link.get_attribute('href')}")
        assert answer.headers["content-type"] == "image/png"
    context.close()


def test_a_citation_is_copied_and_that_is_said(origin: str, visit: Callable) -> None:
    visitor = visit(origin)
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.go("/talks/weekly/trust/")
    page.locator(".talk-cite .copy").nth(1).click()
    expect(page.locator("body > [role=status]")).to_have_text("Copied")
    (item,) = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert item["title"] == "On trust"
    expect(page.locator("body > [role=status]")).to_be_empty()


@pytest.mark.parametrize(("prefix", "close"), [("", "Close"), ("/zh", "关闭")])
def test_a_picture_opens_large_and_gives_the_focus_back(
    origin: str, visit: Callable, pictures: Path, prefix: str, close: str
) -> None:
    visitor = visit(origin)
    visitor.page.add_init_script(SHIFTS)
    page = visitor.go(f"{prefix}/talks/weekly/trust/")
    link, dialog = page.locator("a.zoom"), page.locator("dialog.zoomed")
    link.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog.locator("img")).to_have_attribute("alt", "Sixteen signs")
    expect(dialog.get_by_role("button", name=close)).to_be_focused()
    assert dialog.locator("img").bounding_box()["height"] > 400
    page.screenshot(path=pictures / f"zoom{prefix.replace('/', '-')}.png")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    dialog.get_by_role("button", name=close).click()
    expect(link).to_be_focused()
    assert page.evaluate("window.shifted") == 0
