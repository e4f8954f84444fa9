"""BibTeX files as mappings, and one of their entries as a line of a list of sources."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from pybtex.database import Entry, parse_string
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from rostra.sitegen.faults import EntryError, Fault, nearest

VENUES = ("journal", "booktitle", "school", "institution", "publisher", "howpublished")


@dataclass(frozen=True)
class Reference:
    """One source; `bibtex` is what a reader copies into a bibliography."""

    key: str
    authors: tuple[str, ...]
    title: str
    venue: str
    year: str
    address: str
    bibtex: str = ""
    kind: str = "misc"
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def names(self) -> str:
        """The authors' family names, or the first and how many more.

        Examples:
            >>> Reference("k", ("Wei, Xingxing", "Shiji Zhao"), "", "", "", "").names
            'Wei and Zhao'
        """
        families = [one.split(",")[0] if "," in one else one.split()[-1] for one in self.authors]
        if len(families) > 3:
            return f"{families[0]} et al."
        return " and ".join(filter(None, [", ".join(families[:-1]), *families[-1:]]))


def read_references(*paths: Path) -> dict[str, Reference]:
    """Read BibTeX files; one that is absent holds none.

    Raises:
        EntryError: If one cannot be read, or a key stands twice.
    """
    found: dict[str, Reference] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for key, entry in entries(text, path.name).items():
            if key in found:
                message = f"the key '{key}' stands in another bibliography too"
                raise EntryError([Fault(path.name, _line_of(key, text), 1, "bibtex", message)])
            found[key] = reference(key, entry)
    return found


def entries(text: str, file: str) -> Mapping[str, Entry]:
    """Parse BibTeX.

    Raises:
        EntryError: If it is none, or a key stands twice.
    """
    try:
        return parse_string(text, "bibtex").entries
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        raise EntryError([Fault(file, line, 1, "bibtex", str(error))]) from None


def begins(key: str, text: str) -> int:
    """Where an entry begins in its file, in characters."""
    found = re.search(rf"^[ \t]*(?=@\w+\s*[{{(]\s*{re.escape(key)}\s*,)", text, re.MULTILINE)
    return found.end() if found else 0


def _line_of(key: str, text: str) -> int:
    return text.count("\n", 0, begins(key, text)) + 1


def reference(key: str, entry: Entry) -> Reference:
    """Read one entry."""
    fields = {name.lower(): unlatex(value) for name, value in entry.fields.items()}
    return Reference(
        key=key,
        authors=tuple(unlatex(str(person)) for person in entry.persons.get("author", ())),
        title=fields.get("title", ""),
        venue=next((fields[name] for name in VENUES if name in fields), ""),
        year=fields.get("year", ""),
        address=_address(fields),
        bibtex=entry.to_string("bibtex").strip(),
        kind=entry.type.lower(),
        fields=fields,
    )


def unlatex(value: str) -> str:
    """Drop BibTeX's braces, commands and line breaks."""
    return re.sub(r"\s+", " ", str(Text.from_latex(value))).strip()


def _address(fields: Mapping[str, str]) -> str:
    if "eprint" in fields:
        return f"https://arxiv.org/abs/{fields['eprint']}"
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}"
    return fields.get("url", "")


def listed(keys: tuple[str, ...], known: Mapping[str, Reference]) -> str:
    """Return the sources as an HTML list, in the order given.

    Raises:
        LookupError: If a key is not in the bibliography; the message names the nearest.
    """
    return f'<ul class="sources" lang="en">{"".join(_line(_find(key, known)) for key in keys)}</ul>'


def _find(key: str, known: Mapping[str, Reference]) -> Reference:
    if key not in known:
        places = "docs/references.bib or docs/publications.bib"
        raise LookupError(f"'{key}' is not in {places}. {nearest(key, known)}".strip())
    return known[key]


def _line(reference: Reference) -> str:
    title = escape(reference.title)
    if reference.address:
        title = f'<a href="{escape(reference.address)}">{title}</a>'
    where = ", ".join(filter(None, [escape(reference.venue), reference.year]))
    return f"<li>{escape(reference.names)}: {title}. {where}.{_disclosed(reference.bibtex)}</li>"


def _disclosed(bibtex: str) -> str:
    """BibTeX to copy, closed until somebody wants it."""
    shown = f'<div class="cite"><pre tabindex="0"><code>{escape(bibtex)}</code></pre></div>'
    return f"<details><summary>BibTeX</summary>{shown}</details>" if bibtex else ""
