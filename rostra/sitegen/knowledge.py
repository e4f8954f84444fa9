"""What is written beside the talks: publications, notes, projects and news, each where it lies.

Who has none of them writes no file.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rostra.sitegen import note, publication, reading
from rostra.sitegen.contents import Contents
from rostra.sitegen.library import Library
from rostra.sitegen.messages import say
from rostra.sitegen.news import News
from rostra.sitegen.note import Note
from rostra.sitegen.project import Project
from rostra.sitegen.publication import Publication
from rostra.sitegen.series import Known, Setting
from rostra.sitegen.site import Site
from rostra.sitegen.validation import validate

PROJECTS, NEWS = "projects.yaml", "news.yaml"  # of `seminars/`
PUBLICATIONS = "publications.bib"  # of `docs/`


def read(contents: Contents, setting: Setting) -> Library:
    """Read it all; talks and people are known already."""
    docs = contents.folder.parent / "docs"
    known = Known(frozenset(_talks(contents)), frozenset(_themes(contents.site)))
    publications = _publications(contents, docs / PUBLICATIONS, known)
    known = replace(known, publications=frozenset(one.id for one in publications))
    setting = replace(setting, known=known)
    notes = sorted(_notes(contents, docs, setting), key=lambda one: one.slug)
    return Library(
        tuple(publications),
        tuple(sorted(notes, key=lambda one: one.head.date, reverse=True)),
        tuple(_projects(contents, setting)),
        tuple(sorted(_news(contents, setting), key=lambda one: one.date, reverse=True)),
    )


def _talks(contents: Contents) -> Iterator[str]:
    """The addresses of all talks, faulty ones too: they are blamed where they are."""
    start = f"{contents.folder.name}/"
    for name in contents.documents:
        if name.startswith(start) and name.count("/") == 2:
            yield name.removeprefix(start).removesuffix(".yaml")


def _themes(site: Site | None) -> Iterator[str]:
    for group in site.groups if site else ():
        for theme in group.themes:
            if theme.slug:
                yield theme.slug


def _publications(contents: Contents, path: Path, known: Known) -> list[Publication]:
    if not path.exists():
        return []
    document = contents.keep(reading.read_text(path, contents.name(path)))
    found = publication.read(document, contents.people, known)
    publications = sorted(found, key=lambda one: (-one.year, one.source.names, one.id))
    contents.check_privacy(document)
    return publications


def _notes(contents: Contents, docs: Path, setting: Setting) -> Iterator[Note]:
    for document, found in note.read(docs, setting):
        contents.keep(document)
        contents.check_privacy(document)
        if found is not None:
            yield found


def _projects(contents: Contents, setting: Setting) -> Iterator[Project]:
    if (contents.folder / PROJECTS).exists():
        found = contents.named(PROJECTS, Project, setting).values()
        yield from (one for one in found if "title" in one.model_fields_set)


def _news(contents: Contents, setting: Setting) -> Iterator[News]:
    path = contents.folder / NEWS
    if not path.exists():
        return
    document = contents.document(path)
    if document.data is not None and not isinstance(document.data, list):
        expected = say("a list: lines that begin with `- `")
        document.report((), "type", say("the wrong kind of value"), expected=expected)
    for number, _ in enumerate(document.data if isinstance(document.data, list) else ()):
        if found := validate(News, document, (number,), setting):
            yield found
    contents.check_privacy(document)
