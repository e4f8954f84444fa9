"""What belongs to whom: publications, notes and projects, found from every side."""

import json

import pytest

from rostra.sitegen.library import Library
from rostra.sitegen.programme import Programme, load
from rostra.sitegen.references import entries
from tests.rostra.sitegen._library import LIBRARY
from tests.rostra.sitegen.conftest import Folder


@pytest.fixture
def programme(seminars: Folder) -> Programme:
    return load(seminars(LIBRARY))


@pytest.fixture
def library(programme: Programme) -> Library:
    return programme.library


def test_the_way_there_is_the_way_back(programme: Programme, library: Library) -> None:
    for paper in library.publications:
        for person in programme.people:
            assert (paper in library.publications_of(person)) == (person in paper.people)
        for theme in programme.site.all_themes:
            assert (paper in library.publications_on(theme.slug)) == (theme.slug in paper.themes)
        for talk in programme.talks:
            assert (paper in library.publications_with(talk.ref)) == (talk.ref in paper.talks)


def test_what_is_found_is_not_nothing(programme: Programme, library: Library) -> None:
    ann, wang = programme.people
    assert [one.id for one in library.publications] == ["lee2024", "lee2020"]
    assert [one.id for one in library.publications_of(ann)] == ["lee2024", "lee2020"]
    assert [one.id for one in library.publications_of(wang)] == ["lee2024"]
    assert [one.id for one in library.publications_on("doubt")] == ["lee2020"]
    assert [one.id for one in library.publications_with("weekly/trust")] == ["lee2024"]
    assert [one.slug for one in library.notes_by(ann)] == ["seen", "older"]
    assert [one.slug for one in library.notes_with("weekly/trust")] == ["seen"]
    assert [one.id for one in library.projects_of(wang)] == ["safe"]
    assert [one.id for one in library.projects_on("trust")] == ["safe"]
    assert library.publication("lee2020").year == 2020


def test_tags_and_categories_gather_notes(library: Library) -> None:
    assert [(tag.slug, len(tag.notes)) for tag in library.tags] == [("figures", 1), ("trust", 2)]
    assert [one.slug for one in library.categories] == ["lab"]


def test_every_publication_is_a_file_in_both_notations(library: Library) -> None:
    files = {one.path: one.text for one in library.citation_files}
    assert len(files) == 2 * 2 + 2
    for key in ("lee2020", "lee2024"):
        assert list(entries(files[f"publications/{key}.bib"], "x")) == [key]
        assert [one["id"] for one in json.loads(files[f"publications/{key}.json"])] == [key]
    assert list(entries(files["publications/all.bib"], "x")) == ["lee2024", "lee2020"]
    assert len(json.loads(files["publications/all.json"])) == 2


def test_an_empty_library_writes_nothing(seminars: Folder) -> None:
    programme = load(seminars())
    assert programme.library == Library()
    assert programme.library.citation_files == programme.library.tags == ()
    assert programme.offers == ()


def test_only_what_holds_something_is_offered(programme: Programme) -> None:
    assert programme.offers == ("publications", "notes", "projects", "news")
