"""The words of a site's pages, kept from one build to the next for pages that stay as they are."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from rostra.sitegen.press import write
from rostra.sitegen.search.pages import Document, document, of_article
from rostra.sitegen.tags import Tag

INDEX = "index.html"


class Words:
    """What the search knows of pages, by their addresses.

    Args:
        memory: the file that remembers them; one that is damaged or gone costs time alone.
    """

    def __init__(self, memory: Path | None = None) -> None:
        self.memory = memory
        self.before = _remembered(memory) if memory else {}
        self.read_now: dict[str, Document] = {}

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
            known = self.read_now.get(url) or self.before[url]
            date = dates[url].astimezone(UTC).isoformat() if url in dates else ""
            yield Document(url, known.title, known.text, date)

    def keep(self, urls: Iterable[str]) -> None:
        """Remember pages, for the next build."""
        if self.memory:
            known = {url: self.read_now.get(url) or self.before[url] for url in urls}
            rows = {url: (one.title, one.text) for url, one in known.items()}
            write(str(self.memory), json.dumps(rows, ensure_ascii=False).encode())


def _remembered(memory: Path) -> dict[str, Document]:
    try:
        found = json.loads(memory.read_bytes())
        return {url: Document(url, str(title), str(text)) for url, (title, text) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
