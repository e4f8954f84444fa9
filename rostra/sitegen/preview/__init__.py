"""An entry before it is published, on one page: as its readers and subscribers will see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from rostra.sitegen import inventory, leaks
from rostra.sitegen.calendars import Calendars
from rostra.sitegen.channels import announce, channels
from rostra.sitegen.embargo import Veil
from rostra.sitegen.environment import TEMPLATES, environment_of, names_in, read_words
from rostra.sitegen.fields import in_language
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.notices import notice
from rostra.sitegen.opening import Opening
from rostra.sitegen.preview import changes, clients, page
from rostra.sitegen.preview.earlier import Entry
from rostra.sitegen.programme import Programme
from rostra.sitegen.prose import to_plain
from rostra.sitegen.release import Comparison, compare
from rostra.sitegen.render import article
from rostra.sitegen.spoken import spoken_date, spoken_day
from rostra.sitegen.talk import Talk, titled

Form: TypeAlias = Literal["html", "markdown"]
FILES: Mapping[Form, str] = {"html": "_preview.html.j2", "markdown": "_preview.md.j2"}
PAGES = {Talk: "talk", Meetup: "meetup", Opening: "openings"}
VIEWERS = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")


class LeakError(ValueError):
    """A preview would tell what is private; names it, and never repeats it."""


@dataclass(frozen=True)
class Preview:
    """What is asked for.

    Args:
        entry: the talk, which may be a draft, the meet-up or the opening.
        programme: the entries it stands among.
        project: the folder that holds `seminars/`, `docs/` and what else the site is made of.
        now: the clock.
        language: of the page.
        viewers: zones that subscribers are in; by default the entry's own and three others.
        earlier: the entry as an earlier state of the entries has it.
        since: what that state is called.
    """

    entry: Entry
    programme: Programme
    project: Path
    now: datetime
    language: str
    viewers: Sequence[ZoneInfo] = ()
    earlier: Entry | None = None
    since: str = ""
    _words: Mapping[str, object] = field(default_factory=lambda: read_words(TEMPLATES))

    def text(self, form: Form) -> str:
        """Write the preview.

        Raises:
            LeakError: if it would tell a secret, a text under embargo or a way into a meeting.
        """
        names = names_in(self.language, self._words) | {"preview": self, "entry": self.entry}
        environment = environment_of(self.programme)
        environment.filters.update(code=code, block=block)
        if form == "html":
            colours = environment.get_template("colours.css.j2").render()
            own = (TEMPLATES / "_preview.css").read_text(encoding="utf-8")
            style = page.styles(f"{colours}\n{own}")
            names |= {"style": Markup(style), "policy": page.policy(style)}
        written = environment.get_template(FILES[form]).render(names)
        self._keep_secrets(written, form)
        return written

    def _keep_secrets(self, written: str, form: Form) -> None:
        """Look at the text as the build looks at every file of a site."""
        veil = Veil(self.now, self.programme.folder, self.programme.site.zone)
        with TemporaryDirectory() as folder:
            Path(folder, f"preview.{form}").write_text(written, encoding="utf-8")
            found = sorted({one.what for one in leaks.leaks(Path(folder), self.programme, veil)})
        if found:
            raise LeakError("; ".join(found))

    @property
    def draft(self) -> bool:
        """Whether nobody sees it yet."""
        return self.entry.status == "draft"

    @property
    def heading(self) -> str:
        """Its title, with what became of it."""
        entry, language = self.entry, self.language
        if isinstance(entry, Talk):
            return titled(entry, language)
        said = to_plain(in_language(entry.title, language))
        return notice(entry, language).summary if isinstance(entry, Meetup) else said

    @property
    def when(self) -> str:
        """When it takes place, or was posted."""
        if isinstance(self.entry, Opening):
            return spoken_day(self.entry.posted, self.language)
        return spoken_date(self.entry.start, self.language)

    @cached_property
    def article(self) -> Markup:
        """The article of its page, with the links of the published site."""
        entry, programme = self.entry, self.programme
        if isinstance(entry, Opening):  # all stand on one page
            programme = replace(programme, openings=(entry,))
        output = article(
            entry,
            f"{PAGES[type(entry)]}.html.j2",
            self.language,
            programme=programme,
            inventory=inventory.read(self.project),
            now=self.now,
        )
        return Markup(page.standing_alone(output.text, self.project, self.programme.site.url))

    @property
    def letters(self) -> Iterator[tuple[str, str, str]]:
        """The announcements of a talk: channel, language, text; the page's language first."""
        if not isinstance(self.entry, Talk):
            return
        languages = sorted(self.programme.site.languages, key=lambda one: one != self.language)
        for language in languages:
            for channel in channels():
                text = announce(self.entry, self.programme, channel, language, secrets=False)
                yield channel, language, text

    @cached_property
    def comparison(self) -> Comparison:
        """The programme beside the ledger."""
        return compare(self.programme, self.now)

    @cached_property
    def effect(self) -> changes.Effect:
        """What subscribers will see change."""
        if isinstance(self.entry, Opening):
            return changes.NOTHING
        earlier = None if isinstance(self.earlier, Opening) else self.earlier
        return changes.effect(self.comparison, self.entry.ref, self.language, earlier)

    @cached_property
    def zones(self) -> tuple[ZoneInfo, ...]:
        """The zones of viewers, the event's own first; of those whose clocks agree then, one."""
        if isinstance(self.entry, Opening):
            return ()
        others = self.viewers or [ZoneInfo(key) for key in VIEWERS]
        start = self.entry.start
        found: dict[timedelta | None, ZoneInfo] = {}
        for zone in (self.entry.zone, *others):
            found.setdefault(start.astimezone(zone).utcoffset(), zone)
        return tuple(found.values())

    @cached_property
    def shown(self) -> tuple[clients.Shown, ...]:
        """The event as each program shows it; drafts and openings are in no calendar."""
        if self.draft or isinstance(self.entry, Opening):
            return ()
        shelf = Calendars(self.programme, self.now, self.comparison)
        record = self.comparison.records[self.entry.ref]
        key = f"talks/{self.entry.ref}"
        files = [one for one in shelf.calendars if one.key == key and not one.rich]
        file = next(one for one in files if one.language == self.language)
        event = clients.event_of(file.text, record.uid)
        return tuple(clients.shown(client, event, self.zones) for client in clients.CLIENTS)


def code(text: object) -> Markup:
    """Write a text into a cell of a Markdown table, where nothing of it may mean anything.

    Examples:
        >>> print(code("a|b `c` @ann <i>"))
        <code>a&#124;b &#96;c&#96; &#64;ann &lt;i&gt;</code>
    """
    marks = {ord(mark): f"&#{ord(mark)};" for mark in "|`@*_[]#!\\~:$"}
    lines = [
        str(escape(line)).replace("&#", "\0").translate(marks) for line in str(text).split("\n")
    ]
    return Markup("<code>{}</code>").format(Markup("<br>".join(lines).replace("\0", "&#")))


def block(text: str) -> str:
    """Write a text as a block of Markdown that it cannot end: indented code."""
    return "\n".join(f"    {line}" for line in text.replace("\r", "\n").split("\n"))
