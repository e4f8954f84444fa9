"""What is late, and from when to when; the gate has each finding's place."""

from datetime import UTC, datetime, timedelta

import pytest

from rostra.sitegen.checks import check
from tests.rostra.sitegen.conftest import SITE

START = datetime(2024, 5, 5, 8, tzinfo=UTC)
TALK = "title: x\nstart: 2024-05-05 10:00\n"


def rules(seminars, text: str, days: float, more: str = "") -> list[str]:
    folder = seminars({"weekly/trust.yaml": text, "site.yaml": SITE + more})
    return [fault.rule for fault in check(folder, START + timedelta(days=days))]


@pytest.mark.parametrize(
    ("days", "more", "count"),
    [
        (-14.1, "", 0),
        (-13.9, "", 2),  # speaker and abstract
        (-0.1, "", 2),
        (0.1, "", 0),
        (-13.9, "announced_days: 7\n", 0),
        (-20, "announced_days: 21\n", 2),
    ],
)
def test_what_is_open_is_late_from_so_many_days_before(seminars, days, more, count) -> None:
    assert rules(seminars, TALK, days, more) == ["to-be-announced"] * count


@pytest.mark.parametrize("more", ["status: cancelled\n", "status: postponed\n"])
def test_nothing_is_announced_of_what_does_not_take_place(seminars, more: str) -> None:
    assert rules(seminars, TALK + more, -3) == []


def test_what_is_under_embargo_is_not_late(seminars) -> None:
    text = TALK + "speakers: [wang]\nabstract: !secret a\nembargo: 2024-05-04 10:00\n"
    assert rules(seminars, text, -3) == []


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("{en: TBA, zh: 待定}", ["the title is not announced, and the talk is in 3 days"]),
        ("TBD", ["the title is not announced, and the talk is in 3 days"]),
        ("{en: TBC, zh: 论信任}", ["its English is not announced, and the talk is in 3 days"]),
        ("{en: On trust, zh: 待公布}", ["its Chinese is not announced, and the talk is in 3 days"]),
        ("{en: On trust, zh: 论信任}", []),
        ("{zh: 论信任}", []),
    ],
)
def test_each_language_of_a_title_counts(seminars, title: str, said: list[str]) -> None:
    text = f"title: {title}\nstart: 2024-05-05 10:00\nspeakers: [wang]\nabstract: A.\n"
    folder = seminars({"weekly/trust.yaml": text})
    assert [fault.message for fault in check(folder, START - timedelta(days=3))] == said


def test_each_language_of_an_abstract_counts(seminars) -> None:
    text = "title: x\nstart: 2024-05-05 10:00\nspeakers: [wang]\nabstract: {en: A., zh: TBD}\n"
    (fault,) = check(seminars({"weekly/trust.yaml": text}), START - timedelta(days=3))
    assert (fault.line, fault.column, fault.rule) == (4, 24, "to-be-announced")


RECORDED = "title: y\nstart: 2023-05-05 10:00\nlinks: {recording: https://a.example}\n"


@pytest.mark.parametrize(
    ("days", "more", "expected"),
    [
        (29, "", []),
        (31, "", ["recording-overdue"]),
        (364, "", ["recording-overdue"]),
        (366, "", []),  # nobody looks for it any more
        (31, "do_not_record: true\n", []),
        (31, "status: cancelled\n", []),
        (31, "links: {recording: https://a.example}\n", []),
    ],
)
def test_a_recording_is_late_for_a_year(seminars, days, more, expected) -> None:
    seminars({"weekly/older.yaml": RECORDED})
    assert rules(seminars, TALK + more, days) == expected


def test_a_series_that_never_recorded_owes_none(seminars) -> None:
    assert rules(seminars, TALK, 31) == []


@pytest.mark.parametrize(
    ("day", "more", "lines"),
    [
        (1, "title: tba\nabout: 待定\n", [3, 4]),
        (1, "title: Lunch\n", []),  # most meet-ups need no more than their title
        (1, "title: tba\nstatus: cancelled\n", []),
        (18, "title: tba\n", []),  # its last meeting was yesterday
    ],
)
def test_a_meet_up_is_late_before_its_next_meeting(seminars, day: int, more: str, lines) -> None:
    text = f"start: 2024-05-10 12:00\nrepeat: FREQ=WEEKLY;COUNT=2\n{more}"
    folder = seminars({"weekly/lunch.yaml": text, "weekly/trust.yaml": None})
    found = check(folder, datetime(2024, 5, day, 12, tzinfo=UTC))
    assert [(one.rule, one.line) for one in found] == [("to-be-announced", line) for line in lines]
