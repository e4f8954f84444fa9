"""What all feeds say, whatever they are written in: a feed, its items, who takes part in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from typing import Protocol, TypeAlias
from urllib.parse import urljoin, urlsplit

from rostra.sitegen.fields import Text, in_language, language_of
from rostra.sitegen.notices import Notice, notice
from rostra.sitegen.programme import Programme
from rostra.sitegen.prose import to_html, to_plain
from rostra.sitegen.release import identifier
from rostra.sitegen.site import Site
from rostra.sitegen.spoken import spoken_date
from rostra.sitegen.talk import Talk, titled


class History(Protocol):
    """What a ledger knows of talks, and no entry says."""

    def dates(self, event: Talk, /) -> tuple[datetime, datetime]:
        """When a talk was announced, and when it was last revised."""

    def origin(self, event: Talk, /) -> str:
        """The address of a talk that its identifiers are made of."""


NEVER = datetime(2020, 1, 1, tzinfo=UTC)  # when a feed without talks was
MANY = 2**16  # pieces that are kept, also from one build of a running server to the next
MOST = 50  # a feed lists the newest; all talks are in the archive and in the interface
PAGES = {"en": "", "zh": "zh/"}
LANGUAGES = {"en": "en", "zh": "zh-Hans"}
# What a podcast can play: the endings of files, and their types.
MEDIA = {
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "video/webm",
}
HREF = re.compile(r'(<a href="|<img src=")([^"]*)')


@dataclass(frozen=True)
class Credit:
    """Somebody who takes part, and as what: one of the talk's roles."""

    name: str
    role: str
    homepage: str = ""


@dataclass(frozen=True)
class File:
    """A file elsewhere, or beside the page: a recording, or its words."""

    url: str
    type: str
    language: str = ""


@dataclass(frozen=True)
class Item:
    """A talk in a feed; `language` is that of its title."""

    id: str
    url: str
    title: str
    language: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    credits: tuple[Credit, ...]
    topics: tuple[str, ...]
    media: File | None
    transcripts: tuple[File, ...]

    def of(self, role: str) -> Iterator[Credit]:
        """Who has a role."""
        return (one for one in self.credits if one.role == role)


Known: TypeAlias = dict[tuple[str, str], Item]
"""Items by their talks and languages."""


@dataclass(frozen=True)
class Feed:
    """A list that one can follow; `folder` is where its files lie, `home` the page it is about."""

    id: str
    folder: str
    home: str
    title: str
    about: str
    author: str
    language: str
    updated: datetime
    items: tuple[Item, ...]


@dataclass(frozen=True, eq=False)
class Subject:
    """What a feed is about: all, a series, a person or a topic.

    `names` make its identifier; `talks` are those that it tells of.
    """

    key: str
    page: str
    names: tuple[str, ...]
    title: Text | None
    about: Text | None
    talks: tuple[Talk, ...]

    @property
    def bundle(self) -> str:
        """What its feeds are kept under, if it is a person or a topic."""
        return self.key.rstrip("/")


def subjects(programme: Programme) -> Iterator[Subject]:
    """Yield what one can follow. The site's feed keeps the identifier that it always had."""
    site = programme.site
    yield Subject("", "", (), None, site.about, programme.talks[:MOST])
    for series in programme.series:
        held = tuple(programme.of_series(series))
        yield _subject("talks", series.id, series.name, series.about, held)
    heard = on_stage(programme.talks)
    for person in programme.people:
        if person.id in heard:
            yield _subject("people", person.id, person.name, None, tuple(heard[person.id]))
    for topic in programme.topics:
        yield _subject("topics", topic.slug, topic.name, None, topic.talks)


def _subject(
    kind: str, key: str, title: Text, about: Text | None, talks: tuple[Talk, ...]
) -> Subject:
    # Three names: those of a talk, which has two, are never the same.
    page = f"{kind}/{key}/"
    return Subject(page, page, ("of", kind, key), title, about, talks[:MOST])


def on_stage(talks: Iterable[Talk]) -> Mapping[str, list[Talk]]:
    """The talks in which somebody says something, by their keys; who only chairs is not there."""
    found: dict[str, list[Talk]] = {}
    for talk in talks:
        for key in {one.id for one in (*talk.speakers, *talk.panellists, *talk.discussants)}:
            found.setdefault(key, []).append(talk)
    return found


def feed(
    subject: Subject, site: Site, language: str, history: History, known: Known | None = None
) -> Feed:
    """Make the feed of a subject in a language.

    Args:
        subject: what it is about.
        site: whose it is.
        language: which.
        history: when talks were announced and revised, and what they are identified by.
        known: the items that other feeds have made already; those of this one join them.
    """
    known = {} if known is None else known
    name = to_plain(in_language(site.name, language))
    own = to_plain(in_language(subject.title, language)) if subject.title else ""
    about = to_plain(in_language(subject.about, language)) if subject.about else ""
    return Feed(
        f"urn:uuid:{identifier(site, 'feed', language, *subject.names)}",
        address(site, PAGES[language] + subject.key),
        address(site, PAGES[language] + subject.page),
        f"{own} · {name}" if own else name,
        about,
        in_language(site.full_name or site.name, language),
        LANGUAGES[language],
        max((history.dates(talk)[1] for talk in subject.talks), default=NEVER),
        tuple(
            known.get((talk.ref, language))
            or known.setdefault((talk.ref, language), item(talk, site, language, history))
            for talk in subject.talks
        ),
    )


def item(talk: Talk, site: Site, language: str, history: History) -> Item:
    """Say what a talk is, in a language."""
    url = address(site, f"{PAGES[language]}talks/{talk.ref}/")
    said = notice(talk, language)
    return Item(
        f"urn:uuid:{identifier(site, 'feed', language, history.origin(talk))}",
        url,
        titled(talk, language),
        LANGUAGES[language_of(talk.title, language)],
        " · ".join(_where_and_when(talk, language)),
        absolute("\n".join(_html(talk, said)), url, site),
        *history.dates(talk),
        tuple(credits(talk, language)),
        said.topics,
        media(talk),
        tuple(transcripts(talk, site)),
    )


def credits(talk: Talk, language: str) -> Iterator[Credit]:
    """Yield who takes part in a talk, by role."""
    for role, people in talk.roles.items():
        for person in people:
            yield Credit(to_plain(in_language(person.name, language)), role, person.homepage or "")


def media(talk: Talk) -> File | None:
    """The recording, where its address is that of a file which a player can play."""
    url = talk.links.recording
    path = urlsplit(url).path.lower() if url else ""
    kind = next((kind for end, kind in MEDIA.items() if path.endswith(end)), None)
    return File(url, kind) if url and kind else None


def transcripts(talk: Talk, site: Site) -> Iterator[File]:
    """Yield the words of the recording, which lie beside the talk's page."""
    for one in talk.captions:
        yield File(address(site, f"talks/{talk.ref}/{one.file}"), "text/vtt", one.language)


def _where_and_when(talk: Talk, language: str) -> Iterator[str]:
    yield spoken_date(talk.start, language)
    if talk.venue:
        yield to_plain(in_language(talk.venue, language))


def _html(talk: Talk, said: Notice) -> Iterator[str]:
    """The text of an item: what a reader must know to turn up, then what the talk is about."""
    yield f"<p>{escape(' · '.join(_where_and_when(talk, said.language)))}</p>"
    if talk.moved_from:
        yield f"<p>{escape(said.description[0])}</p>"
    # Who only chairs would look like one more speaker.
    heard = [one for one in said.parts if not one.key.startswith("chairs/")]
    people = [", ".join(filter(None, (one.name, one.affiliation))) for one in heard]
    if people:
        yield f"<p>{'<br>'.join(map(escape, dict.fromkeys(people)))}</p>"
    if talk.abstract:
        html = to_html(in_language(talk.abstract, said.language), draw=_latex)
        other = language_of(talk.abstract, said.language)
        same = other == said.language
        yield html if same else f'<div lang="{LANGUAGES[other]}">{html}</div>'
    links = {link.address: link.label for link in (*said.ways, *said.links)}
    if links:
        yield f"<ul>{''.join(map(_link, links, links.values()))}</ul>"


def _latex(formula: str, _: bool) -> str:
    """A formula as it is typed: most readers of feeds drop MathML, and keep its letters."""
    return f"<code>{escape(formula)}</code>"


def _link(url: str, label: str) -> str:
    return f'<li><a href="{escape(url)}">{escape(label)}</a></li>'


def absolute(html: str, page: str, site: Site) -> str:
    """Make the addresses in a text absolute: a feed is read where no page is around it."""

    def join(found: re.Match[str]) -> str:
        url = unescape(found[2])
        at_root = url.startswith("/") and not url.startswith("//")
        return found[1] + escape(address(site, url[1:]) if at_root else urljoin(page, url))

    return HREF.sub(join, html)


def address(site: Site, path: str) -> str:
    """The absolute address of what lies below the site."""
    return site.address + path


def distinct(found: Iterable[Credit]) -> list[Credit]:
    """Name everybody once, in the first of their roles."""
    first: dict[str, Credit] = {}
    for one in found:
        first.setdefault(one.name, one)
    return list(first.values())
