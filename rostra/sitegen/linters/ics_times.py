"""Time (RFC 5545, 3.3.10, 3.6.5 and 3.8.5): rules that come again, and what zones say of events."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr

from rostra.sitegen.linters.ics_components import Component
from rostra.sitegen.linters.ics_lines import Property
from rostra.sitegen.linters.ics_rules import Report
from rostra.sitegen.linters.ics_values import TIMED, kind_of, moment, offset

_DAY = r"(?:[+-]?(?:[1-9]|[1-4]\d|5[0-3]))?(?:SU|MO|TU|WE|TH|FR|SA)"


def _numbers(most: int, *, signed: bool = True, zero: bool = False) -> str:
    digits = "|".join(map(str, range(0 if zero else 1, most + 1)))
    one = f"{'[+-]?' if signed else ''}0*(?:{digits})"
    return f"{one}(?:,{one})*"


PARTS: Mapping[str, re.Pattern[str]] = {
    key: re.compile(form)
    for key, form in {
        "FREQ": "SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
        "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
        "COUNT": r"\d*[1-9]\d*",
        "INTERVAL": r"\d*[1-9]\d*",
        "BYSECOND": _numbers(60, signed=False, zero=True),
        "BYMINUTE": _numbers(59, signed=False, zero=True),
        "BYHOUR": _numbers(23, signed=False, zero=True),
        "BYDAY": f"{_DAY}(?:,{_DAY})*",
        "BYMONTHDAY": _numbers(31),
        "BYYEARDAY": _numbers(366),
        "BYWEEKNO": _numbers(53),
        "BYMONTH": _numbers(12, signed=False),
        "BYSETPOS": _numbers(366),
        "WKST": "SU|MO|TU|WE|TH|FR|SA",
    }.items()
}
# When an observance begins: its start, rule and further dates; and the offset that it leads to.
Onset = tuple[str, str, tuple[str, ...], timedelta]
# Parts that a frequency does not have.
FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "BYWEEKNO": ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY"),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYMONTHDAY": ("WEEKLY",),
}


def parts_of(line: Property) -> Mapping[str, str]:
    """The parts of a rule under their names."""
    parts = (part.partition("=") for part in line.value.upper().split(";"))
    return {key: value for key, _, value in parts}


def check_rule(line: Property, start: Property | None, report: Report) -> None:
    """Find what is wrong with one RRULE."""
    given = parts_of(line)
    if len(given) <= line.value.count(";"):
        report.add(line.line, "rrule", "a part stands twice")
    for problem in (*_whole_problems(given), *_part_problems(given)):
        report.add(line.line, "rrule", problem)
    if start is not None and (until := given.get("UNTIL")) and not _ends_alike(start, until):
        report.add(line.line, "until", "UNTIL is not of the kind that DTSTART asks for")


def _whole_problems(given: Mapping[str, str]) -> Iterator[str]:
    if "FREQ" not in given:
        yield "FREQ is missing"
    if {"COUNT", "UNTIL"} <= given.keys():
        yield "COUNT and UNTIL exclude each other"
    if "BYSETPOS" in given and not any(key[:2] == "BY" for key in given if key != "BYSETPOS"):
        yield "BYSETPOS chooses from no other part"


def _part_problems(given: Mapping[str, str]) -> Iterator[str]:
    freq = given.get("FREQ", "")
    for key, value in given.items():
        if not _is_part(key, value):
            yield f"{key}={value} is no part of a rule"
        elif freq in FORBIDDEN.get(key, ()):
            yield f"{key} has no meaning with FREQ={freq}"
    months = freq in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in given
    if re.search(r"\d", given.get("BYDAY", "")) and not months:
        yield "BYDAY has numbers only where months or years come again"


def _is_part(key: str, value: str) -> bool:
    known = key in PARTS and PARTS[key].fullmatch(value)
    return bool(known) and (key != "UNTIL" or moment(value) is not None)


def _ends_alike(start: Property, until: str) -> bool:
    if kind_of(start) == "DATE":
        return len(until) == 8
    absolute = bool(start.tzid) or start.value.endswith("Z")
    return len(until) > 8 and until.endswith("Z") == absolute


def check_zones(calendar: Component, report: Report) -> None:
    """Find zones that are missing, unused, doubled or wrong for the events."""
    zones: dict[str, Component] = {}
    for zone in calendar.walk("VTIMEZONE"):
        name = one.value if (one := zone.one("TZID")) else ""
        if name in zones:
            report.add(zone.line, "zone-twice", f"{name} is described twice")
        zones[name] = zone
        _observances(zone, report)
    used = list(_used(calendar))
    onsets = {name: tuple(_onsets(zone)) for name, zone in zones.items()}
    for line in used:
        if line.tzid not in zones:
            report.add(line.line, "zone-missing", f"nothing describes {line.tzid}")
        else:
            _covered(line, onsets[line.tzid], report)
    if any(calendar.walk("VEVENT")):
        for name in zones.keys() - {line.tzid for line in used}:
            report.add(zones[name].line, "zone-unused", f"no event is in {name}")


def _used(calendar: Component) -> Iterator[Property]:
    for event in calendar.walk("VEVENT"):
        yield from (line for line in event.properties if line.name in TIMED and line.tzid)


def _observances(zone: Component, report: Report) -> None:
    observances = [*zone.walk("STANDARD", "DAYLIGHT")]
    if not observances:
        report.add(zone.line, "zone-empty", "the zone has neither STANDARD nor DAYLIGHT")
    for observance in observances:
        start = observance.one("DTSTART")
        if start and (start.value.endswith("Z") or start.tzid or kind_of(start) == "DATE"):
            report.add(start.line, "zone-start", "an observance starts by its own clock")
        for rule in observance.all("RRULE"):
            if start and "UNTIL=" in rule.value and not re.search(r"UNTIL=\w{15}Z", rule.value):
                report.add(rule.line, "until", "UNTIL of an observance is in UTC")
            check_rule(rule, None, report)


def _covered(line: Property, onsets: tuple[Onset, ...], report: Report) -> None:
    """Whether the description holds at the event, and says what the zone data says."""
    for text in line.value.split(","):
        wall = moment(text)
        if not isinstance(wall, datetime) or not onsets:
            continue
        said = _offset_at(onsets, wall)
        if said is None:
            report.add(line.line, "zone-cover", f"{line.tzid} is described only after {wall}")
        elif line.tzid in _zones() and said not in _true_offsets(line.tzid, wall):
            report.add(line.line, "zone-offset", f"{line.tzid} is not at {said} on {wall}")


def _onsets(zone: Component) -> Iterator[Onset]:
    """What decides when each observance begins: start, rule, further dates, offset to."""
    for one in zone.walk("STANDARD", "DAYLIGHT"):
        start, to = one.one("DTSTART"), one.one("TZOFFSETTO")
        shift = offset(to.value) if to else None
        if start and shift is not None and isinstance(moment(start.value), datetime):
            rules = (line.value for line in one.all("RRULE") if _can_be_followed(line))
            more = (text for line in one.all("RDATE") for text in line.value.split(","))
            before = line.value if (line := one.one("TZOFFSETFROM")) else "+0000"
            yield start.value, _by_wall(next(rules, ""), before), tuple(more), shift


def _can_be_followed(line: Property) -> bool:
    given = parts_of(line)
    # No clock changes every second, and such a rule would be followed for hours.
    return given.get("FREQ") in ("YEARLY", "MONTHLY") and all(
        _is_part(key, value) for key, value in given.items()
    )


def _by_wall(rule: str, before: str) -> str:
    """The rule with its UNTIL by the clock that the onset is given in."""

    def local(found: re.Match[str]) -> str:
        end = moment(found[1])
        assert isinstance(end, datetime)
        return f"UNTIL={end + (offset(before) or timedelta()):%Y%m%dT%H%M%S}"

    return re.sub(r"UNTIL=(\d{8}T\d{6})Z", local, rule)


@lru_cache(maxsize=4096)
def _offset_at(onsets: tuple[Onset, ...], wall: datetime) -> timedelta | None:
    begun = [(last, one[3]) for one in onsets if (last := _last(one, wall)) is not None]
    return max(begun)[1] if begun else None


def _last(onset: Onset, wall: datetime) -> datetime | None:
    first = moment(onset[0])
    assert isinstance(first, datetime)
    known = [first, *(one for one in map(moment, onset[2]) if isinstance(one, datetime))]
    if onset[1] and (found := _before(onset[1], first, wall)) is not None:
        known.append(found)
    return max((one for one in known if one <= wall), default=None)


def _before(rule: str, first: datetime, wall: datetime) -> datetime | None:
    try:
        found = rrulestr(rule, dtstart=first).before(wall, inc=True)
    except (ValueError, IndexError):  # the 53rd Sunday of a year, say, which never comes
        return None
    return found if isinstance(found, datetime) else None


def _true_offsets(key: str, wall: datetime) -> set[timedelta | None]:
    """What the zone data says: two answers where the clock shows the time twice or skips it."""
    return {wall.replace(tzinfo=ZoneInfo(key), fold=fold).utcoffset() for fold in (0, 1)}


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def instant(line: Property) -> datetime | None:
    """The instant of a time of an event, where it can be told."""
    wall = moment(line.value)
    if not isinstance(wall, datetime):
        return None
    if line.value.endswith("Z"):
        return wall.replace(tzinfo=UTC)
    known = line.tzid in _zones()
    return wall.replace(tzinfo=ZoneInfo(line.tzid)).astimezone(UTC) if known else None
