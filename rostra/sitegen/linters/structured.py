"""schema.org's Event and VideoObject as Google asks for them, in the data blocks of a page.

The rules are those of Google's pages on structured data for events and videos, as they stood in
April 2026; there is no official check that works offline.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any
from zoneinfo import available_timezones

from rostra.sitegen.linters.markup import LANGUAGE, Report, is_rfc3339, is_web

EVENT, VIDEO = "Google, Event structured data", "Google, Video structured data"
RULES: Mapping[str, str] = {
    "ld-json": "JSON-LD 1.1, 7.3",
    "ld-context": "JSON-LD 1.1, 3.1",
    "event-name": f"{EVENT}, name (required)",
    "event-start": f"{EVENT}, startDate (required)",
    "event-end": f"{EVENT}, endDate",
    "event-location": f"{EVENT}, location (required)",
    "event-place": f"{EVENT}, location.name and location.address",
    "event-virtual": f"{EVENT}, VirtualLocation.url",
    "event-status": f"{EVENT}, eventStatus",
    "event-previous": f"{EVENT}, previousStartDate",
    "event-mode": f"{EVENT}, eventAttendanceMode",
    "event-organizer": f"{EVENT}, organizer.name",
    "event-performer": f"{EVENT}, performer.name",
    "event-description": f"{EVENT}, description",
    "event-image": f"{EVENT}, image",
    "event-language": "schema.org, inLanguage (BCP 47)",
    "schedule-frequency": "schema.org, Schedule.repeatFrequency (ISO 8601)",
    "schedule-day": "schema.org, Schedule.byDay",
    "schedule-date": "schema.org, Schedule.startDate, endDate and exceptDate (ISO 8601)",
    "schedule-time": "schema.org, Schedule.startTime and duration (ISO 8601)",
    "schedule-zone": "schema.org, Schedule.scheduleTimezone (IANA)",
    "video-name": f"{VIDEO}, name (required)",
    "video-thumbnail": f"{VIDEO}, thumbnailUrl (required)",
    "video-upload": f"{VIDEO}, uploadDate (required)",
    "video-duration": f"{VIDEO}, duration",
    "video-content": f"{VIDEO}, contentUrl and embedUrl",
}
DAY = re.compile(
    r"https://schema\.org/(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|[+-]?([1-9]|[1-4]\d|5[0-3])?(MO|TU|WE|TH|FR|SA|SU)"
)
EVENTS = {"Event", "EducationEvent"}
STATUS = {"EventScheduled", "EventCancelled", "EventPostponed", "EventRescheduled"}
# What each mode of attendance needs to be at.
MODES: Mapping[str, set[str]] = {
    "OfflineEventAttendanceMode": {"Place"},
    "OnlineEventAttendanceMode": {"VirtualLocation"},
    "MixedEventAttendanceMode": {"Place", "VirtualLocation"},
}
Node = Mapping[str, Any]
Found = Iterator[tuple[str, str]]


class _Blocks(HTMLParser):
    """The data blocks of a page, each with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[tuple[int, str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and ("type", "application/ld+json") in attrs
        if self.inside:
            self.blocks.append((self.getpos()[0], ""))

    def handle_data(self, data: str) -> None:
        if self.inside:
            line, before = self.blocks[-1]
            self.blocks[-1] = line, before + data

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def structured(html: str, report: Report) -> None:
    """Check every data block of a page."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    for line, text in parser.blocks:
        for rule, message in _block(text):
            report.add(line, rule, message)


def _block(text: str) -> Found:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        yield "ld-json", error.msg
        return
    if data.get("@context") != "https://schema.org":
        yield "ld-context", f"the context is '{data.get('@context')}'"
    for node in data.get("@graph", [data]):
        if node.get("@type") in EVENTS:
            yield from _event(node)
        elif node.get("@type") == "EventSeries":
            yield from _series(node)
        elif node.get("@type") == "VideoObject":
            yield from _video(node)


def _event(event: Node) -> Found:
    yield from _series(event)
    for key, rule in (("startDate", "event-start"), ("endDate", "event-end")):
        if not is_rfc3339(str(event.get(key, ""))):
            yield rule, f"{key} is '{event.get(key)}', no instant with its offset"


def _series(event: Node) -> Found:
    """What an event says, and all of a meet-up's, whose dates are in its schedule."""
    if not event.get("name"):
        yield "event-name", "the event has no name"
    yield from _status(event)
    yield from _where(event)
    yield from _told(event)
    for schedule in _many(event.get("eventSchedule")):
        yield from _schedule(schedule)


def _schedule(schedule: Node) -> Found:
    frequency = str(schedule.get("repeatFrequency"))
    if not re.fullmatch(r"P[1-9]\d*[DWMY]", frequency):
        yield "schedule-frequency", f"repeatFrequency is '{frequency}'"
    for day in _many(schedule.get("byDay")):
        if not DAY.fullmatch(str(day)):
            yield "schedule-day", f"byDay is '{day}'"
    yield from _times(schedule)
    if schedule.get("scheduleTimezone") not in available_timezones():
        yield "schedule-zone", f"scheduleTimezone is '{schedule.get('scheduleTimezone')}'"


def _times(schedule: Node) -> Found:
    ends = [schedule["endDate"]] if "endDate" in schedule else []
    for day in (schedule.get("startDate"), *ends, *_many(schedule.get("exceptDate"))):
        if not _is_date(str(day)):
            yield "schedule-date", f"'{day}' is no day"
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", str(schedule.get("startTime"))):
        yield "schedule-time", f"startTime is '{schedule.get('startTime')}'"
    if not re.fullmatch(r"PT[1-9]\d*M", str(schedule.get("duration"))):
        yield "schedule-time", f"duration is '{schedule.get('duration')}'"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _told(event: Node) -> Found:
    if not event.get("description"):
        yield "event-description", "the event has no description"
    for url in _many(event.get("image")):
        if not is_web(str(url)):
            yield "event-image", f"image is '{url}'"
    if not LANGUAGE.fullmatch(str(event.get("inLanguage", "en"))):
        yield "event-language", f"inLanguage is '{event['inLanguage']}'"
    for key in ("organizer", "performer"):
        if any(not one.get("name") for one in _many(event.get(key))):
            yield f"event-{key}", f"a nameless {key}"


def _status(event: Node) -> Found:
    status = _local(event.get("eventStatus"))
    if status not in STATUS:
        yield "event-status", f"eventStatus is '{event.get('eventStatus')}'"
    before = event.get("previousStartDate")
    if (status == "EventRescheduled") != (before is not None):
        yield "event-previous", "previousStartDate belongs to what was rescheduled, and to it alone"
    if before is not None and not is_rfc3339(str(before)):
        yield "event-previous", f"previousStartDate is '{before}'"


def _where(event: Node) -> Found:
    places = _many(event.get("location"))
    if not places:
        yield "event-location", "the event is nowhere"
    for place in places:
        if place.get("@type") == "Place" and not (place.get("name") and place.get("address")):
            yield "event-place", "a place without name or address"
        if place.get("@type") == "VirtualLocation" and not is_web(str(place.get("url", ""))):
            yield "event-virtual", f"a virtual location at '{place.get('url')}'"
    mode = _local(event.get("eventAttendanceMode"))
    kinds = {place.get("@type") for place in places}
    if mode not in MODES or (places and not MODES[mode] <= kinds):
        yield "event-mode", f"'{mode}' at {', '.join(sorted(map(str, kinds)))}"


def _video(video: Node) -> Found:
    if not video.get("name"):
        yield "video-name", "the video has no name"
    thumbnails = _many(video.get("thumbnailUrl"))
    if not thumbnails or not all(is_web(str(url)) for url in thumbnails):
        yield "video-thumbnail", f"thumbnailUrl is '{video.get('thumbnailUrl')}'"
    if not is_rfc3339(str(video.get("uploadDate", ""))):
        yield "video-upload", f"uploadDate is '{video.get('uploadDate')}'"
    duration = str(video.get("duration", "PT1S"))
    if not duration.startswith("PT") or not duration[2:-1].isalnum():
        yield "video-duration", f"duration is '{duration}'"
    for key in ("contentUrl", "embedUrl"):
        if key in video and not is_web(str(video[key])):
            yield "video-content", f"{key} is '{video[key]}'"


def _local(value: Any) -> str:
    return str(value).removeprefix("https://schema.org/")


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
