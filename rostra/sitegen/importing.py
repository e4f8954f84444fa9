"""Talks of an archive as entries: `pyvideo/data`'s JSON, one talk a line, to YAML files.

An entry only says what is known. What is guessed stands on a line that ends with `# check`, and
what has no key of its own is kept in a comment.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from babel.core import get_global
from pydantic import ValidationError

from rostra.sitegen.checks.dates import claims
from rostra.sitegen.contents import Contents
from rostra.sitegen.fields import Address
from rostra.sitegen.messages import say
from rostra.sitegen.person import same_name
from rostra.sitegen.privacy import private
from rostra.sitegen.reading import UNPRINTABLE
from rostra.sitegen.topics import slug_of

FIRST_HOUR = timedelta(hours=9)
LONGEST = 24 * 60  # minutes; what is longer is a slip of the archive
LONGEST_SLUG = 60
LEFT_OUT = "[…]"
SCHEMA = "# yaml-language-server: $schema=../schema.json\n"
LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# reStructuredText that reads as something else, or as noise, in Markdown.
RST = (
    (re.compile(r"``([^`\n]+)``"), r"`\1`"),
    (re.compile(r"`([^`<\n]+) <([^>\s]+)>`__?"), r"[\1](\2)"),
)
LINK = re.compile(r"!?\[([^\]\n]*)\]\((?!https?://)[^)\n]*\)")
ROLES = ("slides", "code", "paper")
HINTS = {
    "slides": "slide|speakerdeck",
    "code": "github|gitlab|bitbucket|source",
    "paper": "paper|arxiv",
}


class ArchiveError(ValueError):
    """A line of the archive that cannot be an entry; says which, and what is wrong with it."""


@dataclass
class Import:
    """Entries that are made from the lines of an archive, beside those that are there."""

    contents: Contents
    entries: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)
    # The keys of people by what their names have in common; and where each day's talks have got to.
    _known: dict[str, str] = field(default_factory=dict)
    _clock: dict[date, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember who is there already."""
        for person in self.contents.people.values():
            for name in (person.name, *person.aliases):
                spellings = [name] if isinstance(name, str) else [name.en, name.zh]
                self._known |= {same_name(one): person.id for one in spellings if one}

    def add(self, lines: Iterable[str]) -> "Import":
        """Make an entry of each line.

        Raises:
            ArchiveError: where a line is no talk.
        """
        for number, line in enumerate(lines, 1):
            if line.strip():
                self._add(_row(line, number))
        return self

    def files(self) -> dict[str, str]:
        """The texts of all files to be written, by their paths below `seminars/`."""
        texts = dict(self.entries)
        for name, blocks in (("people.yaml", self.people), ("series.yaml", self.series)):
            path = self.contents.folder / name
            before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.exists() else ""
            if blocks:
                texts[name] = before + "\n".join(blocks.values())
        return texts

    def _add(self, row: Mapping[str, Any]) -> None:
        series = self._series(str(row.get("series") or "archive"))
        lines = [
            SCHEMA + f"title: {quoted(row['title'])}",
            *self._start(row),
            *self._speakers(row),
        ]
        lines += [*_abstract(row), *_language(row), *_topics(row), *_links(row)]
        path = f"{series}/{self._slug(series, row['title'])}.yaml"
        self.entries[path] = "\n".join(lines) + "\n"

    def _series(self, name: str) -> str:
        key = _short(slug_of(name))
        if key not in self.contents.series and key not in self.series:
            title = name.replace("-", " ").title()
            self.series[key] = f"{key}:\n  name: {quoted(title)}  # check\n  parallel: true\n"
        return key

    def _slug(self, series: str, title: str) -> str:
        slug = base = latin(slug_of(clean(title)), "talk")
        again = 2
        while (
            f"{series}/{slug}.yaml" in self.entries
            or (self.contents.folder / series / f"{slug}.yaml").exists()
        ):
            slug, again = f"{base}-{again}", again + 1
        return slug

    def _start(self, row: Mapping[str, Any]) -> Iterator[str]:
        """Its day, and its hour where that is known; else the talks of a day follow each other."""
        minutes = max(round((row.get("duration") or 0) / 60), 1)
        moment = datetime.fromisoformat(row["recorded"]).replace(tzinfo=None, second=0)
        mark = ""
        if len(row["recorded"]) == len("2015-11-09"):
            day, hour = _told(row, moment.date())
            moment = datetime.combine(day, time())
            free = max(self._clock.get(day, moment), moment + FIRST_HOUR)
            moment = datetime.combine(day, hour) if hour else free
            self._clock[day] = max(moment, free) + timedelta(minutes=min(max(minutes, 60), 240))
            mark = "  # check"
        yield f"start: {moment:%Y-%m-%d %H:%M}{mark}"
        if row.get("duration") and minutes <= LONGEST:
            yield "duration: " + f"{minutes // 60} h {minutes % 60} min".removeprefix("0 h ")

    def _speakers(self, row: Mapping[str, Any]) -> Iterator[str]:
        names = [one_line(name) for name in row.get("speakers") or []]
        keys = dict.fromkeys(self.person(name) for name in names if name)
        if keys:
            yield f"speakers: [{', '.join(keys)}]"

    def person(self, name: str, more: str = "") -> str:
        """The key of a person, who is added, with `more` lines, where nobody has that name."""
        same = same_name(name) or name
        if same not in self._known:
            key = base = latin(slug_of(name), "person")
            again = 2
            while key in self.people or key in self.contents.people:
                key, again = f"{base}-{again}", again + 1
            self.people[key] = f"{key}:\n  name: {quoted(name)}\n{more}"
            self._known[same] = key
        return self._known[same]


def _row(line: str, number: int) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or not one_line(row["title"]):
            raise ValueError("title")
        datetime.fromisoformat(row["recorded"])
    except (ValueError, KeyError, TypeError) as error:
        message = say("line {number} is no talk of pyvideo: {reason}", number=number, reason=error)
        raise ArchiveError(message) from None
    return row


def _told(row: Mapping[str, Any], day: date) -> tuple[date, time | None]:
    """When it took place by its own text, which is surer than the day it was put up."""
    text = f"{row['title']}\n{row.get('description')}"
    told = [claim for claim in claims(text, day) if claim.certain]
    days, hours = {claim.day for claim in told}, {claim.hour for claim in told if claim.hour}
    if len(days) != 1:
        return day, None
    return days.pop(), time(*hours.pop()) if len(hours) == 1 else None


def _abstract(row: Mapping[str, Any]) -> Iterator[str]:
    text = clean(row.get("description") or row.get("abstract") or row.get("summary") or "")
    for pattern, plain in RST:
        text = pattern.sub(plain, text)
    text = LINK.sub(r"\1", text).replace("$", r"\$")
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    if text.strip():
        yield "abstract: |2-"  # its first line may be indented
        yield from (f"  {line}" if line else "" for line in lines)


def _language(row: Mapping[str, Any]) -> Iterator[str]:
    """Its tag of two letters: the archive has those of three."""
    code = get_global("language_aliases").get(row.get("language") or "")
    if code:
        yield f"language: {code}"


def _topics(row: Mapping[str, Any]) -> Iterator[str]:
    found = {
        slug_of(one_line(tag)): one_line(tag) for tag in row.get("tags") or [] if one_line(tag)
    }
    if found:
        yield "topics:"
        yield from (f"  - {quoted(tag)}" for tag in found.values())


def _links(row: Mapping[str, Any]) -> Iterator[str]:
    """The recording, and what is known of the rest; other addresses stay in a comment."""
    found: dict[str, str] = {}
    others = []
    for video in row.get("videos") or []:
        address = address_of(video.get("url"))
        if address and "recording" not in found:
            found["recording"] = address
        elif address:
            others.append(address)
    for told in row.get("related_urls") or []:
        label, url = (told.get("label"), told.get("url")) if isinstance(told, dict) else ("", told)
        kinds = [kind for kind in ROLES if re.search(HINTS[kind], f"{label} {url}".lower())]
        address = address_of(url)
        if address and kinds and kinds[0] not in found:
            found[kinds[0]] = address
        elif address:
            others.append(address)
    if found:
        yield "links:"
        yield from (f"  {kind}: {quoted(address)}" for kind, address in found.items())
    yield from (f"# see also: {address}" for address in others)


def address_of(url: object) -> str:
    """The address, or none where it is none, or where it looks private."""
    text = re.sub(r"\\(?=[_*~])", "", str(url or "").strip())  # reStructuredText escapes them
    try:
        Address.validate_python(text)
    except ValidationError:
        return ""
    return "" if next(private(text), None) else text


def clean(text: str) -> str:
    """Take out what no entry may carry: control characters, and what looks private."""
    plain = UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text).replace("\t", "    "))
    for _, _, found in [*private(plain)]:
        plain = plain.replace(found, LEFT_OUT)
    return plain


def one_line(text: object) -> str:
    """A text on one line, without what no entry may carry."""
    return " ".join(clean(str(text)).split())


def quoted(text: str) -> str:
    """A text in the quotes of YAML; a dollar is a dollar, and begins no formula."""
    return json.dumps(one_line(text).replace("$", r"\$"), ensure_ascii=False)


def _short(slug: str) -> str:
    """Cut at the end of a word."""
    return slug if len(slug) <= LONGEST_SLUG else slug[:LONGEST_SLUG].rpartition("-")[0]


def latin(slug: str, else_: str) -> str:
    """The slug, or another word where it is mostly characters written by their numbers."""
    words = slug.split("-")
    numbers = [word for word in words if re.fullmatch(r"u[0-9a-f]{2,5}", word)]
    return else_ if 2 * len(numbers) >= len(words) else _short(slug)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files, each beside its place first: what is there is replaced as a whole."""
    beside = {}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside[path] = path.with_name(f".{path.name}.new")
        beside[path].write_text(text, encoding="utf-8")
    for path, new in beside.items():
        new.replace(path)
