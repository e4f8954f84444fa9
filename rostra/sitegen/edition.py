"""One edition of the site: what is written, and what is looked at before it counts as finished.

Knows nothing of MkDocs, which draws the frame and the hand-written pages.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from rostra.sitegen import environment, gate, inventory, leaks, programme, release, render, shell
from rostra.sitegen.bundles import Bundles, bundle_of
from rostra.sitegen.calendars import Calendars
from rostra.sitegen.embargo import Veil
from rostra.sitegen.fields import in_language
from rostra.sitegen.fingerprints import Fingerprints, KnownFacts, ground, plainly
from rostra.sitegen.frames import Frames, url_of
from rostra.sitegen.inventory import Inventory
from rostra.sitegen.person import Person
from rostra.sitegen.press import CACHE, Press
from rostra.sitegen.programme import Programme
from rostra.sitegen.recall import Recall
from rostra.sitegen.release import Comparison
from rostra.sitegen.render import Output, Sheet
from rostra.sitegen.search.words import Words
from rostra.sitegen.tags import tags
from rostra.sitegen.talk import Talk
from rostra.sitegen.topics import Topic

READ = ("docs", "demos", "robustlib", "benchmarks")  # folders beside the entries


class UnfitError(ValueError):
    """What was written must not be published; says why."""


@dataclass
class Edition:
    """The entries as of an instant, and what follows from them.

    Args:
        programme: the entries.
        inventory: what library, zoo and demos hold.
        now: the clock of this build, aware.
        live: whether the demos' server is there.
        ground: the fingerprint of what every file may read; empty, and all are written anew.
        texts: digests of the entries' texts, by the names of their files.
        kept: what the last build noted, for this one.
        words: what the search knows of pages.
        articles: what the gate knows of pages that were written.
        bundles: what is about one thing, and may stay as it is.
    """

    programme: Programme
    inventory: Inventory
    now: datetime
    live: bool
    ground: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    kept: dict[str, object] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    articles: gate.Articles = field(default_factory=gate.Articles)
    bundles: Bundles = field(default_factory=Bundles)

    @cached_property
    def comparison(self) -> Comparison:
        """The programme beside the ledger."""
        return release.compare(self.programme, self.now, self.facts)

    @cached_property
    def prints(self) -> Fingerprints:
        """What files are made of."""
        given = self.programme, self.now, self.ground, self._dates
        return Fingerprints(*given, self.texts)

    def _dates(self, talk: Talk) -> tuple[datetime, datetime]:
        # Asked for by talk, and late: the comparison is made with the fingerprints' help.
        return self.comparison.dates(talk)

    @cached_property
    def facts(self) -> KnownFacts:
        """What is known of talks that are as they were."""
        return KnownFacts(self.prints, self.kept.get("facts"))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """What the templates write, but for what stays as it is.

        Raises:
            TemplateError: where a template is at fault.
        """
        given = self.programme, self.inventory, self.now
        return tuple(render.sheets(*given, without=self.bundles.standing))

    @cached_property
    def made(self) -> set[str]:
        """The paths of all pages that the templates write."""
        return {one.path for one in self.sheets if one.is_page} | self.bundles.pages

    def site(self, urls: Iterable[str]) -> shell.Site:
        """Gather what the frames of all pages share; `urls` are those of the other pages."""
        site = self.programme.site
        words = environment.read_words(environment.TEMPLATES)
        known = {*urls, *map(url_of, self.made)}
        return shell.Site(
            names={one: in_language(site.name, one) for one in site.languages},
            address=site.address,
            urls={"" if url in (".", "./") else url for url in known},
            words={one: environment.Words(words, one) for one in site.languages},
            live=self.live,
            full_names={one: in_language(site.full_name or "", one) for one in site.languages},
            offers=self.programme.offers,
        )

    def remember(self, press: Press) -> None:
        """Take over what the last build knew."""
        note = press.note_before
        self.kept = note if isinstance(note, dict) else {}
        self.words = Words(press.memory.with_suffix(".words.json"))
        programme = self.programme
        things: Iterable[Talk | Person | Topic]
        things = chain(programme.talks, programme.people, programme.topics)
        self.bundles = Bundles(press, partial(self.words.has, is_page=True))
        for one in things:
            self.bundles.made_of[one.bundle] = self.prints.of_bundle(one, self.calendars)

    def write(self, press: Press, frames: Frames, site: shell.Site) -> None:
        """Write all that follows from the entries, and is not there already."""
        self.bundles.leave()
        for sheet in chain(self.sheets, self._for_programs()):
            paired = sheet.is_page and shell.is_paired(url_of(sheet.path), site)
            bundle = bundle_of(sheet.about)
            if bundle in self.bundles.made_of:
                made_of = self.bundles.made_of[bundle]
                press.put(sheet.path, self._drawn(sheet, frames, paired), made_of, bundle)
                continue
            made_of = self._made_of(sheet.about, paired)
            if not (self.words.has(sheet.path, sheet.is_page) and press.keep(sheet.path, made_of)):
                press.put(sheet.path, self._drawn(sheet, frames, paired), made_of)
        for language in site.names:
            if language != "en":
                text = shell.sitemap(language, site, self.revised)
                press.put(f"{language}/sitemap.xml", text.encode())

    def _made_of(self, about: object, paired: bool = False) -> str:
        known = self.prints.of(about)
        return f"{known} {paired}" if known else ""

    @cached_property
    def calendars(self) -> Calendars:
        """All calendars; what stays as it is they need not write again."""
        return Calendars(self.programme, self.now, self.comparison, self.bundles)

    def _for_programs(self) -> Iterator[Sheet]:
        given = self.programme, self.now, self.comparison, self.bundles
        return render.for_programs(*given, self.calendars)

    def _drawn(self, sheet: Sheet, frames: Frames, paired: bool) -> bytes:
        """Write a file; what it says is read at once."""
        output = sheet.write()
        if output.page is None:
            return output.content
        found = [*tags(output.text)]
        self.words.read_article(output.path, found)
        self.articles.read(output.path, chain(tags(output.page.head), found))
        return frames.around(output, paired).encode()

    @cached_property
    def revised(self) -> dict[str, str]:
        """When the talks' pages were last revised, by address."""
        return {
            f"{folder}talks/{talk.ref}/": self._dates(talk)[1].date().isoformat()
            for _, _, folder in shell.LANGUAGES.values()
            for talk in self.programme.talks
        }

    def write_search(self, press: Press, site: shell.Site) -> None:
        """Write the index of each language; its first page repeats what others say."""
        for language in site.names:
            home = shell.LANGUAGES[language][2]
            repeated = {home, *(f"{home}talks/{one.year}/" for one in self.programme.years)}
            dates = {f"{home}talks/{one.ref}/": one.start for one in self.programme.talks}
            urls = {url for url in site.urls if shell.language_of(url) == language} - repeated
            folder = f"{home}search/"
            read = partial(self._as_written, press, folder)
            for name, content in self.words.index(language, self.words.of(urls, dates), read):
                press.put(folder + name, content, self.ground)
        self.words.keep(site.urls)

    def _as_written(self, press: Press, folder: str, name: str) -> bytes | None:
        return press.kept(folder + name, self.ground)

    def keep_secrets(self, press: Press, *, all_files: bool) -> None:
        """Take away each file that tells a secret; files that were looked at stay unread.

        Raises:
            UnfitError: where there was one.
        """
        veil = Veil(self.now, self.programme.folder, self.programme.site.zone)
        sought = leaks.sought(self.programme, veil)
        only = None if all_files or sought != self.kept.get("sought") else press.changed
        press.note = {"sought": sought, "facts": self.facts.note}
        if found := "\n".join(map(str, leaks.remove(press.folder, self.programme, veil, only))):
            raise UnfitError(f"What is private stood in these files; they were removed.\n{found}")

    def faults(self, press: Press, frames: Frames, *, all_files: bool) -> Iterator[str]:
        """Yield what is wrong with finished pages: with all of them, or with what has changed."""
        root = urlsplit(self.programme.site.url).path
        there = gate.Files(press.folder, press.written)
        if all_files:
            yield from gate.faults(there, root)
            return
        # Of pages in one frame the frame is looked at once.
        framed = self.articles.pages.difference(frames.firsts)
        yield from gate.faults(there, root, set(press.changed) - framed)
        yield from self.articles.faults(there, root)

    def lint(self, folder: Path) -> None:
        """Look at all that programs read.

        Raises:
            UnfitError: where it is wrong.
        """
        from rostra.sitegen.linters import data, feeds, ics  # most builds ask none of them

        linters = ics, feeds, data
        if found := "\n".join(str(one) for lint in linters for one in lint.findings(folder)):
            raise UnfitError(f"Subscribers' programs may misread what was written.\n{found}")


def source_of(output: Output, seminars: str) -> str:
    """Return the file that one edits to change a page, from the project's folder."""
    assert output.page is not None
    *_, room, name, _ = ("", "", *output.path.split("/"))
    return {
        **dict.fromkeys(("talk", "meetup"), f"{seminars}/{room}/{name}.yaml"),
        **dict.fromkeys(("talks", "series", "subscribe"), f"{seminars}/series.yaml"),
        **dict.fromkeys(("people", "person"), f"{seminars}/people.yaml"),
        **dict.fromkeys(("notes", "tag"), "docs/notes"),
        **{kind: f"{seminars}/{kind}.yaml" for kind in ("projects", "news")},
        "openings": f"{seminars}/openings",
        "publications": "docs/publications.bib",
        "demo": f"demos/{name}.py",
        "gallery": "demos",
        "methods": "robustlib",
        "models": "robustlib/zoo",
        "benchmarks": "benchmarks",
    }.get(output.page.kind, f"{seminars}/site.yaml")


def read(
    project: Path,
    seminars: str,
    now: datetime,
    live: bool,
    *,
    settings: Mapping[str, object] | None = None,
    files: Iterable[str] = (),
) -> Edition:
    """Read all that an edition is made of.

    Args:
        project: the folder of `mkdocs.yml`.
        seminars: the folder of entries in it.
        now: the clock of this build, aware.
        live: whether the demos' server is there.
        settings: what `mkdocs.yml` says, and what it takes from elsewhere.
        files: what else frames are drawn with; folders too.

    Raises:
        EntryError: with every fault of every entry.
    """
    recall = Recall(project / CACHE / "entries.json")
    entries = programme.load(project / seminars, now, recall=recall)
    recall.keep()
    base = ground(project, entries, (*READ, *files), live, entries.site, plainly(settings or {}))
    return Edition(entries, inventory.read(project), now, live, base, recall.texts)
