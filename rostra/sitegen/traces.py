"""What a secret is known again by, whole or in part, wherever it stands."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rostra.sitegen.unpacking import unescaped

SHORTEST = 6  # letters and digits; a Chinese character is worth two. Less is found by chance
BOUNDED = 16  # what is shorter counts only where no letter or digit stands beside it
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
HAN = re.compile(r"[\u3400-\u9fff]")
WORDS, CHARACTERS = 8, 12  # a run of so many tells a longer text
_GAPS = bytes(range(33))
_SIGNS = bytes(one for one in range(128) if not chr(one).isalnum())
_LETTER = rb"[A-Za-z0-9\x80-\xff]"


@dataclass(frozen=True)
class View:
    """A text as it is searched: as it stands, without gaps, and its letters and digits alone.

    In a `binary` one any byte may stand beside a word.
    """

    text: bytes
    binary: bool = False

    @cached_property
    def tight(self) -> bytes:
        """The text without its gaps."""
        return self.text.translate(None, _GAPS)

    @cached_property
    def bare(self) -> bytes:
        """Its letters and digits alone."""
        return bare(self.text)

    def alone(self, pattern: re.Pattern[bytes] | None) -> bool:
        """Whether something stands here that is no part of a longer word; None: it may be."""
        return pattern is None or self.binary or bool(pattern.search(self.text))


def bare(text: bytes) -> bytes:
    """The letters and digits of a text, and nothing else, without capitals."""
    return text.lower().translate(None, _SIGNS)


@dataclass(frozen=True)
class Value:
    """A secret that is one word: a password, an address, the code of a room."""

    name: str
    whole: bytes
    coded: tuple[bytes, ...]
    alone: re.Pattern[bytes] | None

    def hinted(self, letters: bytes) -> bool:
        """Whether a text of these letters and digits may say it: if not, none of its files does."""
        return any(form in letters for form in self._letters)

    @cached_property
    def _letters(self) -> tuple[bytes, ...]:
        return tuple(map(bare, (self.whole, *self.coded)))

    def told(self, seen: View) -> bool:
        """Whether a text says it, as it is or in base64."""
        if not self.hinted(seen.bare):
            return False
        if self.whole in seen.tight and seen.alone(self.alone):
            return True
        return any(form in seen.tight for form in self.coded)


@dataclass(frozen=True)
class Words:
    """A secret of several words: each of `pieces` with the runs around it that tell it."""

    name: str
    pieces: tuple[tuple[bytes, tuple[bytes, ...]], ...]
    coded: tuple[bytes, ...]
    alone: re.Pattern[bytes] | None

    def hinted(self, letters: bytes) -> bool:
        """Whether a text of these letters and digits may say it: if not, none of its files does."""
        return self._in(letters) or any(form in letters for form in self._letters)

    @cached_property
    def _letters(self) -> tuple[bytes, ...]:
        return tuple(map(bare, self.coded))

    def _in(self, letters: bytes) -> bool:
        return any(
            piece in letters and any(run in letters for run in runs) for piece, runs in self.pieces
        )

    def told(self, seen: View) -> bool:
        """Whether a text says it, or enough of it."""
        if self._in(seen.bare) and seen.alone(self.alone):
            return True
        return any(form in seen.tight for form in self.coded)


def trace(name: str, text: str) -> Value | Words:
    """Make what finds a secret."""
    if len(text.split()) > 1 or HAN.search(text):
        return _words(name, text)
    tight = unescaped(text.encode()).translate(None, _GAPS)
    alone = _apart(_spread(tight)) if len(tight) < BOUNDED else None
    return Value(name, tight, tuple(_base64(text)), alone)


def weight(text: str) -> int:
    """How much there is to know a secret by.

    Examples:
        >>> weight("4711"), weight("a1-b2-c3"), weight("论证明")
        (4, 6, 6)
    """
    return sum(2 if HAN.match(one) else one.isalnum() for one in text)


def _base64(text: str) -> Iterator[bytes]:
    """How base64 writes a text, wherever in a longer one it stands: what is sure of it."""
    raw = text.encode()[:60]
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        sure = coded[(0, 2, 3)[before] : (len(raw) + before) * 8 // 6]
        if len(sure) >= 8:
            yield sure


def _spread(word: bytes) -> bytes:
    return rb"\s*".join(re.escape(word[at : at + 1]) for at in range(len(word)))


def _apart(pattern: bytes, flags: int = 0) -> re.Pattern[bytes]:
    return re.compile(rb"(?<!%b)%b(?!%b)" % (_LETTER, pattern, _LETTER), flags)


def _words(name: str, text: str) -> Words:
    places = [match.span() for match in TOKEN.finditer(text)]
    chinese = 2 * len(HAN.findall(text)) > len(places)
    run = min(CHARACTERS if chinese else WORDS, len(places))
    step = max(run // 2, 1)

    def between(start: int, count: int) -> bytes:
        return bare(unescaped(text[places[start][0] : places[start + count - 1][1]].encode()))

    pieces = []
    # Wherever a run begins, it holds one piece whole: so only pieces are looked for everywhere.
    for at in range(0, len(places) - step + 1, step):
        around = range(max(at + step - run, 0), min(at, len(places) - run) + 1)
        pieces.append((between(at, step), tuple(between(start, run) for start in around)))
    few = len(places) < WORDS and text.isascii()
    gap = rb"[^A-Za-z0-9\x80-\xff]*"
    spread = gap.join(_spread(text[start:end].encode()) for start, end in places)
    alone = _apart(spread, re.IGNORECASE) if few else None
    return Words(name, tuple(pieces), tuple(_base64(text)), alone)
