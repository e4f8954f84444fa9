"""The hours that a text names: a start and, where it says one, an end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

_HALF = r"(?:\s?(?P<{0}half>[ap]\.?\s?m\b\.?))"
_EARLY = r"(?:(?P<{0}part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚|早)\s*)"
# In characters only behind a word for a part of the day: 一点 alone is "a little".
_HAN = r"[一二三四五六七八九十两]{{1,3}}(?=\s*[点时])"
_HOUR = rf"(?P<{{0}}hour>[0-2]?\d|(?(apart){_HAN}|(?({{0}}part){_HAN}|(?!))))"
_POINT = (
    r"\s*(?P<{0}point>[点时])"
    r"(?:(?P<{0}han>[0-5]\d|\d(?=分)|[〇零一二三四五六七八九十]{{1,3}}(?=分|[^\u4e00-\u9fff]|$))分?"
    r"|(?P<{0}mid>半)|(?P<{0}quarter>[一三13])刻)?"
)
_CLOCK = (
    rf"(?<![\d.:/-]){_EARLY}?{_HOUR}"
    rf"(?:(?P<{{0}}sign>[:.：h])(?P<{{0}}minute>[0-5]\d)(?:[:.][0-5]\d)?|{_POINT})?"
    rf"(?:整)?{_HALF}?(?P<{{0}}uhr>\s?(?:uhr|o'clock|hrs?)\b)?(?![\d/])"
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
NIGHT = ("晚上", "晚间", "晚")
_DIGITS = {"〇": 0, "两": 2} | {sign: one for one, sign in enumerate("零一二三四五六七八九")}


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


def hour_at(text: str, position: int) -> Hours | None:
    """The hour that begins at a position right behind a day, where a point is sign enough.

    What counts hours instead of naming one is none: `3 hrs`, `2h30`.

    Examples:
        >>> [str(hour_at(text, 0)) and str(hour_at(text, 0).begins)
        ...  for text in ("2:00-3:30 pm", "10.30", "下午四点半")]
        ['14:00:00', '10:30:00', '16:30:00']
        >>> hour_at("3 hrs of talks", 0), hour_at("2.10.3", 0), hour_at("一点", 0)
        (None, None, None)
    """
    match = SPAN.match(text, position)
    if match is None or re.match(r"\.\d", text[match.end() :]):
        return None
    parts = match.groupdict()
    counted = parts["asign"] == "h" or "hr" in (parts["auhr"] or "")
    told = parts["asign"] or _told(parts, "a") or (parts["bhour"] and _told(parts, "b"))
    return _hours(match) if told and not counted else None


def number(text: str) -> int:
    """A number as it is written, in digits or in Chinese characters.

    Examples:
        >>> [number(text) for text in ("12", "十二", "三十", "二十一", "二〇二七", "十")]
        [12, 12, 30, 21, 2027, 10]
    """
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return _DIGITS.get(tens or "一", 99) * 10 + _DIGITS.get(ones or "零", 99)
    return int("".join(str(_DIGITS[sign]) for sign in text))


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
    hour, minute = number(str(parts[which + "hour"])), _past(parts, which)
    half = (parts[which + "half"] or "")[:1].lower()
    part = parts[which + "part"] or ""
    if hour == 12 and part in NIGHT:  # midnight, of which nobody knows to which day it belongs
        return None
    if hour < 12 and (half == "p" or part in AFTERNOON) and not (part == "中午" and hour > 9):
        hour += 12
    if hour == 12 and (half == "a" or part == "凌晨"):
        hour = 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _past(parts: dict[str, str | None], which: str) -> int:
    """The minutes past the hour."""
    if quarters := parts[which + "quarter"]:
        return 15 * number(quarters)
    told = parts[which + "minute"] or parts[which + "han"]
    return number(told) if told else 30 if parts[which + "mid"] else 0


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
