"""Persons who stand twice in `people.yaml`, under two keys."""

import re
from collections.abc import Iterator

from rostra.sitegen.contents import Contents
from rostra.sitegen.fields import LANGUAGES, in_language
from rostra.sitegen.messages import say
from rostra.sitegen.person import Person, same_name
from rostra.sitegen.reading import Document

ADVICE = (
    "keep one, with the other spelling under `aliases:`; "
    "if they are two people, write `namesake_of: [{key}]`"
)


def check(contents: Contents) -> None:
    """Report the second of two who share an ORCID, a homepage, or a way to write their name."""
    document = contents.of("people")
    seen: dict[str, Person] = {}
    told: set[tuple[str, str]] = set()
    for person in contents.people.values():
        for at, mark in _marks(person):
            first = seen.setdefault(mark, person)
            pair = (first.id, person.id)
            if first is not person and pair not in told and _may_be_one(first, person, mark):
                told.add(pair)
                _report(document, first, person, at)


def _report(document: Document, first: Person, second: Person, at: str) -> None:
    hint = say(ADVICE, key=first.id)
    message = say("probably the same person as '{key}'", key=first.id)
    document.warn((second.id, at), "same-person", message, suggestion=hint)


def _may_be_one(first: Person, second: Person, mark: str) -> bool:
    """Two ORCIDs are two persons, and so are those who are said to be."""
    if first.id in second.namesake_of or second.id in first.namesake_of:
        return False
    both = first.orcid and second.orcid
    return not both or first.orcid == second.orcid


def _marks(person: Person) -> Iterator[tuple[str, str]]:
    """What tells a person, and the key that it stands under."""
    if person.orcid:
        yield "orcid", f"orcid {person.orcid}"
    if person.homepage:
        yield "homepage", "home " + re.sub(r"^https?://(www\.)?|/+$", "", person.homepage.lower())
    for language in LANGUAGES:
        yield "name", "name " + same_name(in_language(person.name, language))
    for alias in person.aliases:
        yield "aliases", "name " + same_name(alias)
