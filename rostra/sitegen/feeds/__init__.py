"""What programs read of the site: feeds, structured data, citations and a read-only interface."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import starmap

from rostra.sitegen.bundles import Bundles
from rostra.sitegen.feeds import atom, json_feed, rss
from rostra.sitegen.feeds._base import PAGES, Feed, History, Known, Subject, feed, subjects
from rostra.sitegen.feeds.api import Api
from rostra.sitegen.feeds.card import card, card_path
from rostra.sitegen.feeds.writings import writings
from rostra.sitegen.programme import Programme
from rostra.sitegen.redirects import earlier_series

FORMATS: Mapping[str, Callable[[Feed], str]] = {
    atom.NAME: atom.atom,
    json_feed.NAME: json_feed.json_feed,
    rss.NAME: rss.rss,
}


@dataclass(frozen=True)
class Written:
    """A file for programs: where it lies below the site, and how it is written when it is asked.

    `about` is the one thing that it is about; None, and it tells of many.
    """

    path: str
    write: Callable[[], str | bytes]
    about: object = None

    @property
    def said(self) -> str | bytes:
        """What it says."""
        return self.write()

    @property
    def text(self) -> str:
        """The same as text."""
        said = self.said
        return said if isinstance(said, str) else said.decode()


class Feeds:
    """All files for programs of a programme, as of an instant.

    Args:
        programme: the entries.
        history: when talks were announced and revised, and what they are identified by.
        bundles: what the last build wrote, and what of it stays.
    """

    def __init__(
        self, programme: Programme, history: History, bundles: Bundles | None = None
    ) -> None:
        self.programme = programme
        self.history = history
        self.bundles = bundles or Bundles()
        stay = self.bundles.standing
        self.talks = [one for one in programme.talks if one.bundle not in stay]

    @property
    def feeds(self) -> tuple[Written, ...]:
        """The feeds of all subjects, in each language and format."""
        return tuple(self._feeds())

    def _feeds(self) -> Iterator[Written]:
        site = self.programme.site
        known: Known = {}

        @lru_cache(maxsize=1)  # the formats of a feed are written one after the other
        def made(subject: Subject, language: str) -> Feed:
            return feed(subject, site, language, self.history, known)

        def text(write: Callable[[Feed], str], subject: Subject, language: str) -> str:
            return write(made(subject, language))

        for subject in self.subjects:
            for language in site.languages:
                for file, write in FORMATS.items():
                    for key in (subject.key, *self._earlier.get(subject.key, ())):
                        path = PAGES[language] + key + file
                        yield Written(
                            path, partial(text, write, subject, language), (file, language, subject)
                        )
        for folder, written in writings(self.programme):
            yield Written(folder + atom.NAME, partial(atom.atom, written))

    @property
    def subjects(self) -> Iterator[Subject]:
        """What feeds are about that may have changed."""
        found = subjects(self.programme)
        return (one for one in found if one.bundle not in self.bundles.standing)

    @cached_property
    def _earlier(self) -> Mapping[str, list[str]]:
        """Where the feeds of a series lie besides: at the addresses of those it took over."""
        found: dict[str, list[str]] = {}
        for old, series in earlier_series(self.programme).items():
            found.setdefault(f"talks/{series.id}/", []).append(f"talks/{old}/")
        return found

    @property
    def data(self) -> tuple[Written, ...]:
        """The files of the interface for programs."""
        api = Api(self.programme, self.history, self.bundles)
        return tuple(starmap(Written, api.files(self.talks)))

    @property
    def cards(self) -> tuple[Written, ...]:
        """The card of each talk, in each language."""
        site = self.programme.site
        return tuple(
            Written(
                card_path(talk, language),
                partial(card, talk, site, language),
                ("card", language, talk),
            )
            for talk in self.talks
            for language in site.languages
        )

    @property
    def captions(self) -> tuple[Written, ...]:
        """The words of recordings, as they lie beside the entries."""
        folder = self.programme.folder
        return tuple(
            Written(
                f"talks/{talk.ref}/{one.file}",
                partial((folder / talk.series.id / one.file).read_text, encoding="utf-8"),
            )
            for talk in self.programme.talks
            for one in talk.captions
        )
