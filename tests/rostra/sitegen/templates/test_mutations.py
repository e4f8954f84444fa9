"""Where a text was written in one language only, the pages of the other say so."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from rostra.sitegen.inventory import Inventory
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.render import Output, sheets

NOW = datetime(2024, 6, 1, tzinfo=UTC)
MARKS = {"zh": "原文为英文", "en": "In Chinese only"}
SHORT = {"zh": "英文", "en": "in Chinese"}
VOID = {"br", "img", "input", "hr", "meta", "link", "source", "wbr"}
# Said in one language only: `E…` in English, `中…` in Chinese.
WORDS = {"en": "Ewords{}", "zh": "中文{}"}
SITE = """\
id: lab
name: {en: Lab, zh: 实验室}
url: https://lab.example/
zone: UTC
languages: [en, zh]
about: {TEXT0}
groups:
  - name: {TEXT1}
    about: {TEXT2}
    themes: [{title: {TEXT3}, about: {TEXT4}}]
"""
PEOPLE = """\
ann:
  name: Ann Lee
  title: {TEXT5}
  affiliation: {TEXT6}
  bio: {TEXT7}
"""
SERIES = """\
weekly:
  name: {TEXT8}
  about: {TEXT9}
  cadence: {TEXT10}
  organisers: [ann]
  ways: [{name: {TEXT11}, about: {TEXT12}}]
"""
TALK = """\
title: {TEXT13}
start: 2024-0%d-05 10:00
speakers: [ann]
abstract: {TEXT14}
topics: [{TEXT15}]
place: {TEXT16}
"""
MEETUP = "title: {TEXT17}\nabout: {TEXT18}\nstart: 2024-06-05 12:00\nrepeat: FREQ=WEEKLY\n"
OPENING = "title: {TEXT19}\nabout: {TEXT20}\nposted: 2024-05-01\nlink: https://a.example\n"
CITED = re.compile(r"@misc|\[")  # BibTeX and CSL-JSON are for programs
LONG = (7, 9, 14, 18, 20)  # paragraphs: bio, about, abstract


class Said(HTMLParser):
    """The texts of a page, each with the language that it is said to be in."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.open: list[str] = [language]
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(dict(attrs).get("lang") or self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((data, self.open[-1]))


def written(seminars, language: str) -> Programme:
    """A programme whose every text is in this language only."""
    files = {"site": SITE, "people": PEOPLE, "series": SERIES}
    files |= {f"weekly/t{month}": TALK % month for month in (5, 7)}
    files |= {"weekly/lunch": MEETUP, "openings/phd": OPENING, "weekly/trust": None}
    changes: dict[str, str | None] = {}
    for name, text in files.items():
        for number in reversed(range(21)):
            said = f"{{{language}: {WORDS[language].format(number)}x}}"
            text = text and text.replace(f"{{TEXT{number}}}", said)
        changes[f"{name}.yaml"] = text
    return load(seminars(changes))


def of_language(outputs: list[Output], language: str) -> list[Output]:
    return [one for one in outputs if one.page and one.page.language == language]


@pytest.mark.parametrize("written_in", ["en", "zh"])
def test_each_text_of_the_other_language_says_which_it_is(seminars, written_in: str) -> None:
    other = "zh" if written_in == "en" else "en"
    outputs = [one.write() for one in sheets(written(seminars, written_in), Inventory(), NOW)]
    start = WORDS[written_in][:2]
    wrong, seen = [], set()
    for output in of_language(outputs, other):
        said = Said(other)
        said.feed(output.text)
        for text, language in said.texts:
            if start in text and not CITED.match(text.strip()):
                seen.add(text.strip())
                wrong += [(output.path, text.strip())] * (language != written_in)
    assert wrong == []
    assert len(seen) > 15


@pytest.mark.parametrize("written_in", ["en", "zh"])
def test_paragraphs_and_titles_are_marked_for_who_reads_them(seminars, written_in: str) -> None:
    other = "zh" if written_in == "en" else "en"
    outputs = [one.write() for one in sheets(written(seminars, written_in), Inventory(), NOW)]
    marked = of_language(outputs, other)
    paths = {one.path.removeprefix("zh/"): one.text for one in marked}
    for path, number in {
        "people/ann/index.html": 7,
        "talks/weekly/index.html": 9,
        "talks/weekly/t5/index.html": 14,
        "talks/weekly/lunch/index.html": 18,
        "openings/index.html": 20,
    }.items():
        before, word, _ = paths[path].partition(WORDS[written_in].format(number) + "x")
        assert word, path
        assert MARKS[other] in before[-300:], path
    assert paths["talks/index.html"].count(f">{SHORT[other]}<") == 2
    assert SHORT[other] in paths["talks/weekly/t5/index.html"].partition("<h1>")[0]
    for output in of_language(outputs, written_in):
        assert MARKS[written_in] not in output.text
        assert MARKS[other] not in output.text
        if output.page.kind in ("talk", "talks", "series", "home"):
            assert f">{SHORT[written_in]}<" not in output.text
