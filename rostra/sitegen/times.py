"""Local times as people write them, turned into instants; none and two are refused."""

import os
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rostra.sitegen.messages import say

WRITTEN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::00)?(?: ?([+-])(\d{2}):?(\d{2}))?"
)
LENGTH = re.compile(r"(?:(\d{1,2}) ?h)?(?: ?(\d{1,3}) ?min)?")


class TimeError(ValueError):
    """A time that cannot be understood.

    Args:
        rule: `time-format`, `time-gap`, `time-fold` or `time-offset`.
        message: what is wrong with it.
        suggestion: what to write instead.
    """

    def __init__(self, rule: str, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.suggestion = suggestion


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Read a local time in a zone.

    Args:
        text: `2022-03-06 10:00`, or with an offset where the clock shows the same time twice:
            `2022-10-30 02:30 +01:00`.
        zone: the zone whose clock it is.

    Returns:
        That time, aware, in the zone.

    Raises:
        TimeError: where the text is no such time, or the zone's clock skips it, or shows it twice
            and no offset says which; the two instants are named.

    Examples:
        >>> instant("2022-03-06 10:00", ZoneInfo("Asia/Hong_Kong")).isoformat()
        '2022-03-06T10:00:00+08:00'
        >>> instant("2022-10-30 02:30", ZoneInfo("Europe/Berlin"))
        Traceback (most recent call last):
        ...
        rostra.sitegen.times.TimeError: 2022-10-30 02:30 happens twice in Europe/Berlin: ...
    """
    wall, offset = _split(text)
    early, late = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if offset is not None:
        return _at_offset(early, late, offset)
    if not _exists(early):
        raise TimeError("time-gap", *_gap(early, late))
    if early.utcoffset() != late.utcoffset():
        raise TimeError("time-fold", *_fold(early, late))
    return early


def clock(written: str) -> datetime:
    """Return the build's instant in UTC: the one that is written, the reproducible one, or now.

    Where nothing is written $ROSTRA_NOW may say it.

    Examples:
        >>> clock("2022-03-01T09:00+08:00").isoformat()
        '2022-03-01T01:00:00+00:00'
    """
    if written := written or os.environ.get("ROSTRA_NOW", ""):
        found = datetime.fromisoformat(written)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC)


def length(text: str | int) -> timedelta:
    """Read a duration: minutes, or `1 h 30 min`.

    Raises:
        ValueError: for anything else, and for no time at all or more than a day.

    Examples:
        >>> length("1 h 30 min") == length("90 min") == length(90) == timedelta(minutes=90)
        True
    """
    match = LENGTH.fullmatch(f"{text} min" if isinstance(text, int) else text.strip())
    if match is None or isinstance(text, bool):
        raise ValueError(say("not a duration"))
    hours, minutes = (int(part or 0) for part in match.groups())
    found = timedelta(hours=hours, minutes=minutes)
    if not timedelta(0) < found <= timedelta(days=1):
        raise ValueError(say("not between a minute and a day"))
    return found


def _split(text: str) -> tuple[datetime, timedelta | None]:
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        shape = say("write the date and the hour as 2022-03-06 10:00")
        message = say("'{text}' is not a date and an hour", text=text)
        raise TimeError("time-format", message, shape)
    year, month, day, hour, minute = map(int, match.groups()[:5])
    try:
        wall = datetime(year, month, day, hour, minute)
    except ValueError as error:
        message = say("'{text}' does not exist: {reason}", text=text, reason=error)
        raise TimeError("time-format", message, "") from None
    sign, hours, minutes = match.groups()[5:]
    if sign is None:
        return wall, None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return wall, -offset if sign == "-" else offset


def _exists(moment: datetime) -> bool:
    """Whether the zone's clock ever shows this time: it must survive the way to UTC and back."""
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _at_offset(early: datetime, late: datetime, offset: timedelta) -> datetime:
    for moment in (early, late):
        if moment.utcoffset() == offset and _exists(moment):
            return moment
    offsets = sorted({_offset(moment) for moment in (early, late) if _exists(moment)})
    real = " / ".join(offsets) or say("none: the clock skips this time")
    sentence = "{zone} is not at this offset at {wall}"
    message = say(sentence, zone=early.tzinfo, wall=_wall(early))
    raise TimeError("time-offset", message, say("its offset then is {real}", real=real))


def _gap(early: datetime, late: datetime) -> tuple[str, str]:
    """Name the two instants that a skipped time may mean: by the old clock and by the new one."""
    before, after = (moment.astimezone(UTC) for moment in (early, late))
    message = say(
        "{wall} does not exist in {zone}, whose clock skips it: "
        "{before:%H:%M} UTC by the old clock or {after:%H:%M} UTC by the new one",
        wall=_wall(early),
        zone=early.tzinfo,
        before=before,
        after=after,
    )
    meant = [_wall(moment.astimezone(early.tzinfo)) for moment in (before, after)]
    return message, say("write {one} or {other}", one=meant[0], other=meant[1])


def _fold(early: datetime, late: datetime) -> tuple[str, str]:
    """Name the two instants of a time that the clock shows twice."""
    first, second = (
        f"{moment.astimezone(UTC):%H:%M} UTC ({_offset(moment)})" for moment in (early, late)
    )
    sentence = "{wall} happens twice in {zone}: at {first} and at {second}"
    message = say(sentence, wall=_wall(early), zone=early.tzinfo, first=first, second=second)
    written = [f"{_wall(early)} {_offset(moment)}" for moment in (early, late)]
    return message, say("write {one} or {other}", one=written[0], other=written[1])


def _wall(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _offset(moment: datetime) -> str:
    return moment.isoformat()[-6:]


def next_weekday(today: date, weekday: int) -> date:
    """Find the first day after `today` that falls on a weekday (Monday is 0)."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
