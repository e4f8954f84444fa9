"""Rules of what comes again (RFC 5545, 3.3.10): what one may write, and the days that it gives.

They are read period by period, so that a day far from the first one is found without those between,
and a rule that gives no day at all ends where one stops looking.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from rostra.sitegen.faults import nearest
from rostra.sitegen.fields import refuse
from rostra.sitegen.messages import say

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = rf"([+-]?[1-5])?({'|'.join(WEEK)})"
_POSITION = r"-?(36[0-6]|3[0-5]\d|[12]\d\d|[1-9]\d?)"
PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(T\d{6}Z)?",
    "BYDAY": rf"{_DAY}(,{_DAY})*",
    "BYMONTHDAY": r"-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*",
    "BYMONTH": r"([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYSETPOS": rf"{_POSITION}(,{_POSITION})*",
    "WKST": "|".join(WEEK),
}
CHOICES = ("BYDAY", "BYMONTHDAY", "BYMONTH")  # what BYSETPOS can choose from
YEARS = range(1900, 9999)  # of an UNTIL: the day after it is a day as well


def parts_of(rule: str) -> Mapping[str, str]:
    """Take a rule apart: its parts under their names.

    Examples:
        >>> parts_of("FREQ=WEEKLY;BYDAY=WE")
        {'FREQ': 'WEEKLY', 'BYDAY': 'WE'}
    """
    found = (part.partition("=") for part in rule.split(";"))
    return {key: value for key, _, value in found}


def _rule(text: str) -> str:
    written = [part.partition("=") for part in text.split(";")]
    for key, _, value in written:
        _check_part(key, value)
    keys = [key.upper() for key, _, _ in written]
    if "FREQ" not in keys or len(set(keys)) < len(keys) or {"COUNT", "UNTIL"} <= set(keys):
        message = say("a rule has one FREQ, and an end by COUNT or by UNTIL, not both")
        refuse("repeat", message, expected="FREQ=WEEKLY;BYDAY=WE")
    _check_whole({key.upper(): (key, value) for key, _, value in written})
    return text.upper()


def _check_part(key: str, value: str) -> None:
    name = key.upper()
    if name not in PARTS:
        message = say("'{key}' is no part of a rule", key=key)
        refuse("repeat", message, needle=key, suggestion=nearest(key, PARTS))
    if not re.fullmatch(PARTS[name], value.upper()):
        refuse("repeat", say("'{value}' cannot be {key}", value=value, key=name), needle=value)
    if name == "UNTIL" and not _is_end(value.upper()):
        hint = say("write the last day as 20261231, or leave UNTIL out")
        message = say("no rule can end on {value}: there is no such day or hour", value=value)
        refuse("repeat", message, needle=value, suggestion=hint)


def _is_end(value: str) -> bool:
    form = "%Y%m%dT%H%M%SZ" if "T" in value else "%Y%m%d"
    try:
        return datetime.strptime(value, form).year in YEARS
    except ValueError:
        return False


def _check_whole(given: Mapping[str, tuple[str, str]]) -> None:
    """Refuse parts that have no meaning beside the others (the table of 3.3.10)."""
    freq = given["FREQ"][1].upper()
    days = given.get("BYDAY", ("", ""))[1]
    if freq in ("DAILY", "WEEKLY") and (numbered := re.search(r"[+-]?\d[A-Za-z]{2}", days)):
        day = numbered[0]
        hint = say("write FREQ=MONTHLY;BYDAY={day}, or BYDAY={plain}", day=day, plain=day[-2:])
        message = say("{day} counts in a month or a year, not with FREQ={freq}", day=day, freq=freq)
        refuse("repeat", message, needle=day, suggestion=hint)
    if freq == "WEEKLY" and "BYMONTHDAY" in given:
        key, value = given["BYMONTHDAY"]
        hint = say("write FREQ=MONTHLY;BYMONTHDAY={days}", days=value)
        refuse("repeat", say("a week has no BYMONTHDAY"), needle=key, suggestion=hint)
    if "BYSETPOS" in given and not given.keys() & {*CHOICES}:
        hint = say("add BYDAY, BYMONTHDAY or BYMONTH, or leave BYSETPOS out")
        message = say("BYSETPOS chooses from what another BY gives, and there is none")
        refuse("repeat", message, needle=given["BYSETPOS"][0], suggestion=hint)


Rule: TypeAlias = Annotated[str, AfterValidator(_rule)]


def with_instant(rule: str, zone: ZoneInfo) -> str:
    """Write a rule with its UNTIL in UTC, as it must be where the start names a zone."""
    return re.sub(r"UNTIL=\d{8}(?!T)", f"UNTIL={end_of(rule, zone):%Y%m%dT%H%M%SZ}", rule)


def end_of(rule: str, zone: ZoneInfo) -> datetime:
    """The last instant of a rule, in UTC: that of its UNTIL, which may be a day of a zone."""
    written = parts_of(rule).get("UNTIL")
    if written is None:
        return datetime.max.replace(tzinfo=UTC)
    if "T" in written:
        return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    after = date.fromisoformat(written) + timedelta(days=1)
    return datetime.combine(after, time(), zone).astimezone(UTC) - timedelta(seconds=1)


@dataclass(frozen=True)
class Recurrence:
    """The days that a rule gives; where it ends by UNTIL, who reads them stops.

    Args:
        rule: as an entry has it.
        first: the day that it begins with.
    """

    rule: str
    first: date

    def days(self, since: date, until: date) -> Iterator[date]:
        """Yield its days from one to another, both included."""
        count = self._parts.get("COUNT")
        # Which is the last of so many is only known by counting.
        begin = self.first if count else max(since, self.first)
        found = (day for days in self._sets(begin, until) for day in days if day >= self.first)
        for day in islice(found, int(count) if count else None):
            if day > until:
                return
            if day >= since:
                yield day

    @cached_property
    def _parts(self) -> Mapping[str, str]:
        """Its parts, with what follows from the first day where none of them says it."""
        given = dict(parts_of(self.rule))
        if "BYDAY" in given or "BYMONTHDAY" in given or given["FREQ"] == "DAILY":
            return given
        if given["FREQ"] == "WEEKLY":
            return {**given, "BYDAY": WEEK[self.first.weekday()]}
        if given["FREQ"] == "YEARLY":
            given = {"BYMONTH": str(self.first.month), **given}
        return {**given, "BYMONTHDAY": str(self.first.day)}

    def _numbers(self, key: str) -> tuple[int, ...]:
        return tuple(int(one) for one in self._parts.get(key, "").split(",") if one)

    @cached_property
    def _months(self) -> tuple[int, ...]:
        return self._numbers("BYMONTH")

    @cached_property
    def _month_days(self) -> tuple[int, ...]:
        return self._numbers("BYMONTHDAY")

    @cached_property
    def _week_days(self) -> tuple[tuple[int, int], ...]:
        """Each with its number in the month or year; 0: all of them."""
        written = [one for one in self._parts.get("BYDAY", "").split(",") if one]
        return tuple((int(one[:-2] or 0), WEEK.index(one[-2:])) for one in written)

    def _sets(self, begin: date, until: date) -> Iterator[list[date]]:
        """The days of each period, from that of one day to that of another."""
        origin, step = self._number(self.first), int(self._parts.get("INTERVAL", 1))
        start = self._number(begin)
        for number in range(start - (start - origin) % step, self._number(until) + 1, step):
            yield self._chosen([day for day in self._span(number) if self._fits(day)])

    def _number(self, day: date) -> int:
        """Count the periods up to that of a day."""
        match self._parts["FREQ"]:
            case "DAILY":
                return day.toordinal()
            case "WEEKLY":
                return (day.toordinal() - 1 - self._week_start) // 7
            case "MONTHLY":
                return day.year * 12 + day.month - 1
        return day.year

    @property
    def _week_start(self) -> int:
        return WEEK.index(self._parts.get("WKST", "MO"))

    def _span(self, number: int) -> Iterator[date]:
        """The days of the period with a number."""
        match self._parts["FREQ"]:
            case "DAILY":
                ordinals = range(number, number + 1)
            case "WEEKLY":
                start = number * 7 + 1 + self._week_start
                ordinals = range(max(1, start), min(date.max.toordinal(), start + 6) + 1)
            case "MONTHLY":
                ordinals = _ordinals(date(number // 12, number % 12 + 1, 1))
            case _:
                ordinals = _ordinals(date(number, 1, 1), date(number, 12, 1))
        return map(date.fromordinal, ordinals)

    def _fits(self, day: date) -> bool:
        if self._months and day.month not in self._months:
            return False
        if self._month_days:
            back = day.day - monthrange(day.year, day.month)[1] - 1
            if not {day.day, back} & {*self._month_days}:
                return False
        return not self._week_days or any(
            weekday == day.weekday() and number in (0, *self._places(day))
            for number, weekday in self._week_days
        )

    def _places(self, day: date) -> tuple[int, int]:
        """Which of its weekday a day is in its month or year, from the front and from the back."""
        in_year = self._parts["FREQ"] == "YEARLY" and not self._months
        begin, end = (1, 12) if in_year else (day.month, day.month)
        span = _ordinals(date(day.year, begin, 1), date(day.year, end, 1))
        here = day.toordinal()
        return (here - span[0]) // 7 + 1, -((span[-1] - here) // 7 + 1)

    def _chosen(self, days: list[date]) -> list[date]:
        """Those of a period's days that BYSETPOS chooses, or all."""
        places = self._numbers("BYSETPOS")
        if not places:
            return days
        chosen = {days[one - 1 if one > 0 else one] for one in places if abs(one) <= len(days)}
        return sorted(chosen)


def _ordinals(first: date, last: date | None = None) -> range:
    """The days from the first of a month to the end of it, or of another one."""
    last = last or first
    days = monthrange(last.year, last.month)[1]
    return range(first.toordinal(), last.toordinal() + days)
