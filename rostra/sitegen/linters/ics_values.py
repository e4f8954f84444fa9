"""Values (RFC 5545, 3.3): the type of each property, and whether its value has that form."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from rostra.sitegen.linters.ics_components import KNOWN, SHAPES, Component
from rostra.sitegen.linters.ics_lines import Property
from rostra.sitegen.linters.ics_rules import Report

DURATION = re.compile(
    r"([+-]?)P(?:(\d+)W|(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)"
)
URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)
OFFSET = re.compile(r"[+-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
LIST = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")

# What a property holds if VALUE does not say otherwise; all others hold TEXT.
TYPES: Mapping[str, str] = {
    **dict.fromkeys(("DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND"), "DATE-TIME"),
    **dict.fromkeys(("EXDATE", "RDATE", "RECURRENCE-ID"), "DATE-TIME"),
    **dict.fromkeys(("DURATION", "REFRESH-INTERVAL"), "DURATION"),
    **dict.fromkeys(("SEQUENCE", "PRIORITY"), "INTEGER"),
    **dict.fromkeys(("URL", "TZURL", "SOURCE", "IMAGE", "CONFERENCE", "ATTACH", "LINK"), "URI"),
    "CONCEPT": "URI",
    **dict.fromkeys(("ORGANIZER", "ATTENDEE", "CALENDAR-ADDRESS"), "CAL-ADDRESS"),
    **dict.fromkeys(("TZOFFSETFROM", "TZOFFSETTO"), "UTC-OFFSET"),
    **dict.fromkeys(("CATEGORIES", "RESOURCES"), "LIST"),
    **dict.fromkeys(("RRULE", "GEO", "REQUEST-STATUS"), "OTHER"),
}
ALLOWED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("DTSTART", "DTEND", "EXDATE", "RECURRENCE-ID"), ("DATE", "DATE-TIME")),
    "RDATE": ("DATE", "DATE-TIME", "PERIOD"),
    "IMAGE": ("URI", "BINARY"),
    "ATTACH": ("URI", "BINARY"),
    "LINK": ("URI", "UID", "XML-REFERENCE"),
    "STYLED-DESCRIPTION": ("TEXT", "URI"),
    "STRUCTURED-DATA": ("TEXT", "URI", "BINARY"),
}
# Parameters without which the property cannot be understood.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "REFRESH-INTERVAL": ("VALUE",),
    "CONFERENCE": ("VALUE",),
    "IMAGE": ("VALUE",),
    "STYLED-DESCRIPTION": ("VALUE",),
    "STRUCTURED-DATA": ("VALUE",),
    "LINK": ("VALUE", "LINKREL"),
}
CHOICES: Mapping[str, str] = {
    "STATUS": "TENTATIVE CONFIRMED CANCELLED",
    "TRANSP": "OPAQUE TRANSPARENT",
    "CALSCALE": "GREGORIAN",
    "PARTICIPANT-TYPE": "ACTIVE INACTIVE SPONSOR CONTACT BOOKING-CONTACT EMERGENCY-CONTACT "
    "PUBLICITY-CONTACT PLANNER-CONTACT PERFORMER SPEAKER",
}
FEATURES = "AUDIO CHAT FEED MODERATOR PHONE SCREEN VIDEO"
IN_UTC = ("DTSTAMP", "CREATED", "LAST-MODIFIED")
TIMED = ("DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID")


def check(root: Component, report: Report) -> None:
    """Find values that are not what their property holds."""
    for found in root.walk(*SHAPES):
        for line in found.properties:
            _typed(line, report)
            _parameters(line, report)
            _chosen(line, found, report)
            if line.name in TIMED and found.name == "VEVENT":
                _clock(line, report)


def kind_of(line: Property) -> str:
    """The type of its value, as VALUE or else the property says."""
    usual = TYPES.get(line.name, "TEXT")
    stated = line.given.get("VALUE", usual).upper()
    return "LIST" if (usual, stated) == ("LIST", "TEXT") else stated


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime | date | None:
    """Read DATE-TIME or DATE by its own clock; None where it is neither."""
    try:
        if re.fullmatch(r"\d{8}", text):
            return datetime.strptime(text, "%Y%m%d").date()
        if re.fullmatch(r"\d{8}T\d{6}Z?", text):
            return datetime.strptime(text[:15], "%Y%m%dT%H%M%S")
    except ValueError:
        pass
    return None


def length(text: str) -> timedelta | None:
    """Read DURATION; None where it is none."""
    found = DURATION.fullmatch(text)
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    whole = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -whole if found[1] == "-" else whole


def offset(text: str) -> timedelta | None:
    """Read UTC-OFFSET; None where it is none."""
    if not OFFSET.fullmatch(text) or re.fullmatch(r"-0000(?:00)?", text):
        return None
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:7] or 0)
    found = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -found if text[0] == "-" else found


def _is_instant(text: str) -> bool:
    return isinstance(moment(text), datetime)


def _is_integer(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d{1,10}", text)) and -(2**31) <= int(text) < 2**31


FORMS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "DATE-TIME": ("date-time", lambda text: all(map(_is_instant, text.split(",")))),
    "DATE": (
        "date",
        lambda text: all(re.fullmatch(r"\d{8}", t) and moment(t) for t in text.split(",")),
    ),
    "DURATION": ("duration", lambda text: length(text) is not None),
    "INTEGER": ("integer", _is_integer),
    "URI": ("uri", URI.fullmatch),
    "CAL-ADDRESS": ("uri", URI.fullmatch),
    "UTC-OFFSET": ("utc-offset", lambda text: offset(text) is not None),
    "TEXT": ("text", TEXT.fullmatch),
    "LIST": ("text", LIST.fullmatch),
}


def _typed(line: Property, report: Report) -> None:
    kind = kind_of(line)
    if line.name not in KNOWN:
        return
    if kind not in ALLOWED.get(line.name, (TYPES.get(line.name, "TEXT"),)):
        report.add(line.line, "value-type", f"{line.name} holds no {kind}")
    rule, fits = FORMS.get(kind, ("", bool))
    if rule and not fits(line.value):
        report.add(line.line, rule, f"{line.name} is no {kind}: {line.value[:40]!r}")
    if line.name == "SEQUENCE" and line.value.startswith("-"):
        report.add(line.line, "integer", "SEQUENCE is never below 0")


def _parameters(line: Property, report: Report) -> None:
    for key in NEEDED.get(line.name, ()):
        if key not in line.given:
            report.add(line.line, "parameter-missing", f"{line.name} needs the parameter {key}")
    if line.name == "STRUCTURED-DATA" and kind_of(line) != "URI":
        for key in ("FMTTYPE", "SCHEMA"):
            if key not in line.given:
                report.add(line.line, "parameter-missing", f"{line.name} needs {key}")


def _chosen(line: Property, found: Component, report: Report) -> None:
    choices = CHOICES.get(line.name, "")
    # A participant's STATUS has other words.
    if found.name == "PARTICIPANT" and line.name == "STATUS":
        return
    if choices and line.value.upper() not in choices.split():
        report.add(line.line, "choice", f"{line.name} is one of {choices}")
    if line.name == "CONFERENCE":
        for feature in line.given.get("FEATURE", "VIDEO").split(","):
            if feature.upper() not in FEATURES.split() and not feature.upper().startswith("X-"):
                report.add(line.line, "choice", f"FEATURE is one of {FEATURES}")
    if line.name in IN_UTC and not line.value.endswith("Z"):
        report.add(line.line, "utc", f"{line.name} is not in UTC")


def _clock(line: Property, report: Report) -> None:
    """Whose clock a time of an event is read from."""
    in_utc, dated = line.value.endswith("Z"), kind_of(line) == "DATE"
    if line.tzid and (in_utc or dated):
        report.add(line.line, "tzid-on-utc", f"{line.name} names a zone that it does not have")
    if not line.tzid and not in_utc and not dated:
        report.add(line.line, "floating", f"{line.name} is another instant in every zone")
