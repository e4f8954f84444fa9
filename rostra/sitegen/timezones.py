"""VTIMEZONE components made from zone data: the rules that hold around the events, no more.

Yearly changes are written as RRULE, which Outlook follows where it overlooks lists of RDATE.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import icalendar
from icalendar.prop import vRecur

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Change:
    """One change of a zone's clock: when by the old clock, from and to which offset."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def timezones(moments: Iterable[datetime]) -> list[icalendar.Timezone]:
    """Describe every zone that the moments are in, one component each; UTC needs none."""
    return [_timezone(ZoneInfo(key), first, last) for key, first, last in _spans(moments)]


def described(moments: Iterable[datetime]) -> list[bytes]:
    """The same, written: many calendars need the same few."""
    return [_text(*span) for span in _spans(moments)]


def _spans(moments: Iterable[datetime]) -> list[tuple[str, int, int]]:
    """The zones, each with the years around which it matters."""
    zones: dict[str, list[int]] = {}
    for moment in moments:
        if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC":
            zones.setdefault(moment.tzinfo.key, []).append(moment.year)
    return [(key, min(years) - 1, max(years) + 1) for key, years in sorted(zones.items())]


@lru_cache(maxsize=4096)
def _text(key: str, first: int, last: int) -> bytes:
    return _timezone(ZoneInfo(key), first, last).to_ical(sorted=False)


def _timezone(zone: ZoneInfo, first: int, last: int) -> icalendar.Timezone:
    changes = _changes(zone, first, last)
    found = icalendar.Timezone()
    found.add("tzid", zone.key)
    start = datetime(first, 1, 1, tzinfo=zone)
    found.add_component(_observance([_standing(start)], last))
    for _, group in groupby(sorted(changes, key=_kind), key=_kind):
        same = sorted(group, key=lambda change: change.wall)
        found.add_component(_observance(same, last))
    return found


def _kind(change: Change) -> tuple[str, timedelta, timedelta, bool]:
    return change.name, change.before, change.after, change.summer


def _standing(start: datetime) -> Change:
    """What holds before the first change that matters."""
    offset = start.utcoffset() or NO_TIME
    wall = start.replace(tzinfo=None)
    return Change(wall, offset, offset, start.tzname() or "", bool(start.dst()))


def _changes(zone: ZoneInfo, first: int, last: int) -> tuple[Change, ...]:
    """The changes from the start of one year to the end of another."""
    return tuple(change for year in range(first, last + 1) for change in _of_year(zone, year))


@lru_cache(maxsize=4096)
def _of_year(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    start = datetime(year, 1, 1, tzinfo=UTC)
    days = (datetime(year + 1, 1, 1, tzinfo=UTC) - start).days
    return tuple(
        _change(zone, day, next_day)
        for day, next_day in pairwise(start + timedelta(days=i) for i in range(days + 1))
        if day.astimezone(zone).utcoffset() != next_day.astimezone(zone).utcoffset()
    )


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> Change:
    """Close in on the minute of a change between two instants."""
    before = low.astimezone(zone).utcoffset() or NO_TIME
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2 // timedelta(minutes=1) * timedelta(minutes=1)
        middle = max(middle, low + timedelta(minutes=1))
        if (middle.astimezone(zone).utcoffset() or NO_TIME) == before:
            low = middle
        else:
            high = middle
    local = high.astimezone(zone)
    wall = (high + before).replace(tzinfo=None)
    after = local.utcoffset() or NO_TIME
    return Change(wall, before, after, local.tzname() or "", bool(local.dst()))


def _observance(
    changes: list[Change], last: int
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    first, more = changes[0], changes[1:]
    found = icalendar.TimezoneDaylight() if first.summer else icalendar.TimezoneStandard()
    found.add("dtstart", first.wall)
    if rule := _yearly(changes, last):
        found.add("rrule", rule)
    elif more:
        found.add("rdate", [change.wall for change in more])
    found.add("tzoffsetfrom", first.before)
    found.add("tzoffsetto", first.after)
    found.add("tzname", first.name)
    return found


def _yearly(changes: list[Change], last: int) -> vRecur | None:
    """The rule `nth (or last) such weekday of that month`, if all changes follow it.

    A rule that the zone has given up before the last year that is described ends there.
    """
    years = [change.wall.year for change in changes]
    if len(changes) < 2 or years != list(range(years[0], years[0] + len(years))):
        return None
    months = {(change.wall.month, change.wall.time(), change.wall.weekday()) for change in changes}
    if len(months) != 1:
        return None
    for nths in (
        {_nth(change.wall) for change in changes},
        {_nth_last(change.wall) for change in changes},
    ):
        if len(nths) == 1:
            day = f"{nths.pop()}{DAYS[changes[0].wall.weekday()]}"
            end = (changes[-1].wall - changes[-1].before).replace(tzinfo=UTC)
            until = {"until": end} if years[-1] < last else {}
            month = changes[0].wall.month
            return vRecur({"freq": "yearly", **until, "bymonth": month, "byday": day})
    return None


def _nth(wall: datetime) -> int:
    return (wall.day - 1) // 7 + 1


def _nth_last(wall: datetime) -> int:
    month_end = (wall.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return -((month_end.day - wall.day) // 7 + 1)
