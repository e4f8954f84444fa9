"""Calendars by RFC 5545 and 7986, strictly, and what they use of RFC 6868, 9073 and 9253.

`icalendar` reads, and its `validate()` passes, an event without UID and DTSTAMP or with two URLs;
a subscriber's program may not. Two rules are ours: no fold cuts an escape, and no time floats.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from rostra.sitegen.linters import ics_components, ics_times, ics_values
from rostra.sitegen.linters._base import Finding
from rostra.sitegen.linters.ics_components import Component
from rostra.sitegen.linters.ics_lines import Property, content_lines
from rostra.sitegen.linters.ics_rules import Report
from rostra.sitegen.linters.ics_values import kind_of, length, moment

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def lint(content: bytes, file: str = "calendar.ics") -> list[Finding]:
    r"""Find everything in a calendar that the standards forbid.

    Args:
        content: the file as it is sent.
        file: what findings call it.

    Examples:
        >>> for finding in lint(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"):
        ...     print(finding)
        calendar.ics:1: the calendar has no component [empty: RFC 5545, 3.6]
        calendar.ics:1: VCALENDAR has no PRODID [missing: RFC 5545, 3.6 and 3.7]
    """
    report = Report(file)
    root = ics_components.component(content_lines(content, report), report)
    ics_components.check(root, report)
    ics_values.check(root, report)
    for calendar in root.walk("VCALENDAR"):
        ics_times.check_zones(calendar, report)
        _identified(calendar, report)
        for event in calendar.walk("VEVENT"):
            _event(event, report)
    return sorted(set(report.findings))


def findings(site: Path) -> Iterator[Finding]:
    """Yield every finding in the calendars of a built site."""
    for path in sorted(site.rglob("*.ics")):
        yield from lint(path.read_bytes(), path.relative_to(site).as_posix())


def _identified(calendar: Component, report: Report) -> None:
    known: set[tuple[str, str]] = set()
    for event in calendar.walk("VEVENT"):
        uid, again = event.one("UID"), event.one("RECURRENCE-ID")
        key = uid.value if uid else "", again.value if again else ""
        if uid and key in known:
            report.add(uid.line, "uid-twice", f"{uid.value} names two events")
        if uid and not uid.value:
            report.add(uid.line, "missing", "UID is empty")
        known.add(key)


def _event(event: Component, report: Report) -> None:
    start, end, lasts = event.one("DTSTART"), event.one("DTEND"), event.one("DURATION")
    if end and lasts:
        report.add(lasts.line, "end-twice", "DTEND and DURATION exclude each other")
    if start and end:
        _ends(start, end, report)
    if lasts and (length(lasts.value) or timedelta()) <= timedelta():
        report.add(lasts.line, "end-order", "the event lasts no time")
    for rule in event.all("RRULE"):
        ics_times.check_rule(rule, start, report)
        _starts_by(rule, start, report)
    for line in event.properties:
        if start and line.name in ("EXDATE", "RECURRENCE-ID"):
            _alike(start, line, report)


def _ends(start: Property, end: Property, report: Report) -> None:
    if kind_of(start) != kind_of(end):
        report.add(end.line, "end-type", f"DTEND is a {kind_of(end)}, DTSTART none")
        return
    first: date | None = ics_times.instant(start) or moment(start.value)
    last: date | None = ics_times.instant(end) or moment(end.value)
    comparable = type(first) is type(last) and _is_naive(first) == _is_naive(last)
    if first and last and comparable and last <= first:
        report.add(end.line, "end-order", "DTEND is not after DTSTART")


def _is_naive(when: date | None) -> bool:
    return getattr(when, "tzinfo", None) is None


def _starts_by(rule: Property, start: Property | None, report: Report) -> None:
    """DTSTART counts as the first instance, and many programs show it only if the rule does."""
    first = moment(start.value) if start and not start.value.endswith("Z") else None
    days = ics_times.parts_of(rule).get("BYDAY", "")
    if first and days and WEEK[first.weekday()] not in [day[-2:] for day in days.split(",")]:
        report.add(rule.line, "rrule-start", "DTSTART is on a day that the rule leaves out")


def _alike(start: Property, line: Property, report: Report) -> None:
    if (kind_of(line), bool(line.tzid)) != (kind_of(start), bool(start.tzid)):
        told = f"{line.name} is not written as DTSTART is"
        report.add(line.line, "recurrence-type", told)
