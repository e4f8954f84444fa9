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


LUNCH = "title: Lunch\nstart: 2024-05-01 10:00\nrepeat: FREQ=WEEKLY;BYDAY=WE\n"


def found(seminars, files: dict[str, str], now: datetime = NOW) -> list[tuple[str, ...]]:
    folder = seminars({"series.yaml": SERIES, "weekly/trust.yaml": None} | files)
    return [(one.file.split("/", 1)[1], one.rule, one.suggestion) for one in check(folder, now)]


def test_a_talk_in_the_room_and_hour_of_a_meet_up_clashes_at_the_talk(seminars) -> None:
    for hour in ("09:30", "10:00", "10:30"):
        talk = f"title: B\nstart: 2024-05-22 {hour}\nplace: room 1\n"
        ((file, rule, hint),) = found(seminars, {"weekly/lunch.yaml": LUNCH, "other/b.yaml": talk})
        assert (file, rule) == ("other/b.yaml", "clash-room")
        way = "write `not_on: [2024-05-22]` into weekly/lunch"
        assert hint == f"if it is instead of that meeting, {way}"


@pytest.mark.parametrize(
    ("lunch", "day", "rules"),
    [
        ("", "2024-05-15", ["clash-series"]),
        ("", "2024-05-16", []),
        ("", "2034-05-17", ["clash-series"]),
        ("not_on: [2024-05-15]\n", "2024-05-15", []),
        ("also_on: [2024-05-16 10:00]\n", "2024-05-16", ["clash-series"]),
        ("status: cancelled\n", "2024-05-15", []),
        ("place: Room 2\n", "2024-05-15", ["clash-series"]),
    ],
)
def test_meetings_are_compared_as_they_are(seminars, lunch: str, day: str, rules) -> None:
    talk = f"title: B\nplace: Room 3\nstart: {day} 10:30\n"
    files = {"weekly/lunch.yaml": LUNCH + lunch, "weekly/b.yaml": talk}
    assert [rule for _, rule, _ in found(seminars, files)] == rules


def test_a_talk_of_another_series_at_that_hour_is_a_warning(seminars) -> None:
    files = {"weekly/lunch.yaml": LUNCH, "other/b.yaml": "title: B\nstart: 2024-05-15 10:30\n"}
    assert [rule for _, rule, _ in found(seminars, files)] == ["clash-time"]


def test_two_meet_ups_in_one_room_clash_once_while_they_still_meet(seminars) -> None:
    other = "title: B\nstart: 2024-05-13 10:30\nrepeat: FREQ=DAILY{}\nplace: Room 1\n"
    files = {"weekly/lunch.yaml": LUNCH, "other/b.yaml": other.format("")}
    ((file, rule, hint),) = found(seminars, files)
    assert (file, rule) == ("other/b.yaml", "clash-room")
    assert "2024-06-05" in hint  # the first from now on
    files["other/b.yaml"] = other.format(";UNTIL=20240531")
    assert found(seminars, files) == []


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("{en: Room 1, zh: 一号厅}", "一号厅", True),
        ("{en: Room 1, zh: 一号厅}", "ROOM  1", True),
        ("{en: Room 1, zh: 一号厅}", "{zh: 一号厅}", True),
        ("{en: Room 1, zh: 一号厅}", "{en: Room 1, zh: 1号厅}", True),
        ("{en: Room 1, zh: 会议室}", "{en: Room 2, zh: 会议室}", False),
        ("{en: Room 1}", "{zh: 一号厅}", False),
        ("{en: Room 1, zh: 一号厅}", "二号厅", False),
    ],
)
def test_a_room_is_the_same_by_any_of_its_names(seminars, first, second, same: bool) -> None:
    talk = "title: A\nstart: 2024-05-05 10:00\nplace: {}\n"
    for one, other in ((first, second), (second, first)):
        files = {"weekly/a.yaml": talk.format(one), "other/b.yaml": talk.format(other)}
        expected = "clash-room" if same else "clash-time"
        assert [rule for _, rule, _ in found(seminars, files)] == [expected]
