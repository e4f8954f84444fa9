"""What belongs to a theme of research: talks by their topics, demos by what its page shows."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from posixpath import dirname, relpath
from typing import Any

from rostra.sitegen.fields import Text, language_of
from rostra.sitegen.filters import iso_date, plain
from rostra.sitegen.inventory import Demo, Inventory
from rostra.sitegen.programme import Programme
from rostra.sitegen.site import Group, Theme
from rostra.sitegen.talk import Talk
from rostra.sitegen.topics import slug_of

# Of a hand-written page: its title and first paragraph.
OPENING = re.compile(r"\A\s*# .+\n\n(?:.+\n)+")
MARKUP = re.compile(r"[\\`*_{}\[\]$|!]")  # `&#` is there already where it is written


@dataclass(frozen=True)
class Themes:
    """The way from each theme that has a page to its talks and demos, and back."""

    programme: Programme
    inventory: Inventory

    def of(self, thing: Talk | Demo) -> list[Theme]:
        """The themes that a talk or a demo belongs to, in the order of the site."""
        groups = self.programme.site.groups
        themes = [theme for group in groups for theme in group.themes if theme.page]
        if isinstance(thing, Demo):
            return [theme for theme in themes if self._shown(thing, theme)]
        return [theme for theme in themes if _about(thing, theme)]

    def talks(self, theme: Theme) -> list[Talk]:
        """The talks about a theme, the newest first."""
        return [talk for talk in self.programme.talks if _about(talk, theme)]

    def demos(self, theme: Theme) -> list[Demo]:
        """The demos that the page of a theme shows, or sends its readers to."""
        return [demo for demo in self.inventory.demos if self._shown(demo, theme)]

    def _shown(self, demo: Demo, theme: Theme) -> bool:
        return demo.name in self.inventory.shown.get(theme.page or "", ())

    def completed(self, markdown: str, source: str, words: Any) -> str:
        """Say on the page of a theme whose work it is, and what there is to watch and to try.

        Args:
            markdown: a hand-written page, its sources last; one of no theme stays as it is.
            source: its file, from `docs/`.
            words: of the interface, in the page's language.
        """
        page = _Page(source)
        for group in self.programme.site.groups:
            for theme in group.themes:
                if theme.page == page.address:
                    talks = [page.talk(talk) for talk in self.talks(theme)]
                    demos = [page.demo(demo, words) for demo in self.demos(theme)]
                    return _with_rows(page.of(group, markdown), [*talks, *demos], words)
        return markdown


def _about(talk: Talk, theme: Theme) -> bool:
    return not _slugs(talk.topics).isdisjoint(_slugs(theme.topics))


@lru_cache(maxsize=8192)  # each theme looks at all talks, and each talk at all themes
def _slugs(topics: tuple[Text, ...]) -> frozenset[str]:
    return frozenset(map(slug_of, topics))


def _with_rows(markdown: str, rows: list[str], words: Any) -> str:
    """Set the list before the last part, where there is anything to list."""
    body, mark, sources = markdown.rpartition("\n## ")
    title = f"{words['talks_and_demos']} {{ #talks-and-demos }}"
    part = "\n".join([f"\n## {title}\n", *rows, ""]) if rows else ""
    return body + part + mark + sources


@dataclass(frozen=True)
class _Page:
    """A hand-written page, by its file: what it says of entries, in its language."""

    source: str

    @property
    def language(self) -> str:
        return "zh" if self.source.startswith("zh/") else "en"

    @property
    def address(self) -> str:
        return self.source.removeprefix("zh/").removesuffix(".md") + "/"

    def of(self, group: Group, markdown: str) -> str:
        """Say after the first paragraph whose work the theme is."""
        name = f"**{self.said(group.name)}**"
        if group.homepage:
            name = f"[{name}]({group.homepage})"
        about = [self.said(group.about)] if group.about else []
        line = "\n".join([name, *about]) + "\n{ .theme-of }\n"
        return OPENING.sub(lambda opening: f"{opening[0]}\n{line}", markdown)

    def talk(self, talk: Talk) -> str:
        """One row: the talk, who gave it and when."""
        speakers = [self.said(person.name) for person in talk.speakers]
        link = self.link(self.said(talk.title), f"talks/{talk.ref}/")
        return " · ".join([link, *speakers, iso_date(talk.start)])

    def demo(self, demo: Demo, words: Any) -> str:
        """One row: the demo, and what it does."""
        title = _word(words, demo.name, demo.title)
        says = _word(words, f"{demo.name}_says", demo.summary)
        return f"{self.link(_escaped(title), f'gallery/{demo.name}/')} · {_escaped(says)}"

    def link(self, shown: str, address: str) -> str:
        """The beginning of a row: a link to a page in the same language."""
        folder = "zh/" if self.language == "zh" else ""
        return f"- [{shown}]({relpath(f'{folder}{address}index.md', dirname(self.source))})"

    def said(self, text: Text) -> str:
        """Write a text so that Markdown leaves it as it is; say so if its language is another."""
        shown = _escaped(plain(text, self.language))
        other = language_of(text, self.language)
        return shown if other == self.language else f'<span lang="{other}">{shown}</span>'


def _word(words: Any, key: str, otherwise: str) -> str:
    try:
        return str(words[key])
    except KeyError:
        return otherwise


def _escaped(text: str) -> str:
    """Write what Markdown would take for its own as HTML writes it.

    Examples:
        >>> _escaped("f_1 < $k$")
        'f&#95;1 &lt; &#36;k&#36;'
    """
    return MARKUP.sub(lambda found: f"&#{ord(found[0])};", escape(text, quote=False))
