"""schema.org's Event and VideoObject for a talk's page (JSON-LD), by Google's rules.

The way into a meeting is never in it: an online talk is at its registration, its stream, or its
own page.
"""

import json
from collections.abc import Iterator
from math import ceil
from typing import Any

from rostra.sitegen.captions import Captions
from rostra.sitegen.event import Event
from rostra.sitegen.feeds._base import LANGUAGES, PAGES, address, media
from rostra.sitegen.feeds.card import card_path
from rostra.sitegen.fields import in_language, language_of
from rostra.sitegen.filters import iso_instant
from rostra.sitegen.person import Person
from rostra.sitegen.prose import to_plain
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk

Pairs = Iterator[tuple[str, Any]]
Node = dict[str, Any]

STATUS = {
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
    "moved": "EventRescheduled",
}
# What kinds of location there are, and what that makes the event.
MODES = {
    ("Place",): "OfflineEventAttendanceMode",
    ("VirtualLocation",): "OnlineEventAttendanceMode",
    ("Place", "VirtualLocation"): "MixedEventAttendanceMode",
}


def structured(talk: Talk, site: Site, language: str) -> str:
    """Write what search engines read of a talk, ready to stand in a script element."""
    places = list(locations(talk, site, language))
    # Google wants to know where: a talk in a room that nobody has named is no event for it.
    found = [dict(_event(talk, site, language, places))] if places else []
    if talk.links.recording:
        found.append(dict(_video(talk, site, language)))
    return embedded({"@context": "https://schema.org", "@graph": found})


def embedded(data: Node) -> str:
    r"""Write JSON that no text can break out of: `<` is written by its number.

    Examples:
        >>> embedded({"name": "</script>"})
        '{"name":"\\u003c/script>"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _event(talk: Talk, site: Site, language: str, places: list[Node]) -> Pairs:
    yield "@type", "EducationEvent"
    yield "@id", address(site, f"talks/{talk.ref}/#event")
    yield "name", to_plain(in_language(talk.title, language))
    yield "description", _description(talk, site, language)
    yield "startDate", iso_instant(talk.start)
    yield "endDate", iso_instant(talk.end)
    yield "eventStatus", f"https://schema.org/{_status(talk)}"
    if talk.status == "moved" and talk.moved_from:
        yield "previousStartDate", iso_instant(talk.moved_from)
    yield from shared(talk, site, language, places)
    if heard := (*talk.speakers, *talk.panellists, *talk.discussants):
        yield "performer", [_person(one, language) for one in heard]
    photos = [address(site, one.photo) for one in talk.speakers if one.photo]
    yield "image", [*photos, address(site, card_path(talk, language))]
    if talk.topics:
        yield "keywords", [to_plain(in_language(topic, language)) for topic in talk.topics]
    yield "superEvent", series(talk, site, language)


def shared(event: Event, site: Site, language: str, places: list[Node]) -> Pairs:
    """What is said of talks and of meetings: where, in what language, and by whom."""
    mode = MODES[tuple(place["@type"] for place in places)]
    yield "eventAttendanceMode", f"https://schema.org/{mode}"
    yield "location", places
    yield "url", _page(event, site, language)
    yield "inLanguage", _spoken(event, language)
    # Whether it costs anything is not in an entry, so `isAccessibleForFree` is not claimed.
    yield "organizer", _organisers(event, site, language)


def _status(talk: Talk) -> str:
    return STATUS.get(talk.status, "EventScheduled")


def _description(talk: Talk, site: Site, language: str) -> str:
    return to_plain(in_language(talk.abstract or talk.title, language), site.address)


def _spoken(event: Event, language: str) -> str:
    """The language that is spoken; where nobody says it, that of the title."""
    stated = event.language or event.series.language
    return stated or LANGUAGES[language_of(event.title, language)]


def locations(event: Event, site: Site, language: str) -> Iterator[Node]:
    """Where one goes: Google asks for a room, for an address to open, or for both."""
    if event.venue and event.mode != "online":
        place = to_plain(in_language(event.venue, language))
        yield {"@type": "Place", "name": place, "address": place}
    if event.mode in ("online", "hybrid"):
        url = event.registration or event.stream or _page(event, site, language)
        yield {"@type": "VirtualLocation", "url": url}


def _page(event: Event, site: Site, language: str) -> str:
    return address(site, f"{PAGES[language]}talks/{event.ref}/")


def series(event: Event, site: Site, language: str) -> Node:
    """The series that it belongs to, and where that is read."""
    name = to_plain(in_language(event.series.name, language))
    url = address(site, f"{PAGES[language]}talks/{event.series.id}/")
    return {"@type": "EventSeries", "name": name, "url": url}


def _organisers(event: Event, site: Site, language: str) -> list[Node]:
    name = to_plain(in_language(site.full_name or site.name, language))
    host = {"@type": "Organization", "name": name, "url": address(site, PAGES[language])}
    return [host, *(_person(one, language) for one in event.organisers)]


def _person(person: Person, language: str) -> Node:
    found: Node = {"@type": "Person", "name": in_language(person.name, language)}
    if person.homepage:
        found["url"] = person.homepage
    if person.orcid:
        found["sameAs"] = f"https://orcid.org/{person.orcid}"
    if person.affiliation:
        name = to_plain(in_language(person.affiliation, language))
        found["affiliation"] = {"@type": "Organization", "name": name}
    return found


def _video(talk: Talk, site: Site, language: str) -> Pairs:
    yield "@type", "VideoObject"
    yield "name", to_plain(in_language(talk.title, language))
    yield "description", _description(talk, site, language)
    yield "thumbnailUrl", [address(site, card_path(talk, language))]
    # The entry does not say when the recording was put up: the end of the talk is the earliest.
    yield "uploadDate", iso_instant(talk.end)
    file = media(talk)
    # Google wants the file itself here, never the page that a player is on.
    yield ("contentUrl", file.url) if file else ("url", talk.links.recording)
    yield "inLanguage", _spoken(talk, language)
    yield "recordedAt", {"@type": "Event", "@id": address(site, f"talks/{talk.ref}/#event")}
    if words := _words(talk, language):
        yield "duration", f"PT{ceil(words.cues[-1].end)}S"
        yield "transcript", " ".join(cue.text for cue in words.cues)


def _words(talk: Talk, language: str) -> Captions | None:
    """The captions in a language, or those that there are."""
    fitting = [one for one in talk.captions if one.language.split("-")[0] == language]
    return next(iter([*fitting, *talk.captions]), None)
