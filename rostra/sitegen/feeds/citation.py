"""How a talk is cited: the tags of Highwire Press, BibTeX and CSL-JSON."""

import re
from collections.abc import Iterator

from rostra.sitegen import csl
from rostra.sitegen.fields import Text, in_language
from rostra.sitegen.prose import to_plain
from rostra.sitegen.talk import Talk

FORMULA = re.compile(r"(\$[^$]+\$)")
# What TeX takes for its own.
SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}&%$#_"},
}


def citation(talk: Talk, language: str) -> Iterator[tuple[str, str]]:
    """Yield names and contents of meta elements; a talk that is not held cannot be cited."""
    if not talk.held:
        return
    yield "citation_title", to_plain(in_language(talk.title, language))
    for person in (*talk.speakers, *talk.panellists):
        yield "citation_author", person.sorted_name(language)
        if person.affiliation:
            yield "citation_author_institution", to_plain(in_language(person.affiliation, language))
        if person.orcid:
            yield "citation_author_orcid", f"https://orcid.org/{person.orcid}"
    yield "citation_publication_date", f"{talk.start:%Y/%m/%d}"
    yield "citation_conference_title", to_plain(in_language(talk.series.name, language))
    yield "citation_language", talk.language or talk.series.language or language
    for topic in talk.topics:
        yield "citation_keywords", to_plain(in_language(topic, language))


def bibtex(talk: Talk, url: str) -> str:
    """A talk as BibTeX; who has not been announced is no author."""
    fields = {
        "author": " and ".join(_tex(person.sorted_name("en")) for person in talk.speakers),
        "title": _tex(_english(talk.title)),
        "howpublished": _tex(f"Talk{_occasion(talk)}"),
        "year": f"{talk.start:%Y}",
        "date": f"{talk.start:%Y-%m-%d}",
        "url": url,
    }
    lines = [f"  {name:<12} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{_key(talk)},\n" + ",\n".join(lines) + "\n}"


def csl_json(talk: Talk, url: str) -> str:
    """A talk as CSL-JSON."""
    spoken = talk.language or talk.series.language
    item = {
        "id": _key(talk),
        "type": "speech",
        "title": _english(talk.title),
        "author": [csl.name(person.sorted_name("en")) for person in talk.speakers],
        "issued": csl.issued(talk.start.year, talk.start.month, talk.start.day),
        "genre": "Talk",
        "event-title": _english(talk.series.name),
        "event-place": _english(talk.venue) if talk.venue else "",
        "language": spoken or "",
        "URL": url,
    }
    return csl.written({name: value for name, value in item.items() if value})


def _key(talk: Talk) -> str:
    """Two series may have a talk of one name in one year."""
    return f"{talk.series.id}-{talk.slug}-{talk.start.year}"


def _english(text: Text) -> str:
    return to_plain(in_language(text, "en"))


def _occasion(talk: Talk) -> str:
    if talk.series.organisers:
        return f" in the series {_english(talk.series.name)}"
    return f" at {_english(talk.venue)}" if talk.venue else ""


def _tex(text: str) -> str:
    r"""Write a text so that TeX shows it; formulas are TeX already.

    Examples:
        >>> print(_tex("50 % of {all} $x_1$ & more"))
        50 \% of \{all\} $x_1$ \& more
    """
    parts = FORMULA.split(text)
    plain = ("".join(SIGNS.get(sign, sign) for sign in part) for part in parts[::2])
    return "".join(a + b for a, b in zip(plain, [*parts[1::2], ""], strict=True))
