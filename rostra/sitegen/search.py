"""A search index that finds Chinese inside words: pairs of characters, and whole Latin words.

No dictionary cuts the text, so nothing depends on where a word is thought to end. The page's
script (docs/assets/javascripts/search.js) cuts a query in the same way; all its terms must match.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

PERMALINK = ("class", "headerlink")
HAN = "\u3400-\u9fff\uf900-\ufaff"
RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>(?:(?![{HAN}])[^\W_])+)")
UNREAD = frozenset({"script", "style", "math", "nav"})
# Words on both sides of these belong together; every other tag parts them.
INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "mark", "span", "strong", "sub", "sup"})


@dataclass(frozen=True)
class Document:
    """One page as a search sees it."""

    url: str
    title: str
    text: str


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


def document(html: str, url: str) -> Document:
    """Read a finished page.

    Examples:
        >>> document('<main><h1>On <em>trust</em></h1><p>Why?</p><nav>up</nav></main>', 'a/')
        Document(url='a/', title='On trust', text='On trust Why?')
    """
    article = _Article()
    article.feed(html)
    article.close()
    title, text = (" ".join("".join(each).split()) for each in (article.title, article.words))
    return Document(url, title, text)


def tokens(text: str) -> Iterator[str]:
    """Cut a text into what is looked up.

    A run of Han characters gives each pair of neighbours, and its last character, so that a
    single character is found as the beginning of a token. A Latin word loses a plural's s.

    Examples:
        >>> list(tokens("对抗训练 Attacks, L2"))
        ['对抗', '抗训', '训练', '练', 'attack', 'l2']
    """
    for run in RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
        if run["han"]:
            yield from (run["han"][i : i + 2] for i in range(len(run["han"])))
        else:
            yield re.sub(r"(?<=[^s]{3})s$", "", run["word"])


def index(documents: Iterable[Document]) -> str:
    """Write the index of one language.

    Returns:
        JSON: `documents`, each its address and title; `terms`, each token with the numbers of the
        documents that hold it, the first as it is and the others as distances.
    """
    listed = sorted(documents, key=lambda one: one.url)
    terms: dict[str, list[int]] = {}
    for number, each in enumerate(listed):
        for token in set(tokens(f"{each.title} {each.text}")):
            terms.setdefault(token, []).append(number)
    found = {
        "documents": [[each.url, each.title] for each in listed],
        "terms": {token: distances(terms[token]) for token in sorted(terms)},
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def distances(numbers: list[int]) -> list[int]:
    """Write rising numbers as the steps between them, which are shorter.

    Examples:
        >>> distances([3, 4, 9])
        [3, 1, 5]
    """
    return [now - before for before, now in zip([0, *numbers], numbers, strict=False)]
