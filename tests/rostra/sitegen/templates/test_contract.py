"""What our templates write into pages, from entries and inventories made for it."""

import re
from datetime import UTC, datetime

import pytest

from rostra.sitegen.abilities import Abilities
from rostra.sitegen.inventory import Benchmark, Inventory, Method, Table
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.render import render
from tests.rostra.sitegen._visible import visible

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PREFIX = {"en": "", "zh": "zh/"}


def output(path: str, programme: Programme, *benchmarks: Benchmark) -> str:
    found = render(programme, Inventory(benchmarks=benchmarks), NOW)
    (text,) = [one.text for one in found if one.path == path]
    return text


def page(path: str, programme: Programme, *benchmarks: Benchmark) -> str:
    return visible(output(f"{path}index.html", programme, *benchmarks))


@pytest.mark.parametrize("language", PREFIX)
def test_a_measurement_is_markdown_and_said_to_be_english(programme, language: str) -> None:
    table = Table(title="From `make serve`", rows=({"s": 1.5},), notes=("By `python -m it`.",))
    text = page(f"{PREFIX[language]}benchmarks/", programme, Benchmark("serve", table))
    mark = "" if language == "en" else ' lang="en"'
    assert f'<section class="section"{mark}>' in text
    assert '<h2 id="serve">From <code>make serve</code></h2>' in text
    assert "<li>By <code>python -m it</code>.</li>" in text
    assert ("以英文写出" in text) is (language == "zh")


def attack_of(name: str, access: str, can: Abilities) -> Method:
    return Method("attacks", name, "Climb `it`.", access, None, "", can)


CAN = Abilities(("L2", "L0"), "nearest", "starts")
WORDS = {
    "en": (
        "sees decisions only",
        "nearest success",
        "yes, from pictures of it",
        "keeps 3 of 4",
        "<span>m, 50 pictures: L2 at 1.5 (peers 2.25), Linf 85.0% (peers 86.0%)</span>",
    ),
    "zh": (
        "仅判决",
        "最近者",
        "可，须给该类图片",
        "守住 4 条承诺中的 3 条",
        "<span>m，50 张图片：L2 距离 1.5（同类库 2.25）, Linf 85.0%（同类库 86.0%）</span>",
    ),
}


@pytest.mark.parametrize("language", PREFIX)
def test_attacks_stand_under_their_access_with_what_they_can_and_what_was_measured(
    programme, language: str
) -> None:
    kept = {"attack": "hop L2", "library": "robustlib", "asked": 4, "kept": 3}
    cost = {"attack": "hop", "library": "robustlib, retire never", "/ own passes": 1.25}
    timed = {"attack": "hop", "library": "robustlib", "model": "m", "robust %": 87.5}  # of a few
    near = {"model": "m", "attack": "hop_l2", "images": 50, "ours": "1.5", "peers": "art 2.25"}
    left = near | {"attack": "hop_linf", "ours": "85.00 %", "peers": "art 86.00 %"}
    measured = kept, cost, timed, near, left
    tables = [Benchmark("b", Table(title="T", rows=(row,), notes=())) for row in measured]
    methods = attack_of("hop", "decision", CAN), attack_of("pgd", "white-box", CAN)
    shelf = Inventory(methods=methods, benchmarks=tuple(tables))
    pages = {one.path: visible(one.text) for one in render(programme, shelf, NOW)}
    text = pages[f"{PREFIX[language]}methods/index.html"]
    white, decision = text.index('id="white-box"'), text.index('id="decision"')
    assert white < text.index(">pgd</a>") < decision < text.index(">hop</a>")
    under = text[decision:]
    assert all(word in under for word in (*WORDS[language], "L2, L0", "1.25", "<code>it</code>"))
    assert "1.25" not in text[:decision]
    assert "87.5" not in text
    assert text[white:decision].count('class="unmeasured"') == 2


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
    assert "@misc{weekly-trust-2024" in cited(UNKNOWN)
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


SERIES = "weekly:\n  name: W\n  chairs: [ann]\n  place: Room 1\n  stream: https://s.example\n"
FULL = """\
title: On trust
start: 2024-06-05 10:00
moved_from: 2024-06-04 10:00
status: moved
speakers: [wang]
panellists: [ann]
language: de
do_not_record: true
abstract: !secret text
embargo: 2024-06-03 10:00
"""
SAID = {
    "en": [
        "<h2>Panel</h2>",
        "<h2>Chair</h2>",
        "<span>Room 1</span> · also online",
        "Moved from Tuesday 4 June 2024, 10:00 Berlin time.",
        "Given in German. It is not recorded.",
        "More will be announced on Monday 3 June 2024, 10:00 Berlin time.",
        "<strong>new time</strong>",
    ],
    "zh": [
        "<h2>与谈人</h2>",
        "<h2>主持人</h2>",
        "线上同步",
        "原定 2024 年 6 月 4 日 星期二 10:00（柏林时间），已改期。",
        "语言：德语。不录像，也请勿自行录制。",
        "更多内容将于 2024 年 6 月 3 日 星期一 10:00（柏林时间） 公布。",
        "<strong>已改期</strong>",
    ],
}


@pytest.mark.parametrize("language", PREFIX)
def test_a_talk_says_all_that_one_should_know_before_one_comes(seminars, language) -> None:
    found = load(seminars({"series.yaml": SERIES, "weekly/trust.yaml": FULL}), NOW)
    text = page(f"{PREFIX[language]}talks/weekly/trust/", found)
    assert [words for words in SAID[language] if words not in text] == []
    assert '<a class="button" href="https://s.example">' in text


@pytest.mark.parametrize("language", PREFIX)
def test_nothing_is_claimed_that_nobody_said(seminars, language) -> None:
    bare = "title: On trust\nstart: 2024-05-05 10:00\n"
    found = load(seminars({"series.yaml": "weekly: {name: W}\n", "weekly/trust.yaml": bare}), NOW)
    text = page(f"{PREFIX[language]}talks/weekly/trust/", found)
    for words in ("online", "线上", "recorded", "录制", "Given in", "语言：", "Chair", "主持"):
        assert words not in text


@pytest.mark.parametrize("language", PREFIX)
def test_who_has_another_part_is_listed_among_people(seminars, language) -> None:
    text = page(f"{PREFIX[language]}people/", load(seminars({"weekly/trust.yaml": FULL}), NOW))
    part = {"en": "Panel of", "zh": "参与讨论"}[language]
    assert f'<span class="soft">{part}</span> <a href="/{PREFIX[language]}talks/weekly' in text


MEETUP = "title: Lunch\nstart: 2024-05-01 12:00\nrepeat: FREQ=WEEKLY\nnot_on: [2024-06-05]\n"


@pytest.mark.parametrize("language", PREFIX)
def test_a_meetup_shows_the_next_meetings(seminars, language) -> None:
    files = {"weekly/lunch.yaml": MEETUP}
    found = load(seminars(files))
    text = page(f"{PREFIX[language]}talks/weekly/lunch/", found)
    days = re.findall(r'<time datetime="(\S{10})', text)
    assert days == [
        "2024-06-12",
        "2024-06-19",
        "2024-06-26",
        "2024-07-03",
        "2024-07-10",
        "2024-07-17",
    ]
    assert f'href="/{PREFIX[language]}talks/weekly/lunch/"' in page(
        f"{PREFIX[language]}talks/", found
    )
    off = load(seminars({"weekly/lunch.yaml": MEETUP + "status: cancelled\n"}))
    assert "<time" not in page(f"{PREFIX[language]}talks/weekly/lunch/", off)


OPENING = "title: A post\nabout: Join us.\nposted: 2024-05-01\nlink: https://a.example\n"
CLOSED = {"en": ("closed", "filled"), "zh": ("已截止", "已满")}


@pytest.mark.parametrize("language", PREFIX)
def test_an_opening_calls_until_it_closes(seminars, language) -> None:
    def shown(more: str) -> str:
        found = load(seminars({"openings/post.yaml": OPENING + more}))
        return page(f"{PREFIX[language]}openings/", found)

    assert "https://a.example" in shown("deadline: 2024-06-30\n")
    for more, word in zip(
        ("deadline: 2024-05-31\n", "status: filled\n"), CLOSED[language], strict=True
    ):
        assert "https://a.example" not in shown(more)
        assert f'<span class="elsewhere">{word}</span>' in shown(more)
