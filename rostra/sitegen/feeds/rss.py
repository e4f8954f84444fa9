"""RSS 2.0 with the podcast namespace: recordings that are media files, and their captions.

Rules: RSS 2.0.11 and the Best Practices Profile of the RSS Advisory Board; the tags of
https://podcastindex.org/namespace/1.0.
"""

from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement

from rostra.sitegen.feeds._base import MANY, Credit, Feed, File, Item, distinct
from rostra.sitegen.feeds._xml import document, leaf, piece

NAME = "rss.xml"
TYPE = "application/rss+xml"
NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
# Roles of the Podcast Taxonomy, all of its group Cast. What is not said there means a host.
TAXONOMY = {"chairs": "host"}
LONGEST = 128  # characters of a name that aggregators keep


def rss(feed: Feed) -> str:
    """Write a feed as RSS."""
    root = Element("rss", {"version": "2.0", **NAMESPACES})
    channel = SubElement(root, "channel")
    own = feed.folder + NAME
    leaf(channel, "title", feed.title)
    leaf(channel, "link", feed.home)
    leaf(channel, "description", feed.about or feed.title)
    leaf(channel, "language", feed.language)
    leaf(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    leaf(channel, "generator", "Rostra")
    leaf(channel, "atom:link", rel="self", type=TYPE, href=own)
    leaf(channel, "podcast:guid", str(uuid5(PODCASTS, own.partition("://")[2].rstrip("/"))))
    kinds = {item.media.type.partition("/")[0] for item in feed.items if item.media}
    leaf(channel, "podcast:medium", "video" if "video" in kinds else "podcast")
    # The Profile (character data): written so, no reader takes text for markup.
    text = document(root, map(_item, feed.items), "channel")
    return text.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;")


@lru_cache(maxsize=MANY)  # an item stands in many feeds
def _item(item: Item) -> str:
    found = Element("item")
    leaf(found, "title", item.title)
    leaf(found, "link", item.url)
    leaf(found, "guid", item.id, isPermaLink="false")
    leaf(found, "pubDate", format_datetime(item.published, usegmt=True))
    leaf(found, "description", item.html)
    for topic in item.topics:
        leaf(found, "category", topic)
    for credit in item.of("speakers"):
        leaf(found, "dc:creator", credit.name)  # `author` wants a mail address
    for credit in distinct(item.credits):
        _person(found, credit)
    if item.media:
        # RSS wants a length, and nobody has asked the other server for it. The Profile (enclosure):
        # "When an enclosure's size cannot be determined, a publisher SHOULD use a length of 0."
        leaf(found, "enclosure", url=item.media.url, length="0", type=item.media.type)
    for file in filter(_secure, item.transcripts):
        more = {"language": file.language, "rel": "captions"}
        leaf(found, "podcast:transcript", url=file.url, type=file.type, **more)
    return piece(found, 2)


def _secure(named: File | Credit) -> bool:
    """Whether the namespace allows its address: "it must be given as https: and not http:"."""
    url = named.url if isinstance(named, File) else named.homepage
    return url.startswith("https:")


def _person(item: Element, credit: Credit) -> None:
    more = {"href": credit.homepage} if _secure(credit) else {}
    role = TAXONOMY.get(credit.role, "guest")
    leaf(item, "podcast:person", credit.name[:LONGEST], role=role, group="cast", **more)
