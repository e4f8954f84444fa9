"""schema.org's Event and VideoObject: online, hybrid, cancelled, moved, recorded."""

import json
from typing import Any

import pytest

from rostra.sitegen.feeds.structured import embedded, structured
from rostra.sitegen.programme import Programme, load
from tests.rostra.sitegen.feeds._programme import NOW, write

HERE = "https://lab.example/seminar/"


def nodes(full: Programme, ref: str, language: str = "en") -> list[dict[str, Any]]:
    return json.loads(structured(full.find(ref), full.site, language))["@graph"]


@pytest.mark.parametrize(
    ("ref", "status"),
    [
        ("weekly/trust", "EventScheduled"),
        ("weekly/open", "EventScheduled"),
        ("weekly/cancelled", "EventCancelled"),
        ("weekly/postponed", "EventPostponed"),
        ("weekly/moved", "EventRescheduled"),
    ],
)
def test_what_became_of_it(full: Programme, ref: str, status: str) -> None:
    event = nodes(full, ref)[0]
    assert event["eventStatus"] == f"https://schema.org/{status}"
    assert ("previousStartDate" in event) is (status == "EventRescheduled")


def test_times_have_their_offset(full: Programme) -> None:
    event = nodes(full, "weekly/moved")[0]
    assert event["startDate"] == "2024-06-12T10:00:00+02:00"
    assert event["endDate"] == "2024-06-12T11:30:00+02:00"
    assert event["previousStartDate"] == "2024-06-05T10:00:00+02:00"


@pytest.mark.parametrize(
    ("ref", "mode", "kinds"),
    [
        ("weekly/open", "Offline", {"Place": "Room 1"}),
        ("weekly/moved", "Mixed", {"Place": "Room 1", "VirtualLocation": "https://live.example/"}),
        ("guests/chinese", "Online", {"VirtualLocation": "https://a.example/r"}),
        # a series that is held online, whatever place a talk of it names
        ("guests/hostile", "Online", {"VirtualLocation": f"{HERE}talks/guests/hostile/"}),
        ("guests/long", "Online", {"VirtualLocation": f"{HERE}talks/guests/long/"}),
    ],
)
def test_where_it_is_and_never_the_way_in(full, ref: str, mode: str, kinds: dict) -> None:
    event = nodes(full, ref)[0]
    assert event["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    found = {one["@type"]: one.get("url") or one["address"] for one in event["location"]}
    assert found == kinds


def test_a_room_that_nobody_has_named_is_nowhere_to_send_people(tmp_path) -> None:
    full = load(write(tmp_path, far__a="title: A\nstart: 2024-08-01 10:00\n", series=FAR), NOW)
    assert nodes(full, "far/a") == []


FAR = "far: {name: Far, format: in-person}\nweekly: {name: W, place: R}\nguests: {name: G}\n"


def test_who_is_heard_performs_and_who_hosts_organises(full: Programme) -> None:
    event = nodes(full, "weekly/trust", "zh")[0]
    assert [one["name"] for one in event["performer"]][:2] == ["Ann Lee", "王伟"]
    assert event["performer"][0]["sameAs"] == "https://orcid.org/0000-0002-1825-0097"
    assert [one["@type"] for one in event["organizer"]] == ["Organization", "Person"]
    assert event["image"] == [f"{HERE}assets/ann.png", f"{HERE}zh/talks/weekly/trust/card.svg"]
    series = {"@type": "EventSeries", "name": "周会", "url": f"{HERE}zh/talks/weekly/"}
    assert event["superEvent"] == series


def test_a_recording_is_a_video_with_its_words(full: Programme) -> None:
    event, video = nodes(full, "weekly/trust")
    assert video["@type"] == "VideoObject"
    assert video["contentUrl"] == "https://media.example/a/trust.mp4?s=1"
    assert video["transcript"] == "Good morning. Thank you & good bye."
    assert video["duration"] == "PT3600S"
    assert video["recordedAt"]["@id"] == event["@id"]
    assert video["uploadDate"] == event["endDate"]


def test_a_page_with_a_player_is_no_video_file(full: Programme) -> None:
    _, video = nodes(full, "guests/chinese")
    assert "contentUrl" not in video
    assert video["url"] == "https://video.example/watch?v=1"


def test_no_text_ends_the_script_element() -> None:
    text = embedded({"a": "</script><!--\u2028"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--\u2028"}
