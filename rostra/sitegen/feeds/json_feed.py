"""JSON Feed 1.1, for who would rather read JSON."""

import json
from collections.abc import Iterator
from functools import lru_cache
from textwrap import indent
from typing import Any

from rostra.sitegen.feeds._base import MANY, Credit, Feed, Item, distinct
from rostra.sitegen.filters import rfc3339

NAME = "feed.json"
TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> str:
    """Write a feed as JSON."""
    found = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.folder + NAME,
        **({"description": feed.about} if feed.about else {}),
        "authors": [{"name": feed.author}],
        "language": feed.language,
        "items": [],
    }
    items = ",\n".join(map(_written, feed.items))
    head = json.dumps(found, ensure_ascii=False, indent=1)
    return (head.removesuffix("]\n}") + f"\n{items}\n ]\n}}" if items else head) + "\n"


@lru_cache(maxsize=MANY)  # an item stands in many feeds
def _written(item: Item) -> str:
    return indent(json.dumps(dict(_item(item)), ensure_ascii=False, indent=1), "  ")


def _item(item: Item) -> Iterator[tuple[str, Any]]:
    yield "id", item.id
    yield "url", item.url
    yield "title", item.title
    yield "summary", item.summary
    yield "content_html", item.html
    yield "date_modified", rfc3339(item.updated)
    yield "language", item.language
    authors = [_author(credit) for credit in distinct(item.of("speakers"))]
    if authors:
        yield "authors", authors
    if item.topics:
        yield "tags", list(item.topics)
    if item.media:
        yield "attachments", [{"url": item.media.url, "mime_type": item.media.type}]


def _author(credit: Credit) -> dict[str, str]:
    return {"name": credit.name, **({"url": credit.homepage} if credit.homepage else {})}
