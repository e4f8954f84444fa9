"""Publications: entries of `docs/publications.bib`, their authors bound to people.

Beyond BibTeX an entry may say `theme` (the last part of a research page's address), `talk`
(`series/slug`), `code` and `pdf`; several of a kind are separated by commas. An author is bound to
who has that name or alias in `people.yaml`, or is written there as a key.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pybtex.database import Entry
from pybtex.database import Person as Name
from pydantic import ValidationError

from rostra.sitegen.csl import csl, written
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import Address, in_language
from rostra.sitegen.messages import say
from rostra.sitegen.person import Person, same_name
from rostra.sitegen.reading import Document, Place
from rostra.sitegen.references import Reference, begins, entries, reference, unlatex
from rostra.sitegen.series import Known

OURS = ("theme", "talk", "code", "pdf")  # nobody else's bibliography needs them
NEEDED = ("title", "year")
ALL = "all"  # no key: the files of all publications are called so
KEY = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
EPRINT = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?")
# type of BibTeX → what readers call it; all others are `other`
KINDS = {
    "article": "journal",
    "inproceedings": "conference",
    "conference": "conference",
    "misc": "preprint",
    "unpublished": "preprint",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "book": "book",
    "incollection": "book",
    "inbook": "book",
    "techreport": "report",
}


@dataclass(frozen=True)
class Author:
    """One author, in reading order, and the person of this site that it is."""

    name: str
    person: Person | None = None


@dataclass(frozen=True)
class Publication:
    """One paper, book or thesis."""

    source: Reference
    authors: tuple[Author, ...]
    themes: tuple[str, ...] = ()
    talks: tuple[str, ...] = ()
    code: str = ""
    pdf: str = ""

    @property
    def id(self) -> str:
        """Its key: the last part of its address."""
        return self.source.key

    @property
    def kind(self) -> str:
        """What it is: journal, conference, preprint, thesis, book, report, other."""
        return KINDS.get(self.source.kind, "other")

    @property
    def year(self) -> int:
        """When it appeared."""
        return int(self.source.year)

    @property
    def people(self) -> tuple[Person, ...]:
        """Its authors who have a page here."""
        return tuple(one.person for one in self.authors if one.person)

    @property
    def links(self) -> Mapping[str, str]:
        """Where to read it, by kind."""
        fields = self.source.fields
        found = {
            "DOI": f"https://doi.org/{fields['doi']}" if "doi" in fields else "",
            "arXiv": f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else "",
            "PDF": self.pdf,
            "code": self.code,
            "page": fields.get("url", ""),
        }
        return {kind: address for kind, address in found.items() if address}

    @property
    def csl(self) -> str:
        """It as CSL-JSON."""
        return written(csl(self.source))


def read(document: Document, people: Mapping[str, Person], known: Known) -> Iterator[Publication]:
    """Read a bibliography; what is wrong stands in the document's faults.

    Args:
        document: the text of a BibTeX file.
        people: who may be an author, by their keys.
        known: what an entry may say that it belongs to.
    """
    try:
        found = entries(document.text, document.file)
    except EntryError as error:
        document.faults += error.faults
        return
    reader = _Reader(document, people, known)
    starts = sorted(begins(key, document.text) for key in found)
    for key, entry in found.items():
        start = begins(key, document.text)
        end = next((one for one in starts if one > start), len(document.text))
        document.places[(key,)] = Place(start, end, start)
        if reader.is_sound(key, entry):
            yield reader.publication(key, entry)


class _Reader:
    """Turns entries of one file into publications."""

    def __init__(self, document: Document, people: Mapping[str, Person], known: Known) -> None:
        self.document, self.people, self.known = document, people, known
        self.called: dict[str, set[str]] = {}
        for key, person in people.items():
            for spelling in person.spellings():
                self.called.setdefault(same_name(spelling), set()).add(key)

    def is_sound(self, key: str, entry: Entry) -> bool:
        """Report what is wrong with an entry."""
        before = len(self.document.faults)
        self._check_head(key, entry)
        for name, (expected, fits) in ADDRESSES.items():
            text = entry.fields.get(name)
            if text is not None and not fits(text):
                self._report(key, "url", say("not an address"), text, expected=expected)
        for name, kind in (("theme", "themes"), ("talk", "talks")):
            for one in _split(entry.fields.get(name, "")):
                if missing := self.known.lacks(kind, one):
                    rule, message, hint = missing
                    self._report(key, rule, message, one, suggestion=hint)
        return len(self.document.faults) == before

    def _check_head(self, key: str, entry: Entry) -> None:
        if not KEY.fullmatch(key) or key == ALL:
            message = say("'{text}' cannot stand in an address", text=key)
            expected = say("letters, digits, single - and _")
            self._report(key, "slug", message, key, expected=expected)
        for name in (name for name in NEEDED if not entry.fields.get(name)):
            self._report(key, "missing-key", say("the key '{key}' is missing", key=name))
        if not entry.persons.get("author"):
            self._report(key, "missing-key", say("the key '{key}' is missing", key="author"))
        year = entry.fields.get("year", "2000")
        if not re.fullmatch(r"\d{4}", year):
            message = say("'{text}' is not a year", text=year)
            self._report(key, "date", message, year, expected="2024")
        for name in (unlatex(str(one)) for one in entry.persons.get("author", ())):
            if len(keys := self.called.get(same_name(name), set())) > 1:
                names = ", ".join(sorted(keys))
                message = say("'{name}' may be any of {names}", name=name, names=names)
                hint = say("write the key instead of the name")
                self._report(key, "which-person", message, suggestion=hint)

    def _report(self, key: str, rule: str, message: str, needle: str = "", **notes: str) -> None:
        self.document.report((key,), rule, message, needle=needle, **notes)

    def publication(self, key: str, entry: Entry) -> Publication:
        """Make a publication of a sound entry; a key among the authors becomes their name."""
        authors = tuple(map(self._author, entry.persons["author"]))
        people = zip(entry.persons["author"], authors, strict=True)
        entry.persons["author"] = [
            Name(one.person.sorted_name("en")) if one.person and str(name) in self.people else name
            for name, one in people
        ]
        ours = {name: entry.fields.pop(name, "") for name in OURS}
        entry_themes, talks = (_split(ours[name]) for name in ("theme", "talk"))
        source = reference(key, entry)
        return Publication(source, authors, entry_themes, talks, ours["code"], ours["pdf"])

    def _author(self, name: Name) -> Author:
        written = unlatex(str(name))
        if written in self.people:
            return Author(in_language(self.people[written].name, "en"), self.people[written])
        (found,) = self.called.get(same_name(written), set()) or {""}
        family, _, given = written.partition(", ")
        return Author(f"{given} {family}".strip(), self.people.get(found))


def _split(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,]+", text))


def _is_address(text: str) -> bool:
    try:
        return bool(Address.validate_python(text))
    except ValidationError:
        return False


# field: what it looks like, and whether a text is that
ADDRESSES: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "doi": ("10.1000/182", DOI.fullmatch),
    "eprint": ("1706.06083", EPRINT.fullmatch),
    **dict.fromkeys(("url", "code", "pdf"), ("https://…", _is_address)),
}
