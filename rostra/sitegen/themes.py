"""What belongs to a theme of research: talks by their topics, demos by what its page shows."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rostra.sitegen.fields import Text
from rostra.sitegen.filters import iso_date
from rostra.sitegen.inventory import Demo, Inventory
from rostra.sitegen.programme import Programme
from rostra.sitegen.project import Project
from rostra.sitegen.publication import Publication
from rostra.sitegen.site import Group, Theme
from rostra.sitegen.talk import Talk
from rostra.sitegen.topics import slug_of
from rostra.sitegen.written import WrittenPage, escaped, opened


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
                    return self._with_lists(page.of(group, markdown), page, theme, words)
        return markdown

    def _with_lists(self, markdown: str, page: "_Page", theme: Theme, words: Any) -> str:
        library = self.programme.library
        talks = [page.talk(talk) for talk in self.talks(theme)]
        demos = [page.demo(demo, words) for demo in self.demos(theme)]
        lists = {
            "talks_and_demos": [*talks, *demos],
            "publications": [page.paper(one) for one in library.publications_on(theme.slug)],
            "projects": [page.project(one) for one in library.projects_on(theme.slug)],
        }
        for key, rows in lists.items():
            heading = f"{words[key]} {{ #{key.replace('_', '-')} }}" if rows else ""
            markdown = _with_rows(markdown, heading, rows)
        return markdown


def _about(talk: Talk, theme: Theme) -> bool:
    return not _slugs(talk.topics).isdisjoint(_slugs(theme.topics))


@lru_cache(maxsize=8192)  # each theme looks at all talks, and each talk at all themes
def _slugs(topics: tuple[Text, ...]) -> frozenset[str]:
    return frozenset(map(slug_of, topics))


def _with_rows(markdown: str, heading: str, rows: list[str]) -> str:
    """Set a list before the last part, where there is anything to list."""
    body, mark, sources = markdown.rpartition("\n## ")
    part = "\n".join([f"\n## {heading}\n", *rows, ""]) if rows else ""
    return body + part + mark + sources


@dataclass(frozen=True)
class _Page(WrittenPage):
    """The page of a theme."""

    def of(self, group: Group, markdown: str) -> str:
        """Say after the first paragraph whose work the theme is."""
        name = f"**{self.said(group.name)}**"
        if group.homepage:
            name = f"[{name}]({group.homepage})"
        about = [self.said(group.about)] if group.about else []
        line = "\n".join([name, *about]) + "\n{ .theme-of }"
        return opened(markdown, line)

    def talk(self, talk: Talk) -> str:
        """One row: the talk, who gave it and when."""
        speakers = [self.said(person.name) for person in talk.speakers]
        link = self.link(self.said(talk.title), f"talks/{talk.ref}/")
        return "- " + " · ".join([link, *speakers, iso_date(talk.start)])

    def demo(self, demo: Demo, words: Any) -> str:
        """One row: the demo, and what it does."""
        title = _word(words, demo.name, demo.title)
        says = _word(words, f"{demo.name}_says", demo.summary)
        return f"- {self.link(escaped(title), f'gallery/{demo.name}/')} · {escaped(says)}"

    def paper(self, paper: Publication) -> str:
        """One row: the paper, its authors, where and when it appeared."""
        title = self.link(self.said(paper.source.title), "publications/", f"#{paper.id}")
        where = ", ".join(filter(None, [paper.source.venue, paper.source.year]))
        return f"- {title} · {self.said(paper.source.names)} · {self.said(where)}"

    def project(self, project: Project) -> str:
        """One row: the project."""
        return f"- {self.link(self.said(project.title), 'projects/', f'#{project.id}')}"


def _word(words: Any, key: str, otherwise: str) -> str:
    try:
        return str(words[key])
    except KeyError:
        return otherwise
