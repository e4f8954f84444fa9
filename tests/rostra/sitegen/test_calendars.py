import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from mkdocs.exceptions import Abort

from rostra.sitegen import calendars
from rostra.sitegen.calendars import Calendars, identifier
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.release import compare, release
from tests.rostra.sitegen._building import built

GOLDEN = Path(__file__).parent / "golden" / "seminars"
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def lab() -> Programme:
    return load(GOLDEN)


def files(programme: Programme, now: datetime = NOW) -> dict[str, str]:
    return {one.path: one.text for one in Calendars(programme, now).calendars}


def text_of(programme: Programme, path: str = "talks/all.ics") -> str:
    return next(one for one in Calendars(programme, NOW).calendars if one.path == path).text


def events(text: str) -> dict[str, icalendar.Event]:
    found = icalendar.Calendar.from_ical(text)
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_lines_end_and_fold_as_rfc_5545_says(lab) -> None:
    data = text_of(lab).encode()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) == 75
    for line in lines:
        line.decode()  # no character is cut


def test_what_must_be_there_is_there_once(lab) -> None:
    lines = unfolded(text_of(lab))
    assert lines[:3] == ["BEGIN:VCALENDAR", "PRODID:-//Rostra//Seminars//EN", "VERSION:2.0"]
    assert not [line for line in lines if line.startswith("METHOD")]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    blocks = "\r\n".join(lines).split("BEGIN:VEVENT")[1:]
    assert len(blocks) == len(lab.talks)
    for block in blocks:
        names = [line.split(":")[0].split(";")[0] for line in block.split("\r\n") if line]
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "URL"):
            assert names.count(name) == 1, name


def test_every_zone_used_is_described_once(lab) -> None:
    found = icalendar.Calendar.from_ical(text_of(lab))
    described = [str(zone["tzid"]) for zone in found.walk("VTIMEZONE")]
    used = {
        event[key].params["tzid"]
        for event in found.walk("VEVENT")
        for key in ("dtstart", "dtend")
        if "tzid" in event[key].params
    }
    assert sorted(described) == sorted(used) == ["America/New_York", "Europe/Berlin"]


def test_the_instants_read_back_are_those_of_the_entries(lab) -> None:
    read = events(text_of(lab))
    instants = {
        str(event["url"]).removeprefix("https://lab.example/seminar/talks/").rstrip("/"): (
            event["dtstart"].dt.astimezone(UTC),
            event["dtend"].dt.astimezone(UTC),
        )
        for event in read.values()
    }
    truth = {
        "weekly/trust": ("2024-10-27 01:30", 90),
        "weekly/cancelled": ("2024-07-02 14:00", 90),
        "guests/far-away": ("2024-03-12 17:00", 45),
        "guests/by-utc": ("2024-12-31 23:30", 60),
    }
    # 02:30 +01:00 is the second 02:30 of that night; a local time would mean the first.
    assert instants == {
        ref: (start, start + timedelta(minutes=minutes))
        for ref, (text, minutes) in truth.items()
        for start in [datetime.fromisoformat(text).replace(tzinfo=UTC)]
    }


def test_text_survives_its_escapes(lab) -> None:
    talk = events(text_of(lab))["On trust; and, perhaps, doubt (Ann Lee, Wei Wang)"]
    assert str(talk["location"]) == "Room 1; second floor"
    description = str(talk["description"])
    assert "Ann Lee, A university, somewhere" in description
    assert "- second, with a back\\slash" in description
    assert "paper (https://a.example/p)" in description


def test_a_cancelled_talk_says_so_in_status_and_title(lab) -> None:
    event = events(text_of(lab))["Cancelled: Not this time (Wei Wang)"]
    assert event["status"] == "CANCELLED"
    tentative = f"Tentative: {lab.find('far-away').title}"
    assert events(text_of(lab))[tentative]["status"] == "TENTATIVE"


def test_the_calendars_name_is_escaped(lab) -> None:
    changed = lab.site.model_copy(update={"name": "Trust; doubt, and \\"})
    text = text_of(replace(lab, site=changed))
    for key in ("NAME", "X-WR-CALNAME"):
        assert f"{key}:Trust\\; doubt\\, and \\\\" in unfolded(text)


def test_no_private_value_is_in_a_calendar(lab, monkeypatch) -> None:
    monkeypatch.setenv("ROSTRA_SECRET_WEEKLY_ROOM", "https://zoom.us/j/1?pwd=2")
    assert "zoom.us" not in text_of(lab)
    assert "WEEKLY_ROOM" not in text_of(lab)


def test_identifiers_depend_on_nothing_that_changes(seminars) -> None:
    before = load(seminars())
    after = load(
        seminars(
            {
                "weekly/trust.yaml": "title: Another\nzone: Asia/Tokyo\nstart: 2025-01-01 09:00\n",
                "site.yaml": "id: lab\nname: New\nurl: https://new.example/\nzone: UTC\n",
            }
        )
    )
    uid = [identifier(one.site, one.talks[0].ref) for one in (before, after)]
    assert uid[0] == uid[1]
    # Frozen: subscribers' calendars hold it.
    assert str(uid[0]) == "71830dc9-0c4c-5b5a-85a0-a75f09fd87bf"
    assert identifier(before.site, "weekly/other") != uid[0]


def test_the_stamp_comes_from_the_content(lab) -> None:
    later = files(lab, datetime(2025, 1, 10, tzinfo=UTC))["talks/all.ics"]
    event = events(later)["A talk by the clock of the world (Ann Lee)"]
    assert event["dtstamp"].dt == datetime(2024, 12, 17, 23, 30, tzinfo=UTC)


def test_no_stamp_is_of_a_day_to_come(lab) -> None:
    """Released at once, an event would be older than it was: clients would not take it."""
    for now in (NOW, NOW + timedelta(hours=23, minutes=59)):
        event = events(files(lab, now)["talks/all.ics"])[
            "A talk by the clock of the world (Ann Lee)"
        ]
        assert event["dtstamp"].dt == NOW.replace(hour=0, minute=0, second=0)


REVIEWED = (
    "talks/all.ics",
    "talks/all.current.ics",
    "talks/weekly.ics",
    "talks/guests.ics",
    "talks/empty.ics",
    "talks/weekly/trust.ics",
    "talks/weekly/trust.rich.ics",
    "talks/weekly/cancelled.ics",
    "talks/guests/far-away.ics",
    "talks/guests/by-utc.ics",
    "people/wang.ics",
    "topics/doubt.ics",
    "zh/talks/weekly/trust.ics",
)


def test_calendars_are_as_reviewed(lab, golden) -> None:
    found = files(lab)
    for path in REVIEWED:
        golden(f"outputs/{path}", found[path])


def test_every_event_series_person_and_topic_has_a_calendar_in_each_language(lab) -> None:
    several = [f"talks/{name}" for name in ("all", "weekly", "guests", "empty")]
    several += ["people/ann", "people/wang", "topics/doubt", "topics/trust"]
    found = {f"{key}{span}" for key in several for span in ("", ".current")}
    found |= {f"talks/{talk.ref}" for talk in lab.talks}
    both = {f"{zh}{key}{rich}.ics" for zh in ("", "zh/") for key in found for rich in ("", ".rich")}
    assert set(files(lab)) == both


def uids(text: str) -> set[str]:
    return {str(event["uid"]) for event in icalendar.Calendar.from_ical(text).walk("VEVENT")}


def test_languages_and_profiles_speak_of_the_same_events(lab) -> None:
    found = files(lab)
    for path, text in found.items():
        if not path.startswith("zh/") and ".rich" not in path:
            assert uids(text) == uids(found[f"zh/{path}"])
            assert uids(text) == uids(found[path.replace(".ics", ".rich.ics")])


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2024-06-01", {"far-away", "cancelled", "trust", "by-utc"}),
        ("2024-06-11", {"cancelled", "trust", "by-utc"}),
        ("2026-01-01", set()),
    ],
)
def test_what_is_current_is_to_come_or_over_for_less_than_ninety_days(lab, day, names) -> None:
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    shown = uids(files(lab, now)["talks/all.current.ics"])
    assert shown == {str(identifier(lab.site, t.ref)) for t in lab.talks if t.slug in names}


def test_a_meeting_that_comes_again_is_one_event_with_its_rule(seminars) -> None:
    programme = load(seminars({"weekly/lunch.yaml": LUNCH}))
    text = text_of(programme)
    lines = unfolded(text)
    assert "RRULE:FREQ=WEEKLY;UNTIL=20241231T225959Z;BYDAY=WE" in lines
    assert "EXDATE;TZID=Europe/Berlin:20240508T120000" in lines
    added = events(text)["Lunch"]["rdate"].dts[0].dt
    assert added == programme.meetups[0].also_on[0]
    assert "DTSTART;TZID=Europe/Berlin:20240501T120000" in lines


LUNCH = """\
title: Lunch
start: 2024-05-01 12:00
repeat: FREQ=WEEKLY;BYDAY=WE;UNTIL=20241231
not_on: [2024-05-08]
also_on: [2024-05-09 13:00]
"""


def test_a_talk_that_was_moved_says_from_when(seminars) -> None:
    talk = "title: T\nstart: 2024-05-05 10:00\nstatus: moved\nmoved_from: 2024-05-04 10:00\n"
    text = text_of(load(seminars({"weekly/trust.yaml": talk})))
    assert "Moved from Saturday 4 May 2024\\, 10:00 Berlin time." in "".join(unfolded(text))


def test_an_earlier_address_goes_on_leading_to_the_calendar(seminars) -> None:
    talk = "title: T\nstart: 2024-05-05 10:00\nformerly: [weekly/doubt]\n"
    found = files(load(seminars({"weekly/trust.yaml": talk})))
    assert uids(found["talks/weekly/doubt.ics"]) == uids(found["talks/weekly/trust.ics"])


def test_two_builds_are_identical(lab) -> None:
    assert files(lab) == files(load(GOLDEN))


@pytest.fixture
def project(seminars) -> Path:
    """A folder that is built to a site, with a released talk."""
    folder = seminars()
    release(compare(load(folder, NOW), NOW))
    (folder.parent / "docs").mkdir()
    (folder.parent / "docs" / "note.md").write_text("# A note\n", encoding="utf-8")
    theme = "theme: {name: material, font: false}"
    config = f"site_name: x\n{theme}\nnot_in_nav: '*'\nplugins: [rostra]\n"
    (folder.parent / "mkdocs.yml").write_text(config, encoding="utf-8")
    return folder.parent


def build(project: Path, strict: bool = False) -> Path:
    return built(project, project / "site", strict=strict, ROSTRA_NOW="2024-06-01")


def test_a_build_says_once_what_is_not_released(project, seminars, caplog) -> None:
    caplog.set_level("INFO", "mkdocs.plugins.rostra")
    build(project)
    assert "since the last release" not in caplog.text
    seminars({"weekly/trust.yaml": "title: Moved\nstart: 2024-05-06 10:00\n"})
    site = build(project)
    assert caplog.text.count("Talks changed since the last release: 1. rostra release") == 1
    assert b"\r\nSEQUENCE:1\r\n" in (site / "zh/talks/all.ics").read_bytes()


def test_a_calendar_that_programs_may_misread_ends_the_build(project, monkeypatch, caplog) -> None:
    monkeypatch.setattr(calendars, "described", lambda moments: [])
    with pytest.raises(Abort):
        build(project, strict=True)
    told = r"talks/all\.ics:\d+: nothing describes Europe/Berlin \[zone-missing: RFC 5545, 3.2.19\]"
    assert re.search(told, caplog.text)


def test_a_damaged_ledger_ends_the_build_with_its_place(project) -> None:
    (project / "seminars/.ledger/weekly/trust.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Abort, match=r"seminars/\.ledger/weekly/trust\.json:1:1: .*'uid'"):
        build(project)
