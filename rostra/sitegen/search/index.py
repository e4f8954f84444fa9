"""The files of a search index: a visitor's query loads a few of them, whatever the site's size.

`index.json` says how the rest is cut. `terms/<shard>.bin` hold which pages a term stands in: the
first bits of a term's code are the shard's number, so no list of terms is needed to find one.
`pages/<block>.json` hold addresses and titles. A shard is, with the lowest byte first,

    uint32          how many terms it holds
    uint32 each     their codes (`terms.codes`)
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
from dataclasses import dataclass, field
from itertools import accumulate, chain
from operator import sub

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
    listed = sorted(documents, key=lambda one: (one.date, one.url))
    shards = Shards(len(listed))
    for group in groups(f"{one.title}{PART}{one.text}" for one in listed):
        shards.add(group)
    for group in groups(one.title for one in listed):
        shards.add(group, title=True)
    version = 0
    for path, content in [*shards.files(), *_blocks(listed)]:
        version = zlib.crc32(content, zlib.crc32(path.encode(), version))
        yield path, content
    about = {"pages": len(listed), "block": BLOCK, "bits": shards.bits, "version": f"{version:08x}"}
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


@dataclass(slots=True)
class _Shard:
    """The columns of a shard, or of the finest part of one."""

    codes: "array[int]" = field(default_factory=lambda: array("I"))
    sizes: "array[int]" = field(default_factory=lambda: array("H"))
    lists: bytearray = field(default_factory=bytearray)


class Shards:
    """Lists of pages, parted as finely as may be needed until their size is known."""

    def __init__(self, pages: int) -> None:
        self.parts = [_Shard() for _ in range(1 << FINEST)]
        self.steps = [varint(step) for step in range(pages)]

    def add(self, group: Group, *, title: bool = False) -> None:
        """Write the lists of a group: of what pages hold, or of what titles alone hold."""
        terms = sorted(group)
        for name, numbers in zip(codes(terms, title), map(group.__getitem__, terms), strict=True):
            part = self.parts[name >> (32 - FINEST)]
            dense = len(numbers) * 8 > numbers[-1]
            packed = bitmap(numbers) if dense else self.packed(numbers)
            part.codes.append(name)
            part.sizes.append(len(packed) | dense << 15)
            part.lists += packed

    def packed(self, numbers: Sequence[int]) -> bytes:
        """Write rising numbers as the steps between them."""
        if len(numbers) == 1:  # most lists are
            return self.steps[numbers[0]]
        return b"".join(map(self.steps.__getitem__, map(sub, numbers, [0, *numbers])))

    @property
    def bits(self) -> int:
        """The bits of a code that number its shard."""
        size = sum(6 * len(part.codes) + len(part.lists) for part in self.parts)
        return min((size // SHARD).bit_length() - 1, FINEST) if size >= SHARD else 0

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield each shard's path and content."""
        together = 1 << (FINEST - self.bits)
        for number in range(1 << self.bits):
            parts = self.parts[number * together : (number + 1) * together]
            codes = [one for part in parts for one in part.codes]
            sizes = [one for part in parts for one in part.sizes]
            head = struct.pack(f"<I{len(codes)}I{len(sizes)}H", len(codes), *codes, *sizes)
            yield f"terms/{number:x}.bin", head + b"".join(part.lists for part in parts)


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


def bitmap(numbers: Sequence[int]) -> bytearray:
    """Set one bit for each number.

    Examples:
        >>> bitmap([0, 9]).hex()
        '0102'
    """
    found = bytearray(numbers[-1] // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return found


def _blocks(listed: Sequence[Document]) -> Iterator[tuple[str, bytes]]:
    for start in range(0, len(listed), BLOCK):
        rows = [[one.url, one.title] for one in listed[start : start + BLOCK]]
        yield f"pages/{start // BLOCK:x}.json", _json(rows)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
