"""Notes: hand-written pages `docs/notes/<slug>.md`, by somebody, with tags, about a talk.

`docs/zh/notes/<slug>.md` of the same name is a translation, and says only its own description; a
note may also be in Chinese alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from rostra.sitegen import reading
from rostra.sitegen.fields import LANGUAGES, SLUG, Bilingual, Date, Entry, Text, Words
from rostra.sitegen.messages import say
from rostra.sitegen.person import Someone
from rostra.sitegen.reading import Document
from rostra.sitegen.series import Setting, TalkRef
from rostra.sitegen.validation import validate

FOLDERS = {"en": "notes", "zh": "zh/notes"}
HEAD = re.compile(r"\A---\n(.*?\n)---(?:\n|\Z)", re.DOTALL)
TITLE = re.compile(r"^# (.+?)\s*(?:\{[^}]*\})?$", re.MULTILINE)
TAKEN = ("index", "tags")  # pages that list notes
M = TypeVar("M", bound=BaseModel)


class Translation(Entry):
    """What every note says in its own language: its first heading, and what it is about."""

    title: Words
    description: Annotated[Words, Field(description="One sentence, for lists and feeds.")]


class Original(Translation):
    """The head of a note."""

    author: Someone
    date: Date
    tags: tuple[Text, ...] = ()
    categories: tuple[Text, ...] = ()
    talk: Annotated[TalkRef | None, Field(description="The talk that it is about.")] = None


@dataclass(frozen=True)
class Note:
    """One note, in the languages that it was written in."""

    slug: str
    head: Original
    versions: Mapping[str, Translation]

    @property
    def title(self) -> Bilingual:
        """Its title, in its languages."""
        return Bilingual(**{key: one.title for key, one in self.versions.items()})

    @property
    def about(self) -> Bilingual:
        """One sentence about it, in its languages."""
        return Bilingual(**{key: one.description for key, one in self.versions.items()})

    def language(self, wanted: str) -> str:
        """The language that a reader of another gets it in."""
        return wanted if wanted in self.versions else next(iter(self.versions))

    def page(self, wanted: str) -> str:
        """Its address from the site's root, for a reader of a language."""
        return f"{FOLDERS[self.language(wanted)]}/{self.slug}/"


def read(docs: Path, setting: Setting) -> Iterator[tuple[Document, Note | None]]:
    """Read all notes, each file with what it makes: the first of a note makes all of it.

    Args:
        docs: the folder of hand-written pages.
        setting: who may be an author, and which talks there are.
    """
    files = {
        language: {path.stem: path for path in sorted((docs / folder).glob("[!.]*.md"))}
        for language, folder in FOLDERS.items()
    }
    for slug in sorted({*files["en"], *files["zh"]}):
        paths = [files[language].get(slug) for language in LANGUAGES]
        documents: dict[str, Document] = {
            language: _document(path, path.relative_to(docs.parent).as_posix())
            for language, path in zip(LANGUAGES, paths, strict=True)
            if path is not None
        }
        note = _note(slug, documents, setting)
        for number, document in enumerate(documents.values()):
            yield document, None if number else note


def _note(slug: str, documents: Mapping[str, Document], setting: Setting) -> Note | None:
    first, *others = documents
    _check_name(slug, documents[first])
    head = _head(Original, documents[first], setting)
    versions: dict[str, Translation | None] = {first: head}
    versions |= {key: _head(Translation, documents[key], setting) for key in others}
    sound = {key: one for key, one in versions.items() if one is not None}
    return Note(slug, head, sound) if head is not None and len(sound) == len(versions) else None


def _check_name(slug: str, document: Document) -> None:
    if not SLUG.fullmatch(slug) or slug in TAKEN:
        message = say("'{key}' cannot stand in an address: rename the file", key=slug)
        document.report_at(0, "slug", message, expected=say("a-z, 0-9 and single -"))


def _head(kind: type[M], document: Document, setting: Setting) -> M | None:
    """Read what stands between the two lines of dashes, and the first heading."""
    unreadable = not isinstance(document.data, dict)
    return None if unreadable else validate(kind, document, context=setting)


def _document(path: Path, name: str) -> Document:
    """A note's text, its head as data; the title is the first heading, unless the head has one."""
    whole = reading.read_text(path, name)
    if whole.faults:
        return whole
    found = HEAD.match(whole.text)
    if found is None:
        message = say("a note begins with its head, between two lines of ---")
        whole.report_at(0, "front-matter", message, expected="---")
        return whole
    # As many characters as there were: what is found stands where it stood.
    document = reading.parse(f"   \n{found[1]}", name)
    document.text = whole.text
    _add_title(document, found.end())
    return document


def _add_title(document: Document, start: int) -> None:
    heading = TITLE.search(document.text, start)
    if isinstance(document.data, dict) and heading and "title" not in document.data:
        document.data = {"title": heading[1], **document.data}
        document.places[("title",)] = reading.Place(
            heading.start(1), heading.end(1), heading.start()
        )
