"""Google's rules for events and videos: a broken page for each."""

import copy
import json
from typing import Any

import pytest

from rostra.sitegen.linters.data import lint_page
from rostra.sitegen.linters.structured import RULES

PLACE = {"@type": "Place", "name": "Room 1", "address": "Room 1"}
ONLINE = {"@type": "VirtualLocation", "url": "https://lab.example/talks/a/"}
EVENT: dict[str, Any] = {
    "@type": "Event",
    "name": "On trust",
    "description": "Why?",
    "startDate": "2024-06-01T10:00:00+02:00",
    "endDate": "2024-06-01T11:00:00+02:00",
    "eventStatus": "https://schema.org/EventScheduled",
    "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
    "location": [PLACE, ONLINE],
    "image": ["https://lab.example/a.svg"],
    "inLanguage": "zh-Hans",
    "organizer": {"@type": "Organization", "name": "The lab"},
    "performer": [{"@type": "Person", "name": "Ann"}],
}
MOVED = {
    **EVENT,
    "eventStatus": "https://schema.org/EventRescheduled",
    "previousStartDate": "2024-05-25T10:00:00+02:00",
}
VIDEO: dict[str, Any] = {
    "@type": "VideoObject",
    "name": "On trust",
    "thumbnailUrl": ["https://lab.example/a.svg"],
    "uploadDate": "2024-06-01T11:00:00+02:00",
    "duration": "PT3600S",
    "contentUrl": "https://m.example/a.mp4",
}


SCHEDULE: dict[str, Any] = {
    "@type": "Schedule",
    "repeatFrequency": "P2W",
    "byDay": ["https://schema.org/Wednesday", "1FR"],
    "startDate": "2024-06-01",
    "endDate": "2024-12-31",
    "startTime": "12:00:00",
    "duration": "PT60M",
    "scheduleTimezone": "Europe/Berlin",
    "exceptDate": ["2024-06-15"],
}
SERIES: dict[str, Any] = {
    **{key: value for key, value in EVENT.items() if not key.endswith("Date")},
    "@type": "EventSeries",
    "eventSchedule": SCHEDULE,
}


def page(*nodes: Any, context: str = "https://schema.org") -> bytes:
    data = json.dumps({"@context": context, "@graph": nodes})
    return (
        f'<p>\n<script type="application/ld+json">{data}</script><script src="a"></script>'.encode()
    )


def rules(data: bytes) -> set[str]:
    return {one.rule for one in lint_page(data, "a.html")}


def test_sound_pages_have_no_findings() -> None:
    in_room = {**EVENT, "location": PLACE, "eventAttendanceMode": "OfflineEventAttendanceMode"}
    online = {**EVENT, "location": [ONLINE], "eventAttendanceMode": "OnlineEventAttendanceMode"}
    for nodes in (
        [EVENT, VIDEO],
        [MOVED],
        [SERIES],
        [in_room],
        [online],
        [],
        [{"@type": "Person"}],
    ):
        assert lint_page(page(*nodes), "a.html") == []
    assert lint_page(b"<p>No block", "a.html") == []


BROKEN: list[tuple[str, dict[str, Any], str, Any]] = [
    ("event-name", EVENT, "name", ""),
    ("event-start", EVENT, "startDate", "2024-06-01T10:00"),
    ("event-end", EVENT, "endDate", None),
    ("event-location", EVENT, "location", None),
    ("event-place", EVENT, "location", [{"@type": "Place", "name": "Room 1"}, ONLINE]),
    ("event-virtual", EVENT, "location", [PLACE, {"@type": "VirtualLocation"}]),
    ("event-status", EVENT, "eventStatus", "EventMoved"),
    ("event-status", EVENT, "eventStatus", None),
    ("event-previous", MOVED, "previousStartDate", None),
    ("event-previous", MOVED, "previousStartDate", "last week"),
    ("event-previous", MOVED, "eventStatus", "https://schema.org/EventScheduled"),
    ("event-mode", EVENT, "eventAttendanceMode", "hybrid"),
    ("event-mode", EVENT, "location", [PLACE]),
    ("event-organizer", EVENT, "organizer", {"@type": "Person"}),
    ("event-performer", EVENT, "performer", [{"@type": "Person", "name": ""}]),
    ("event-description", EVENT, "description", None),
    ("event-image", EVENT, "image", "a.png"),
    ("event-language", EVENT, "inLanguage", "Chinese"),
    ("event-name", SERIES, "name", None),
    ("event-location", SERIES, "location", None),
    *(
        (f"schedule-{rule}", SERIES, "eventSchedule", {**SCHEDULE, key: value})
        for rule, key, value in (
            ("frequency", "repeatFrequency", "weekly"),
            ("day", "byDay", ["Wednesday"]),
            ("date", "startDate", "1 June 2024"),
            ("date", "endDate", None),
            ("date", "exceptDate", ["2024-06-31"]),
            ("time", "startTime", "noon"),
            ("time", "duration", "1 h"),
            ("zone", "scheduleTimezone", "CET+1"),
        )
    ),
    ("video-name", VIDEO, "name", None),
    ("video-thumbnail", VIDEO, "thumbnailUrl", None),
    ("video-thumbnail", VIDEO, "thumbnailUrl", ["a.png"]),
    ("video-upload", VIDEO, "uploadDate", "2024"),
    ("video-duration", VIDEO, "duration", "1 h"),
    ("video-content", VIDEO, "contentUrl", "a.mp4"),
]


def test_every_rule_has_a_broken_page() -> None:
    assert {rule for rule, *_ in BROKEN} | {"ld-json", "ld-context"} == set(RULES)


@pytest.mark.parametrize(("rule", "sound", "key", "value"), BROKEN)
def test_a_broken_page_is_found(rule: str, sound: dict[str, Any], key: str, value: Any) -> None:
    broken = copy.deepcopy(sound)
    broken[key] = value
    if value is None:
        del broken[key]
    assert rules(page(broken)) == {rule}


def test_a_block_that_is_no_json_is_found_on_its_line() -> None:
    found = lint_page(b'\n<script type="application/ld+json">{</script>', "a.html")
    assert [(one.rule, one.line) for one in found] == [("ld-json", 2)]
    assert rules(page(EVENT, context="http://example.org")) == {"ld-context"}
