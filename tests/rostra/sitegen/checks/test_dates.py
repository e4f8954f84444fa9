"""Which dates of a text are meant as the talk's own; the gate has those that contradict it."""

from datetime import UTC, date, datetime

import pytest

from rostra.sitegen.checks import check
from rostra.sitegen.checks.dates import claims

NOW = datetime(2024, 6, 1, tzinfo=UTC)
DAY = date(2024, 5, 5)  # a Sunday


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("Sunday, 5 May 2024", date(2024, 5, 5), None),
        ("Sun May 5 11:50:00 2024", date(2024, 5, 5), (11, 50)),
        ("the talk is on the 6th of May", date(2024, 5, 6), None),
        ("May 7th, 2024 at 3:30 pm", date(2024, 5, 7), (15, 30)),
        ("2024-05-08 09:00", date(2024, 5, 8), (9, 0)),
        ("5 月 9 日下午 3:00", date(2024, 5, 9), (15, 0)),
        ("2024年5月10日（周五）", date(2024, 5, 10), None),
        ("12 May 12:30 am", date(2024, 5, 12), (0, 30)),
    ],
)
def test_a_date_with_weekday_hour_or_cue_is_a_claim(text, day, hour) -> None:
    (found,) = [claim for claim in claims(text, DAY) if claim.certain]
    assert (found.day, found.hour) == (day, hour)


@pytest.mark.parametrize(
    "text",
    [
        "since Monday 6 May 2024",
        "Register by Friday, 3 May 2024.",
        "deadline: 2024-05-01 23:59",
        "On 12 May 2024 the law came into force.",
        "published on Monday 6 May 2013",  # years away
        "31 February 2024, 10:00",
        "version 2024-05-06",
        "in May 2024",
        "6–8 May 2024, every day at ten",
        "10.1000/2024-05-06",
    ],
)
def test_other_dates_are_none_of_our_business(text: str) -> None:
    assert [claim for claim in claims(text, DAY) if claim.certain] == []


@pytest.mark.parametrize(
    "told",
    [
        "Come on Sunday 5 May 2024, 10:00!",
        "On Sunday 5 May at 08:00 UTC",
        "It was planned for Saturday 4 May, 10:00.",  # which is `moved_from`
        "Sunday 5 May 2024, 16:00 CST",  # another clock is not looked up
    ],
)
def test_what_agrees_is_not_reported(seminars, told: str) -> None:
    text = f"title: x\nstart: 2024-05-05 10:00\nmoved_from: 2024-05-04 10:00\nabstract: '{told}'\n"
    assert check(seminars({"weekly/trust.yaml": text}), NOW) == []


def test_by_another_clock_it_may_be_the_day_after(seminars) -> None:
    text = "title: x\nstart: 2024-05-05 20:00\nabstract: 'Monday 6 May 2024, 03:00{}'\n"
    tokyo = seminars({"weekly/trust.yaml": text.format(" (Tokyo time)")})
    assert check(tokyo, NOW) == []
    (fault,) = check(seminars({"weekly/trust.yaml": text.format("")}), NOW)
    assert fault.message == "the text says 2024-05-06, and the entry 2024-05-05"


LUNCH = "title: x\nstart: 2024-05-01 12:00\nrepeat: FREQ=WEEKLY;UNTIL=20301231\n"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Come on Wednesday 8 May, 12:00!", ""),
        ("Not on Wednesday 15 May!", ""),  # which `not_on` says as well
        ("Also on Friday 17 May 2024, 15:00.", ""),
        ("Wednesday 8 May, 19:00 (Tokyo time)", ""),
        ("The second in the year: Wednesday 8 January 2025, 12:00.", ""),
        ("Come on Wednesday 8 May, 13:00!", "the text says 13:00, and the entry 12:00"),
        ("Come on Friday 17 May, 12:00!", "the text says 12:00, and the entry 15:00"),
        ("Come on Thursday 9 May!", "by the entry there is no meeting then"),
        ("Come on Thursday 8 May!", "it is a Wednesday"),
        ("Next on Thursday 4 June 2026!", "by the entry there is no meeting then"),
    ],
)
def test_a_meet_up_is_held_to_its_meetings(seminars, told: str, words: str) -> None:
    more = f"not_on: [2024-05-15]\nalso_on: [2024-05-17 15:00]\nabout: '{told}'\n"
    folder = seminars({"weekly/lunch.yaml": LUNCH + more})
    found = [one for one in check(folder, datetime(2026, 6, 1, tzinfo=UTC)) if one.rule == "date"]
    assert [words in one.message for one in found] == [True] * bool(words)
    assert all((one.file, one.line) == ("seminars/weekly/lunch.yaml", 6) for one in found)
