"""Search: in the page's language, and a way to what only the other language has."""

import itertools
import random
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from rostra.sitegen.search.reader import Reader
from rostra.sitegen.search.terms import is_han, runs
from tests.browser._playground import PREFIX

# language: (a query that only the other one answers, a title found there)
FOREIGN = {"en": ("对抗攻击", "对抗攻击"), "zh": ("neighbours", "Adversarial attacks")}
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


def test_a_query_may_be_typed_faster_than_the_index_comes(still: str, visit: Callable) -> None:
    """What one letter asked for and gave up, the next must not wait for."""
    page = visit(still).go("/people/")
    page.locator(".search-open").click()
    page.evaluate(
        """(query) => {
      const field = document.querySelector("#search-field");
      for (const letter of query) {
        field.value += letter;
        field.dispatchEvent(new InputEvent("input"));
      }
    }""",
        "attacks",
    )
    expect(page.locator(".search li a").first).to_be_visible()


def test_chinese_is_found_inside_words_for_few_bytes(still: str, visit: Callable) -> None:
    page = visit(still).go("/zh/people/")
    loaded: list[int] = []
    page.on("response", lambda one: "/search" in one.url and loaded.append(len(one.body())))
    assert not loaded  # nothing before the dialog is opened
    ask(page, "抗攻")
    expect(page.locator(".search li a", has_text="对抗攻击").first).to_be_visible()
    assert 3 < len(loaded) < 25
    assert sum(loaded) < 100_000  # the script that reads it counted, uncompressed


ANSWERS = """async (queries) => {
  const { open } = await import("/assets/javascripts/search-index.js");
  const index = open(async (path) => (await fetch(`/zh/search/${path}`)).arrayBuffer());
  const answers = [];
  for (const query of queries) {
    let last;
    for await (last of index.search(query));
    answers.push([last.count, last.hits.map(({ url, title }) => [url, title])]);
  }
  return answers;
}"""


def pieces(text: str, count: int) -> list[str]:
    """Pieces of the text's Chinese, beginnings of its words, and both at once."""
    draw = random.Random(0)
    known = [run for run in runs(text) if len(run) > 1]
    found = []
    for _ in range(count):
        run = draw.choice(known)
        start = draw.randrange(len(run) - 1) if is_han(run) else 0
        found.append(run[start : start + draw.randint(2, 9)])
    return [*found, *map(" ".join, itertools.pairwise(found))]


def test_the_script_and_the_reader_give_the_same_answers(still: str, visit: Callable) -> None:
    page = visit(still).go("/zh/research/attacks/")
    queries = pieces(page.locator("main").inner_text(), 60)
    index = Reader(lambda path: httpx.get(f"{still}/zh/search/{path}").raise_for_status().content)
    expected = [list(index.search(query))[-1] for query in queries]
    assert sum(one.count > 0 for one in expected) > 60
    known = [[one.count, [list(hit) for hit in one.hits]] for one in expected]
    assert page.evaluate(ANSWERS, queries) == known


def test_an_index_that_does_not_come_is_said_and_asked_for_again(
    still: str, visit: Callable
) -> None:
    visitor = visit(still)
    page = visitor.go("/people/")
    page.route("**/search/**", lambda route: route.abort())
    ask(page, "attacks")
    expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    page.unroute("**/search/**")
    visitor.faults.clear()  # the requests that we stopped
    page.locator("#search-field").fill("attack")
    expect(page.locator(".search li a", has_text="Adversarial attacks").first).to_be_visible()


def test_the_last_query_stands_whatever_comes_late(still: str, visit: Callable) -> None:
    page = visit(still).go("/people/")
    held: list = []
    page.route("**/search/terms/*", lambda route: held.append(route))
    with page.expect_request("**/search/terms/*"):
        ask(page, "attack")
    page.unroute("**/search/terms/*")
    page.locator("#search-field").fill("qqqqqq")
    expect(page.get_by_role("status")).to_have_text(NOTHING["en"])
    expect(page.locator(".search li")).to_have_count(0)
