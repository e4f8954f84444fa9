"""Hand-written pages, and what is said on them of entries, in their own language."""

import re
from dataclasses import dataclass
from html import escape
from posixpath import dirname, relpath

from rostra.sitegen.fields import Text, language_of
from rostra.sitegen.filters import plain

# Of a hand-written page: its title, and its first paragraph where one follows.
TITLE = r"\A\s*# .+\n"
OPENING = re.compile(rf"{TITLE}\n(?:.+\n)+")
HEADING = re.compile(TITLE)
MARKUP = re.compile(r"[\\`*_{}\[\]$|!]")  # `&#` is there already where it is written


@dataclass(frozen=True)
class WrittenPage:
    """A hand-written page, by its file from `docs/`."""

    source: str

    @property
    def language(self) -> str:
        """The language of its folder."""
        return "zh" if self.source.startswith("zh/") else "en"

    @property
    def address(self) -> str:
        """Where it lies in the folder of its language."""
        return self.source.removeprefix("zh/").removesuffix(".md") + "/"

    def link(self, shown: str, address: str, anchor: str = "") -> str:
        """A link to a page in the same language; an address from the root of that language."""
        folder = "zh/" if self.language == "zh" else ""
        return f"[{shown}]({relpath(f'{folder}{address}index.md', dirname(self.source))}{anchor})"

    def said(self, text: Text) -> str:
        """Write a text so that Markdown leaves it as it is; say so if its language is another."""
        shown = escaped(plain(text, self.language))
        other = language_of(text, self.language)
        return shown if other == self.language else f'<span lang="{other}">{shown}</span>'


def opened(markdown: str, line: str) -> str:
    """Set a line after the first paragraph of a page, or after its title, or at its top."""
    found = OPENING.match(markdown) or HEADING.match(markdown)
    end = found.end() if found else 0
    return f"{markdown[:end]}\n{line}\n{markdown[end:]}"


def escaped(text: str) -> str:
    """Write what Markdown would take for its own as HTML writes it.

    Examples:
        >>> escaped("f_1 < $k$")
        'f&#95;1 &lt; &#36;k&#36;'
    """
    return MARKUP.sub(lambda found: f"&#{ord(found[0])};", escape(text, quote=False))
