"""What search knows of a page: its article's words, read from the finished page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rostra.sitegen.tags import Tag, attributes, tags

PERMALINK = "headerlink"
UNREAD = frozenset({"math", "nav", "a"})  # of links, permalinks alone are looked at
OPENED = frozenset({"math", "nav", "main", "h1"})
# Words on both sides of these belong together; every other tag parts them.
INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "mark", "span", "strong", "sub", "sup"})


@dataclass(frozen=True)
class Document:
    """One page as a search sees it.

    Args:
        url: its address, from the site's top.
        title: what a hit is shown as.
        text: all its words.
        date: an ISO day or instant; the newest hits are shown first. Empty: shown after all others.
    """

    url: str
    title: str
    text: str
    date: str = ""


def document(html: str, url: str, date: str = "") -> Document:
    """Read a finished page.

    Examples:
        >>> document('<main><h1>On <em>trust</em></h1><p>Why?</p><nav>up</nav></main>', 'a/')
        Document(url='a/', title='On trust', text='On trust Why?', date='')
    """
    return of_article([], tags(html), url, date)


def of_article(inside: Sequence[str], found: Iterable[Tag], url: str, date: str = "") -> Document:
    """Read the tags of an article that stands inside others, such as `main`."""
    stack, read = [*inside], _is_read(inside)
    words: list[str] = []
    title: list[str] = []
    titled = False
    for before, name, closing, written in found:
        if before and read:
            words.append(before)
        # A title without its formulas would be another, or none.
        if before and "h1" in stack and not titled and (read or "math" in stack):
            title.append(before)
        if name not in INLINE:
            words.append(" ")
        if not closing and (name in OPENED or (PERMALINK in written and _is_permalink(written))):
            stack.append(name)
            read = _is_read(stack)
        elif closing and stack and stack[-1] == name:
            titled = stack.pop() == "h1" or titled
            read = _is_read(stack)
    return Document(url, _line(title), _line(words), date)


def _is_read(stack: Sequence[str]) -> bool:
    return "main" in stack and UNREAD.isdisjoint(stack)


def _is_permalink(written: str) -> bool:
    return attributes(written).get("class") == PERMALINK


def _line(words: list[str]) -> str:
    return " ".join("".join(words).split())
