"""Frames: what stands around an article, drawn once for all pages that it is the same for.

A page is drawn with words in capitals where pages differ; every other page of its part, depth,
kind and language is that drawing with its own words put in. No address of ours has capitals.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import escape

from markupsafe import Markup
from markupsafe import escape as escape_again

from rostra.sitegen import theme
from rostra.sitegen.links import relative_links
from rostra.sitegen.render import Output
from rostra.sitegen.shell import LANGUAGES

TITLE, HEAD, OPEN, CLOSE = "SLOT-TITLE", "SLOT-HEAD", "SLOT-ARTICLE", "SLOT-END"
# A description is written twice, once as it is and once as plain text, and the two differ.
SAID = "SLOT-SAID  '"
SAID_AS_IS, SAID_PLAIN = "SLOT-SAID  &#x27;", "SLOT-SAID &#39;"
SLOT = re.compile(f"({OPEN}.*?{CLOSE}|{TITLE}|{HEAD}|{SAID_AS_IS}|{SAID_PLAIN}|SLOT[0-9])", re.S)
SIGNS = re.compile("[&<>\"']")
# What the frame's template looks for in an article, to load what it needs.
ASKED = re.compile(r'"((?:[^"\\]|\\.)+)" in \(?page\.content')
FOLDERS = {folder.rstrip("/") for _, _, folder in LANGUAGES.values() if folder}

Draw = Callable[[Output, bool], str]
"""Draws a whole page; told whether it exists in every language."""


def markers(template: str) -> tuple[str, ...]:
    r"""Find what a frame's template looks for in an article.

    Examples:
        >>> markers('{% if "class=\\"video\\"" in (page.content or "") %}')
        ('class="video"',)
    """
    return tuple(dict.fromkeys(found.replace('\\"', '"') for found in ASKED.findall(template)))


def url_of(path: str) -> str:
    """The address of a page, from the site's top.

    Examples:
        >>> url_of("talks/index.html"), url_of("index.html")
        ('talks/', '')
    """
    return path.removesuffix("index.html")


def _asked() -> tuple[str, ...]:
    return markers((theme.FOLDER / "main.html").read_text(encoding="utf-8"))


@dataclass
class Frames:
    """Puts frames around articles.

    Args:
        draw: draws one page, slowly.
        asked: what the frame depends on in an article, by being there or not.
        firsts: the pages for which a frame was drawn, one a frame.
    """

    draw: Draw
    asked: tuple[str, ...] = field(default_factory=_asked)
    firsts: list[str] = field(default_factory=list)
    _drawn: dict[object, list[str]] = field(default_factory=dict)

    def around(self, output: Output, paired: bool) -> str:
        """Write a page.

        Args:
            output: its article.
            paired: whether it exists in every language of the site.
        """
        like = stand_in(output, self.asked)
        frame = self._drawn.get((like, paired))
        if frame is None:
            frame = self._drawn[like, paired] = SLOT.split(self.draw(like, paired))
            self.firsts.append(output.path)
        words = dict(_words(output, like))
        filled = frame.copy()
        filled[1::2] = [words[slot] for slot in frame[1::2]]
        return "".join(filled)


def stand_in(output: Output, asked: tuple[str, ...]) -> Output:
    """Make the page that is drawn for all that are framed like this one."""
    head = output.page
    assert head is not None
    found = "\n".join(one for one in asked if one in output.text)
    some = {name: word for name, word in _TEXTS.items() if getattr(head, name)}
    path = "/".join(_slots(output.path.split("/")))
    return Output(path, f"{OPEN}{found}{CLOSE}", replace(head, **some))


_TEXTS = {"title": TITLE, "description": SAID, "head": HEAD}


def _slots(parts: list[str]) -> Iterator[str]:
    """Keep where a page belongs, which the frame shows, and leave out which of its pages it is."""
    kept = 2 if parts[0] in FOLDERS else 1
    for place, part in enumerate(parts):
        yield part if place < kept or place == len(parts) - 1 else f"SLOT{place - kept}"


def _words(output: Output, like: Output) -> Iterator[tuple[str, str]]:
    """Yield what stands in each slot."""
    head, url = output.page, url_of(output.path)
    assert head is not None
    yield like.text, relative_links(output.text, url)
    yield HEAD, relative_links(head.head, url)
    yield TITLE, _plain(head.title)
    yield SAID_AS_IS, escape(head.description)
    yield SAID_PLAIN, _plain(head.description)
    yield from zip(like.path.split("/"), output.path.split("/"), strict=True)


def _plain(text: str) -> str:
    """Write a text as the theme's filters do, which are given it escaped."""
    if not SIGNS.search(text):
        return " ".join(text.split())
    return str(escape_again(Markup(escape(text)).striptags()))
