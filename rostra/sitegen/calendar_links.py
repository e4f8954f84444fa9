"""Links that put a talk or a meet-up into a calendar on the web, for who has no calendar program.

No page of these services is contacted before the visitor follows one. They write the event once:
what changes afterwards reaches only those who subscribe. Outlook's links know no rules, and one
meeting alone would look like all there is: there are none of a meet-up.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote_plus, urlencode

from rostra.sitegen.event import Event
from rostra.sitegen.fields import in_language
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.prose import to_plain
from rostra.sitegen.recurrence import with_instant
from rostra.sitegen.talk import Talk, titled

GOOGLE = "https://calendar.google.com/calendar/render"
ADDED = "path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
OUTLOOK = "https://outlook.{host}/calendar/deeplink/compose"
NOT_ON = {"en": "Not on ", "zh": "以下日期除外："}
ALSO_ON = {"en": "Also on ", "zh": "另外还有："}


def calendar_links(event: Talk | Meetup, language: str, page: str) -> Mapping[str, str]:
    """Make an event's links by the name of the service.

    Args:
        event: a talk; or a meet-up, which only Google takes whole.
        language: of title and place.
        page: the address of its page, which is all that the event's text holds, but for the
            exceptions from a meet-up's rule, which Google has no other place for.
    """
    if isinstance(event, Meetup):
        return {"Google": f"{GOOGLE}?{_recurring(event, language, page)}"}
    title, start, end = titled(event, language), *map(_utc, (event.start, event.end))
    title, page, place = map(quote_plus, (title, page, _place(event, language)))
    span = f"{start:%Y%m%dT%H%M%SZ}%2F{end:%Y%m%dT%H%M%SZ}"
    google = f"action=TEMPLATE&text={title}&dates={span}&details={page}&location={place}"
    outlook = f"{ADDED}&subject={title}&startdt={_instant(start)}&enddt={_instant(end)}"
    outlook += f"&body={page}&location={place}"
    return {
        "Google": f"{GOOGLE}?{google}",
        "Outlook.com": f"{OUTLOOK.format(host='live.com')}?{outlook}",
        "Microsoft 365": f"{OUTLOOK.format(host='office.com')}?{outlook}",
    }


def _recurring(meetup: Meetup, language: str, page: str) -> str:
    """The first meeting by the clock of its zone, which the others keep to, and the rule."""
    span = (f"{moment:%Y%m%dT%H%M%S}" for moment in (meetup.start, meetup.end))
    told = {
        "action": "TEMPLATE",
        "text": to_plain(in_language(meetup.title, language)),
        "dates": "/".join(span),
        "ctz": meetup.zone.key,
        "recur": f"RRULE:{with_instant(meetup.repeat, meetup.zone)}",
        "details": "\n".join((page, *_exceptions(meetup, language))),
        "location": _place(meetup, language),
    }
    return urlencode(told)


def _exceptions(meetup: Meetup, language: str) -> Iterator[str]:
    comma = "、" if language == "zh" else ", "
    if meetup.not_on:
        yield NOT_ON[language] + comma.join(map(str, meetup.not_on))
    if meetup.also_on:
        yield ALSO_ON[language] + comma.join(f"{one:%Y-%m-%d %H:%M}" for one in meetup.also_on)


def _place(event: Event, language: str) -> str:
    return to_plain(in_language(event.venue, language)) if event.venue else ""


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H%%3A%M%%3A%SZ}"
