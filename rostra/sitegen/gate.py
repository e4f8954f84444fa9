"""One look at the finished pages: what a strict security policy refuses, and links to nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",
    "audio": "src", "embed": "src", "object": "data", "use": "href",
}  # fmt: skip
LOADING_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
DATA = "application/ld+json"  # a block that no browser runs, so no policy asks about it
VIRTUAL = ("/demos/",)  # answered by the live server, not by a file


@dataclass
class Seen(HTMLParser):
    """What one page loads, links to and offers as anchors, and what it should not contain."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    language: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        given = {name: value or "" for name, value in attrs}
        self.faults += inline(tag, given)
        if tag == "html":
            self.language = given.get("lang", "")
        if "id" in given:
            if given["id"] in self.ids:
                self.faults.append(f'id="{given["id"]}" stands twice')
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADS and LOADS[tag] in given:
            self.loads.append(given[LOADS[tag]])
        if tag == "link" and LOADING_RELATIONS & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))


def inline(tag: str, given: dict[str, str]) -> Iterator[str]:
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
    seen = Seen()
    seen.feed(html)
    seen.close()
    return seen


def faults(site: Path, root: str = "/") -> Iterator[str]:
    """Yield every fault of a built site, each with the page it stands on.

    Args:
        site: the folder with the finished pages.
        root: the path under which it will stand on its host, as "/seminar/".

    Yields:
        One line a fault: inline code or style, an address of another origin that is loaded, a
        file or an anchor that is linked to and not there.
    """
    pages = {path: read(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, seen in pages.items():
        here = path.relative_to(site).as_posix()
        for fault in seen.faults:
            yield f"{here}: {fault}"
        for url in seen.loads:
            if urlsplit(url).netloc:
                yield f"{here}: loads {url} from another origin"
        for url in [*seen.links, *seen.loads]:
            if problem := dead(within(url, root), path, site, pages):
                yield f"{here}: {problem}"


def within(url: str, root: str) -> str:
    """Return an address from the top of the host as one from the top of the site.

    Examples:
        >>> within("/seminar/talks/", "/seminar/"), within("talks/", "/seminar/")
        ('/talks/', 'talks/')
    """
    return "/" + url.removeprefix(root) if url.startswith(root) else url


def dead(url: str, page: Path, site: Path, pages: dict[Path, Seen]) -> str:
    """Return what is wrong with an internal link, or nothing."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or parts.path.startswith(VIRTUAL):
        return ""
    target = destination(unquote(parts.path), page, site)
    if not target.is_file():
        return f"link to {url}, where no file is"
    anchors = pages[target].ids if target in pages else None
    if parts.fragment and anchors is not None and unquote(parts.fragment) not in anchors:
        return f"link to {url}, where no such anchor is"
    return ""


def destination(path: str, page: Path, site: Path) -> Path:
    """Return the file that a link's path means."""
    if not path:
        return page
    base = site if path.startswith("/") else page.parent
    target = (base / path.lstrip("/")).resolve()
    return target / "index.html" if path.endswith("/") or target.is_dir() else target
