"""What is no clash; the gate has what is."""

from datetime import UTC, datetime

import pytest

from rostra.sitegen.checks import check

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SERIES = "weekly:\n  name: W\n  place: Room 1\nother:\n  name: O\n"
FIRST = "title: A\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"


def rules(seminars, second: str, series: str = SERIES, first: str = FIRST) -> list[str]:
    files = {"series.yaml": series, "weekly/trust.yaml": first}
    folder = seminars(files | {"other/b.yaml": f"title: B\n{second}"})
    return [fault.rule for fault in check(folder, NOW)]


@pytest.mark.parametrize(
    "second",
    [
        "start: 2024-05-05 11:00\nspeakers: [wang]\n",  # the first one ends then
        "start: 2024-05-05 09:00\nspeakers: [wang]\n",  # and this one before
        "start: 2024-05-05 10:00\nspeakers: [wang]\nstatus: cancelled\n",
        "start: 2024-05-05 10:00\nzone: Asia/Tokyo\nspeakers: [wang]\n",
    ],
)
def test_no_talks_that_share_no_instant(seminars, second: str) -> None:
    assert rules(seminars, second) == []


def test_a_long_talk_meets_one_that_begins_much_later(seminars) -> None:
    long = FIRST + "duration: 8 h\n"
    second = "start: 2024-05-05 17:30\nspeakers: [wang]\n"
    assert rules(seminars, second, first=long) == ["clash-speaker"]


def test_the_same_hour_by_two_clocks_is_one(seminars) -> None:
    second = "start: 2024-05-05 17:00\nzone: Asia/Tokyo\nspeakers: [wang]\n"
    assert rules(seminars, second) == ["clash-speaker"]


def test_who_is_online_is_in_no_room(seminars) -> None:
    online = "start: 2024-05-05 10:00\nplace: Room 1\nformat: online\n"
    assert rules(seminars, online) == ["clash-time"]
    assert rules(seminars, "start: 2024-05-05 10:00\nplace: Room 1\n") == ["clash-room"]


def test_a_conference_expects_talks_at_once_but_no_speaker_in_two(seminars) -> None:
    parallel = SERIES + "  parallel: true\n"
    assert rules(seminars, "start: 2024-05-05 10:00\n", parallel) == []
    both = "start: 2024-05-05 10:00\nspeakers: [ann, wang]\n"
    assert rules(seminars, both, parallel) == ["clash-speaker"]
