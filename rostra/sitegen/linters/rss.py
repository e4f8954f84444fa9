"""RSS 2.0, the Best Practices Profile of the RSS Advisory Board, and the podcast namespace."""

import re
from collections.abc import Iterator, Mapping

from rostra.sitegen.linters.markup import (
    LANGUAGE,
    MEDIA_TYPE,
    Node,
    Report,
    is_address,
    is_rfc822,
    is_web,
    unsafe,
)

PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM_LINK = "http://www.w3.org/2005/Atom link"
CREATOR = "http://purl.org/dc/elements/1.1/ creator"
RULES: Mapping[str, str] = {
    "rss-version": "RSS 2.0, What is RSS?",
    "rss-channel": "RSS 2.0, Required channel elements",
    "rss-once": "RSS 2.0, Required channel elements",
    "rss-unknown": "RSS 2.0, Extending RSS",
    "rss-item": "RSS 2.0, Elements of <item>",
    "rss-link": "RSS 2.0, Comments (links)",
    "rss-date": "RSS 2.0, Optional channel elements (dates of RFC 822)",
    "rss-language": "RSS 2.0, Optional channel elements",
    "rss-guid": "RSS 2.0, <guid>",
    "rss-guid-twice": "RSS 2.0, <guid>",
    "rss-enclosure": "RSS 2.0, <enclosure>",
    "rss-one-enclosure": "RSS Profile, enclosure",
    "rss-self": "RSS Profile, atom:link",
    "rss-author": "RSS 2.0, <author>; RSS Profile, dc:creator",
    "rss-html": "RSS Profile, description",
    "rss-text": "RSS Profile, character data",
    "podcast-guid": "podcast namespace, guid",
    "podcast-medium": "podcast namespace, medium",
    "podcast-locked": "podcast namespace, locked",
    "podcast-person": "podcast namespace, person",
    "podcast-transcript": "podcast namespace, transcript",
    "podcast-https": "podcast namespace, Podcast Tags",
    "podcast-place": "podcast namespace, Parent and Count of each tag",
}
CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster",
    "pubDate", "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image",
    "textInput", "skipHours", "skipDays", "item",
}  # fmt: skip
ITEM = {
    "title", "link", "description", "author", "category", "comments", "enclosure", "guid",
    "pubDate", "source",
}  # fmt: skip
MANY = {"category", "item", "enclosure"}
MEDIUMS = {
    "podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course",
}  # fmt: skip
# Of the Podcast Taxonomy's group Cast, which is all that we credit.
CAST = {
    "host", "co-host", "guest host", "guest", "voice actor", "narrator", "announcer", "reporter",
}  # fmt: skip
OF_CHANNEL, OF_ITEM, OF_BOTH = {"guid", "medium", "locked"}, {"transcript"}, {"person"}
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def rss(root: Node, report: Report) -> None:
    """Check a feed: its one channel, then the items."""
    version = root.attributes.get("version")
    report.unless(version == "2.0", root.line, "rss-version", f"version '{version}' is not 2.0")
    channels = root.all(" channel")
    report.unless(len(channels) == 1, root.line, "rss-channel", f"{len(channels)} channels")
    for channel in channels:
        _channel(channel, report)


def _channel(channel: Node, report: Report) -> None:
    for local in ("title", "link", "description"):
        said = channel.words(f" {local}")
        report.unless(said, channel.line, "rss-channel", f"the channel has no {local}")
    _shared(channel, report, CHANNEL)
    for node in channel.all(" language"):
        tag = LANGUAGE.fullmatch(node.text)
        report.unless(tag, node.line, "rss-language", f"'{node.text}' is no language")
    own = [link for link in channel.all(ATOM_LINK) if link.attributes.get("rel") == "self"]
    right = len(own) == 1 and is_web(own[0].attributes.get("href", ""))
    report.unless(right, channel.line, "rss-self", "the channel does not say where it is itself")
    seen: set[str] = set()
    for item in channel.all(" item"):
        _item(item, report)
        if key := item.words(" guid"):
            report.unless(key not in seen, item.line, "rss-guid-twice", f"{key} is another item's")
            seen.add(key)


def _item(item: Node, report: Report) -> None:
    _shared(item, report, ITEM)
    said = item.words(" title") or item.words(" description")
    report.unless(said, item.line, "rss-item", "neither title nor description")
    for guid in item.all(" guid"):
        link = guid.attributes.get("isPermaLink", "true") == "true"
        right = is_web(guid.text.strip()) if link else guid.text.strip()
        report.unless(right, guid.line, "rss-guid", f"'{guid.text}' is no permanent link")
    enclosures = item.all(" enclosure")
    report.unless(len(enclosures) < 2, item.line, "rss-one-enclosure", "more than one enclosure")
    for enclosure in enclosures:
        _enclosure(enclosure, report)
    for author in item.all(" author"):
        report.unless("@" in author.text, author.line, "rss-author", "an author is a mail address")
    for creator in item.all(CREATOR):
        report.unless(creator.text.strip(), creator.line, "rss-author", "a creator without a name")
    for description in item.all(" description"):
        for fault in unsafe(description.text):
            report.add(description.line, "rss-html", fault)


def _shared(node: Node, report: Report, known: set[str]) -> None:
    """What channels and items share."""
    for local in known - MANY:
        found = node.all(f" {local}")
        report.unless(len(found) < 2, node.line, "rss-once", f"{len(found)} of {local}")
    for child in node.children:
        space, _, local = child.name.partition(" ")
        if not space:
            report.unless(local in known, child.line, "rss-unknown", f"{local} cannot stand here")
            _value(child, local, report)
        elif space == PODCAST:
            _podcast(child, local, node, report)


def _value(child: Node, local: str, report: Report) -> None:
    if local in ("link", "comments", "docs"):
        right = is_web(child.text.strip())
        report.unless(right, child.line, "rss-link", f"'{child.text}' is no address")
    elif local in ("pubDate", "lastBuildDate"):
        report.unless(
            is_rfc822(child.text), child.line, "rss-date", f"'{child.text}' is no instant"
        )
    elif local in ("title", "description"):
        report.unless(not child.children, child.line, "rss-text", "elements inside a text")


def _enclosure(enclosure: Node, report: Report) -> None:
    given = enclosure.attributes
    for key, right in (
        ("url", is_web(given.get("url", ""))),
        ("length", given.get("length", "").isdigit()),
        ("type", MEDIA_TYPE.fullmatch(given.get("type", ""))),
    ):
        report.unless(right, enclosure.line, "rss-enclosure", f"{key} is '{given.get(key)}'")


def _podcast(node: Node, local: str, parent: Node, report: Report) -> None:
    at_channel = parent.name == " channel"
    fitting = OF_BOTH | (OF_CHANNEL if at_channel else OF_ITEM)
    report.unless(local in fitting, node.line, "podcast-place", f"{local} cannot stand here")
    single = local not in OF_CHANNEL or len(parent.all(node.name)) == 1
    report.unless(single, node.line, "podcast-place", f"more than one {local}")
    for rule, fault in _wrong(node, local):
        report.add(node.line, rule, fault)


def _wrong(node: Node, local: str) -> Iterator[tuple[str, str]]:
    words = node.text.strip()
    if local == "guid" and not GUID.fullmatch(words):
        yield "podcast-guid", f"'{words}' is no UUID"
    if local == "medium" and words.removesuffix("L") not in MEDIUMS | {"mixed"}:
        yield "podcast-medium", f"'{words}' is no medium"
    if local == "locked" and words not in ("yes", "no"):
        yield "podcast-locked", f"'{words}' is neither yes nor no"
    if local == "person":
        yield from _wrong_person(node, words)
    if local == "transcript":
        yield from _wrong_transcript(node.attributes)


def _wrong_person(person: Node, words: str) -> Iterator[tuple[str, str]]:
    given = person.attributes
    if not 0 < len(words) <= 128:
        yield "podcast-person", f"a name of {len(words)} characters"
    if (
        given.get("role", "host").lower() not in CAST
        or given.get("group", "cast").lower() != "cast"
    ):
        yield "podcast-person", f"'{given.get('group')}/{given.get('role')}' is no role"
    for key in ("href", "img"):
        if key in given and not _is_secure(given[key]):
            yield "podcast-https", f"{key} is '{given[key]}'"


def _wrong_transcript(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not _is_secure(given.get("url", "")):
        yield "podcast-https", f"url is '{given.get('url')}'"
    if not MEDIA_TYPE.fullmatch(given.get("type", "")):
        yield "podcast-transcript", f"type is '{given.get('type')}'"
    if not LANGUAGE.fullmatch(given.get("language", "en")):
        yield "podcast-transcript", f"language is '{given['language']}'"
    if given.get("rel", "captions") != "captions":
        yield "podcast-transcript", f"rel is '{given['rel']}'"


def _is_secure(url: str) -> bool:
    return is_address(url, ("https",))
