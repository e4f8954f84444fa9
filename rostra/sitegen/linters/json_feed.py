"""JSON Feed by its version 1.1."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rostra.sitegen.linters.markup import (
    LANGUAGE,
    MEDIA_TYPE,
    Report,
    is_rfc3339,
    is_web,
    unsafe,
)

VERSION = "https://jsonfeed.org/version/1.1"
RULES: Mapping[str, str] = {
    "json-version": "JSON Feed 1.1, Top-level (version)",
    "json-title": "JSON Feed 1.1, Top-level (title)",
    "json-items": "JSON Feed 1.1, Top-level (items)",
    "json-address": "JSON Feed 1.1, Top-level and Items (URLs)",
    "json-authors": "JSON Feed 1.1, authors",
    "json-author": "JSON Feed 1.1, Changes (author is deprecated)",
    "json-language": "JSON Feed 1.1, language",
    "json-id": "JSON Feed 1.1, Items (id)",
    "json-id-twice": "JSON Feed 1.1, Items (id)",
    "json-content": "JSON Feed 1.1, Items (content_html, content_text)",
    "json-date": "JSON Feed 1.1, Items (dates of RFC 3339)",
    "json-tags": "JSON Feed 1.1, Items (tags)",
    "json-attachment": "JSON Feed 1.1, Attachments",
    "json-html": "JSON Feed 1.1, Security Considerations",
    "json-type": "JSON Feed 1.1, Structure",
    "json-unknown": "JSON Feed 1.1, Extensions",
}
TOP: Mapping[str, type] = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "user_comment": str, "next_url": str, "icon": str, "favicon": str, "authors": list,
    "author": dict, "language": str, "expired": bool, "hubs": list, "items": list,
}  # fmt: skip
ITEM: Mapping[str, type] = {
    "id": object, "url": str, "external_url": str, "title": str, "content_html": str,
    "content_text": str, "summary": str, "image": str, "banner_image": str, "date_published": str,
    "date_modified": str, "authors": list, "author": dict, "tags": list, "language": str,
    "attachments": list,
}  # fmt: skip
ADDRESSES = {
    "home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image",
    "banner_image", "avatar",
}  # fmt: skip

Found = Iterator[tuple[str, str]]


def json_feed(feed: Mapping[str, Any], lines: Sequence[int], report: Report) -> None:
    """Check a feed, then its items.

    Args:
        feed: what was read.
        lines: on which line each item begins.
        report: where findings go.
    """
    for rule, message in _top(feed):
        report.add(1, rule, message)
    seen: set[str] = set()
    items = feed.get("items")
    for line, item in zip(lines, items if isinstance(items, list) else [], strict=False):
        for rule, message in _item(item, seen) if isinstance(item, dict) else [("json-type", "")]:
            report.add(line, rule, message or "an item is an object")


def _top(feed: Mapping[str, Any]) -> Found:
    if feed.get("version") != VERSION:
        yield "json-version", f"version is '{feed.get('version')}'"
    if not feed.get("title"):
        yield "json-title", "the feed has no title"
    if not isinstance(feed.get("items"), list):
        yield "json-items", "the feed has no list of items"
    yield from _shared(feed, TOP)


def _item(item: Mapping[str, Any], seen: set[str]) -> Found:
    key = item.get("id")
    if not isinstance(key, str) or not key:
        yield "json-id", f"id is {key!r}"
    elif key in seen:
        yield "json-id-twice", f"{key} is another item's"
    seen.add(str(key))
    if not {"content_html", "content_text"} & set(item):
        yield "json-content", "neither content_html nor content_text"
    for name in ("date_published", "date_modified"):
        if name in item and not is_rfc3339(str(item[name])):
            yield "json-date", f"{name} is '{item[name]}'"
    yield from _more(item)
    yield from _shared(item, ITEM)


def _more(item: Mapping[str, Any]) -> Found:
    for tag in _list(item, "tags"):
        if not isinstance(tag, str) or not tag:
            yield "json-tags", f"{tag!r} is no tag"
    for attachment in _list(item, "attachments"):
        yield from _attachment(attachment)
    for fault in unsafe(str(item.get("content_html", ""))):
        yield "json-html", fault


def _shared(found: Mapping[str, Any], known: Mapping[str, type]) -> Found:
    for name, value in found.items():
        if name not in known and not name.startswith("_"):
            yield "json-unknown", f"'{name}' is no key"
        elif name in known and not isinstance(value, known[name]):
            yield "json-type", f"{name} is {value!r}"
        elif name in ADDRESSES and not is_web(value):
            yield "json-address", f"{name} is '{value}'"
    if "author" in found:
        yield "json-author", "author is of version 1.0: write authors"
    if not LANGUAGE.fullmatch(str(found.get("language", "en"))):
        yield "json-language", f"'{found['language']}' is no language"
    for author in _list(found, "authors"):
        yield from _author(author)


def _author(author: Any) -> Found:
    if not isinstance(author, dict) or not {"name", "url", "avatar"} & set(author):
        yield "json-authors", f"{author!r} names nobody"
        return
    for name in ADDRESSES & set(author):
        if not is_web(str(author[name])):
            yield "json-address", f"{name} is '{author[name]}'"


def _attachment(attachment: Any) -> Found:
    given = attachment if isinstance(attachment, dict) else {}
    if not is_web(str(given.get("url", ""))):
        yield "json-attachment", f"url is '{given.get('url')}'"
    if not MEDIA_TYPE.fullmatch(str(given.get("mime_type", ""))):
        yield "json-attachment", f"mime_type is '{given.get('mime_type')}'"


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []
