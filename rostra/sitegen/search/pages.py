"""What search knows of a page: its article's words, read from the finished page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rostra.sitegen.tags import Tag, tags

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


@dataclass
class _Article:
    """The words inside `<main>`, and those of its first heading."""

    words: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    titled: bool = False

    def read(self, tag: Tag) -> None:
        self.say(tag.before)
        if tag.name not in INLINE:
            self.words.append(" ")
        if tag.closing:
            self.close(tag.name)
        elif tag.name in OPENED or tag.attributes.get("class") == PERMALINK:
            self.inside.append(tag.name)

    def close(self, name: str) -> None:
        if self.inside and self.inside[-1] == name:
            self.inside.pop()
            self.titled = self.titled or name == "h1"

    def say(self, text: str) -> None:
        if not text or "main" not in self.inside or UNREAD.intersection(self.inside):
            return
        self.words.append(text)
        if "h1" in self.inside and not self.titled:
            self.title.append(text)


def document(html: str, url: str, date: str = "") -> Document:
    """Read a finished page.

    Examples:
        >>> document('<main><h1>On <em>trust</em></h1><p>Why?</p><nav>up</nav></main>', 'a/')
        Document(url='a/', title='On trust', text='On trust Why?', date='')
    """
    return of_article([], tags(html), url, date)


def of_article(inside: Iterable[str], found: Iterable[Tag], url: str, date: str = "") -> Document:
    """Read the tags of an article that stands inside others, such as `main`."""
    article = _Article(inside=[*inside])
    for tag in found:
        article.read(tag)
    title, text = (" ".join("".join(each).split()) for each in (article.title, article.words))
    return Document(url, title, text, date)
