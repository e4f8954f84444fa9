"""Links inside the site that lead nowhere, and pictures that are not there or say nothing."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from rostra.sitegen.checks._places import places
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import nearest
from rostra.sitegen.messages import say
from rostra.sitegen.prose import addresses
from rostra.sitegen.reading import At, Document
from rostra.sitegen.scalars import texts

PATHS = ("page", "photo", "poster", "link")  # keys whose whole value is a path


def check(contents: Contents) -> None:
    """Report each link of an entry that stays in the site and leads nowhere."""
    assert contents.site is not None
    known = frozenset(places(contents))
    root = "" if "en" in contents.site.languages else "zh/"  # where the pages of themes lie
    docs = (contents.folder.parent / "docs").is_dir()  # else what they hold cannot be known
    for document in contents.documents.values():
        for at, text in texts(document.data):
            for address, alt in _addresses(at, text, root):
                if alt == "":
                    _report_silent(document, at, address)
                path = _inside(address, contents.site.url)
                if docs and path is not None and not known & {path, f"{path}/", path.rstrip("/")}:
                    _report_dead(document, at, address, nearest(path, known))


def _inside(address: str, home: str) -> str | None:
    """The path of a link that stays in the site, from its home; None for all others.

    A path that climbs is refused where it is read.
    """
    parts, site = urlsplit(address), urlsplit(home)
    if (parts.scheme, parts.netloc) == (site.scheme, site.netloc):
        return unquote(parts.path).removeprefix(site.path).lstrip("/")
    if parts.scheme or parts.netloc or not parts.path or ".." in parts.path.split("/"):
        return None
    return unquote(parts.path).lstrip("/")


def _report_silent(document: Document, at: At, address: str) -> None:
    expected = say("![what it shows](address)")
    document.report(at, "alt", say("a picture without words"), needle=address, expected=expected)


def _report_dead(document: Document, at: At, address: str, hint: str) -> None:
    message = say("nothing in this site is at {address}", address=address)
    document.report(at, "dead-link", message, needle=address, suggestion=hint)


def _addresses(at: At, text: str, root: str) -> Iterator[tuple[str, str | None]]:
    """The links of a text, each with the words of the picture that it is, if it is one."""
    if at and at[-1] in PATHS:
        yield (root if at[-1] == "page" else "") + text, None
    else:
        yield from addresses(text)
