"""Earlier addresses: whoever follows one arrives, on any host and without a script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import relpath
from urllib.parse import urlsplit

from rostra.sitegen.fields import Text
from rostra.sitegen.programme import Programme
from rostra.sitegen.series import Series


@dataclass(frozen=True)
class Redirect:
    """One page that has moved; both addresses from the root of a language, and its title."""

    old: str
    new: str
    title: Text

    @property
    def way(self) -> str:
        """The new address from the old one: the site may lie in any folder."""
        return relpath(self.new, self.old) + "/"


class Redirects:
    """All pages that have moved: events by their `formerly:`, and lists of series with them."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    @cached_property
    def redirects(self) -> tuple[Redirect, ...]:
        """Each earlier address once; the checker refuses two that claim the same."""
        return tuple({one.old: one for one in self._all()}.values())

    def _all(self) -> Iterator[Redirect]:
        for event in (*self.programme.talks, *self.programme.meetups):
            for ref in event.formerly:
                yield Redirect(f"talks/{ref}/", f"talks/{event.ref}/", event.title)
        for old, series in earlier_series(self.programme).items():
            yield Redirect(f"embed/{old}/", f"embed/{series.id}/", series.name)

    @cached_property
    def redirect_files(self) -> tuple["RedirectFile", ...]:
        """The rules for hosts that read a file of them; no file without a rule."""
        if not self.redirects:
            return ()
        site = self.programme.site
        root = urlsplit(site.url).path.rstrip("/")
        folders = [f"{root}/{'' if one == 'en' else f'{one}/'}" for one in site.languages]
        rules = (
            f"{folder}{one.old}* {folder}{one.new}:splat 301"
            for folder in folders
            for one in self.redirects
        )
        return (RedirectFile("_redirects", "\n".join(rules)),)


@dataclass(frozen=True)
class RedirectFile:
    """A file of rules: its path below the site, and its text."""

    path: str
    text: str


def earlier_series(programme: Programme) -> Mapping[str, Series]:
    """Series that are gone, each with the one in which the newest of its talks is now.

    Where none of its talks is left, with that of a meet-up.
    """
    there = {series.id for series in programme.series}
    found: dict[str, Series] = {}
    for event in (*programme.talks, *programme.meetups):
        for ref in event.formerly:
            old = ref.partition("/")[0]
            if old not in there:
                found.setdefault(old, event.series)
    return found
