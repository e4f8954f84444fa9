"""Feeds of what is written beside the talks: notes, and news."""

from collections.abc import Iterator
from datetime import date, datetime, time
from html import escape

from rostra.sitegen.feeds._base import (
    LANGUAGES,
    MOST,
    PAGES,
    Credit,
    Feed,
    Item,
    absolute,
    address,
)
from rostra.sitegen.fields import in_language, language_of
from rostra.sitegen.news import News
from rostra.sitegen.note import Note
from rostra.sitegen.programme import Programme
from rostra.sitegen.prose import to_html, to_plain
from rostra.sitegen.release import identifier
from rostra.sitegen.site import Site

TITLES = {("notes", "en"): "Notes", ("notes", "zh"): "笔记", ("news", "en"): "News"}
TITLES |= {("news", "zh"): "动态"}


def writings(programme: Programme) -> Iterator[tuple[str, Feed]]:
    """Yield the feed of each kind that there is, in each language, with its folder."""
    site, library = programme.site, programme.library
    for language in site.languages:
        if library.notes:
            items = tuple(_note(one, site, language) for one in library.notes[:MOST])
            yield PAGES[language] + "notes/", _feed("notes", items, site, language)
        if library.news:
            items = tuple(_news(one, site, language) for one in library.news[:MOST])
            yield PAGES[language] + "news/", _feed("news", items, site, language)


def _feed(kind: str, items: tuple[Item, ...], site: Site, language: str) -> Feed:
    name = to_plain(in_language(site.name, language))
    page = address(site, f"{PAGES[language]}{kind}/")
    return Feed(
        f"urn:uuid:{identifier(site, 'feed', language, kind)}",
        page,
        page,
        f"{TITLES[kind, language]} · {name}",
        "",
        in_language(site.full_name or site.name, language),
        LANGUAGES[language],
        max(item.updated for item in items),
        items,
    )


def _note(note: Note, site: Site, language: str) -> Item:
    author = note.head.author
    about = to_plain(in_language(note.about, language))
    return Item(
        f"urn:uuid:{identifier(site, 'note', language, note.slug)}",
        address(site, note.page(language)),
        to_plain(in_language(note.title, language)),
        LANGUAGES[language_of(note.title, language)],
        about,
        f"<p>{escape(about)}</p>",
        *_morning(note.head.date, site),
        (Credit(in_language(author.name, language), "speakers", author.homepage or ""),),
        tuple(to_plain(in_language(tag, language)) for tag in note.head.tags),
        None,
        (),
    )


def _news(one: News, site: Site, language: str) -> Item:
    page = address(site, f"{PAGES[language]}news/")
    text = to_plain(in_language(one.text, language))
    # Another text of the same day is another piece of news.
    name = f"{one.date} {in_language(one.text, 'en')}"
    return Item(
        f"urn:uuid:{identifier(site, 'news', language, name)}",
        one.address(site.url, PAGES[language]) or page,
        text,
        LANGUAGES[language_of(one.text, language)],
        text,
        absolute(to_html(in_language(one.text, language)), page, site),
        *_morning(one.date, site),
        (),
        (),
        None,
        (),
    )


def _morning(day: date, site: Site) -> tuple[datetime, datetime]:
    """When it was written and revised: nobody notes more than the day."""
    return (datetime.combine(day, time(), site.zone),) * 2
