"""What our templates write into pages, from entries and inventories made for it."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.inventory import Benchmark, Inventory, Table
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.render import render

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PREFIX = {"en": "", "zh": "zh/"}


def output(path: str, programme: Programme, *benchmarks: Benchmark) -> str:
    found = render(programme, Inventory(benchmarks=benchmarks), NOW)
    (text,) = [one.text for one in found if one.path == path]
    return text


def page(path: str, programme: Programme, *benchmarks: Benchmark) -> str:
    return output(f"{path}index.html", programme, *benchmarks)


@pytest.mark.parametrize("language", PREFIX)
def test_a_measurement_is_markdown_and_said_to_be_english(programme, language: str) -> None:
    table = Table(title="From `make serve`", rows=({"s": 1.5},), notes=("By `python -m it`.",))
    text = page(f"{PREFIX[language]}benchmarks/", programme, Benchmark("serve", table))
    mark = "" if language == "en" else ' lang="en"'
    assert f'<section class="section"{mark}>' in text
    assert '<h2 id="serve">From <code>make serve</code></h2>' in text
    assert "<li>By <code>python -m it</code>.</li>" in text
    assert ("以英文写出" in text) is (language == "zh")


FORM = "https://forms.example/7"
REGISTERED = f"title: On trust\nlinks: {{registration: '{FORM}'}}\nspeakers: [ann]\n"


@pytest.mark.parametrize("language", PREFIX)
@pytest.mark.parametrize(
    ("start", "calls"),
    [
        ("2024-05-31 10:00", 0),
        ("2024-06-02 10:00", 1),
        ("2024-06-02 10:00\nstatus: tentative", 1),
        ("2024-06-02 10:00\nstatus: cancelled", 0),
        ("2024-06-02 10:00\nstatus: postponed", 0),
    ],
)
def test_the_way_to_register_is_on_the_page_and_in_the_calendar(
    seminars, language: str, start: str, calls: int
) -> None:
    found = load(seminars({"weekly/trust.yaml": f"{REGISTERED}start: {start}\n"}))
    text = page(f"{PREFIX[language]}talks/weekly/trust/", found)
    assert text.count(f'<a class="button" href="{FORM}">') == calls
    assert text.count(f'<a href="{FORM}">') == 1 - calls
    assert text.count("button--first") == calls
    unfolded = output("talks/weekly/trust.ics", found).replace("\r\n ", "")
    assert FORM in unfolded


@pytest.mark.parametrize("language", PREFIX)
def test_a_talk_is_cited_by_who_gives_it_if_it_is_given(programme, seminars, language) -> None:
    def cited(talk: str) -> str:
        found = load(seminars({"weekly/trust.yaml": talk}))
        return page(f"{PREFIX[language]}talks/weekly/trust/", found)

    assert "author       = {Ann Lee}" in cited(UNKNOWN.replace("[]", "[ann]"))
    assert "@misc{trust-2024" in cited(UNKNOWN)
    assert "author" not in cited(UNKNOWN)
    assert "@misc" not in cited(UNKNOWN + "status: cancelled\n")


UNKNOWN = "title: On trust\nstart: 2024-05-31 10:00\nspeakers: []\n"
FOLLOWS = {"en": "A biography will follow", "zh": "讲者简介待补充"}
ANNOUNCED = {"en": "To be announced", "zh": "待公布"}


@pytest.mark.parametrize("language", PREFIX)
def test_a_past_talk_promises_nothing(seminars, language: str) -> None:
    past = {"weekly/trust.yaml": UNKNOWN, "weekly/other.yaml": UNKNOWN.replace("[]", "[ann]")}
    coming = {name: text.replace("05-31", "06-02") for name, text in past.items()}
    for entries, promised in ((past, False), (coming, True)):
        found = load(seminars(entries))
        nobody, ann, home, archive = (
            page(f"{PREFIX[language]}{path}", found)
            for path in ("talks/weekly/trust/", "talks/weekly/other/", "", "talks/")
        )
        assert (FOLLOWS[language] in ann) is promised
        assert ('id="speaker"' in ann) is promised
        assert 'class="speaker"' in ann
        for text in (nobody, home, archive):
            assert (ANNOUNCED[language] in text) is promised
        assert ('class="speaker"' in nobody) is promised


@pytest.mark.parametrize("language", PREFIX)
def test_a_past_speakers_homepage_stays_without_a_biography(seminars, language: str) -> None:
    people = "ann:\n  name: Ann Lee\n  homepage: https://ann.example/\n"
    talk = UNKNOWN.replace("[]", "[ann]")
    found = load(seminars({"people.yaml": people, "weekly/trust.yaml": talk}))
    text = page(f"{PREFIX[language]}talks/weekly/trust/", found)
    assert 'id="speaker"' in text
    assert '<a href="https://ann.example/">' in text
    assert FOLLOWS[language] not in text
