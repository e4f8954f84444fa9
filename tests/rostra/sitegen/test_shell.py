"""The frame around an article: links, languages, sitemap."""

from collections import defaultdict
from dataclasses import replace
from xml.etree import ElementTree

from rostra.sitegen.shell import (
    MENU,
    Around,
    Site,
    in_language,
    language_of,
    shell,
    sitemap,
)

URLS = {"", "zh/", "talks/", "zh/talks/", "reference/", "research/", "research/attacks/"}


def site(*languages: str) -> Site:
    words = {one: defaultdict(lambda one=one: f"word-{one}") for one in languages}
    return Site(dict.fromkeys(languages, "S"), "https://s.org/", URLS, words)


BOTH = site("en", "zh")


def test_languages_are_told_by_the_folder_and_by_nothing_else() -> None:
    assert [language_of(url) for url in ("zh/", "zh/a/", "zhang/", "a/zh/")] == [
        "zh",
        "zh",
        "en",
        "en",
    ]
    assert in_language("zhang/", "zh") == "zh/zhang/"
    assert in_language("zh/zhang/", "en") == "zhang/"


def test_the_menu_stays_in_the_language_and_marks_the_part() -> None:
    there = replace(BOTH, urls={f"zh/{url}" for url in MENU.values()})
    menu = shell(Around("zh/talks/a/b/"), there).menu
    assert [entry.url for entry in menu] == [f"zh/{url}" for url in MENU.values()]
    assert [(entry.current, entry.exact) for entry in menu][:2] == [(True, False), (False, False)]


def test_the_frame_leads_only_to_what_is_there() -> None:
    frame = shell(Around(""), replace(BOTH, urls={"", "talks/", "models/"}))
    assert [entry.url for entry in frame.menu] == ["talks/"]
    assert [entry.url for entry in frame.footer] == ["models/", "feed.xml"]


def test_the_first_page_is_titled_by_both_names_where_there_are_two() -> None:
    full = replace(BOTH, full_names={"en": "In Full", "zh": BOTH.names["zh"]})
    assert shell(Around(""), full).title == f"{BOTH.names['en']} · In Full"
    assert shell(Around("zh/"), full).title == BOTH.names["zh"]


def test_a_page_names_the_feeds_and_the_calendar_of_its_language() -> None:
    english, chinese = (shell(Around(url), BOTH) for url in ("talks/", "zh/talks/"))
    assert [*english.feeds.values()] == ["feed.xml", "feed.json", "rss.xml"]
    assert chinese.feeds["application/feed+json"] == "zh/feed.json"
    assert (english.calendar, chinese.calendar) == ("talks/all.ics", "zh/talks/all.ics")
    assert (english.locale, chinese.locale) == ("en_US", "zh_CN")


def test_the_language_link_leads_to_the_same_page_or_to_the_first() -> None:
    same = shell(Around("talks/"), BOTH).other
    first = shell(Around("reference/"), BOTH).other
    home = shell(Around("zh/talks/missing/"), BOTH).other
    urls = [one.url for one in (same, first, home) if one]
    assert urls == ["zh/talks/", "zh/", "."]


def test_a_page_in_one_language_claims_no_translation() -> None:
    assert shell(Around("reference/"), BOTH).alternates == ()
    assert [one.language for one in shell(Around("talks/"), BOTH).alternates] == [
        "en",
        "zh-Hans",
        "x-default",
    ]


def test_a_site_in_one_language_has_no_language_link() -> None:
    assert shell(Around("talks/"), site("en")).other is None


def test_english_documentation_is_marked_on_chinese_pages_only() -> None:
    assert any(entry.language == "en" for entry in shell(Around("zh/"), BOTH).footer)
    assert not any(entry.language for entry in shell(Around(""), BOTH).footer)


def test_research_pages_lead_back_to_their_index() -> None:
    parent = shell(Around("research/attacks/"), BOTH).parent
    assert parent
    assert parent.url == "research/"
    assert shell(Around("research/"), BOTH).parent is None


def test_a_sitemap_holds_its_language_and_names_translations() -> None:
    tree = ElementTree.fromstring(sitemap("en", BOTH, {"talks/": "2022-03-01"}))
    found = [element.text for element in tree.iter() if element.tag.endswith("}loc")]
    assert found == [
        f"https://s.org/{url}"
        for url in ("", "reference/", "research/", "research/attacks/", "talks/")
    ]
    dates = {
        element[0].text: [inner.text for inner in element if inner.tag.endswith("}lastmod")]
        for element in tree
    }
    assert dates["https://s.org/talks/"] == ["2022-03-01"]
    assert dates["https://s.org/research/"] == [], "nobody knows when, so nothing is claimed"
    links = [element.attrib for element in tree.iter() if element.tag.endswith("}link")]
    assert len(links) == 2 * 3  # two pages that exist in both languages
    assert {"https://s.org/zh/", "https://s.org/zh/talks/"} <= {link["href"] for link in links}
