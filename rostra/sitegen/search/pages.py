"""What search knows of a page: its article's words, read from the finished page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

PERMALINK = ("class", "headerlink")
UNREAD = frozenset({"script", "style", "math", "nav"})
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
        facets: what hits may be filtered by, such as "topic:privacy" or "year:2026".
    """

    url: str
    title: str
    text: str
    date: str = ""
    facets: tuple[str, ...] = ()


@dataclass
class _Article(HTMLParser):
    """The words inside `<main>`, and those of its first heading."""

    words: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    titled: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.part(tag)
        if tag in UNREAD | {"main", "h1"} or PERMALINK in attrs:
            self.inside.append(tag)

    def part(self, tag: str) -> None:
        if tag not in INLINE:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.part(tag)
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()
            self.titled = self.titled or tag == "h1"

    def handle_data(self, data: str) -> None:
        if "main" not in self.inside or (UNREAD | {"a"}) & set(self.inside):
            return
        self.words.append(data)
        if "h1" in self.inside and not self.titled:
            self.title.append(data)


def document(html: str, url: str, date: str = "") -> Document:
    """Read a finished page.

    Examples:
        >>> document('<main><h1>On <em>trust</em></h1><p>Why?</p><nav>up</nav></main>', 'a/')
        Document(url='a/', title='On trust', text='On trust Why?', date='', facets=())
    """
    article = _Article()
    article.feed(html)
    article.close()
    title, text = (" ".join("".join(each).split()) for each in (article.title, article.words))
    return Document(url, title, text, date)
