from datetime import date
from zoneinfo import ZoneInfo

import pytest

from rostra.sitegen.pasted.announcement import format_of, known_topics, language, read, texts

HOME, TODAY = ZoneInfo("Europe/Berlin"), date(2026, 11, 20)


def told(text, topics=()):
    return read(text, HOME, TODAY, topics)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Title: On trust", "On trust"),
        ('A talk by Ann Lee entitled "Doubt and trust".', "Doubt and trust"),
        ("Subject: Re: [sec] Talk: On trust (3 Dec 2026)\n\nHello", "On trust"),
        ("Subject: Seminar this Thursday\n\nHello", None),
        ("举办题为《论信任》的讲座", "论信任"),
    ],
)
def test_a_title_is_found_or_left(text, title) -> None:
    assert told(text).title.get("") == title


def test_two_languages_are_kept_apart() -> None:
    assert texts(["论信任", "On trust", "Again"]) == {"zh": "论信任", "en": "On trust"}
    assert texts(["论 BadBatch 攻击"]) == {"": "论 BadBatch 攻击"}
    assert texts([]) == {}


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("Place: Room 204", "Room 204", "in-person"),
        ("Place: Room 204 and online", "Room 204", "hybrid"),
        ("Place: Zoom", "", "online"),
        ("Place: 201 会议室及线上", "201 会议室", "hybrid"),
        ("The talk is in Lecture Hall 3.", "Lecture Hall 3", "in-person"),
        ("Hello", "", ""),
    ],
)
def test_where_people_meet(text, place, kind) -> None:
    found = told(text)
    assert (found.place, found.format) == (place, kind)
    assert format_of("", False) == ""


def test_only_topics_that_are_known_are_guessed() -> None:
    known = ("unlearning", "federated learning", "联邦学习", "rust")
    found = told(
        "Title: On trust\nKeywords: unlearning, magic\nAbstract: Federated learning.", known
    )
    assert found.topics == ("unlearning", "federated learning")
    assert known_topics("联邦学习", known) == ("联邦学习",)


def test_a_language_has_a_tag_or_none() -> None:
    assert [language(one) for one in ("English", "中文", "Klingon", "English/Chinese")] == [
        "en",
        "zh",
        "",
        "",
    ]
