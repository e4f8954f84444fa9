"""What citation managers read of a talk's page: the tags of Highwire Press."""

from collections.abc import Iterator

from rostra.sitegen.fields import in_language
from rostra.sitegen.prose import to_plain
from rostra.sitegen.talk import Talk


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
