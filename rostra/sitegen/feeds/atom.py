"""Atom (RFC 4287), for all readers of feeds."""

from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element, SubElement

from rostra.sitegen.feeds._base import MANY, Credit, Feed, Item
from rostra.sitegen.feeds._xml import LANGUAGE, document, leaf, piece
from rostra.sitegen.filters import rfc3339

NAME = "feed.xml"
TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> str:
    """Write a feed as Atom. The author of the feed stands in for who is not announced yet."""
    root = Element("feed", {"xmlns": NAMESPACE, LANGUAGE: feed.language})
    leaf(root, "id", feed.id)
    leaf(root, "title", feed.title)
    if feed.about:
        leaf(root, "subtitle", feed.about)
    leaf(root, "updated", rfc3339(feed.updated))
    leaf(SubElement(root, "author"), "name", feed.author)
    leaf(root, "link", rel="self", type=TYPE, href=feed.folder + NAME)
    leaf(root, "link", rel="alternate", type="text/html", hreflang=feed.language, href=feed.home)
    leaf(root, "generator", "Rostra")
    return document(root, (_entry(item, feed.language) for item in feed.items), "feed")


@lru_cache(maxsize=MANY)  # an item stands in many feeds
def _entry(item: Item, language: str) -> str:
    entry = Element("entry")
    leaf(entry, "id", item.id)
    other = {} if item.language == language else {LANGUAGE: item.language}
    _text(entry, "title", item.title, **other)
    leaf(entry, "updated", rfc3339(item.updated))
    for credit in item.credits:
        _person(entry, credit)
    for topic in item.topics:
        leaf(entry, "category", term=topic)
    leaf(entry, "link", rel="alternate", type="text/html", hreflang=language, href=item.url)
    if item.media:
        # `length` is only a hint here (4.2.7.6), and nobody has asked the other server for it.
        leaf(entry, "link", rel="enclosure", type=item.media.type, href=item.media.url)
    _text(entry, "summary", item.summary)
    leaf(entry, "content", item.html, type="html")
    return piece(entry, 1)


def _text(parent: Element, name: str, words: str, **more: str) -> None:
    """Add a plain text; with `<` in it as HTML, or some readers take what follows for a tag."""
    if "<" in words:
        leaf(parent, name, escape(words), type="html", **more)
    else:
        leaf(parent, name, words, **more)


def _person(entry: Element, credit: Credit) -> None:
    kind = "author" if credit.role == "speakers" else "contributor"
    person = SubElement(entry, kind)
    leaf(person, "name", credit.name)
    if credit.homepage:
        leaf(person, "uri", credit.homepage)
