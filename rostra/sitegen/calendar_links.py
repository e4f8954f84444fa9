"""Links that put a talk into a calendar on the web, for who has no calendar program.

No page of these services is contacted before the visitor follows one. They write the event once:
what changes afterwards reaches only those who subscribe.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from rostra.sitegen.fields import in_language
from rostra.sitegen.prose import to_plain
from rostra.sitegen.talk import Talk, titled

GOOGLE = "https://calendar.google.com/calendar/render"
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
    span = f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"
    google = {"action": "TEMPLATE", "text": title, "dates": span, "details": page}
    outlook = {"path": "/calendar/action/compose", "rru": "addevent", "subject": title}
    outlook |= {"startdt": _instant(start), "enddt": _instant(end), "body": page}
    query = urlencode(outlook | {"location": place})
    return {
        "Google": f"{GOOGLE}?{urlencode(google | {'location': place})}",
        "Outlook.com": f"{OUTLOOK.format(host='live.com')}?{query}",
        "Microsoft 365": f"{OUTLOOK.format(host='office.com')}?{query}",
    }


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
