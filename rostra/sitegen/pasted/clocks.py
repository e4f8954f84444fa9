"""Whose clock a time is read from, by the words that announcements have for it."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from rostra.sitegen.fields import zones

# Abbreviations that mean one clock wherever they are read; summer's are used in winter too.
ABBREVIATIONS = {
    "UTC": "UTC", "Z": "UTC", "GMT": "Europe/London", "BST": "Europe/London",
    "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
    "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin",
    "MESZ": "Europe/Berlin", "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki",
    "MSK": "Europe/Moscow", "EST": "America/New_York", "EDT": "America/New_York",
    "ET": "America/New_York", "CDT": "America/Chicago", "CT": "America/Chicago",
    "MDT": "America/Denver", "MT": "America/Denver", "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles", "HKT": "Asia/Hong_Kong",
    "SGT": "Asia/Singapore", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
    "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland",
}  # fmt: skip
# Those that mean several: the series' own clock decides, or nobody does.
SEVERAL = {
    "CST": ("Asia/Shanghai", "Asia/Taipei", "America/Chicago"),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "AST": ("America/Halifax", "Asia/Riyadh"),
    "MST": ("America/Denver", "America/Phoenix"),
}
NAMES = {
    "beijing": "Asia/Shanghai", "china": "Asia/Shanghai", "china standard": "Asia/Shanghai",
    "hangzhou": "Asia/Shanghai", "shenzhen": "Asia/Shanghai",
    "eastern": "America/New_York", "us eastern": "America/New_York",
    "eastern standard": "America/New_York", "boston": "America/New_York",
    "central": "America/Chicago", "pacific": "America/Los_Angeles",
    "us pacific": "America/Los_Angeles", "san francisco": "America/Los_Angeles",
    "central european": "Europe/Berlin", "german": "Europe/Berlin", "munich": "Europe/Berlin",
    "uk": "Europe/London", "british": "Europe/London", "greenwich mean": "Europe/London",
    "japan": "Asia/Tokyo", "korea": "Asia/Seoul", "swiss": "Europe/Zurich",
    "geneva": "Europe/Zurich", "french": "Europe/Paris", "india": "Asia/Kolkata",
    "北京": "Asia/Shanghai", "中国": "Asia/Shanghai", "上海": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "东京": "Asia/Tokyo", "日本": "Asia/Tokyo",
    "首尔": "Asia/Seoul", "新加坡": "Asia/Singapore", "伦敦": "Europe/London",
    "英国": "Europe/London", "柏林": "Europe/Berlin", "德国": "Europe/Berlin",
    "巴黎": "Europe/Paris", "欧洲中部": "Europe/Berlin", "纽约": "America/New_York",
    "美东": "America/New_York", "美国东部": "America/New_York", "美西": "America/Los_Angeles",
    "美国西部": "America/Los_Angeles", "悉尼": "Australia/Sydney",
}  # fmt: skip
ABBREVIATED = rf"(?:{'|'.join(sorted((*ABBREVIATIONS, *SEVERAL), key=len, reverse=True))})"
CLOCK = re.compile(
    r"(?P<offset>(?:UTC|GMT)\s?[+\-−]\s?\d{1,2}(?::?[0-5]\d)?)"
    r"|(?P<iana>\b[A-Z][a-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)"
    rf"|(?<![A-Za-z])(?P<short>{ABBREVIATED})(?![A-Za-z])"
    r"|(?P<city>[A-Z][a-zA-Z]+(?: [A-Z][a-z]+){0,2}) (?:[Ll]ocal )?[Tt]ime\b"
    r"|(?P<han>[\u4e00-\u9fff]{2,4}?)(?:当地)?时间"
)


@cache
def cities() -> dict[str, str]:
    """Zones by their cities, in small letters."""
    return {key.rpartition("/")[2].replace("_", " ").lower(): key for key in sorted(zones())}


def city_at(text: str) -> list[ZoneInfo]:
    """The zone of a city that stands right behind an hour, as invitations of Zoom have it."""
    match = re.match(r"\s*[(（,]?\s*([A-Z][a-z]+)(?: ([A-Z][a-z]+))?", text)
    names = [f"{match[1]} {match[2]}", match[1]] if match else []
    return [ZoneInfo(cities()[one.lower()]) for one in names if one.lower() in cities()][:1]


def clocks(text: str, home: ZoneInfo, near: datetime) -> Iterator[tuple[int, ZoneInfo | None]]:
    """Find the clocks that a text names: where each stands, and its zone; None: nobody knows which.

    Args:
        text: some words after or before an hour.
        home: the series' clock, which decides where several are meant.
        near: about when, for clocks that are named by their distance from UTC.

    Examples:
        >>> near = datetime(2026, 12, 3)
        >>> told = "15:00 CET (22:00 Beijing time)"
        >>> [str(zone) for _, zone in clocks(told, ZoneInfo("UTC"), near)]
        ['Europe/Berlin', 'Asia/Shanghai']
    """
    for found in CLOCK.finditer(text):
        kind = str(found.lastgroup)
        key = _key(kind, found[kind], home, near)
        if key != "":
            yield found.start(), ZoneInfo(key) if key else None


def _key(kind: str, word: str, home: ZoneInfo, near: datetime) -> str | None:
    """The zone's name; none if it may be several, the empty word if it is no clock at all."""
    if kind == "offset":
        return _at(word, home, near)
    if kind == "iana":
        return word if word in zones() else ""
    if kind == "short" and word in SEVERAL:
        return home.key if home.key in SEVERAL[word] else None
    if kind == "short":
        return ABBREVIATIONS[word]
    name = word.lower()
    return NAMES.get(name) or cities().get(name) or ""


def _at(word: str, home: ZoneInfo, near: datetime) -> str | None:
    """The clock at a distance from UTC: home, if it is that far then, else one without a city."""
    sign, hours, minutes = re.findall(r"([+\-−])\s?(\d{1,2}):?(\d\d)?", word)[0]
    seconds = (int(hours) * 3600 + int(minutes or 0) * 60) * (1 if sign == "+" else -1)
    offset = near.replace(tzinfo=home).utcoffset()
    if offset is not None and offset.total_seconds() == seconds:
        return home.key
    if int(minutes or 0) or not -12 * 3600 <= seconds <= 14 * 3600:
        return None
    return f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}" if int(hours) else "UTC"
