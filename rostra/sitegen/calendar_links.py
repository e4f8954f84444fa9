"""Links that put a talk into a calendar on the web, for who has no calendar program.

No page of these services is contacted before the visitor follows one. They write the event once:
what changes afterwards reaches only those who subscribe.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote_plus

from rostra.sitegen.fields import in_language
from rostra.sitegen.prose import to_plain
from rostra.sitegen.talk import Talk, titled

GOOGLE = "https://calendar.google.com/calendar/render"
ADDED = "path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
OUTLOOK = "https://outlook.{host}/calendar/deeplink/compose"


def calendar_links(talk: Talk, language: str, page: str) -> Mapping[str, str]:
    """Make a talk's links by the name of the service.

    Args:
        talk: the talk.
        language: of title and place.
        page: the address of its page, which is all that the event's text holds.
    """
    title, place = titled(talk, language), ""
    if talk.venue:
        place = to_plain(in_language(talk.venue, language))
    start, end = (moment.astimezone(UTC) for moment in (talk.start, talk.end))
    title, page, place = map(quote_plus, (title, page, place))
    span = f"{start:%Y%m%dT%H%M%SZ}%2F{end:%Y%m%dT%H%M%SZ}"
    google = f"action=TEMPLATE&text={title}&dates={span}&details={page}&location={place}"
    outlook = f"{ADDED}&subject={title}&startdt={_instant(start)}&enddt={_instant(end)}"
    outlook += f"&body={page}&location={place}"
    return {
        "Google": f"{GOOGLE}?{google}",
        "Outlook.com": f"{OUTLOOK.format(host='live.com')}?{outlook}",
        "Microsoft 365": f"{OUTLOOK.format(host='office.com')}?{outlook}",
    }


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H%%3A%M%%3A%SZ}"
