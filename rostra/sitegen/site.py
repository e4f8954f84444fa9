"""The site: `site.yaml` says what it is called, where and when it lives, and who belongs to it."""

from typing import Annotated

from pydantic import Field, PrivateAttr

from rostra.sitegen.fields import (
    Entry,
    InkOnPaper,
    InkOnSlate,
    Language,
    Page,
    Slug,
    Text,
    Url,
    Zone,
)


class Colours(Entry):
    """The accent of links, primary button and focus ring, readable on the paper of its scheme."""

    accent: InkOnPaper = "#0a6c8f"
    accent_dark: InkOnSlate = "#57bfe0"


class Theme(Entry):
    """One line of research and, where there is one, its page on this site.

    Talks about one of its topics are listed on the page, and lead to it.
    """

    title: Text
    about: Text | None = None
    page: Page | None = None
    topics: tuple[Text, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of its page's address, by which other entries name it."""
        return (self.page or "").strip("/").rpartition("/")[2]


class Group(Entry):
    """Who the themes belong to: a laboratory, the authors of papers, a seminar."""

    name: Text
    about: Text | None = None
    homepage: Url | None = None
    themes: tuple[Theme, ...] = ()


class Site(Entry):
    """`site.yaml`: what the site is called, where and when it lives."""

    id: Annotated[Slug, Field(description="Never changes: calendars' identifiers are made of it.")]
    name: Text
    full_name: Text | None = None
    about: Text | None = None
    url: Annotated[Url, Field(description="Where the site is published.")]
    zone: Zone
    languages: tuple[Language, ...] = ("en",)
    colours: Colours = Colours()
    contact: Annotated[str | None, Field(description="Public by intent: an address or a mail.")] = (
        None
    )
    groups: tuple[Group, ...] = ()

    _home: "Site | None" = PrivateAttr(None)

    @property
    def address(self) -> str:
        """What the addresses of its pages begin with; it ends in a slash."""
        return self.url.rstrip("/") + "/"

    @property
    def home(self) -> str:
        """The address by its `url:`, wherever this copy is served."""
        return (self._home or self).address

    def copied(self, url: str) -> "Site":
        """The same site for another address.

        Raises:
            ValidationError: if that is none.
        """
        copy = Site.model_validate({**dict(self), "url": url})
        copy._home = self
        return copy

    @property
    def all_themes(self) -> tuple[Theme, ...]:
        """The themes of all groups, in their order."""
        return tuple(theme for group in self.groups for theme in group.themes)

    def theme(self, slug: str) -> Theme:
        """Find a theme by the last part of its page's address."""
        return next(theme for theme in self.all_themes if theme.slug == slug)

    announced_days: Annotated[
        int, Field(ge=0, description="What is not announced so long before a talk is late.")
    ] = 14
    recorded_days: Annotated[
        int, Field(ge=0, description="A recording that is not up so long after a talk is late.")
    ] = 30
