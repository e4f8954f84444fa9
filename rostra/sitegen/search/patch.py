"""An index that is there, brought up to date where the same pages say other things.

The result is what `index.files` would write, to the byte. Where a change of single lists does not
lead there, the index must be written anew.
"""

import json
import struct
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from rostra.sitegen.search.index import (
    Lists,
    bits_for,
    bound,
    groups,
    ordered,
    packed,
    pages_in,
    shard,
    shard_path,
    varint,
    words_of,
)
from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.terms import COMMON, PIECE, codes, cut, is_han, runs


class OtherIndexError(Exception):
    """The index must be written anew."""


def files(
    read: Callable[[str], bytes | None], before: Iterable[Document], now: Iterable[Document]
) -> list[tuple[str, bytes]]:
    """Bring the index of one language up to date.

    Args:
        read: reads one of its files by its path; None, where that is not as it was written.
        before: the pages that it was made of.
        now: those of today.

    Returns:
        Each file's path in the index's folder, and its content.

    Raises:
        OtherIndexError: where it must be written anew.
    """
    old, new = ordered(before), ordered(now)
    if [(one.date, one.url) for one in old] != [(one.date, one.url) for one in new]:
        raise OtherIndexError  # these are what pages are numbered by
    about = json.loads(_there(read("index.json")))
    count = int(about["bits"])
    shards = Shards([_there(read(shard_path(one))) for one in range(1 << count)], len(new))
    for number, (was, said) in enumerate(zip(old, new, strict=True)):
        if was == said:  # as most are, and comparing them copies no text
            continue
        shards.change(words_of(was), words_of(said), number)
        shards.change(was.title, said.title, number, title=True)
    finished = shards.closed()
    if bits_for(sum(len(content) - 4 for content in finished)) != count:
        raise OtherIndexError
    return [*bound(new, ((shard_path(n), one) for n, one in enumerate(finished)), count)]


def _there(content: bytes | None) -> bytes:
    if content is None:
        raise OtherIndexError
    return content


class Shards:
    """The shards of an index; one is opened when a list of it is looked at.

    Args:
        contents: what each holds; there are as many as a number of bits can tell apart.
        pages: how many pages there are.
    """

    def __init__(self, contents: Sequence[bytes], pages: int) -> None:
        self.contents = contents
        self.shift = 33 - len(contents).bit_length()
        self.steps = [varint(step) for step in range(pages)]
        self.opened: dict[int, Lists] = {}

    def change(self, was: str, said: str, number: int, *, title: bool = False) -> None:
        """Say of a page, or of its title, what it says now instead of what it said."""
        if was == said:
            return
        old, new = _terms(was), _terms(said)
        self._refuse(old - new, COMMON + 1, title)
        self._refuse(new - old, COMMON, title)
        # By codes, not terms: two terms may share one, and the page keeps what either gives it.
        before = {*codes(old, title), *self._fours(was, title)}
        after = {*codes(new, title), *self._fours(said, title)}
        for code in before - after:
            self._put(code, [page for page in self.pages(code) if page != number])
        for code in after - before:
            self._put(code, sorted({*self.pages(code), number}))

    def _refuse(self, terms: Iterable[str], length: int, title: bool) -> None:
        """Give up where a piece turns common, or rare: then those after it come or go on all pages.

        That is so where its list has this length.
        """
        threes = [one for one in terms if len(one) == PIECE and is_han(one)]
        if any(len(self.pages(code)) == length for code in codes(threes, title)):
            raise OtherIndexError

    def _fours(self, text: str, title: bool) -> set[int]:
        """The codes of the pieces of a text that follow a common one."""
        four = PIECE + 1
        han = (run for run in runs(text) if len(run) >= four and is_han(run))
        found = {piece for run in han for piece in cut(run, four)}
        beginnings = codes((piece[:PIECE] for piece in found), title)
        pairs = zip(codes(found, title), beginnings, strict=True)
        return {code for code, beginning in pairs if len(self.pages(beginning)) > COMMON}

    def pages(self, code: int) -> list[int]:
        """The numbers of the pages under a code."""
        found = self._lists(code).get(code)
        return list(pages_in(*found)) if found else []

    def _put(self, code: int, pages: Sequence[int]) -> None:
        if pages:
            self._lists(code)[code] = packed(pages, self.steps)
        else:
            del self._lists(code)[code]

    def _lists(self, code: int) -> Lists:
        number = code >> self.shift
        if number not in self.opened:
            self.opened[number] = opened(self.contents[number])
        return self.opened[number]

    def closed(self) -> list[bytes]:
        """The contents of all shards, those that were opened written again."""
        again = {number: shard(lists) for number, lists in self.opened.items()}
        return [again.get(number, content) for number, content in enumerate(self.contents)]


def opened(content: bytes) -> Lists:
    """Read a shard."""
    (count,) = struct.unpack_from("<I", content)
    names = struct.unpack_from(f"<{count}I", content, 4)
    sizes = struct.unpack_from(f"<{count}H", content, 4 + 4 * count)
    ends = list(accumulate((size & 0x7FFF for size in sizes), initial=4 + 6 * count))
    return {
        name: (size >= 0x8000, content[start:end])
        for name, size, start, end in zip(names, sizes, ends[:-1], ends[1:], strict=True)
    }


def _terms(text: str) -> set[str]:
    return {term for group in groups([text]) for term in group}
