"""One look at the finished pages: what a strict security policy refuses, and links to nowhere."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from rostra.sitegen.press import below
from rostra.sitegen.tags import Tag, attributes, tags

LOADS = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",
    "audio": "src", "embed": "src", "object": "data", "use": "href",
}  # fmt: skip
LOADING_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
ASKED = {*LOADS, "a", "link", "html", "style"}
# What else is looked at has one of these, in a tag of any name; `&` may hide it.
TELLING = re.compile(r"""[\s"'/](?:id|style|on)|script:|&""", re.IGNORECASE)
PLAIN = re.compile(r"(?!//)[\w./-]+", re.ASCII)  # a path, and nothing else
DATA = "application/ld+json"  # a block that no browser runs, so no policy asks about it
VIRTUAL = ("/demos/",)  # answered by the live server, not by a file


@dataclass
class Seen:
    """What one page loads, links to and offers as anchors, and what it should not contain."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    language: str = ""

    def see(self, noted: "Noted") -> None:
        """Add what a tag tells."""
        self.faults += noted.faults
        self.links += noted.links
        self.loads += noted.loads
        self.language = noted.language or self.language
        for one in noted.ids:
            if one in self.ids:
                self.faults.append(f'id="{one}" stands twice')
            self.ids.add(one)


class Noted(NamedTuple):
    """What one tag tells."""

    faults: tuple[str, ...]
    ids: tuple[str, ...]
    links: tuple[str, ...]
    loads: tuple[str, ...]
    language: str


NOTHING = Noted((), (), (), (), "")


@lru_cache(maxsize=2**14)  # the same tag stands on many pages
def noted(tag: str, written: str) -> Noted:
    """Read a tag with its attributes."""
    if tag not in ASKED and not TELLING.search(written):
        return NOTHING
    given = attributes(written)
    loads = [given[key] for key in (LOADS.get(tag, ""),) if key in given]
    if tag == "link" and LOADING_RELATIONS & set(given.get("rel", "").split()):
        loads.append(given.get("href", ""))
    return Noted(
        tuple(inline(tag, given)),
        (given["id"],) if "id" in given else (),
        (given["href"],) if tag == "a" and "href" in given else (),
        tuple(loads),
        given.get("lang", "") if tag == "html" else "",
    )


def inline(tag: str, given: Mapping[str, str]) -> Iterator[str]:
    """Yield what `default-src 'self'` refuses in a tag."""
    runs = "src" not in given and given.get("type") != DATA
    if tag == "style" or (tag == "script" and runs):
        yield f"inline <{tag}>"
    for name, value in given.items():
        if name == "style" or name.startswith("on"):
            yield f"inline {name}= on <{tag}>"
        if value.strip().lower().startswith("javascript:"):
            yield f"javascript: in {name}= of <{tag}>"


def read(html: str) -> Seen:
    """Parse one page.

    Examples:
        >>> seen = read('<p id="a" style="color: red"><a href="#b">b</a></p>')
        >>> seen.ids, seen.links, seen.faults
        ({'a'}, ['#b'], ['inline style= on <p>'])
    """
    return seen_in(tags(html))


def seen_in(found: Iterable[Tag]) -> Seen:
    """Note the tags of a page, or of a part of one."""
    seen = Seen()
    for _, name, closing, written in found:
        said = (written and not closing) or name in ("script", "style")
        if said and any(told := noted(name, written)):
            seen.see(told)
    return seen


class Articles:
    """What articles hold and lead to, noted while they are written, and looked at afterwards."""

    def __init__(self) -> None:
        self.pages: set[str] = set()
        self._faults: list[str] = []
        self._links: dict[tuple[str, str], str] = {}  # a link, where it counts from, a page with it

    def read(self, here: str, found: Iterable[Tag]) -> None:
        """Note the tags of a page's article."""
        seen = seen_in(found)
        self.pages.add(here)
        self._faults += (f"{here}: {fault}" for fault in _own_faults(seen))
        for url in (*seen.links, *seen.loads):
            if not (url.startswith("#") and unquote(url[1:]) in seen.ids):
                counts_from = "" if url.startswith("/") else here
                self._links.setdefault((url, counts_from), here)

    def faults(self, there: "Files", root: str = "/") -> Iterator[str]:
        """Yield what is wrong with the articles of a finished site; see `faults`."""
        yield from self._faults
        for (url, _), here in self._links.items():
            if problem := dead(within(url, root), here, there, ()):
                yield f"{here}: {problem}"


def faults(there: "Files", root: str = "/", only: Iterable[str] | None = None) -> Iterator[str]:
    """Yield every fault of a built site, each with the page it stands on.

    Args:
        there: the finished files.
        root: the path under which it will stand on its host, as "/seminar/".
        only: the files to look at, by their paths below the site; all by default.

    Yields:
        One line a fault: inline code or style, an address of another origin that is loaded, a
        file or an anchor that is linked to and not there.
    """
    for here in sorted(one for one in (there.names if only is None else only)):
        if here.endswith(".html"):
            yield from (f"{here}: {fault}" for fault in _of_page(here, there, root))


class Files:
    """The files of a site, by their paths, and the anchors of those that are asked for.

    Args:
        site: its folder.
        names: the paths, where they are known already.
    """

    def __init__(self, site: Path, names: Collection[str] | None = None) -> None:
        self.site = site
        self.names = frozenset(below(site)) if names is None else names
        self.anchors = cache(lambda name: self.page(name).ids)

    def page(self, name: str) -> Seen:
        """Read a page."""
        return read((self.site / name).read_text(encoding="utf-8"))


def _of_page(here: str, there: Files, root: str) -> Iterator[str]:
    seen = there.page(here)
    yield from _own_faults(seen)
    for url in [*seen.links, *seen.loads]:
        if problem := dead(within(url, root), here, there, seen.ids):
            yield problem


def _own_faults(seen: Seen) -> Iterator[str]:
    yield from seen.faults
    for url in seen.loads:
        if urlsplit(url).netloc:
            yield f"loads {url} from another origin"


def within(url: str, root: str) -> str:
    """Return an address from the top of the host as one from the top of the site.

    Examples:
        >>> within("/seminar/talks/", "/seminar/"), within("talks/", "/seminar/")
        ('/talks/', 'talks/')
    """
    return "/" + url.removeprefix(root) if url.startswith(root) else url


def dead(url: str, here: str, there: Files, anchors: Collection[str]) -> str:
    """Return what is wrong with an internal link of a page with such anchors, or nothing."""
    if url.startswith(("https:", "http:")):
        return ""
    path, fragment = url, ""
    if not PLAIN.fullmatch(url):
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            return ""
        path, fragment = unquote(parts.path), unquote(parts.fragment)
    if path.startswith(VIRTUAL):
        return ""
    target = destination(path, here)
    target = f"{target}/index.html".lstrip("/") if target not in there.names else target
    if target not in there.names:
        return f"link to {url}, where no file is"
    anchored = fragment and target.endswith(".html")
    own = target == here and anchors
    if anchored and fragment not in (own or there.anchors(target)):
        return f"link to {url}, where no such anchor is"
    return ""


def destination(path: str, here: str) -> str:
    """Return the file or folder that a link's path means, from the top of the site.

    Examples:
        >>> destination("../b/", "a/index.html"), destination("/", "a/b.html")
        ('b', '')
    """
    if not path:
        return here
    target = posixpath.join("/", "" if path.startswith("/") else posixpath.dirname(here), path)
    return posixpath.normpath(target.replace("//", "/")).strip("/")
