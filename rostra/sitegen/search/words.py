"""The words of a site's pages, kept from one build to the next for pages that stay as they are."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias

from rostra.sitegen.press import write_all
from rostra.sitegen.search import index, patch
from rostra.sitegen.search.pages import Document, document, of_article
from rostra.sitegen.tags import Tag

INDEX = "index.html"
Dates: TypeAlias = dict[str, str]
"""The pages of an index, by their addresses, with the dates that they are ordered by."""


class Words:
    """What the search knows of pages, by their addresses, and of what its indexes were made.

    Args:
        memory: the file that remembers it; one that is damaged or gone costs time alone.
    """

    def __init__(self, memory: Path | None = None) -> None:
        self.memory = memory
        self.before, self.rows, self.indexed_before = _remembered(memory)
        self.read_now: dict[str, Document] = {}
        self.indexed: dict[str, Dates] = {}

    def has(self, path: str, is_page: bool) -> bool:
        """Whether a file need not be read again: it is no page, or its words are known."""
        return not is_page or path.removesuffix(INDEX) in self.before

    def read(self, path: str, html: str) -> None:
        """Read a page."""
        url = path.removesuffix(INDEX)
        self.read_now[url] = document(html, url)

    def read_article(self, path: str, found: Iterable[Tag]) -> None:
        """Read the tags of a page's article."""
        url = path.removesuffix(INDEX)
        self.read_now[url] = of_article(["main"], found, url)

    def of(self, urls: Iterable[str], dates: Mapping[str, datetime]) -> Iterator[Document]:
        """Yield pages, with their dates where they have one."""
        for url in urls:
            date = dates[url].astimezone(UTC).isoformat() if url in dates else ""
            yield replace(self._known(url), date=date)

    def _known(self, url: str) -> Document:
        return self.read_now.get(url) or self.before[url]

    def index(
        self, name: str, documents: Iterable[Document], read: Callable[[str], bytes | None]
    ) -> Iterable[tuple[str, bytes]]:
        """Write the index of some pages; from the one that is there, where that leads to the same.

        Args:
            name: under which it is remembered of what it was made.
            documents: its pages.
            read: reads one of its files, as the last build wrote it.
        """
        pages = list(documents)
        self.indexed[name] = {one.url: one.date for one in pages}
        dates = self.indexed_before.get(name, {})
        old = [replace(self.before[url], date=date) for url, date in dates.items()]
        try:
            return patch.files(read, old, pages)
        except patch.OtherIndexError:
            return index.files(pages)

    def keep(self, urls: Iterable[str]) -> None:
        """Remember pages and indexes, for the next build."""
        if self.memory:
            # Some pages at a time: as one text they would need several times their size.
            rows = chain([json.dumps(self.indexed).encode()], map(self._row, urls))
            write_all(str(self.memory), _summed(_lines(rows)))

    def _row(self, url: str) -> bytes:
        """A page in the memory; what was not read now stands there already."""
        known = self.read_now.get(url)
        if known is None:
            return self.rows[url]
        return json.dumps([known.url, known.title, known.text], ensure_ascii=False).encode()


def _lines(rows: Iterator[bytes]) -> Iterator[bytes]:
    while some := [*islice(rows, 500)]:
        yield b"".join(b"%b\n" % row for row in some)


def _summed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Put after what is remembered its digest: it is known when all is written."""
    known = hashlib.blake2b(digest_size=16)
    for part in parts:
        known.update(part)
        yield part
    yield known.hexdigest().encode()


def _checked(content: bytes) -> bytes:
    told = content[:-32]
    if hashlib.blake2b(told, digest_size=16).hexdigest().encode() != content[-32:]:
        raise ValueError("this is damaged")
    return told


def _remembered(
    memory: Path | None,
) -> tuple[dict[str, Document], dict[str, bytes], dict[str, Dates]]:
    try:
        indexed, *rows = _checked(memory.read_bytes()).splitlines() if memory else (b"{}",)
        pages = [Document(*map(str, json.loads(row))) for row in rows]
        found = {one.url: one for one in pages}
        dates = {
            name: {url: str(date) for url, date in of.items()}
            for name, of in json.loads(indexed).items()
        }
        there = all(url in found for of in dates.values() for url in of)
        return (found, dict(zip(found, rows, strict=True)), dates) if there else ({}, {}, {})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}, {}, {}
