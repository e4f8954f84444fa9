"""The archive of talks: which of them its first page shows, and what they can be chosen by."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from rostra.sitegen.fields import LANGUAGES, Bilingual, Text
from rostra.sitegen.filters import language_name
from rostra.sitegen.programme import Programme, Year
from rostra.sitegen.talk import Talk
from rostra.sitegen.topics import slug_of

FEW = 100  # talks that the first page shows even where they are of earlier years
LATELY = timedelta(days=90)  # in January one still looks for what was in December
MOST = 150  # choices of a kind; whoever spoke once in a large archive is found by their name


class Choice(NamedTuple):
    """One value that talks can be chosen by: as it stands in addresses, and what it is called."""

    value: str
    name: Text


class Archive:
    """The talks of a programme as their archive shows them at an instant."""

    def __init__(self, programme: Programme, now: datetime) -> None:
        self.programme = programme
        self.now = now

    @cached_property
    def recent(self) -> tuple[Year, ...]:
        """The years that the first page shows: what is to come, the latest, and a few at least."""
        return tuple(self._recent())

    def _recent(self) -> Iterator[Year]:
        since, shown = (self.now - LATELY).year, 0
        for year in self.programme.years:
            shown += len(year.talks)
            if year.year >= since or shown <= FEW:
                yield year
            else:
                return

    @property
    def older(self) -> tuple[Year, ...]:
        """The years that are on pages of their own only."""
        return self.programme.years[len(self.recent) :]

    def shown(self, talks: Iterable[Talk]) -> list[Talk]:
        """Those of some talks that are of the years that the first page shows."""
        years = {year.year for year in self.recent}
        return [talk for talk in talks if talk.start.year in years]

    @cached_property
    def choices(self) -> Mapping[str, list[Choice]]:
        """What the form offers, by the name of its field."""
        programme = self.programme
        held = {talk.series.id for talk in programme.talks}
        tongues = sorted({talk.language for talk in programme.talks if talk.language})
        return {
            "topic": list(self._topics()),
            "person": list(self._people()),
            "series": [Choice(one.id, one.name) for one in programme.series if one.id in held],
            "year": [Choice(f"{one.year}", f"{one.year}") for one in programme.years],
            "language": [Choice(tag, _tongue(tag)) for tag in tongues],
        }

    def _topics(self) -> Iterator[Choice]:
        """The topics that most talks are about, in the order of their addresses."""
        often = sorted(self.programme.topics, key=lambda topic: -len(topic.talks))[:MOST]
        for topic in sorted(often, key=lambda topic: topic.slug):
            yield Choice(topic.slug, topic.name)

    def _people(self) -> Iterator[Choice]:
        """Who has spoken most often, by name."""
        heard = Counter(key for talk in self.programme.talks for key in on_stage(talk))
        often = {key for key, _ in heard.most_common(MOST)}
        people = [person for person in self.programme.people if person.id in often]
        for person in sorted(people, key=lambda one: one.sorted_name("en").casefold()):
            yield Choice(person.id, person.name)


def _tongue(tag: str) -> Text:
    return Bilingual(**{language: language_name(tag, language) for language in LANGUAGES})


def on_stage(talk: Talk) -> list[str]:
    """The keys of those who say something in a talk, each once."""
    heard = (*talk.speakers, *talk.panellists, *talk.discussants)
    return list(dict.fromkeys(one.id for one in heard))


def facets(talk: Talk) -> dict[str, str]:
    """What the form of the archive chooses a talk by: names and words separated by spaces."""
    return {
        "series": talk.series.id,
        "topic": " ".join(dict.fromkeys(map(slug_of, talk.topics))),
        "person": " ".join(on_stage(talk)),
        "language": talk.language or "",
    }
