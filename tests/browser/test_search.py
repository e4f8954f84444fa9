"""Search: in the page's language, and a way to what only the other language has."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser._playground import PREFIX

# language: (a query that only the other one answers, a title found there)
FOREIGN = {"en": ("对抗攻击", "对抗攻击"), "zh": ("classifier", "Adversarial attacks")}
NOTHING = {
    "en": "Nothing found. All words must occur in a page.",
    "zh": "没有找到。所有词都须出现在同一页面。",
}
ELSEWHERE = {"en": "Pages found in Chinese: ", "zh": "英文页面中找到 "}


def ask(page: Page, query: str) -> None:
    page.locator(".search-open").click()
    page.locator("#search-field").fill(query)


@pytest.mark.parametrize("language", FOREIGN)
def test_what_only_the_other_language_has_is_one_link_away(
    still: str, visit: Callable, language: str
) -> None:
    query, title = FOREIGN[language]
    page = visit(still).go(f"{PREFIX[language]}/people/")
    ask(page, query)
    status = page.get_by_role("status")
    expect(status).to_contain_text(f"{NOTHING[language]} {ELSEWHERE[language]}")
    expect(page.locator(".search li")).to_have_count(0)
    page.keyboard.press("Enter")
    other = {"en": "zh", "zh": "en"}[language]
    page.wait_for_url(f"{still}{PREFIX[other]}/people/?search=*")
    expect(page.locator("#search-field")).to_have_value(query)
    expect(page.locator(".search li a", has_text=title).first).to_be_visible()
    expect(page.get_by_role("status").locator("a")).to_have_count(0)


@pytest.mark.parametrize("language", FOREIGN)
def test_what_no_language_has_is_said_to_be_nowhere(
    still: str, visit: Callable, language: str
) -> None:
    page = visit(still).go(f"{PREFIX[language]}/people/")
    ask(page, "qqqqqq")
    expect(page.get_by_role("status")).to_have_text(NOTHING[language])


def test_what_is_found_here_needs_no_link(still: str, visit: Callable) -> None:
    page = visit(still).go("/zh/people/")
    ask(page, "BadBatch")
    expect(page.get_by_role("status")).to_contain_text("找到")
    expect(page.get_by_role("status").locator("a")).to_have_count(0)
