"""People: everyone of `people.yaml` whom talks, series and pages name."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema

from rostra.sitegen.faults import nearest
from rostra.sitegen.fields import (
    HAN,
    LANGUAGES,
    Named,
    Once,
    Orcid,
    Page,
    Slug,
    Text,
    Url,
    Words,
    in_language,
    refuse,
)
from rostra.sitegen.messages import say


class Person(Named):
    """One person of `people.yaml`. No mail address: this file is public."""

    name: Text
    family: Annotated[
        Text | None, Field(description="The family name, as it stands in the name: Chen.")
    ] = None
    aliases: Annotated[
        tuple[Words, ...], Field(description="Other spellings, and names of former times.")
    ] = ()
    orcid: Orcid | None = None
    title: Annotated[Text | None, Field(description="Prof., Dr.")] = None
    affiliation: Text | None = None
    homepage: Url | None = None
    bio: Text | None = None
    photo: Annotated[Page | None, Field(description="A picture below docs/.")] = None
    alt: Annotated[Text | None, Field(description="The photo in words, for who cannot see it.")] = (
        None
    )
    namesake_of: Annotated[
        tuple[Slug, ...], Field(description="Keys of others who only share the name.")
    ] = ()

    def model_post_init(self, context: Any) -> None:
        """Ask for the photo's description, and for a family name that the name holds."""
        super().model_post_init(context)
        if self.photo and not self.alt:
            refuse(
                "alt",
                say("the photo has no description"),
                at="photo",
                expected=say("alt: what it shows"),
            )
        for language in LANGUAGES if self.family else ():
            name, family = (in_language(one or "", language) for one in (self.name, self.family))
            if not name.startswith(family) and not name.endswith(family):
                message = say("'{name}' neither begins nor ends with it", name=name)
                refuse(
                    "family",
                    message,
                    at="family",
                    expected=say("the family name as the name has it"),
                )

    @property
    def bundle(self) -> str:
        """What the files that are about somebody are kept under: where the pages lie."""
        return f"people/{self.id}"

    def spellings(self) -> Iterator[str]:
        """Every way to write the name that the entry knows."""
        yield from dict.fromkeys(in_language(self.name, language) for language in LANGUAGES)
        yield from self.aliases

    def sorted_name(self, language: str) -> str:
        """Write the name as citations sort it, family name first, where that is known.

        Examples:
            >>> Person(name="Pin-Yu Chen", family="Chen").sorted_name("en")
            'Chen, Pin-Yu'
            >>> Person(name="王伟", family="王").sorted_name("zh")
            '王伟'
        """
        name = in_language(self.name, language)
        if self.family is None or HAN.search(name):
            return name
        family = in_language(self.family, language)
        given = name.removeprefix(family) if name.startswith(family) else name.removesuffix(family)
        return f"{family}, {given.strip()}"


def _person(value: object, info: ValidationInfo) -> Person:
    if isinstance(value, Person):
        return value
    known: Mapping[str, Person] | None = getattr(info.context, "people", None)
    if known is None:
        return Person.model_construct(name=str(value))
    if str(value) not in known:
        hint = nearest(str(value), known) or say("add the person to people.yaml")
        message = say("nobody is called '{key}' in people.yaml", key=value)
        refuse("unknown-person", message, suggestion=hint)
    return known[str(value)]


Someone: TypeAlias = Annotated[
    Person,
    PlainValidator(_person),
    WithJsonSchema({"type": "string", "description": "A key of people.yaml."}),
]

People: TypeAlias = Annotated[tuple[Someone, ...], Once]


def same_name(name: str) -> str:
    """Write a name so that its spellings agree: no case, accents, dots or order of its parts.

    Examples:
        >>> same_name("Chen, Pin-Yu") == same_name("Pin-Yu CHEN") == same_name("Pin Yu Chen")
        True
        >>> same_name("Müller, K.") == same_name("K Muller"), same_name("王 伟")
        (True, '王伟')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    if HAN.search(name):
        return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", name)))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"[^\W\d_]+", bare)))
