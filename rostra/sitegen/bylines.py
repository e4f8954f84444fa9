"""What stands on a note besides its text: who wrote it, about what, and how to answer."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from rostra.sitegen.fields import in_language
from rostra.sitegen.note import Note
from rostra.sitegen.programme import Programme
from rostra.sitegen.topics import slug_of
from rostra.sitegen.written import WrittenPage, escaped, opened


@dataclass(frozen=True)
class Bylines:
    """The notes of a site, and where one may answer them.

    Args:
        programme: the notes, their authors, their talks.
        repository: where the site's source is, or nothing.
    """

    programme: Programme
    repository: str | None = None

    def completed(self, markdown: str, source: str, words: Any) -> str:
        """Say on the page of a note who wrote it; any other page stays as it is.

        Args:
            markdown: a hand-written page.
            source: its file, from `docs/`.
            words: of the interface, in the page's language.
        """
        page = WrittenPage(source)
        notes = {f"notes/{note.slug}/": note for note in self.programme.library.notes}
        note = notes.get(page.address)
        if note is None:
            return markdown
        line = " · ".join(self._line(note, page))
        said = [f"{line}\n{{ .theme-of }}", *self._talk(note, page, words)]
        return opened(markdown, "\n\n".join(said)) + self._comment(note, page, words)

    def _line(self, note: Note, page: WrittenPage) -> list[str]:
        author = note.head.author
        tags = (page.link(page.said(tag), f"notes/tags/{slug_of(tag)}/") for tag in note.head.tags)
        name = page.link(page.said(author.name), f"people/{author.id}/")
        categories = map(page.said, note.head.categories)
        return [name, note.head.date.isoformat(), *categories, *tags]

    def _talk(self, note: Note, page: WrittenPage, words: Any) -> list[str]:
        """A line about the talk; one that is no more than a draft has no page."""
        talk = self.programme.known.get(note.head.talk or "")
        if talk is None:
            return []
        link = page.link(page.said(talk.title), f"talks/{talk.ref}/")
        return [words["note_on_talk"].replace("{title}", link)]

    def _comment(self, note: Note, page: WrittenPage, words: Any) -> str:
        """A line at the end with the way to answer, where the site says one."""
        address = self._answer(in_language(note.title, page.language))
        return f"\n\n[{escaped(words['comment'])}]({address})\n" if address else ""

    def _answer(self, title: str) -> str:
        contact, about = self.programme.site.contact or "", quote(title)
        if self.repository:
            base = self.repository.rstrip("/")
            if "gitlab" in (urlsplit(base).hostname or ""):
                return f"{base}/-/issues/new?issue%5Btitle%5D={about}"
            return f"{base}/issues/new?title={about}"
        return f"mailto:{contact}?subject={about}" if "@" in contact else contact
