"""Three foreign libraries read the same instants; ical.js does so in tests/browser."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import icalendar
import pytest
import vobject
from dateutil.rrule import rrulestr
from ical.calendar_stream import IcsCalendarStream

from rostra.sitegen.linters.ics import lint
from tests.rostra.sitegen.readers._calendar import UNTIL, lasting, span, text, truth

Spans = Mapping[str, list[tuple[int, int]]]


def by_icalendar() -> Spans:
    found = icalendar.Calendar.from_ical(text())
    return {str(event["summary"]): [*_expanded(event)] for event in found.walk("VEVENT")}


def _expanded(event: Any) -> list[tuple[int, int]]:
    """The library reads; what comes again is counted by the clock of the start (3.8.5.3)."""
    start, end = event["dtstart"].dt, event["dtend"].dt
    if "rrule" not in event:
        return [span(start, end)]
    zone, rule = start.tzinfo, event["rrule"].to_ical().decode()
    left, _, until = rule.partition("UNTIL=")
    if until:
        stop, _, rest = until.partition(";")
        end_of_rule = icalendar.vDatetime.from_ical(stop).astimezone(zone)
        rule = f"{left}UNTIL={end_of_rule:%Y%m%dT%H%M%S}" + (f";{rest}" if rest else "")
    walls = rrulestr(rule, dtstart=start.replace(tzinfo=None))
    moments = {wall.replace(tzinfo=zone) for wall in walls}
    moments -= {one.dt for one in event["exdate"].dts}
    moments |= {one.dt for one in event["rdate"].dts}
    return [lasting(one, end - start) for one in sorted(moments)]


def by_vobject() -> Spans:
    return {
        event.summary.value: _of_vobject(event) for event in vobject.readOne(text()).vevent_list
    }


def _of_vobject(event: Any) -> list[tuple[int, int]]:
    start, end = event.dtstart.value, event.dtend.value
    rules: Iterable[datetime] | None = event.getrruleset(True)
    return [lasting(one, end - start) for one in rules] if rules else [span(start, end)]


def by_ical() -> Spans:
    found: dict[str, list[tuple[int, int]]] = {}
    for event in IcsCalendarStream.calendar_from_ics(text()).timeline:
        if event.start_datetime < UNTIL:
            moment = span(event.start_datetime, event.end_datetime)
            found.setdefault(str(event.summary), []).append(moment)
    return found


def test_the_calendar_is_in_order_and_covers_what_is_hard() -> None:
    assert lint(text().encode()) == []
    lengths = [len(spans) for spans in truth().values()]
    assert len(lengths) == 28
    assert lengths.count(1) == 18
    assert min(length for length in lengths if length > 1) == 52


@pytest.mark.parametrize("read", [by_icalendar, by_vobject, by_ical])
def test_every_instant_is_read_as_it_was_meant(read: Callable[[], Spans]) -> None:
    assert read() == truth()
