"""Proofs: the page of a talk that was edited, before the edition with it is printed.

An edition of thousands of talks takes its time, though only one entry differs. Its author sees the
talk's own page at once: read by itself in the setting of the last edition, and framed as that is.
Lists, calendars and feeds follow with the edition.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from rostra.sitegen import folder, leaks, render, shell
from rostra.sitegen.contents import Contents
from rostra.sitegen.edition import Edition, UnfitError
from rostra.sitegen.embargo import Veil
from rostra.sitegen.faults import EntryError
from rostra.sitegen.frames import Frames, url_of
from rostra.sitegen.programme import Programme
from rostra.sitegen.talk import Talk

TEMPLATE = "talk.html.j2"


@dataclass(frozen=True)
class Proof:
    """What the last edition left behind.

    Args:
        edition: the entries as they were.
        frames: draws what stands around an article.
        site: what all pages share.
    """

    edition: Edition
    frames: Frames
    site: shell.Site

    def pages(self, path: Path, now: datetime) -> dict[str, bytes]:
        """Write the pages of a talk anew, by their paths below the site.

        Args:
            path: the file that was edited; of one that was no talk's there are no pages.
            now: the clock.

        Raises:
            EntryError: with every fault of the file.
            UnfitError: where a page would tell a secret.
        """
        programme = self.edition.programme
        before = programme.known.get(f"{path.parent.name}/{path.stem}")
        known = before is not None and path.parent.parent == programme.folder and path.is_file()
        after = _read(programme, path, now) if known else None
        if before is None or after is None or after.status == "draft":
            return {}
        for one in before.captions:
            after.caption(one)
        others = (one for one in programme.talks if one.ref != after.ref)
        talks = sorted((*others, after), key=lambda one: (one.start, one.ref), reverse=True)
        programme = replace(programme, talks=tuple(talks))
        made = dict(self._drawn(programme, after, now))
        _keep_secrets(made, programme, now)
        return made

    def _drawn(
        self, programme: Programme, talk: Talk, now: datetime
    ) -> Iterator[tuple[str, bytes]]:
        inventory = self.edition.inventory
        for language in programme.site.languages:
            output = render.article(
                talk, TEMPLATE, language, programme=programme, inventory=inventory, now=now
            )
            paired = shell.is_paired(url_of(output.path), self.site)
            yield output.path, self.frames.around(output, paired).encode()


def _read(programme: Programme, path: Path, now: datetime) -> Talk | None:
    contents = Contents(programme.folder, now, programme.site, str(programme.site.contact or ""))
    contents.people = {one.id: one for one in programme.people}
    contents.series = {one.id: one for one in programme.series}
    folder.event(contents, path, folder.setting(contents))
    found = chain(contents.faults, *(one.faults for one in contents.documents.values()))
    if errors := [one for one in found if one.severity == "error"]:
        raise EntryError(errors)
    return contents.talks[0] if contents.talks else None


def _keep_secrets(made: dict[str, bytes], programme: Programme, now: datetime) -> None:
    """Look at the pages as at those of an edition."""
    with TemporaryDirectory() as aside:
        for name, content in made.items():
            (Path(aside) / name).parent.mkdir(parents=True)
            (Path(aside) / name).write_bytes(content)
        veil = Veil(now, programme.folder, programme.site.zone)
        if found := "\n".join(map(str, leaks.leaks(Path(aside), programme, veil))):
            raise UnfitError(f"What is private would stand in these files.\n{found}")
