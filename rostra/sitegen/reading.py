"""YAML as YAML 1.2 reads it, with the place of every key and value.

PyYAML parses the notation; its YAML 1.1 guesses are not used, because they turn `12:30` into 750
and `no` into False. The node tree knows every line and column, so each fault can point.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import Any

import yaml

from rostra.sitegen import slips
from rostra.sitegen.faults import EntryError, Fault
from rostra.sitegen.messages import say
from rostra.sitegen.notation import composed
from rostra.sitegen.scalars import scalar, unfolded

At = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and positions."""

LARGEST = 1_000_000  # characters of a file
LONGEST = 50_000  # characters of one value
DEEPEST = 20  # levels; Python's own limit is whatever some library has set it to
TOO_DEEP = say("nested too deeply")
SECRET = "!secret"
_TAGS = frozenset([SECRET, *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq"))])
_BIDI = r"\u202a-\u202e\u2066-\u2069"
# What no page, feed or calendar may carry: control characters, lone surrogates, non-characters,
# line ends that are none in YAML, what has no width, and what turns the order of a line around.
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff\ud800-\udfff\ufffe\uffff"
    rf"{_BIDI}]"
)
TURNING = re.compile(f"[{_BIDI}]")
# More marks than any language puts on one letter run into the lines above and below.
FLOOD = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


@dataclass(frozen=True)
class Secret:
    """The name of a value that never stands in an entry: `join: !secret NAME`."""

    name: str


@dataclass(frozen=True)
class Place:
    """Where a value stands, in characters from the start of the text, and where its key does."""

    start: int
    end: int
    key: int


class _TooDeepError(Exception):
    def __init__(self, position: int) -> None:
        self.position = position


# Faults whose line must not be read in a log: what is wrong with it is that it can be read.
HIDDEN = ("private", "secret")
# Faults of the notation that leave no value behind.
_UNREAD = ("tag", "alias", "bidi", "character", "size")


@dataclass
class Document:
    """A file as data, with the places that faults point at.

    Where it was `recalled` they are found in the text when one is asked for. It is `sealed` where
    it names a secret.
    """

    file: str
    text: str
    data: object = None
    places: dict[At, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    recalled: bool = field(default=False, compare=False)
    sealed: bool = field(default=False, compare=False)

    def report(self, at: At, rule: str, message: str, *, on: str = "value", **notes: Any) -> None:
        """Note a fault at a value, at its `key`, or at a piece of text (`needle=`) inside it."""
        needle = notes.pop("needle", "")
        place = self.place(at)
        position = place.key if on == "key" else place.start
        if needle:
            found = self.text.find(needle, place.start, place.end)
            position = found if found >= 0 else position
        self.report_at(position, rule, message, **notes)

    def warn(self, at: At, rule: str, message: str, **notes: str) -> None:
        """Note what is probably wrong: `rostra check` says it, and no build fails for it."""
        self.report(at, rule, message, severity="warning", **notes)

    def report_at(self, position: int, rule: str, message: str, **notes: Any) -> None:
        """Note a fault at a position in the text."""
        line, column, source = where(self.text, position)
        if rule in HIDDEN:
            source = source[: column - 1] + "…"
        fault = Fault(self.file, line, column, rule, message, source=source, **notes)
        # What could not be read as notation is not worth a second fault as a value.
        unread = any(
            (one.line, one.column) == (line, column) and one.rule in _UNREAD for one in self.faults
        )
        if not unread and fault not in self.faults:
            self.faults.append(fault)

    def place(self, at: At) -> Place:
        """Where `at` stands or, if it is not there, what it should stand in."""
        if self.recalled and not self.places:
            self.places = parse(self.text, self.file).places
        while at not in self.places and at:
            at = at[:-1]
        return self.places.get(at, Place(0, len(self.text), 0))

    def require(self) -> None:
        """Raise if anything is wrong.

        Raises:
            EntryError: with all faults.
        """
        if self.faults:
            raise EntryError(self.faults)


def where(text: str, position: int) -> tuple[int, int, str]:
    """Line and column, counted from 1, of a position in a text, and the text of that line."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)].rstrip("\r")
    return text.count("\n", 0, start) + 1, position - start + 1, line


def read(path: Path, name: str = "") -> Document:
    """Read a YAML file; what is wrong with its notation is in the document's faults.

    Args:
        path: the file.
        name: what faults call it; the path by default.
    """
    document = read_text(path, name)
    return document if document.faults else parse(document.text, document.file)


def read_text(path: Path, name: str = "") -> Document:
    """Read a file of text that is no YAML; that it is no text is among the document's faults."""
    file = name or path.as_posix()
    try:
        rule, message = _unfit(path)
        content = b"" if message else path.read_bytes()
    except OSError as error:
        rule, message = "file", say("cannot be read: {reason}", reason=error.strerror or str(error))
    if message:
        return Document(file, "", faults=[Fault(file, 1, 1, rule, message)])
    try:
        return Document(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        document = Document(file, content[: error.start].decode("utf-8-sig"))
        hint = say("save it as UTF-8")
        document.report_at(len(document.text), "encoding", say("not UTF-8 text"), suggestion=hint)
        return document


def _unfit(path: Path) -> tuple[str, str]:
    """Why a path is not opened: a link leads elsewhere, a pipe may never end."""
    found = os.lstat(path)
    if S_ISLNK(found.st_mode):
        return "file", say("links are not followed")
    if not (S_ISREG(found.st_mode) or S_ISDIR(found.st_mode)):
        return "file", say("this is no file")
    if found.st_size > 4 * LARGEST:  # bytes: a character has four at most
        return "size", say("longer than {most:,} characters", most=LARGEST)
    return "", ""


def parse(text: str, file: str = "<text>") -> Document:
    """Read YAML text; what is wrong with its notation is in the document's faults."""
    document = Document(file, text)
    if len(text) > LARGEST:
        message = say("longer than {most:,} characters", most=LARGEST)
        document.report_at(0, "size", message)
        return document
    for match in TURNING.finditer(text):  # in comments too: they are read by who reviews
        document.report_at(match.start(), "bidi", _turning(match[0]))
    try:
        node = composed(text)
        if node is not None:
            document.data = _Builder(document).value(node, (), node.start_mark.index)
    except yaml.reader.ReaderError as error:
        message = say("character U+{code:04X} is not allowed", code=ord(text[error.position]))
        document.report_at(error.position, "yaml", message)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = min(mark.index, len(text)) if mark else 0
        message = say("not YAML: {reason}", reason=slips.told(error))
        document.report_at(position, "yaml", message, suggestion=slips.advice(error))
    except _TooDeepError as error:
        document.report_at(error.position, "yaml", TOO_DEEP)
    except RecursionError:
        document.report_at(0, "yaml", TOO_DEEP)
    return document


def _turning(sign: str) -> str:
    code = f"U+{ord(sign):04X}"
    return say("{code} turns around the order in which a line is shown", code=code)


class _Builder:
    """Turns nodes into plain data and notes where each value stands."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, at: At, key: int) -> object:
        self.document.places[at] = Place(node.start_mark.index, node.end_mark.index, key)
        if id(node) in self.seen:
            message = say("aliases are not read; write the value out")
            self.document.report(at, "alias", message, on="key")
            return None
        self.seen.add(id(node))
        if len(at) > DEEPEST:
            raise _TooDeepError(node.start_mark.index)
        if node.tag not in _TAGS:
            message = say("the tag {tag} is not known; only {known} is", tag=node.tag, known=SECRET)
            self.document.report(at, "tag", message)
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, at)
        if isinstance(node, yaml.ScalarNode):
            return self.leaf(node, at)
        items = enumerate(node.value)
        return [self.value(item, (*at, i), item.start_mark.index) for i, item in items]

    def mapping(self, node: yaml.MappingNode, at: At) -> dict[str, object]:
        found: dict[str, object] = {}
        lines: dict[str, int] = {}
        for name_node, value_node in node.value:
            mark = name_node.start_mark
            if not isinstance(name_node, yaml.ScalarNode) or UNPRINTABLE.search(name_node.value):
                self.document.report_at(mark.index, "yaml", say("a key must be one word"))
            elif (name := name_node.value) in found:
                sentence = "key '{key}' stands twice; it is already on line {line}"
                message = say(sentence, key=name, line=lines[name])
                self.document.report_at(mark.index, "duplicate-key", message)
            else:
                lines[name] = mark.line + 1
                found[name] = self.value(value_node, (*at, name), mark.index)
        return found

    def leaf(self, node: yaml.ScalarNode, at: At) -> object:
        self.purge(node, at)
        if node.tag == SECRET:
            self.document.sealed = True
            return Secret(node.value)
        if node.style == "|":
            return node.value
        source = self.document.text[node.start_mark.index : node.end_mark.index]
        if node.style == ">":
            source = source.partition("\n")[2]  # a comment may stand on the first line
        value = unfolded(node.value, source)
        return value if node.style else scalar(value)  # plain is None, and "" in C

    def purge(self, node: yaml.ScalarNode, at: At) -> None:
        """Report what no text may have, and take it out: a value without it is still one."""
        if len(node.value) > LONGEST:
            message = say("longer than {most:,} characters", most=LONGEST)
            self.document.report(at, "size", message)
        elif found := UNPRINTABLE.search(node.value):
            code = f"U+{ord(found[0]):04X}"
            if not TURNING.match(found[0]):
                message = say("the character {code} cannot be shown", code=code)
                self.document.report(at, "character", message, needle=found[0])
            elif found[0] not in self.document.text:  # an escape hides it
                self.document.report(at, "bidi", _turning(found[0]))
        elif found := FLOOD.search(node.value):
            message = say("too many marks on one letter")
            self.document.report(at, "character", message, needle=found[0])
        node.value = UNPRINTABLE.sub("", node.value[:LONGEST])
