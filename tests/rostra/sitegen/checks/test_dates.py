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
        ("5月9日下午3点半", date(2024, 5, 9), (15, 30)),
        ("5月9日（周四）上午10时", date(2024, 5, 9), (10, 0)),
        ("5月9日，中午11点半", date(2024, 5, 9), (11, 30)),
        ("五月九日下午四点", date(2024, 5, 9), (16, 0)),
        ("二〇二四年五月十一日晚上七点三十分", date(2024, 5, 11), (19, 30)),
        ("12 May 2024, 2:00-3:30 pm", date(2024, 5, 12), (14, 0)),
        ("12 May 2024, 11:00 am – 1:00 pm", date(2024, 5, 12), (11, 0)),
        ("12 May 2024 from 11 to 12:30 pm", date(2024, 5, 12), (11, 0)),
        ("May 12, 2024 at 3 pm", date(2024, 5, 12), (15, 0)),
        ("12 May at 3 p.m.", date(2024, 5, 12), (15, 0)),
        ("12 May 2024, 10.30", date(2024, 5, 12), (10, 30)),
        ("2024.05.12 15:00", date(2024, 5, 12), (15, 0)),
        ("2024/5/12 at 3 pm", date(2024, 5, 12), (15, 0)),
        ("2024.5.12（周日）下午3点", date(2024, 5, 12), (15, 0)),
        ("2024/5/12（周日）", date(2024, 5, 12), None),
        ("讲座将于2024.05.12在五号楼举行", date(2024, 5, 12), None),
        ("When: 2024/5/12", date(2024, 5, 12), None),
        ("Sunday, 2024/05/12, room 5", date(2024, 5, 12), None),
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
        "version 2.0.1 of 3.12.2024.1",
        "version 2024.05.06 at 10:00",
        "版本 2024.05.06 10:00",
        "It is held at https://x.example/2024/05/06/post 10:00",
        "seminar 2024/5/11–17",  # pages of an issue
        "seminar 2024.05.06.1",
        "seminar 2405.01234 and 2701.01234, 2024.05123",
        "on 3/4 of 2024/25",
        "On 12 May 2024, 3 hrs of training began",
        "On 12 May 2024, 3 percent agreed",
        "5月9日三点建议被采纳",
        "5月9日下午三场报告",
        "农历五月九日下午四点",
        "2024年五月九月十日",
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
        "5月5日上午10时，五号楼",
        "五月五日上午十点，2024/5/5 10:00-11:30 am",
        "2024.05.05 at 10 am, as of version 2.0.1",
    ],
)
def test_what_agrees_is_not_reported(seminars, told: str) -> None:
    text = f"title: x\nstart: 2024-05-05 10:00\nmoved_from: 2024-05-04 10:00\nabstract: '{told}'\n"
    assert check(seminars({"weekly/trust.yaml": text}), NOW) == []


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("15:30", "5月5日下午3点半"),
        ("15:15", "五月五日下午三点一刻"),
        ("14:00", "Sunday 5 May 2024, 2:00-3:30 pm"),
        ("14:00", "Sunday 5 May 2024, 2 – 3:30 p.m."),
    ],
)
def test_what_was_misread_once_is_not_reported(seminars, start: str, told: str) -> None:
    text = f"title: x\nstart: 2024-05-05 {start}\nabstract: '{told}'\n"
    assert check(seminars({"weekly/trust.yaml": text}), NOW) == []
    later = text.replace(f"{start}\n", f"{int(start[:2]) + 1}:00\n")
    (fault,) = check(seminars({"weekly/trust.yaml": later}), NOW)
    assert f"the text says {start}" in fault.message


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
