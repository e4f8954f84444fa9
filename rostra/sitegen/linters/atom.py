"""Atom feeds by RFC 4287."""

from collections.abc import Mapping

from rostra.sitegen.linters.markup import (
    LANGUAGE,
    MEDIA_TYPE,
    XML,
    Node,
    Report,
    is_address,
    is_rfc3339,
    is_web,
    unsafe,
)

NAMESPACE = "http://www.w3.org/2005/Atom"
RULES: Mapping[str, str] = {
    "atom-once": "RFC 4287, 4.1.1 and 4.1.2",
    "atom-author": "RFC 4287, 4.1.1",
    "atom-person": "RFC 4287, 3.2",
    "atom-id": "RFC 4287, 4.2.6",
    "atom-id-twice": "RFC 4287, 4.1.1 and 4.2.6",
    "atom-date": "RFC 4287, 3.3",
    "atom-title": "RFC 4287, 4.2.14",
    "atom-text": "RFC 4287, 3.1.1",
    "atom-html": "RFC 4287, 8.1",
    "atom-link": "RFC 4287, 4.2.7",
    "atom-self": "RFC 4287, 4.1.1",
    "atom-alternate": "RFC 4287, 4.1.1 and 4.1.2",
    "atom-content": "RFC 4287, 4.1.2",
    "atom-category": "RFC 4287, 4.2.2.1",
    "atom-language": "RFC 4287, 2",
    "atom-unknown": "RFC 4287, 4 and 6.3",
}
ONCE = ("id", "title", "updated")
FEED = {"generator", "icon", "logo", "rights", "subtitle"}
ENTRY = {"content", "published", "rights", "summary", "source"}
MANY = {"author", "contributor", "category", "link"}
PEOPLE = ("author", "contributor")
TEXTS = ("title", "subtitle", "summary", "rights")


def name(local: str) -> str:
    """The name of an element of Atom."""
    return f"{NAMESPACE} {local}"


def atom(feed: Node, report: Report) -> None:
    """Check a feed, then its entries."""
    entries = feed.all(name("entry"))
    _shared(feed, report, FEED | {"entry"})
    authors = bool(feed.all(name("author"))) or all(one.all(name("author")) for one in entries)
    report.unless(authors, feed.line, "atom-author", "neither the feed nor every entry has one")
    own = [link for link in feed.all(name("link")) if link.attributes.get("rel") == "self"]
    report.unless(len(own) == 1, feed.line, "atom-self", f"{len(own)} links to the feed itself")
    seen: set[str] = set()
    for entry in entries:
        _entry(entry, report)
        key = entry.words(name("id"))
        report.unless(key not in seen, entry.line, "atom-id-twice", f"{key} is another entry's")
        seen.add(key)


def _entry(entry: Node, report: Report) -> None:
    _shared(entry, report, ENTRY)
    links = entry.all(name("link"))
    alternate = any(link.attributes.get("rel", "alternate") == "alternate" for link in links)
    told = alternate or entry.all(name("content"))
    report.unless(told, entry.line, "atom-content", "neither content nor a link to it")
    for content in entry.all(name("content")):
        _content(content, entry, report)


def _content(content: Node, entry: Node, report: Report) -> None:
    kind = content.attributes.get("type", "text")
    if "src" in content.attributes:
        summary = entry.all(name("summary"))
        report.unless(summary, content.line, "atom-content", "elsewhere, and without a summary")
        report.unless(not content.text.strip(), content.line, "atom-content", "both here and there")
    elif kind in ("text", "html", "xhtml"):
        _text(content, report)
    else:
        right = MEDIA_TYPE.fullmatch(kind)
        report.unless(right, content.line, "atom-content", f"'{kind}' is no type")


def _shared(node: Node, report: Report, more: set[str]) -> None:
    """What feeds and entries share."""
    for local in ONCE:
        found = len(node.all(name(local)))
        report.unless(found == 1, node.line, "atom-once", f"{found} of {local}, where one must be")
    for local in more - {"entry"}:
        found = len(node.all(name(local)))
        report.unless(found < 2, node.line, "atom-once", f"{found} of {local}, where one may be")
    _alternates(node, report)
    for child in node.children:
        space, _, local = child.name.partition(" ")
        if space == NAMESPACE:
            known = local in more | MANY | {*ONCE}
            report.unless(known, child.line, "atom-unknown", f"{local} cannot stand here")
            _value(child, local, report)
    language = node.attributes.get(f"{XML} lang", "en")
    right = LANGUAGE.fullmatch(language)
    report.unless(right, node.line, "atom-language", f"'{language}' is no language")


def _value(child: Node, local: str, report: Report) -> None:
    words = child.text.strip()
    if local == "id":
        report.unless(is_address(words), child.line, "atom-id", f"'{words}' is no absolute IRI")
    elif local in ("updated", "published"):
        report.unless(is_rfc3339(child.text), child.line, "atom-date", f"'{words}' is no instant")
    elif local == "category":
        term = child.attributes.get("term")
        report.unless(term, child.line, "atom-category", "a category without a term")
    elif local == "link":
        _link(child, report)
    elif local in PEOPLE:
        _person(child, report)
    elif local in TEXTS:
        _text(child, report)


def _link(link: Node, report: Report) -> None:
    given = link.attributes
    right = is_web(given.get("href", ""))
    report.unless(right, link.line, "atom-link", f"'{given.get('href')}' is no address")
    kind, language = given.get("type", "text/html"), given.get("hreflang", "en")
    report.unless(MEDIA_TYPE.fullmatch(kind), link.line, "atom-link", f"'{kind}' is no type")
    tag = LANGUAGE.fullmatch(language)
    report.unless(tag, link.line, "atom-language", f"'{language}' is no language")


def _alternates(node: Node, report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for link in node.all(name("link")):
        if link.attributes.get("rel", "alternate") == "alternate":
            key = link.attributes.get("type", ""), link.attributes.get("hreflang", "")
            report.unless(key not in seen, link.line, "atom-alternate", "two alternates of a kind")
            seen.add(key)


def _person(person: Node, report: Report) -> None:
    names = person.all(name("name"))
    right = len(names) == 1 and names[0].text.strip()
    report.unless(right, person.line, "atom-person", "a person has one name")
    for uri in person.all(name("uri")):
        known = is_address(uri.text.strip())
        report.unless(known, uri.line, "atom-person", f"'{uri.text}' is no address")
    for mail in person.all(name("email")):
        report.unless("@" in mail.text, mail.line, "atom-person", f"'{mail.text}' is no mail")


def _text(node: Node, report: Report) -> None:
    kind = node.attributes.get("type", "text")
    known = kind in ("text", "html", "xhtml")
    report.unless(known, node.line, "atom-text", f"'{kind}' is no kind of text")
    if kind != "xhtml":
        report.unless(not node.children, node.line, "atom-text", "elements inside a text")
    for fault in unsafe(node.text) if kind == "html" else ():
        report.add(node.line, "atom-html", fault)
    if node.name == name("title"):
        report.unless(node.text.strip(), node.line, "atom-title", "a title that says nothing")
