"""The days that a text names, and what speaks against each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rostra.sitegen.checks.dates import DAYS, HAN_DAYS, MONTHS, OTHER

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = (
    r"(?:(?<![a-z])(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?,?\s+(?:the\s+)?)?"
)
_AFTER = (
    r"(?:\s*[,(]?\s*(?P<after>(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b)?"
)
_HAN_AFTER = r"(?:\s*[（(]?\s*(?:星期|周|礼拜)(?P<after>[一二三四五六日天])[）)]?)?"
_NUMBERS = r"(?<![\d./-])(?P<one>\d{1,2})(?P<sign>[./])(?P<two>\d{1,2})(?P=sign)"
FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH}"
        rf"(?:,?\s+(?P<year>20\d\d))?(?!\d){_AFTER}",
        rf"{_WEEKDAY}\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:])"
        rf"(?:,?\s+(?P<year>20\d\d))?(?!\d){_AFTER}",
        rf"{_WEEKDAY}(?<![\d-])(?P<year>20\d\d)[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?!\d)"
        rf"{_AFTER}{_HAN_AFTER.replace('after', 'han')}",
        rf"(?:(?P<year>20\d\d)\s*年\s*)?(?<!\d)(?P<month>1?\d)\s*月\s*(?P<day>[0-3]?\d)\s*[日号]"
        rf"{_HAN_AFTER}",
        rf"{_WEEKDAY}{_NUMBERS}(?P<year>20\d\d)(?!\d){_AFTER}",
    )
)
AHEAD = timedelta(days=300)  # a day without a year is the next of its name, or one just past
JUST_PAST = timedelta(days=30)


@dataclass(frozen=True)
class Day:
    """A day that a text names: where, and which; without `day`, `doubt` says why nobody knows."""

    start: int
    end: int
    day: date | None
    doubt: str = ""
    other: bool = False


def days(text: str, today: date) -> Iterator[Day]:
    """Find the days in a text, in its order.

    Args:
        text: the text.
        today: for days without a year.

    Examples:
        >>> today = date(2026, 11, 20)
        >>> told = "Thu, 3 Dec 2026; 2026年12月4日（周五）; 5.12.2026"
        >>> [str(one.day) for one in days(told, today)]
        ['2026-12-03', '2026-12-04', '2026-12-05']
        >>> [one.doubt for one in days("Friday 3 December 2026, 3/4/2027", today)]
        ['3 December 2026 is a Thursday', '3/4/2027 may be 3 April or 4 March']
    """
    found = {
        (match.start(), match.end()): _day(match, today)
        for form in FORMS
        for match in form.finditer(text)
    }
    end = -1
    for start, stop in sorted(found):
        if start >= end:
            yield found[start, stop]
            end = stop


def _day(match: re.Match[str], today: date) -> Day:
    parts = {key: value for key, value in match.groupdict().items() if value}
    before = match.string[: match.start()][-40:]
    other = bool(OTHER.search(before))
    try:
        meant = _meant(parts, today)
    except ValueError:
        return Day(match.start(), match.end(), None, f"there is no {match[0].strip()}", other)
    weekday = _weekday(parts)
    fitting = [one for one in meant if weekday is None or one.weekday() == weekday]
    if len(fitting) == 1:
        return Day(match.start(), match.end(), fitting[0], "", other)
    return Day(match.start(), match.end(), None, _doubt(match[0], meant), other)


def _meant(parts: dict[str, str], today: date) -> list[date]:
    """The days that the numbers may mean; several only where they do not say which is the month."""
    if "sign" in parts:
        return _either(parts)
    month = parts["month"]
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    if "year" in parts:
        return [date(int(parts["year"]), number, int(parts["day"]))]
    years = (today.year - 1, today.year, today.year + 1)
    near = [date(year, number, int(parts["day"])) for year in years]
    return [one for one in near if today - JUST_PAST <= one <= today + AHEAD] or near


def _either(parts: dict[str, str]) -> list[date]:
    year, one, two = (int(parts[key]) for key in ("year", "one", "two"))
    if parts["sign"] == "." or one > 12:  # points are written where the day comes first
        return [date(year, two, one)]
    if two > 12 or one == two:
        return [date(year, one, two)]
    return [date(year, two, one), date(year, one, two)]


def _weekday(parts: dict[str, str]) -> int | None:
    word = parts.get("weekday") or parts.get("after") or parts.get("han")
    if word is None:
        return None
    han = word.replace("天", "日")
    return HAN_DAYS.index(han) if han in HAN_DAYS else DAYS.index(word[:3].lower())


def _doubt(text: str, meant: list[date]) -> str:
    if len(meant) == 1:
        return f"{meant[0]:%-d %B %Y} is a {meant[0]:%A}"
    return f"{text.strip()} may be {' or '.join(f'{one:%-d %B}' for one in meant)}"
