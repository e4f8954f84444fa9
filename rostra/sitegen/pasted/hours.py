"""The hours that a text names: a start and, where it says one, an end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

_HALF = r"(?:\s?(?P<{0}half>[ap]\.?\s?m\b\.?))"
_EARLY = r"(?:(?P<{0}part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚|早)\s*)"
_CLOCK = (
    r"(?<![\d.:/-])" + _EARLY + r"?(?P<{0}hour>[0-2]?\d)"
    r"(?:(?P<{0}sign>[:.：h])(?P<{0}minute>[0-5]\d)(?:[:.][0-5]\d)?"
    r"|\s*(?P<{0}point>[点时])(?:(?P<{0}han>[0-5]?\d)分?|(?P<{0}mid>半))?)?"
    r"(?:整)?" + _HALF + r"?(?P<{0}uhr>\s?(?:uhr|o'clock|hrs?)\b)?(?![\d/])"
)
SPAN = re.compile(
    _CLOCK.format("a")
    + r"(?:\s*(?:-|–|—|−|~|～|to|until|till|bis|至|到)\s*"
    + _CLOCK.format("b").removeprefix(r"(?<![\d.:/-])")
    + ")?",
    re.IGNORECASE,
)
NOON = re.compile(r"(?<![a-z])(?:12\s)?noon\b|正午", re.IGNORECASE)
AFTERNOON = ("中午", "下午", "傍晚", "晚上", "晚间", "晚")


@dataclass(frozen=True)
class Hours:
    """An hour that a text names, and where; `doubt`: it may be before or after noon."""

    start: int
    end: int
    begins: time
    ends: time | None = None
    doubt: str = ""


def hours(text: str) -> Iterator[Hours]:
    """Find the hours in a text; a bare number is none.

    Examples:
        >>> [(f"{one.begins:%H:%M}", one.ends and f"{one.ends:%H:%M}")
        ...  for one in hours("3-4 pm, 11–12:30 pm; 15.00 Uhr; 下午3点半至5点, in room 204")]
        [('15:00', '16:00'), ('11:00', '12:30'), ('15:00', None), ('15:30', '17:00')]
        >>> [one.doubt for one in hours("at 3:30")]
        ['3:30 may be before or after noon']
    """
    for match in NOON.finditer(text):
        yield Hours(match.start(), match.end(), time(12))
    for match in SPAN.finditer(text):
        parts = match.groupdict()
        if _told(parts, "a") or (parts["bhour"] and _told(parts, "b")):
            found = _hours(match)
            if found is not None:
                yield found


def _told(parts: dict[str, str | None], which: str) -> bool:
    """Whether the number is an hour: a point alone may part anything, 3.12 or 10.1145."""
    words = any(parts[which + name] for name in ("point", "half", "uhr", "part"))
    sign = parts[which + "sign"]
    both = parts["asign"] == parts["bsign"]
    return words or (sign is not None and (sign != "." or both))


def _hours(match: re.Match[str]) -> Hours | None:
    parts = match.groupdict()
    begins, ends = _minutes(parts, "a"), _minutes(parts, "b")
    if begins is None:
        return None
    if ends is not None and not _fixed(parts, "a") and _fixed(parts, "b"):
        begins = _before(begins, ends)
    elif ends is not None and _fixed(parts, "a") and not _fixed(parts, "b") and ends < begins:
        ends += 12 * 60 if ends + 12 * 60 < 24 * 60 else 0
    doubt = "" if _sure(parts, begins) else f"{match[0].strip()} may be before or after noon"
    end = None if ends is None or ends <= begins else _time(ends)
    return Hours(match.start(), match.end(), _time(begins), end, doubt)


def _minutes(parts: dict[str, str | None], which: str) -> int | None:
    if not parts[which + "hour"]:
        return None
    hour = int(str(parts[which + "hour"]))
    past = "30" if parts[which + "mid"] else "0"
    minute = int(parts[which + "minute"] or parts[which + "han"] or past)
    half = (parts[which + "half"] or "")[:1].lower()
    part = parts[which + "part"] or ""
    if hour < 12 and (half == "p" or part in AFTERNOON):
        hour += 12
    if hour == 12 and (half == "a" or part == "凌晨"):
        hour = 0
    return hour * 60 + minute if hour < 24 else None


def _fixed(parts: dict[str, str | None], which: str) -> bool:
    return bool(parts[which + "half"] or parts[which + "part"])


def _before(begins: int, ends: int) -> int:
    """The start in the half of the day that its end is in, or in the other if it came after."""
    later = begins + 12 * 60 if begins < 12 * 60 <= ends else begins
    return later if later < ends else begins


def _sure(parts: dict[str, str | None], begins: int) -> bool:
    """Hours before seven that name no half of the day may be either; 03:00 is what it says."""
    written = str(parts["ahour"])
    told = _fixed(parts, "a") or (parts["bhour"] and _fixed(parts, "b"))
    return bool(told) or begins >= 7 * 60 or written.startswith("0")


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
