from dataclasses import asdict

import pytest

from rostra.sitegen.notices import Notice, calendars_of, notice, recurrence, tombstone
from rostra.sitegen.programme import load

TALK = """\
title: {en: On *trust*, zh: 论信任}
start: 2024-05-05 10:00
speakers: [wang]
chairs: [ann]
format: online
topics: [trust]
links: {stream: "https://a.example/live", registration: "https://a.example/form"}
join: !secret ROOM
"""


def told(seminars, change: tuple[str, str] = ("", ""), language: str = "en") -> Notice:
    found = load(seminars({"weekly/trust.yaml": TALK.replace(*change) if change[0] else TALK}))
    return notice(found.talks[0], language)


def test_the_title_names_who_speaks_and_what_became_of_it(seminars) -> None:
    assert told(seminars).summary == "On trust (Wei Wang)"
    assert told(seminars, language="zh").summary == "论信任 (王伟)"
    cancelled = ("format: online", "format: online\nstatus: cancelled")
    assert told(seminars, cancelled).summary == "Cancelled: On trust (Wei Wang)"


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (("", ""), ["stream", "registration"]),
        (("format: online", "format: in-person\nplace: Room 1"), ["stream"]),
        (("format: online", "status: cancelled"), []),
        (("format: online", "status: postponed"), []),
    ],
)
def test_a_public_way_in_is_told_where_one_can_take_it(seminars, change, kinds) -> None:
    assert [way.kind for way in told(seminars, change).ways] == kinds


def test_the_private_way_in_is_nowhere(seminars, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_ROOM", "https://zoom.us/j/1?pwd=2")
    for language in ("en", "zh"):
        said = str(asdict(told(seminars, language=language)))
        assert "zoom" not in said
        assert "ROOM" not in said


def test_who_chairs_takes_part_and_has_no_calendar_of_it(seminars) -> None:
    assert [(part.key, part.role) for part in told(seminars).parts] == [
        ("speakers/wang", "SPEAKER"),
        ("chairs/ann", "ACTIVE"),
    ]
    (talk,) = load(seminars({"weekly/trust.yaml": TALK})).talks
    assert calendars_of(talk) == {
        "talks/all",
        "talks/weekly",
        "talks/weekly/trust",
        "people/wang",
        "topics/trust",
    }


def test_a_tombstone_says_one_word() -> None:
    assert asdict(tombstone("en")) | {"summary": ""} == asdict(Notice("en", ""))
    assert (tombstone("en").summary, tombstone("zh").summary) == ("Cancelled", "已取消")


MEETUP = """\
title: Lunch
start: 2024-05-01 12:00
status: {status}
repeat: {rule}
not_on: [2024-05-08]
"""


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("FREQ=WEEKLY", "RRULE:FREQ=WEEKLY"),
        ("FREQ=WEEKLY;UNTIL=20240601", "RRULE:FREQ=WEEKLY;UNTIL=20240601T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20241231", "RRULE:FREQ=WEEKLY;UNTIL=20241231T225959Z"),
        ("FREQ=WEEKLY;UNTIL=20240601T100000Z", "RRULE:FREQ=WEEKLY;UNTIL=20240601T100000Z"),
    ],
)
def test_a_rule_ends_in_utc(seminars, rule: str, line: str) -> None:
    text = MEETUP.format(status="confirmed", rule=rule)
    (meetup,) = load(seminars({"weekly/lunch.yaml": text})).meetups
    assert recurrence(meetup) == (line, "EXDATE;TZID=Europe/Berlin:20240508T120000")


def test_a_meetup_that_is_cancelled_says_so(seminars) -> None:
    text = MEETUP.format(status="cancelled", rule="FREQ=WEEKLY")
    (meetup,) = load(seminars({"weekly/lunch.yaml": text})).meetups
    assert notice(meetup, "en").summary == "Cancelled: Lunch"
    assert notice(meetup, "zh").summary == "【取消】Lunch"


def test_links_into_the_site_are_whole_where_it_is_read_elsewhere(seminars) -> None:
    talk = "title: x\nstart: 2024-06-05 10:00\nabstract: 'By [Ann](people/ann/), [b](https://b.example/)'\n"
    event = load(seminars({"weekly/trust.yaml": talk})).find("weekly/trust")
    home = "https://a.example/lab/"
    said = notice(event, "en", home)
    assert "By Ann (https://a.example/lab/people/ann/), b (https://b.example/)" in said.description
    assert 'href="https://a.example/lab/people/ann/"' in said.html
    assert 'href="https://b.example/"' in said.html
