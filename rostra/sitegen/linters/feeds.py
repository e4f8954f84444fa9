"""Feeds of all three kinds: which one a file is, and what its rules say of it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from rostra.sitegen.linters import atom, json_feed, rss
from rostra.sitegen.linters._base import Finding
from rostra.sitegen.linters.markup import MarkupError, Report, parse

RULES: Mapping[str, str] = {
    "utf-8": "RFC 4287, 2; RFC 8259, 8.1",
    "xml": "XML 1.0, 2.1",
    "json": "RFC 8259, 2",
    "kind": "RFC 4287, 4.1.1; RSS 2.0; JSON Feed 1.1",
    **atom.RULES,
    **rss.RULES,
    **json_feed.RULES,
}
NAMES = ("feed.xml", "rss.xml", "feed.json")


def lint(data: bytes, file: str) -> list[Finding]:
    """Find what is wrong with a feed.

    Args:
        data: its bytes, as they are served.
        file: what findings call it.

    Examples:
        >>> [str(one) for one in lint(b"<feed/>", "feed.xml")]
        ['feed.xml:1: feed is no feed [kind: RFC 4287, 4.1.1; RSS 2.0; JSON Feed 1.1]']
    """
    report = Report(file, RULES)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        report.add(data[: error.start].count(b"\n") + 1, "utf-8", "bytes that are no UTF-8")
        return report.findings
    if text.lstrip()[:1] == "{":
        _json(text, report)
    else:
        _xml(data, report)
    return report.findings


def _xml(data: bytes, report: Report) -> None:
    try:
        root = parse(data)
    except MarkupError as error:
        report.add(error.line, "xml", str(error))
        return
    if root.name == atom.name("feed"):
        atom.atom(root, report)
    elif root.name == " rss":
        rss.rss(root, report)
    else:
        report.add(root.line, "kind", f"{root.name.strip()} is no feed")


def _json(text: str, report: Report) -> None:
    try:
        feed = json.loads(text)
    except json.JSONDecodeError as error:
        report.add(error.lineno, "json", error.msg)
        return
    # An item begins where its key stands; where it has none, the finding is on the first line.
    places = re.finditer(r'^ *"id":', text, re.MULTILINE)
    lines = [text.count("\n", 0, place.start()) + 1 for place in places]
    items = feed.get("items")
    missing = (len(items) if isinstance(items, list) else 0) - len(lines)
    json_feed.json_feed(feed, [*lines, *[1] * max(missing, 0)], report)


def findings(site: Path) -> Iterator[Finding]:
    """Yield what is wrong with any feed of a built site."""
    for path in sorted(path for name in NAMES for path in site.rglob(name)):
        yield from lint(path.read_bytes(), path.relative_to(site).as_posix())
