"""Themes of research: what belongs to their pages, and the way back."""

import pytest

from rostra.sitegen.inventory import Demo, Inventory
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.site import Theme
from rostra.sitegen.themes import Themes
from tests.rostra.sitegen.conftest import SITE as LAB
from tests.rostra.sitegen.conftest import Folder

SITE = (
    LAB
    + """\
groups:
  - name: {en: The lab of Lee, zh: 李实验室}
    homepage: https://lee.example/
    about: {en: Theory first., zh: 理论优先。}
    themes:
      - {title: Trust, page: research/trust/, topics: [trust, federated learning]}
      - {title: Doubt, page: research/doubt/, topics: [doubt]}
      - {title: No page, topics: [trust]}
"""
)
TALKS = {
    "weekly/trust.yaml": (
        "title: {en: 'On _trust_ in [x]', zh: 论信任}\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"
        "topics: [{en: Federated learning, zh: 联邦学习}]\n"
    ),
    "weekly/older.yaml": (
        "title: Older\nstart: 2024-01-07 10:00\nspeakers: [ann, wang]\ntopics: [Trust, other]\n"
    ),
    "weekly/none.yaml": "title: None of it\nstart: 2024-02-04 10:00\nspeakers: [ann]\n",
}
SLIDER = Demo("slider", "Slider", "Moves <x>.", "")
OTHER = Demo("other", "Other", "Does not.", "")
WORDS = {"talks_and_demos": "Talks and demos", "slider": "The slider"}
PAGE = "# Trust\n\nOne sentence, over\ntwo lines.\n\n## What it is\n\nText.\n\n## Sources\n\n- a\n"


@pytest.fixture
def programme(seminars: Folder) -> Programme:
    return load(seminars({"site.yaml": SITE, **TALKS}))


@pytest.fixture
def themes(programme: Programme) -> Themes:
    shown = {"research/trust/": frozenset({"slider"}), "how-to/x/": frozenset({"other"})}
    return Themes(programme, Inventory(demos=(OTHER, SLIDER), shown=shown))


def theme(themes: Themes, number: int) -> Theme:
    return themes.programme.site.groups[0].themes[number]


def test_talks_belong_by_their_topics_however_these_are_written(themes: Themes) -> None:
    assert [talk.slug for talk in themes.talks(theme(themes, 0))] == ["trust", "older"]
    assert themes.talks(theme(themes, 1)) == []


def test_the_way_there_is_the_way_back(themes: Themes) -> None:
    for one in themes.programme.site.groups[0].themes[:2]:
        for talk in themes.programme.talks:
            assert (talk in themes.talks(one)) == (one in themes.of(talk))
        for demo in themes.inventory.demos:
            assert (demo in themes.demos(one)) == (one in themes.of(demo))


def test_a_theme_without_a_page_leads_nowhere(themes: Themes) -> None:
    assert [one.title for one in themes.of(themes.programme.find("older"))] == ["Trust"]


def test_demos_belong_where_they_are_shown(themes: Themes) -> None:
    assert themes.demos(theme(themes, 0)) == [SLIDER]
    assert themes.of(SLIDER) == [theme(themes, 0)]
    assert themes.of(OTHER) == []


def test_a_page_says_whose_it_is_and_lists_what_there_is_before_its_sources(
    themes: Themes,
) -> None:
    expected = """\
# Trust

One sentence, over
two lines.

[**The lab of Lee**](https://lee.example/)
Theory first.
{ .theme-of }

## What it is

Text.

## Talks and demos { #talks-and-demos }

- [On trust in &#91;x&#93;](../talks/weekly/trust/index.md) · Wei Wang · 2024-05-05
- [Older](../talks/weekly/older/index.md) · Ann Lee · Wei Wang · 2024-01-07
- [The slider](../gallery/slider/index.md) · Moves &lt;x&gt;.

## Sources

- a
"""
    assert themes.completed(PAGE, "research/trust.md", WORDS) == expected


def test_a_page_in_chinese_leads_to_pages_in_chinese(themes: Themes) -> None:
    page = themes.completed(PAGE, "zh/research/trust.md", WORDS)
    assert "- [论信任](../talks/weekly/trust/index.md) · 王伟 · 2024-05-05\n" in page
    assert '- [<span lang="en">Older</span>](../talks/weekly/older/index.md)' in page
    assert "**李实验室**" in page


def test_where_there_is_nothing_to_list_nothing_is_promised(themes: Themes) -> None:
    page = themes.completed(PAGE, "research/doubt.md", WORDS)
    assert "Theory first." in page
    assert "Talks and demos" not in page
    assert page.count("\n## ") == 2


def test_a_page_of_no_theme_stays_as_it_is(themes: Themes) -> None:
    assert themes.completed(PAGE, "how-to/x.md", WORDS) == PAGE
