"""Every theme of the site has its page, in both languages, with all that a page of research has."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostra.sitegen.inventory import read
from rostra.sitegen.programme import load
from rostra.sitegen.themes import Themes
from rostra.sitegen.written import OPENING

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
INVENTORY = read(ROOT)
PROGRAMME = load(ROOT / "seminars", datetime(2026, 11, 21, tzinfo=UTC))
THEMES = [theme for group in PROGRAMME.site.groups for theme in group.themes]
HEAD = re.compile(r"\A---\ndescription: (.{20,})\n---\n")
FORMULA = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.MULTILINE | re.DOTALL)
SOURCES = re.compile(r"\[= sources\((.+?)\) =\]")
PROMISE = re.compile(
    r"coming soon|will (?:follow|join|be added)|under construction|敬请期待|陆续加入"
)
PAGES = sorted(path.name for path in (DOCS / "research").glob("*.md"))


def text(page: str, language: str = "en") -> str:
    folder = DOCS / ("zh" if language == "zh" else "") / "research"
    return (folder / page).read_text(encoding="utf-8")


def keys(page: str) -> list[str]:
    (listed,) = SOURCES.findall(page)
    return re.findall(r'"([^"]+)"', listed)


def test_every_theme_has_a_page_and_every_page_a_theme() -> None:
    assert [theme.title for theme in THEMES if theme.page is None] == []
    assert sorted(str(theme.page) for theme in THEMES) == [
        f"research/{page.removesuffix('.md')}/" for page in PAGES
    ]
    assert len(THEMES) == 16


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_what_a_page_of_research_has(page: str, language: str) -> None:
    found = text(page, language)
    head = HEAD.match(found)
    assert head, "a description of one sentence"
    assert OPENING.match(found[head.end() :]), "a title, and a paragraph that says what it is"
    assert FORMULA.search(found), "the key idea as a formula"
    headings = re.findall(r"^## (.+)$", found, re.MULTILINE)
    what, idea, sources = (
        ("是什么", "核心思想", "文献")
        if language == "zh"
        else ("What it is", "The key idea", "Sources")
    )
    assert headings[0] == what
    assert idea in headings
    assert headings[-1] == sources
    assert not PROMISE.search(found)


@pytest.mark.parametrize("page", PAGES)
def test_sources_are_in_the_bibliography_and_alike_in_both_languages(page: str) -> None:
    listed = keys(text(page))
    assert len(listed) == len(set(listed)) >= 2
    assert [key for key in listed if key not in INVENTORY.references] == []
    assert keys(text(page, "zh")) == listed


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_tell_the_same(page: str) -> None:
    for mark in (r"^#+ ", r"^\$\$$", r"^- ", r"^\d\. ", r"\]\([^)]+\.md", r"data-demo="):
        english, chinese = (
            len(re.findall(mark, text(page, language), re.MULTILINE)) for language in ("en", "zh")
        )
        assert english == chinese, mark


def test_talks_of_the_series_are_found_from_their_themes_and_back() -> None:
    themes = Themes(PROGRAMME, INVENTORY)
    by_page = {theme.page: theme for theme in THEMES}
    for page, ref in (
        ("research/federated-poisoning/", "ai-prisec/badbatch"),
        ("research/shapley-values/", "ai-prisec/shapley-values"),
        ("research/attacks/", "elsewhere/adversarial-robustness"),
    ):
        talk = PROGRAMME.find(ref)
        assert talk in themes.talks(by_page[page])
        assert by_page[page] in themes.of(talk)


def test_the_playground_is_found_where_it_is_shown() -> None:
    playground = INVENTORY.demo("attack_playground")
    assert playground is not None
    assert {theme.page for theme in Themes(PROGRAMME, INVENTORY).of(playground)} >= {
        "research/attacks/",
        "research/robustness-testing/",
        "research/accuracy-robustness/",
    }
