"""What stands around an article: menu, languages, titles, sitemap. Knows nothing of MkDocs."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from xml.sax.saxutils import escape

# language → (its hreflang, its own name, the folder its pages lie in)
LANGUAGES = {"en": ("en", "English", ""), "zh": ("zh-Hans", "中文", "zh/")}
MENU = {key: f"{key}/" for key in ("talks", "demos", "research", "methods", "people")}
MENU["demos"] = "gallery/"
# type → the file of the site's feed
FEEDS = {
    "application/atom+xml": "feed.xml",
    "application/feed+json": "feed.json",
    "application/rss+xml": "rss.xml",
}
LOCALES = {"en": "en_US", "zh": "zh_CN"}  # as OpenGraph calls languages
ENGLISH_ONLY = {"documentation": "explanation/overview/", "reference": "reference/"}


class Words(Protocol):
    """The interface's words in one language, by key."""

    def __getitem__(self, key: str, /) -> str:
        """Return the words for a key."""


@dataclass(frozen=True)
class Entry:
    """A link of the frame: its words, its address from the root, whether we are there."""

    title: str
    url: str
    current: bool = False
    exact: bool = False
    note: str = ""
    language: str = ""


Shelves = tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class Translation:
    """Where the language link leads: this page in the other language, or its first page."""

    language: str
    hreflang: str
    name: str
    url: str


@dataclass(frozen=True)
class Alternate:
    """An absolute address of this page in one language, for search engines."""

    language: str
    url: str


@dataclass(frozen=True)
class Site:
    """What all pages share.

    Args:
        names: the site's name by language; its languages.
        address: its absolute address, ending in a slash.
        urls: addresses of all pages, from the root.
        words: words of the interface by language.
        live: whether the demos' server is there.
        full_names: its name written out, by language, where that says more.
        offers: pages of which only those that hold something are in the footer.
    """

    names: Mapping[str, str]
    address: str
    urls: Collection[str]
    words: Mapping[str, Words]
    live: bool = False
    full_names: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        """The language of what lies at the root: English, or that of a site without it."""
        return "en" if "en" in self.names else next(iter(self.names))

    def has(self, url: str) -> bool:
        """Whether a link of the frame leads somewhere: to a page, or to a file like the feed."""
        return url in self.urls or not url.endswith("/")

    def title(self, language: str) -> str:
        """The title of the first page."""
        names = (self.names[language], self.full_names.get(language, ""))
        return " · ".join(dict.fromkeys(filter(None, names)))


@dataclass(frozen=True)
class Shell:
    """What the frame's templates read about one page."""

    site: str
    language: str
    title: str
    words: Words
    home: str
    subscribe: str
    feeds: Mapping[str, str]
    calendar: str
    locale: str
    other: Translation | None
    menu: tuple[Entry, ...]
    footer: tuple[Entry, ...]
    alternates: tuple[Alternate, ...]
    shelves: Shelves
    parent: Entry | None
    source: str
    live: bool


@dataclass(frozen=True)
class Around:
    """What a page says of itself to its frame."""

    url: str
    title: str = ""
    source: str = ""
    shelves: Shelves = ()


def language_of(url: str) -> str:
    """Return the language of an address.

    Examples:
        >>> language_of("zh/talks/"), language_of("talks/")
        ('zh', 'en')
    """
    return "zh" if url == "zh" or url.startswith("zh/") else "en"


def in_language(url: str, language: str) -> str:
    """Return the address that a page has in a language.

    Examples:
        >>> in_language("zh/talks/", "en"), in_language("", "zh"), in_language("zh/", "zh")
        ('talks/', 'zh/', 'zh/')
    """
    return LANGUAGES[language][2] + url.removeprefix("zh/")


def shell(page: Around, site: Site) -> Shell:
    """Make the frame of one page.

    Examples:
        >>> from collections import defaultdict
        >>> words = defaultdict(str, talks="Talks")
        >>> languages = {"en": words, "zh": words}
        >>> site = Site({"en": "S", "zh": "S"}, "https://s.org/", {"", "zh/", "talks/"}, languages)
        >>> frame = shell(Around("talks/", "All talks"), site)
        >>> frame.title, frame.menu[0].current, frame.other.url
        ('All talks · S', True, 'zh/')
    """
    language = language_of(page.url)
    words, name = site.words[language], site.names[language]
    prefix = LANGUAGES[language][2]
    return Shell(
        site=name,
        language=language,
        title=f"{page.title} · {name}" if page.title else site.title(language),
        words=words,
        home=prefix or ".",
        subscribe=f"{prefix}subscribe/",
        feeds={kind: prefix + file for kind, file in FEEDS.items()},
        calendar=("" if language == next(iter(site.names)) else f"{language}/") + "talks/all.ics",
        locale=LOCALES[language],
        other=translation(page.url, site),
        menu=tuple(one for one in menu(page.url, words) if one.url in site.urls),
        footer=tuple(one for one in footer(page.url, words, site.offers) if site.has(one.url)),
        alternates=tuple(alternates(page.url, site)),
        shelves=page.shelves,
        parent=parent(page.url, words),
        source=page.source,
        live=site.live,
    )


def entry(key: str, url: str, here: str, words: Words) -> Entry:
    """Return a link of the frame, marked if it leads to this page or to the part it belongs to."""
    return Entry(words[key], url, current=here.startswith(url), exact=here == url)


def menu(here: str, words: Words) -> Iterator[Entry]:
    """Yield the header's links."""
    language = language_of(here)
    for key, url in MENU.items():
        yield entry(key, in_language(url, language), here, words)


def footer(here: str, words: Words, offers: Iterable[str] = ()) -> Iterator[Entry]:
    """Yield the footer's links; those that exist in English only say so on Chinese pages."""
    language = language_of(here)
    pages = {key: f"{key}/" for key in (*offers, "models", "benchmarks")}
    for key, url in {**pages, "feed": "feed.xml"}.items():
        yield entry(key, in_language(url, language), here, words)
    for key, url in ENGLISH_ONLY.items():
        mark = "" if language == "en" else "en"
        yield Entry(words[key], url, note=words["in_english"], language=mark)


def parent(here: str, words: Words) -> Entry | None:
    """Return the research index for a research page, else nothing."""
    index = in_language("research/", language_of(here))
    within = here.startswith(index) and here != index
    return Entry(words["research"], index) if within else None


def translation(here: str, site: Site) -> Translation | None:
    """Return where the language link leads, if the site has a second language."""
    other = "en" if language_of(here) == "zh" else "zh"
    if other not in site.names:
        return None
    hreflang, name, folder = LANGUAGES[other]
    url = in_language(here, other)
    return Translation(other, hreflang, name, (url if url in site.urls else folder) or ".")


def alternates(here: str, site: Site) -> Iterator[Alternate]:
    """Yield a page's languages, itself among them, where it exists in more than one."""
    if is_paired(here, site):
        there = {code: in_language(here, code) for code in LANGUAGES}
        for code, url in there.items():
            yield Alternate(LANGUAGES[code][0], site.address + url)
        yield Alternate("x-default", site.address + there["en"])


def is_paired(url: str, site: Site) -> bool:
    """Tell whether a page exists in every language."""
    several = len(site.names) > 1
    return several and all(in_language(url, code) in site.urls for code in LANGUAGES)


def with_page(site: Site, url: str, *, paired: bool) -> Site:
    """Add a page to a site, in one language or in all."""
    more = {in_language(url, code) for code in LANGUAGES} if paired else {url}
    return replace(site, urls={*site.urls, *more})


def sitemap(language: str, site: Site, changed: Mapping[str, str]) -> str:
    """Return the sitemap of one language.

    Args:
        language: which.
        site: all addresses.
        changed: ISO dates, by address, of pages that know when they were last revised; a date
            that were the build's own would teach search engines to believe none.

    Returns:
        XML with each page and its translations.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for url in sorted(url for url in site.urls if language_of(url) == language):
        date = f"<lastmod>{changed[url]}</lastmod>" if url in changed else ""
        lines.append(f"<url><loc>{escape(site.address + url)}</loc>{date}")
        lines += [
            f'<xhtml:link rel="alternate" hreflang="{there.language}" href="{escape(there.url)}"/>'
            for there in alternates(url, site)
        ]
        lines.append("</url>")
    return "\n".join([*lines, "</urlset>", ""])
