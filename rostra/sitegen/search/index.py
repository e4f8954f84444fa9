"""The files of a search index: a visitor's query loads a few of them, whatever the site's size.

`index.json` says how the rest is cut. `terms/<shard>.bin` hold which pages a term stands in: the
first bits of a term's code are the shard's number, so no list of terms is needed to find one.
`pages/<block>.json` hold addresses and titles. A shard is, with the lowest byte first,

    uint32          how many terms it holds
    uint32 each     their codes (`terms.codes`), rising
    uint16 each     bytes of each one's list of pages; the highest bit set: it is a bitmap
    the lists       steps from each page's number to the next, seven bits a byte, lowest first, the
                    highest bit set where more follow; or one bit for each page

A term that most pages hold thus costs a bit a page, and no list needs to be cut off: 20,000 pages
are 2.5 kB, and up to 200,000 have room. Terms are pieces of one to three Chinese characters, of
four where many pages hold the first three (`terms.COMMON`), and all beginnings of other words.
Pages are numbered by date, so that a new talk leaves the others' numbers, and most files, as they
were; and the page's script shows the highest number, the newest, first.
"""

import json
import struct
import zlib
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain
from operator import sub
from typing import TypeAlias

from rostra.sitegen.search import reader
from rostra.sitegen.search.pages import Document
from rostra.sitegen.search.terms import COMMON, codes, is_han, runs

BLOCK = 16  # pages in a file of titles: ten hits are mostly in ten files
SHARD = 4096  # bytes of a shard at least, on average; below twice as many
FINEST = 13  # bits of a shard's number at most
PART = "\n"  # between two runs

Group = Mapping[str, Sequence[int]]  # terms, and the rising numbers of their pages


def files(documents: Iterable[Document]) -> Iterator[tuple[str, bytes]]:
    """Write the index of one language.

    Args:
        documents: its pages, in any order.

    Yields:
        Each file's path in the index's folder, and its content.
    """
    listed = ordered(documents)
    shards = Shards(len(listed))
    for group in groups(map(words_of, listed)):
        shards.add(group)
    for group in groups(one.title for one in listed):
        shards.add(group, title=True)
    yield from bound(listed, shards.files(), shards.bits)


def ordered(documents: Iterable[Document]) -> list[Document]:
    """Put pages in the order of their numbers."""
    return sorted(documents, key=lambda one: (one.date, one.url))


def words_of(document: Document) -> str:
    """What a page is found by."""
    return f"{document.title}{PART}{document.text}"


def bound(
    listed: Sequence[Document], shards: Iterable[tuple[str, bytes]], bits: int
) -> Iterator[tuple[str, bytes]]:
    """Put titles and the file that tells of all others to finished shards."""
    version = 0
    for path, content in chain(shards, _blocks(listed)):
        version = zlib.crc32(content, zlib.crc32(path.encode(), version))
        yield path, content
    about = {"pages": len(listed), "block": BLOCK, "bits": bits, "version": f"{version:08x}"}
    yield "index.json", _json(about)


def groups(texts: Iterable[str]) -> Iterator[Group]:
    """Yield the terms of the texts, with the numbers of those that hold them.

    A group has all terms that begin with one character: those of all would fill the memory.

    Examples:
        >>> [sorted(group.items()) for group in groups(["攻击", "击 at"])]
        [[('a', [1]), ('at', [1])], [('击', [0, 1])], [('攻', [0]), ('攻击', [0])]]
    """
    han: list[str] = []
    owners: list[int] = []
    words: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for run in dict.fromkeys(runs(text)):
            if is_han(run):
                han += [run, PART]
                owners += [number] * (len(run) + 1)
            else:
                words[run].append(number)
    yield from _beginnings(words)
    yield from _pieces("".join(han), owners)


def _beginnings(words: Mapping[str, list[int]]) -> Iterator[Group]:
    letters: dict[str, list[str]] = defaultdict(list)
    for word in words:
        letters[word[0]].append(word)
    for letter in sorted(letters):
        found: dict[str, set[int]] = defaultdict(set)
        for word in letters[letter]:
            for beginning in accumulate(word):
                found[beginning].update(words[word])
        yield {beginning: sorted(numbers) for beginning, numbers in found.items()}


def _pieces(text: str, owners: Sequence[int]) -> Iterator[Group]:
    """Yield the pieces of all runs, of which `owners` says at each place whose it is.

    Places are looked at for the longest pieces only; the shorter ones are made of their lists.
    """
    places: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for place, character in enumerate(text):
        places[character].append(place)
    places.pop(PART, None)
    for character in sorted(places):
        here = places.pop(character)
        threes: dict[str, list[int]] = defaultdict(list)
        for place in here:
            threes[text[place : place + 3]].append(owners[place])
        whole = _whole(threes)
        common = {piece for piece, pages in whole.items() if len(pages) > COMMON}
        fours: dict[str, list[int]] = defaultdict(list)
        for place in here if common else ():
            if text[place : place + 3] in common:
                fours[text[place : place + 4]].append(owners[place])
        yield {character: _merged(threes.values())} | _pairs(threes) | whole | _whole(fours)


def _pairs(threes: Mapping[str, list[int]]) -> dict[str, Sequence[int]]:
    found: dict[str, list[list[int]]] = defaultdict(list)
    for piece, numbers in threes.items():
        found[piece[:2]].append(numbers)
    return {pair: _merged(several) for pair, several in found.items() if PART not in pair}


def _whole(pieces: Mapping[str, list[int]]) -> dict[str, Sequence[int]]:
    return {
        piece: numbers if len(numbers) == 1 else list(dict.fromkeys(numbers))
        for piece, numbers in pieces.items()
        if PART not in piece
    }


def _merged(several: Collection[list[int]]) -> Sequence[int]:
    return sorted(set(chain.from_iterable(several)))


Lists: TypeAlias = dict[int, tuple[bool, bytes]]
"""Lists of pages, by the codes of their terms: whether one is a bitmap, and its bytes.

Terms that share a code share a list.
"""


class Shards:
    """Lists of pages, parted as finely as may be needed until their size is known."""

    def __init__(self, pages: int) -> None:
        self.parts: list[Lists] = [{} for _ in range(1 << FINEST)]
        self.steps = [varint(step) for step in range(pages)]

    def add(self, group: Group, *, title: bool = False) -> None:
        """Write the lists of a group: of what pages hold, or of what titles alone hold."""
        for code, pages in zip(codes(group, title), group.values(), strict=True):
            part = self.parts[code >> (32 - FINEST)]
            shared = sorted({*pages, *pages_in(*part[code])}) if code in part else pages
            part[code] = packed(shared, self.steps)

    @cached_property
    def bits(self) -> int:
        """The bits of a code that number its shard; asked for when all lists are there."""
        lists = chain.from_iterable(part.values() for part in self.parts)
        return bits_for(sum(6 + len(written) for _, written in lists))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield each shard's path and content."""
        together = 1 << (FINEST - self.bits)
        for number in range(1 << self.bits):
            parts = self.parts[number * together : (number + 1) * together]
            rows = chain.from_iterable(part.items() for part in parts)
            yield shard_path(number), shard(dict(rows))


def bits_for(size: int) -> int:
    """The bits that number the shards of an index that is so large in all."""
    return min((size // SHARD).bit_length() - 1, FINEST) if size >= SHARD else 0


def shard_path(number: int) -> str:
    """Where a shard lies in the index's folder."""
    return f"terms/{number:x}.bin"


def shard(lists: Lists) -> bytes:
    """Write a shard, its terms in the order of their codes."""
    names = sorted(lists)
    found = [lists[name] for name in names]
    sizes = [len(written) | dense << 15 for dense, written in found]
    head = struct.pack(f"<I{len(names)}I{len(names)}H", len(names), *names, *sizes)
    return head + b"".join(written for _, written in found)


def packed(pages: Sequence[int], steps: Sequence[bytes]) -> tuple[bool, bytes]:
    """Write rising numbers as a bitmap, or as the steps between them, of which each is given."""
    if len(pages) * 8 > pages[-1]:
        return True, bitmap(pages)
    if len(pages) == 1:  # most lists are
        return False, steps[pages[0]]
    return False, b"".join(map(steps.__getitem__, map(sub, pages, [0, *pages])))


def pages_in(dense: bool, written: bytes) -> Iterable[int]:
    """Read a list."""
    return reader.bits(written) if dense else accumulate(reader.steps(written))


def varint(number: int) -> bytes:
    """Write a number, seven bits a byte.

    Examples:
        >>> varint(5).hex(), varint(300).hex()
        ('05', 'ac02')
    """
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))


def bitmap(numbers: Sequence[int]) -> bytes:
    """Set one bit for each number.

    Examples:
        >>> bitmap([0, 9]).hex()
        '0102'
    """
    found = bytearray(numbers[-1] // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return bytes(found)


def _blocks(listed: Sequence[Document]) -> Iterator[tuple[str, bytes]]:
    for start in range(0, len(listed), BLOCK):
        rows = [[one.url, one.title] for one in listed[start : start + BLOCK]]
        yield f"pages/{start // BLOCK:x}.json", _json(rows)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
