"""XML read line by line, and the values that feeds share, for the linters of feeds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.parsers import expat

from rostra.sitegen.linters._base import Finding

XML = "http://www.w3.org/XML/1998/namespace"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
DATE_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)?"
    r" (?:[+-]\d{4}|GMT|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT)"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:;.*)?")
UNSAFE = {"script", "style", "iframe", "object", "embed", "form", "base", "meta", "link"}


class MarkupError(ValueError):
    """What is no XML, or more than feeds need of it; `line` says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Node:
    """An element: `name` is its namespace, a blank and its local name."""

    name: str
    line: int
    attributes: Mapping[str, str]
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> list["Node"]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]

    def words(self, name: str) -> str:
        """The text of the first child of a name."""
        return next((child.text.strip() for child in self.all(name)), "")


@dataclass
class Report:
    """The findings of one file; the section follows from the rule."""

    file: str
    rules: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)

    def add(self, line: int, rule: str, message: str) -> None:
        """Note that a rule is broken."""
        self.findings.append(Finding(self.file, line, rule, message, self.rules[rule]))

    def unless(self, right: object, line: int, rule: str, message: str) -> None:
        """Note that a rule is broken, unless something holds."""
        if not right:
            self.add(line, rule, message)


def parse(data: bytes) -> Node:
    """Read a document.

    Raises:
        MarkupError: where it is not well formed, or declares a type.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    top = Node("", 0, {})
    stack = [top]

    def start(name: str, attributes: Mapping[str, str]) -> None:
        node = Node(name if " " in name else f" {name}", parser.CurrentLineNumber, attributes)
        stack[-1].children.append(node)
        stack.append(node)

    def text(words: str) -> None:
        stack[-1].text += words

    def doctype(*_: object) -> None:
        raise MarkupError(parser.CurrentLineNumber, "a document type is declared")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise MarkupError(error.lineno, f"not well formed: {error}") from None
    return top.children[0]


def is_address(text: str, schemes: tuple[str, ...] = ()) -> bool:
    """Whether it is an absolute address, of these schemes where some are named."""
    if re.search(r"[\s<>\"{}|\\^`]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    known = parts.scheme in schemes if schemes else bool(parts.scheme)
    return known and bool(parts.netloc or parts.path)


def is_web(text: str) -> bool:
    """Whether it is an address that a browser opens."""
    return is_address(text, ("http", "https"))


def is_rfc3339(text: str) -> bool:
    """Whether it is an instant of RFC 3339 that exists."""
    try:
        return bool(DATE.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def is_rfc822(text: str) -> bool:
    """Whether it is an instant of RFC 822 with four digits a year, and on its weekday."""
    if not DATE_822.fullmatch(text):
        return False
    try:
        return "," not in text or f"{parsedate_to_datetime(text):%a}" == text[:3]
    except ValueError:
        return False


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [f"<{tag}> in it"] if tag in UNSAFE else []
        for name, value in attrs:
            self.faults += self.wrong(name, (value or "").strip())

    def wrong(self, name: str, value: str) -> Iterator[str]:
        if name == "style" or name.startswith("on"):
            yield f"{name}= in it"
        if name in ("href", "src") and not is_address(value, ("http", "https", "mailto")):
            yield f"'{value}' in it is no address that leads anywhere from a feed"


def unsafe(html: str) -> list[str]:
    """Find in the HTML of an item what a reader must not run, or cannot follow."""
    parser = _Html()
    parser.feed(html)
    parser.close()
    return parser.faults
