"""Look into an index as the page's script does: what tests and benchmarks measure.

theme/assets/javascripts/search-index.js is the same in another language; a browser test holds the
two together.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

from rostra.sitegen.search.terms import COMMON, asked, codes, folded, longer

FIRST = 6  # terms looked up before anything is shown
MOST = 12  # hits that are shown


@dataclass(frozen=True)
class Found:
    """What a query has found so far: how many pages, and the first of them as address and title."""

    count: int
    hits: tuple[tuple[str, str], ...]


class Reader:
    """An index, of which `read` gets one file by its path."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self.read = lru_cache(maxsize=None)(read)

    @cached_property
    def about(self) -> dict[str, Any]:
        """How the index is cut."""
        return dict(json.loads(self.read("index.json")))

    def search(self, query: str) -> Iterator[Found]:
        """Yield what the first terms find, and what all of them find if there are more."""
        terms = asked(query)
        for some in dict.fromkeys((tuple(terms[:FIRST]), tuple(terms))):
            pages = self.pages(some, longer(query))
            yield Found(len(pages), self.shown(query, pages))

    def pages(self, terms: Sequence[str], longer: Mapping[str, str]) -> list[int]:
        """Return the pages that hold all terms: first those whose titles do, then the newest."""
        if not terms:
            return []
        lists = {term: self.holding(term) for term in terms}
        common = [term for term in terms if term in longer and len(lists[term]) > COMMON]
        followed = [self.holding(longer[term]) for term in common]
        found = set.intersection(*lists.values(), *followed)
        titled = set.intersection(*(self.holding(term, title=True) for term in terms))
        return sorted(found, key=lambda page: (page in titled, page), reverse=True)

    def holding(self, term: str, *, title: bool = False) -> set[int]:
        """Return the pages, or the pages' titles, that hold a term."""
        (name,) = codes([term], title)
        content = self.read(f"terms/{name >> (32 - self.about['bits']):x}.bin")
        (count,) = struct.unpack_from("<I", content)
        names = struct.unpack_from(f"<{count}I", content, 4)
        sizes = struct.unpack_from(f"<{count}H", content, 4 + 4 * count)
        ends = list(accumulate((size & 0x7FFF for size in sizes), initial=4 + 6 * count))
        found: set[int] = set()
        for at in (at for at, one in enumerate(names) if one == name):
            packed = content[ends[at] : ends[at + 1]]
            found.update(bits(packed) if sizes[at] & 0x8000 else accumulate(steps(packed)))
        return found

    def shown(self, query: str, pages: list[int]) -> tuple[tuple[str, str], ...]:
        """Return addresses and titles of the first pages; a title with the query itself leads."""
        rows = [self.row(page) for page in pages[:MOST]]
        wanted = folded(query.strip())
        return tuple(sorted(rows, key=lambda row: wanted not in folded(row[1])))

    def row(self, page: int) -> tuple[str, str]:
        """Return a page's address and title."""
        block, at = divmod(page, self.about["block"])
        url, title = json.loads(self.read(f"pages/{block:x}.json"))[at]
        return url, title


def steps(packed: bytes) -> Iterator[int]:
    """Read numbers of seven bits a byte.

    Examples:
        >>> list(steps(bytes.fromhex("05ac02")))
        [5, 300]
    """
    number = shift = 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0


def bits(packed: bytes) -> Iterator[int]:
    """Read the numbers whose bits are set.

    Examples:
        >>> list(bits(bytes.fromhex("0102")))
        [0, 9]
    """
    for place, byte in enumerate(packed):
        yield from (8 * place + bit for bit in range(8) if byte >> bit & 1)
