"""Releases through the real folder: what rises, what stays, what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from rostra.sitegen import ledger
from rostra.sitegen.calendars import Calendars
from rostra.sitegen.checks import check
from rostra.sitegen.ledger import Record
from rostra.sitegen.programme import load
from rostra.sitegen.release import (
    ReleaseError,
    compare,
    identifier,
    release,
    revised,
    withdraw,
)
from tests.rostra.sitegen._library import LIBRARY, small_site
from tests.rostra.sitegen.checks._other_mutators import record as told_of
from tests.rostra.sitegen.conftest import SITE

FIRST = datetime(2024, 4, 1, 12, tzinfo=UTC)
TALK = "title: {en: On trust, zh: 论信任}\nstart: 2024-05-05 10:00\nspeakers: [wang]\n"
Seminars = Callable[..., Path]


def released(folder: Path, days: int = 0) -> list[str]:
    """Release as of some days after the first time; what is told."""
    now = FIRST + timedelta(days=days)
    return [str(change) for change in release(compare(load(folder, now), now))]


def record(folder: Path, ref: str = "weekly/trust") -> Record:
    return ledger.read(folder)[ref]


def shown(folder: Path, days: int = 1, path: str = "talks/all.ics") -> list[str]:
    now = FIRST + timedelta(days=days)
    files = Calendars(load(folder, now), now).calendars
    text = next(file.text for file in files if file.path == path)
    return text.replace("\r\n ", "").split("\r\n")


def test_a_first_release_takes_the_identifier_that_subscribers_have(seminars: Seminars) -> None:
    folder = seminars()
    before = shown(folder)
    assert "SEQUENCE:0" in before
    assert released(folder) == ["weekly/trust “On trust”: new, 2024-05-05 10:00 Europe/Berlin"]
    told = record(folder)
    assert told.uid == str(identifier(load(folder).site, "weekly/trust"))
    assert (told.sequence, told.created, told.last_modified) == (0, FIRST, FIRST)
    after = shown(folder)
    assert [line for line in after if line.startswith("UID")] == [
        line for line in before if line.startswith("UID")
    ]
    assert {"SEQUENCE:0", "DTSTAMP:20240401T120000Z", "CREATED:20240401T120000Z"} <= set(after)


def test_a_second_release_writes_nothing(seminars: Seminars) -> None:
    folder = seminars()
    released(folder)
    (path,) = (folder / ".ledger").glob("*/*.json")
    path.chmod(0o400)
    stamp = path.stat().st_mtime_ns
    assert released(folder, days=3) == []
    assert path.stat().st_mtime_ns == stamp


EDITS = {
    "moved": (
        ("05-05 10:00", "05-06 11:00"),
        "moved from 2024-05-05 10:00 Europe/Berlin to 2024-05-06 11:00 Europe/Berlin",
    ),
    "zone": (
        ("start:", "zone: Asia/Tokyo\nstart:"),
        "moved from 2024-05-05 10:00 Europe/Berlin to 2024-05-05 10:00 Asia/Tokyo",
    ),
    "longer": (("speakers", "duration: 90 min\nspeakers"), "ends at 11:30 instead of 11:00"),
    "cancelled": (("speakers", "status: cancelled\nspeakers"), "cancelled"),
    "postponed": (("speakers", "status: postponed\nspeakers"), "postponed"),
    "renamed": (("On trust", "On doubt"), "renamed or reworded"),
    "translated": (("论信任", "论怀疑"), "renamed or reworded"),
    "speakers": (("[wang]", "[ann]"), "renamed or reworded"),
    "abstract": (("speakers", "abstract: Words.\nspeakers"), "renamed or reworded"),
    "place": (("speakers", "place: Room 1\nspeakers"), "renamed or reworded"),
    "format": (("speakers", "links: {stream: 'https://a.b/'}\nspeakers"), "renamed or reworded"),
}


@pytest.mark.parametrize(("edit", "told"), EDITS.values(), ids=EDITS)
def test_whatever_subscribers_can_see_raises_sequence_and_stamp(
    seminars: Seminars, edit: tuple[str, str], told: str
) -> None:
    folder = seminars({"weekly/trust.yaml": TALK})
    released(folder)
    seminars({"weekly/trust.yaml": TALK.replace(*edit)})
    # Between releases nothing is published under the old number.
    pending = shown(folder, days=2)
    assert {"SEQUENCE:1", "DTSTAMP:20240403T120000Z"} <= set(pending)
    (line,) = released(folder, days=3)
    assert line.partition(": ")[2] == told
    after = record(folder)
    assert (after.sequence, after.last_modified) == (1, FIRST + timedelta(days=3))
    assert after.created == FIRST


def test_what_nobody_sees_changes_nothing(seminars: Seminars) -> None:
    folder = seminars({"weekly/trust.yaml": TALK})
    released(folder)
    seminars({"weekly/trust.yaml": TALK + "# a note\nbio: Somebody.\n"})
    assert released(folder, days=3) == []


def test_another_address_of_the_site_is_seen_in_every_event(seminars: Seminars) -> None:
    released(folder := seminars())
    seminars({"site.yaml": SITE.replace("lab.example/", "new.example/lab")})
    address = "URL:https://new.example/lab/talks/weekly/trust/"
    assert {address, "SEQUENCE:1"} <= set(shown(folder, days=2))
    assert released(folder, days=3) == [
        "weekly/trust “On trust”: its site was https://lab.example/"
    ]
    assert (record(folder).sequence, record(folder).site) == (1, "https://new.example/lab/")
    seminars({"site.yaml": SITE.replace("lab.example/", "new.example/lab/")})
    assert released(folder, days=4) == []


def test_a_copy_that_is_served_elsewhere_is_no_revision(
    seminars: Seminars, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(folder := seminars())
    monkeypatch.setenv("ROSTRA_SITE_URL", "http://127.0.0.1:8000/")
    assert {"URL:http://127.0.0.1:8000/talks/weekly/trust/", "SEQUENCE:0"} <= set(shown(folder))
    assert released(folder, days=3) == []
    monkeypatch.delenv("ROSTRA_SITE_URL")
    assert released(folder, days=4) == []


def test_a_record_that_does_not_know_its_site_learns_it_unseen(seminars: Seminars) -> None:
    released(folder := seminars())
    told = record(folder)
    ledger.write(folder, told.model_copy(update={"site": ""}))
    assert released(folder, days=3) == ["weekly/trust “On trust”: nothing that subscribers see"]
    assert record(folder) == told


def test_the_stamp_rises_whatever_the_clock_says(seminars: Seminars) -> None:
    released(folder := seminars())
    before = record(folder)
    assert revised(before, FIRST - timedelta(days=9)).last_modified > before.last_modified


def test_a_file_that_is_moved_stays_the_same_event(seminars: Seminars) -> None:
    released(folder := seminars({"weekly/trust.yaml": TALK}))
    before = record(folder)
    (folder / "weekly" / "trust.yaml").unlink()
    moved = {"weekly/doubt.yaml": TALK + "formerly: [weekly/trust]\n", "weekly/trust.yaml": None}
    seminars(moved)
    (line,) = released(folder, days=3)
    assert line == "weekly/doubt “On trust”: its address was weekly/trust"
    assert [*ledger.read(folder)] == ["weekly/doubt"]
    after = record(folder, "weekly/doubt")
    assert (after.uid, after.sequence, after.created) == (before.uid, 1, FIRST)
    assert f"UID:{before.uid}" in shown(folder, path="talks/weekly/trust.ics")


def test_a_meet_up_that_is_moved_stays_the_same_event(seminars: Seminars) -> None:
    lunch = "title: Lunch\nstart: 2024-05-08 12:00\nrepeat: FREQ=WEEKLY\n"
    released(folder := seminars({"weekly/lunch.yaml": lunch}))
    before = record(folder, "weekly/lunch")
    (folder / "weekly" / "lunch.yaml").unlink()
    moved = {"weekly/meal.yaml": lunch + "formerly: [weekly/lunch]\n", "weekly/lunch.yaml": None}
    seminars(moved)
    assert [one.rule for one in check(folder)] == []
    (line,) = released(folder, days=3)
    assert line == "weekly/meal “Lunch”: its address was weekly/lunch"
    after = record(folder, "weekly/meal")
    assert (after.uid, after.sequence, after.status) == (before.uid, 1, "confirmed")
    told = shown(folder, path="talks/weekly/lunch.ics")
    assert f"UID:{before.uid}" in told
    assert "STATUS:CANCELLED" not in told


def test_a_moved_file_that_was_never_released_keeps_its_first_identifier(
    seminars: Seminars,
) -> None:
    talk = TALK + "formerly: [weekly/first, weekly/second]\n"
    released(folder := seminars({"weekly/trust.yaml": talk}))
    assert record(folder).uid == str(identifier(load(folder).site, "weekly/first"))


def test_a_calendar_keeps_what_it_has_carried(seminars: Seminars) -> None:
    released(folder := seminars({"weekly/trust.yaml": TALK}))
    seminars({"weekly/trust.yaml": TALK.replace("wang", "ann")})
    released(folder, days=3)
    for path in ("people/wang.ics", "people/ann.ics"):
        assert "SUMMARY:On trust (Ann Lee)" in shown(folder, path=path)


@pytest.mark.parametrize("draft", [False, True])
def test_what_vanishes_is_refused_with_what_to_do(seminars: Seminars, draft: bool) -> None:
    released(folder := seminars({"weekly/trust.yaml": TALK}))
    (folder / "weekly" / "trust.yaml").unlink()
    seminars({"weekly/trust.yaml": TALK + "status: draft\n" if draft else None})
    with pytest.raises(ReleaseError) as caught:
        released(folder, days=3)
    told = str(caught.value)
    assert ("is a draft again" in told) == draft
    for way in ("status: cancelled", "formerly: [weekly/trust]", "--withdraw weekly/trust"):
        assert way in told
    assert record(folder).sequence == 0
    # Until somebody decides, subscribers are told that it does not take place.
    assert {"STATUS:CANCELLED", "SUMMARY:Cancelled", "SEQUENCE:1"} <= set(shown(folder))


def test_what_is_lost_is_known_until_it_is_taken_back(seminars: Seminars) -> None:
    released(folder := seminars({"weekly/trust.yaml": TALK}))
    (folder / "weekly" / "trust.yaml").unlink()
    compared = compare(load(folder), FIRST)
    assert compared.lost == ["weekly/trust"]
    withdraw(compared, "weekly/trust")
    assert compare(load(folder), FIRST).lost == []


def test_a_strict_build_ends_where_something_is_lost(tmp_path: Path, caplog) -> None:
    """Its subscribers would see it cancelled."""
    entries = LIBRARY | {".ledger/weekly/gone.json": told_of("weekly/gone")}
    with pytest.raises(Abort):
        small_site(tmp_path, entries, "2024-05-10T00:00:00Z")
    told = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert [one for one in told if one.startswith("weekly/gone was released and is gone")]


def test_a_tombstone_stands_without_its_words(seminars: Seminars) -> None:
    released(folder := seminars({"weekly/trust.yaml": TALK}))
    before = record(folder)
    (folder / "weekly" / "trust.yaml").unlink()
    seminars({"weekly/trust.yaml": None})
    now = FIRST + timedelta(days=3)
    assert "withdrawn" in str(withdraw(compare(load(folder, now), now), "weekly/trust"))
    for path in ("talks/all.ics", "people/wang.ics", "talks/weekly/trust.ics"):
        lines = shown(folder, days=4, path=path)
        assert {f"UID:{before.uid}", "STATUS:CANCELLED", "SUMMARY:Cancelled"} <= set(lines)
        assert "DTSTART;TZID=Europe/Berlin:20240505T100000" in lines
        assert not [one for one in lines if "trust" in one and not one.startswith(("URL", "SOUR"))]
        assert not [one for one in lines if one.startswith(("DESCRIPTION", "LOCATION"))]
    assert released(folder, days=5) == []
    # Its file comes back: it takes place again, under the same identifier.
    seminars({"weekly/trust.yaml": TALK})
    (line,) = released(folder, days=6)
    assert "takes place again, confirmed" in line
    assert (record(folder).uid, record(folder).sequence) == (before.uid, 2)


@pytest.mark.parametrize(
    ("ref", "told"), [("weekly/none", "knows no weekly/none"), ("weekly/trust", "still there")]
)
def test_only_what_was_released_and_is_gone_is_withdrawn(
    seminars: Seminars, ref: str, told: str
) -> None:
    released(folder := seminars())
    with pytest.raises(ReleaseError, match=told):
        withdraw(compare(load(folder, FIRST), FIRST), ref)


def test_the_second_of_two_hours_is_released_once(seminars: Seminars) -> None:
    talk = TALK.replace("2024-05-05 10:00", "2024-10-27 02:30 +01:00")
    released(folder := seminars({"weekly/trust.yaml": talk}))
    assert released(folder, days=3) == []


def test_a_meeting_that_comes_again_is_released_with_its_rule(seminars: Seminars) -> None:
    lunch = "title: Lunch\nstart: 2024-05-01 12:00\nrepeat: FREQ=WEEKLY%s\n"
    released(folder := seminars({"weekly/lunch.yaml": lunch % ""}))
    assert released(folder, days=3) == []
    seminars({"weekly/lunch.yaml": lunch % ";INTERVAL=2"})
    assert released(folder, days=3) == ["weekly/lunch “Lunch”: comes again at other times"]
    (folder / "weekly" / "lunch.yaml").unlink()
    seminars({"weekly/lunch.yaml": None})
    assert "RRULE:FREQ=WEEKLY;INTERVAL=2" in shown(folder, days=4)


def test_a_build_counts_what_is_not_released(seminars: Seminars) -> None:
    folder = seminars({"weekly/trust.yaml": TALK})
    assert compare(load(folder), FIRST).unreleased == 0  # nobody has begun to release
    released(folder)
    assert compare(load(folder), FIRST).unreleased == 0
    seminars({"weekly/trust.yaml": TALK.replace("10:00", "11:00"), "weekly/new.yaml": TALK})
    assert compare(load(folder), FIRST).unreleased == 2
