"""Dates, hours and zones as people say them, in both languages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location


def place_of(zone: ZoneInfo, language: str) -> str:
    """Name a zone by its city, as people do.

    Examples:
        >>> place_of(ZoneInfo("Asia/Hong_Kong"), "en"), place_of(ZoneInfo("Asia/Hong_Kong"), "zh")
        ('Hong Kong', '香港')
    """
    if zone.key in ("UTC", "Etc/UTC"):
        return "UTC"
    return str(get_timezone_location(zone.key, locale=language, return_city=True))


def zone_name(moment: datetime, language: str) -> str:
    """Name the clock that a time is read from: `Hong Kong time`, `香港时间`."""
    zone = moment.tzinfo
    place = place_of(zone, language) if isinstance(zone, ZoneInfo) else "UTC"
    if place == "UTC":
        return place
    return f"{place}时间" if language == "zh" else f"{place} time"


def spoken_day(moment: date, language: str) -> str:
    """Write a day as it is said, with its weekday.

    Examples:
        >>> spoken_day(datetime(2022, 3, 6), "en"), spoken_day(datetime(2022, 3, 6), "zh")
        ('Sunday 6 March 2022', '2022 年 3 月 6 日 星期日')
    """
    pattern = "y 年 M 月 d 日 EEEE" if language == "zh" else "EEEE d MMMM y"
    return str(format_date(moment, pattern, locale=language))


def spoken_time(moment: datetime, language: str) -> str:
    """Write the hour, of 24, as the clock of the place shows it.

    Examples:
        >>> spoken_time(datetime(2022, 3, 6, 9, 5), "en")
        '09:05'
    """
    return str(format_time(moment.replace(tzinfo=None), "HH:mm", locale=language))


def spoken_date(moment: datetime, language: str) -> str:
    """Write a date for somebody who must turn up: weekday, hour and whose hour it is.

    Examples:
        >>> talk = datetime(2022, 3, 6, 10, tzinfo=ZoneInfo("Asia/Hong_Kong"))
        >>> spoken_date(talk, "en")
        'Sunday 6 March 2022, 10:00 Hong Kong time'
        >>> spoken_date(talk, "zh")
        '2022 年 3 月 6 日 星期日 10:00（香港时间）'
    """
    day, place = spoken_day(moment, language), zone_name(moment, language)
    if language == "zh":
        return f"{day} {spoken_time(moment, language)}（{place}）"
    return f"{day}, {spoken_time(moment, language)} {place}"
