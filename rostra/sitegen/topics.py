"""Topics: what talks are about, each with an address that follows from its words alone."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter
from typing import TypeVar

from rostra.sitegen.fields import Bilingual, Text, in_language
from rostra.sitegen.talk import Talk

T = TypeVar("T")
LONGEST = 80  # characters of an address; files have 255, and calendars add to them
SAID = {"+": " plus ", "#": " sharp ", "&": " and "}


@dataclass(frozen=True)
class Topic:
    """One topic, and the talks about it in the order of the programme."""

    slug: str
    name: Text
    talks: tuple[Talk, ...]

    @property
    def bundle(self) -> str:
        """What the files that are about it are kept under: where its pages lie."""
        return f"topics/{self.slug}"


def slug_of(name: Text) -> str:
    """Make the address of a topic: of its English text, or of the only one.

    A character that ASCII lacks is written by its number, so that no dictionary decides what a
    Chinese topic is called, and two of them never share an address. What would be too long for
    the name of a file ends in a digest.

    Examples:
        >>> slug_of(Bilingual(en="Federated learning", zh="联邦学习")), slug_of("C++")
        ('federated-learning', 'c-plus-plus')
        >>> slug_of("Naïve Bayes"), slug_of("隐私 attack")
        ('naive-bayes', 'u9690-u79c1-attack')
    """
    plain = unicodedata.normalize("NFKD", in_language(name, "en")).lower()
    letters = "".join(_ascii(letter) for letter in plain if not unicodedata.combining(letter))
    slug = "-".join(re.findall(r"[a-z0-9]+", letters)) or "none"
    if len(slug) <= LONGEST:
        return slug
    return f"{slug[: LONGEST - 9].rstrip('-')}-{sha256(slug.encode()).hexdigest()[:8]}"


def _ascii(letter: str) -> str:
    if letter.isascii():
        return SAID.get(letter, letter)
    return f" u{ord(letter):x} " if letter.isalnum() else " "


def topics(talks: Iterable[Talk]) -> tuple[Topic, ...]:
    """Gather the topics of talks, in the order of their addresses."""
    return tuple(Topic(*found) for found in gathered(talks, lambda talk: talk.topics))


def gathered(
    things: Iterable[T], names: Callable[[T], Iterable[Text]]
) -> Iterator[tuple[str, Text, tuple[T, ...]]]:
    """Yield what things are about, each with its address, its name, and the things.

    Where one names a topic in one language and another in both, both are its name.
    """
    found: dict[str, list[tuple[Text, T]]] = {}
    for thing in things:
        for slug, name in {slug_of(one): one for one in names(thing)}.items():
            found.setdefault(slug, []).append((name, thing))
    for slug, named in sorted(found.items(), key=itemgetter(0)):
        yield slug, _fullest(name for name, _ in named), tuple(thing for _, thing in named)


def _fullest(names: Iterable[Text]) -> Text:
    return max(names, key=lambda name: isinstance(name, Bilingual) and bool(name.en and name.zh))
