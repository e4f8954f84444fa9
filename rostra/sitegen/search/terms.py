"""What a text is found by: pieces of Chinese of up to three characters, beginnings of words.

No dictionary cuts the text, so nothing depends on where a word is thought to end. The page's
script (theme/assets/javascripts/search-index.js) cuts a query in the same way.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

HAN = "\u3400-\u9fff\uf900-\ufaff"
RUN = re.compile(rf"[{HAN}]+|(?:(?![{HAN}])[^\W_])+")
WORD = re.compile(r"[^\W_]+")  # a run of a text that has no Chinese, found by fewer questions
CHINESE = re.compile(f"[{HAN}]")
PLURAL = re.compile(r"(?<=[^s]{3})s$")
PIECE = 3  # characters of a piece; with two, one page in twenty would be a false hit
COMMON = 32  # pages: a piece that more of them hold is told apart by the character that follows


def runs(text: str) -> Iterator[str]:
    """Cut a text into runs of Han characters and words of other scripts, in lower case.

    A word loses a plural's s.

    Examples:
        >>> list(runs("对抗训练 Attacks, L2"))
        ['对抗训练', 'attack', 'l2']
    """
    text = folded(text)
    return map(_singular, (RUN if CHINESE.search(text) else WORD).findall(text))


@lru_cache(maxsize=2**16)  # the same words stand on many pages
def _singular(run: str) -> str:
    return run if is_han(run) else PLURAL.sub("", run)


def folded(text: str) -> str:
    """Return a text with the forms of its characters that make no difference made one."""
    return unicodedata.normalize("NFKC", text).lower()


def is_han(run: str) -> bool:
    """Whether a run is Chinese."""
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def asked(query: str) -> list[str]:
    """Cut a query into the terms that a page must hold, each once.

    A word stands for all that begin with it. Chinese of up to three characters is one term, what
    is longer is every three neighbours of it.

    Examples:
        >>> asked("对抗训练 attacks")
        ['对抗训', '抗训练', 'attack']
    """
    found = [piece for run in runs(query) for piece in (cut(run, PIECE) if is_han(run) else [run])]
    return list(dict.fromkeys(found))


def longer(query: str) -> dict[str, str]:
    """Return the pieces of a query that a character follows, each with the longer piece.

    Examples:
        >>> longer("对抗训练 attacks")
        {'对抗训': '对抗训练'}
    """
    four = PIECE + 1
    han = [run for run in runs(query) if is_han(run) and len(run) >= four]
    return {piece[:PIECE]: piece for run in han for piece in cut(run, four)}


def cut(run: str, length: int) -> list[str]:
    """Return all pieces of a length, or a run that is not longer."""
    return [run[start : start + length] for start in range(max(len(run) - length, 0) + 1)]


def codes(terms: Iterable[str], title: bool = False) -> list[int]:
    """Name terms by 32 bits each, the last of which says whether titles alone are meant.

    Two terms share a name once in a thousand million: a false hit nobody will meet.
    """
    return [name & ~1 | title for name in map(zlib.crc32, map(str.encode, terms))]
