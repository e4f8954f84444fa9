"""Dates in the text of a talk or a meet-up that contradict its entry.

Only what claims to be its own date is compared: one that comes with a weekday, an hour or
a word like "takes place". A date of history or a deadline is none of our business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rostra.sitegen.contents import Contents
from rostra.sitegen.hours import hour_at, number
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.messages import Message, say
from rostra.sitegen.reading import At, Document
from rostra.sitegen.talk import Talk

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HAN_DAYS = "一二三四五六日"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = (
    r"(?:(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\.?,?\s+(?:the\s+)?)?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_NOT_A_NUMBER = r"(?![\d–-])"
_ZONE = r"\s*\(?(?:[A-Z]{2,5}\b|UTC|GMT|[A-Z]\w+(?: [A-Z]\w+)? time\b)"
_HAN_ZONE = r"\s*[（(]?(?:UTC|GMT|[\u4e00-\u9fff]{2,4}时间)"
_HAN_WEEKDAY = r"\s*[（(]?(?:(?:星期|周|礼拜)(?P<{}>[一二三四五六日天]))?[）)]?"


@dataclass(frozen=True)
class _Form:
    """How a day is written, what may stand before its hour, and how a clock is named behind it."""

    day: re.Pattern[str]
    lead: re.Pattern[str]
    zone: re.Pattern[str]


def _written(month_and_day: str) -> _Form:
    day = re.compile(rf"(?<![\w/-]){month_and_day}{_NOT_A_NUMBER}{_YEAR}")
    return _Form(day, re.compile(r",?\s+(?:at\s+|from\s+)?", re.IGNORECASE), re.compile(_ZONE))


def _numbered(numbers: str) -> _Form:
    """Year, month and day; no version, no address, no range of pages."""
    day = rf"(?<![\w./-])(?i:{_WEEKDAY}){numbers}"
    lead = re.compile(r"[\s，,]*(?:at\s+|from\s+)?", re.IGNORECASE)
    after = rf"(?![\w/-]|[.]\d){_HAN_WEEKDAY.format('after')}"
    return _Form(re.compile(day + after, re.ASCII), lead, re.compile(f"{_ZONE}|{_HAN_ZONE}"))


_HAN_NUMBER = "[一二三四五六七八九十]"
FORMS = (
    _written(rf"(?i:{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH})"),
    _written(rf"(?i:{_WEEKDAY}{_MONTH}\s+{_DAY})"),
    _numbered(r"(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)"),
    _numbered(
        r"(?P<year>(?:19|20)\d\d)(?P<sign>[./])(?P<month>[01]?\d)(?P=sign)(?P<day>[0-3]?\d)"
        r"(?!\s?[–—~-]\s?\d)"
    ),
    _Form(
        re.compile(
            r"(?:(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})\s*年\s*)?"
            rf"(?<!\d)(?<!{_HAN_NUMBER})(?P<month>1?\d|{_HAN_NUMBER}{{1,2}})\s*月"
            rf"\s*(?P<day>[0-3]?\d|{_HAN_NUMBER}{{1,3}})\s*[日号]{_HAN_WEEKDAY.format('weekday')}"
        ),
        re.compile(r"\s*[，,]?\s*"),
        re.compile(_HAN_ZONE),
    ),
)
CUE = re.compile(
    r"(?:takes?\s+place|will\s+be\s+held|is\s+held|join\s+us|seminar|(?:this|the|our)\s+talk\s+is"
    r"|\bwhen:|\bdate:|举行|举办|讲座时间|报告时间|时间[:：]|将于)\W*(?:on\W*)?(?:the\W*)?$",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"(?:by|before|until|till|deadline[:\s]*|since|due|after|from|submitted\s+on|version|版本?|[农阴]历\S{0,6}|截止\S*|截至|之前)"
    r"\W*$",
    re.IGNORECASE,
)
LINE_BEFORE, LINE_AFTER = re.compile(r"\n[ \t]*[\[(（]?$"), re.compile(r"[\])）]?[ \t]*\n")
YEAR = re.compile(r"(?:19|20)\d\d")
NEAR = timedelta(days=190)  # beyond, it is the date of something else


@dataclass(frozen=True)
class Claim:
    """A day, and perhaps an hour, that a text gives for its talk."""

    text: str
    day: date
    weekday: int | None
    hour: tuple[int, int] | None
    zone: str
    certain: bool


def check(contents: Contents) -> None:
    """Report each date of a talk's or a meet-up's texts that is not its own."""
    for talk in contents.talks:
        for at, text in _texts(contents.of(talk.ref), "title", "abstract", "bio"):
            for claim in claims(text, talk.start.date()):
                _compare(contents.of(talk.ref), at, claim, _of_talk(talk, claim))
    for meetup in contents.meetups:
        for at, text in _texts(contents.of(meetup.ref), "title", "about"):
            for claim in _of_any_time(text, meetup.start.date(), contents.now.date()):
                _compare(contents.of(meetup.ref), at, claim, _of_meetup(meetup, claim))


def _texts(document: Document, *keys: str) -> Iterator[tuple[At, str]]:
    for key in keys:
        if place := document.places.get((key,)):
            yield (key,), document.text[place.start : place.end]


def _compare(document: Document, at: At, claim: Claim, other: Message | None) -> None:
    if message := _wrong_weekday(claim) or other:
        document.warn(at, "date", message, needle=claim.text)


def _of_any_time(text: str, first: date, now: date) -> Iterator[Claim]:
    """The dates near the first meeting, and those near today that name their year."""
    yield from claims(text, first)
    yield from (claim for claim in claims(text, now) if YEAR.search(claim.text))


def _of_meetup(meetup: Meetup, claim: Claim) -> Message | None:
    """What is wrong with a day on which no meeting is, or one at another hour."""
    near = range(-1, 2) if claim.zone else range(1)  # by another clock it may be the day beside
    if not any(meetup.starts_on(claim.day + timedelta(days=days)) for days in near):
        sentence = "the text says {day}, and by the entry there is no meeting then"
        return say(sentence, day=claim.day) if claim.certain else None
    wrong = [_wrong_hour(start, claim) for start in meetup.starts_on(claim.day)]
    return wrong[0] if wrong and all(wrong) else None


def _of_talk(talk: Talk, claim: Claim) -> Message | None:
    return _wrong_day(talk, claim) or _wrong_hour(talk.start, claim)


def _wrong_weekday(claim: Claim) -> Message | None:
    if claim.weekday is None or claim.weekday == claim.day.weekday():
        return None
    name = say(WEEKDAYS[claim.day.weekday()])
    return say("{day} is no such day of the week: it is a {name}", day=claim.day, name=name)


def _wrong_day(talk: Talk, claim: Claim) -> Message | None:
    known = {talk.start.date()} | ({talk.moved_from.date()} if talk.moved_from else set())
    if claim.zone:  # by another clock it may be the day before or after
        known |= {(talk.start.astimezone(UTC) + timedelta(hours=h)).date() for h in (-12, 0, 14)}
    if claim.day in known or not claim.certain:
        return None
    return say(
        "the text says {day}, and the entry {start:%Y-%m-%d}", day=claim.day, start=talk.start
    )


def _wrong_hour(own: datetime, claim: Claim) -> Message | None:
    if claim.hour is None or claim.day != own.date():
        return None
    zone = claim.zone.strip(" (（")
    start = own.astimezone(UTC) if zone in ("UTC", "GMT") else own
    if (zone and zone not in ("UTC", "GMT")) or claim.hour == (start.hour, start.minute):
        return None
    told = f"{claim.hour[0]:02}:{claim.hour[1]:02}"
    return say("the text says {hour}, and the entry {start:%H:%M}", hour=told, start=start)


def claims(text: str, about: date) -> Iterator[Claim]:
    """Find the dates near a day that may be meant as the talk's own.

    Examples:
        >>> [(claim.text, claim.certain) for claim in
        ...  claims("Founded on 5 March 2022. Join us on Monday 7 March, 10:00!", date(2022, 3, 6))]
        [('5 March 2022', False), ('Monday 7 March, 10:00', True)]
    """
    for form in FORMS:
        for match in form.day.finditer(text):
            found = _claim(form, match, about)
            if found is not None:
                yield found


def _claim(form: _Form, match: re.Match[str], about: date) -> Claim | None:
    parts, text = match.groupdict(), match.string
    years = [number(parts["year"])] if parts["year"] else [about.year + i for i in (-1, 0, 1)]
    days = list(_days(years, _month(parts["month"]), number(parts["day"])))
    before = text[: match.start()][-40:]
    if not days or OTHER.search(before):
        return None
    day = min(days, key=lambda one: abs(one - about))  # in January, December is that of last year
    if abs(day - about) > NEAR:
        return None
    end, hour, zone = _clock(form, match)
    weekday = _weekday(parts.get("weekday") or parts.get("after") or "")
    alone = LINE_BEFORE.search(before) and LINE_AFTER.match(text[end:][:40])  # when it was
    certain = weekday is not None or hour is not None or bool(alone or CUE.search(before))
    return Claim(text[match.start() : end].strip(), day, weekday, hour, zone, certain)


def _clock(form: _Form, match: re.Match[str]) -> tuple[int, tuple[int, int] | None, str]:
    """Where a day with its hour ends, the hour, and the clock that it is read from."""
    end, text = match.end(), match.string
    lead = form.lead.match(text, end)
    found = hour_at(text, lead.end()) if lead else None
    hour, end = ((found.begins.hour, found.begins.minute), found.end) if found else (None, end)
    zone = form.zone.match(text, end)
    return zone.end() if zone else end, hour, zone[0] if zone else ""


def _days(years: list[int], month: int, day: int) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _month(text: str) -> int:
    named = text[:3].lower() in MONTHS
    return MONTHS.index(text[:3].lower()) + 1 if named else number(text)


def _weekday(text: str) -> int | None:
    if not text:
        return None
    han = text.replace("天", "日")
    return HAN_DAYS.index(han) if han in HAN_DAYS else DAYS.index(text[:3].lower())
