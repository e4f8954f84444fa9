"""`docs/references.bib` as a mapping, and one of its entries as a line of a list of sources."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rostra.sitegen.faults import nearest

ENTRY = re.compile(r"^@(?P<kind>\w+)\{(?P<key>[^,\s]+),(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(
    r'^\s*(?P<name>\w+)\s*=\s*(?:\{(?P<braced>.*?)\}|"(?P<quoted>.*?)"|(?P<bare>\w+)),?\s*$',
    re.MULTILINE | re.DOTALL,
)
VENUES = ("journal", "booktitle", "school", "publisher", "howpublished")


@dataclass(frozen=True)
class Reference:
    """One source."""

    key: str
    authors: tuple[str, ...]
    title: str
    venue: str
    year: str
    address: str

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


def read_references(path: Path) -> dict[str, Reference]:
    """Read a BibTeX file whose entries and fields begin on lines of their own; none holds none."""
    if not path.is_file():
        return {}
    found = ENTRY.finditer(path.read_text(encoding="utf-8"))
    return {entry["key"]: _reference(entry["key"], entry["body"]) for entry in found}


def _reference(key: str, body: str) -> Reference:
    fields = {
        field["name"].lower(): _plain(field["braced"] or field["quoted"] or field["bare"] or "")
        for field in FIELD.finditer(body)
    }
    authors = re.split(r"\s+and\s+", fields.get("author", ""))
    venue = next((fields[name] for name in VENUES if name in fields), "")
    return Reference(
        key=key,
        authors=tuple(authors),
        title=fields.get("title", ""),
        venue=venue,
        year=fields.get("year", ""),
        address=_address(fields),
    )


def _plain(value: str) -> str:
    """Drop BibTeX's braces and line breaks."""
    return re.sub(r"\s+", " ", re.sub(r"[{}]", "", value)).replace("--", "–").strip()


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
        raise LookupError(f"'{key}' is not in docs/references.bib. {nearest(key, known)}".strip())
    return known[key]


def _line(reference: Reference) -> str:
    title = escape(reference.title)
    if reference.address:
        title = f'<a href="{escape(reference.address)}">{title}</a>'
    where = ", ".join(filter(None, [escape(reference.venue), reference.year]))
    return f"<li>{escape(reference.names)}: {title}. {where}.</li>"
