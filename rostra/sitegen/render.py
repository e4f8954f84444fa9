"""Templates over entries: every file of the site as a path and its text.

A template is a file of `templates/` with a YAML head between `---` lines: `path:` of what it
writes, `each:` sequence it is written once for, `languages: true` for once in each language,
`needs:` what there must be for it to be written at all, and `page:` (title, description, kind, and
`head` for more of the HTML's own head) where the text is the article of an HTML page.
"""

import traceback
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict

from rostra.sitegen import archive, reading
from rostra.sitegen.bundles import Bundles, bundle_of
from rostra.sitegen.calendars import CalendarFile, Calendars
from rostra.sitegen.environment import (
    PREFIXES,
    TEMPLATES,
    environment_of,
    names_for,
    split,
    template_of,
)
from rostra.sitegen.feeds import Feeds, Written
from rostra.sitegen.inventory import Inventory
from rostra.sitegen.programme import Programme
from rostra.sitegen.redirects import Redirects
from rostra.sitegen.release import Comparison, compare
from rostra.sitegen.site import Site
from rostra.sitegen.themes import Themes
from rostra.sitegen.validation import validate

BETWEEN = "\x1e"  # ASCII's own separator of records: no entry may contain it


class TemplateError(ValueError):
    """A template whose head or text cannot be used; says which."""


@dataclass(frozen=True)
class PageHead:
    """What the shell around an article needs to know about it."""

    title: str
    description: str
    kind: str
    language: str
    head: str = ""


@dataclass(frozen=True)
class Output:
    """One file of the site: where it lies below the site's folder, and what it says.

    `page` is there where the text is an article that a shell goes around.
    """

    path: str
    said: str | bytes
    page: PageHead | None = None

    @property
    def text(self) -> str:
        """What it says, as text."""
        return self.said if isinstance(self.said, str) else self.said.decode()

    @property
    def content(self) -> bytes:
        """What it says, as it is written."""
        return self.said if isinstance(self.said, bytes) else self.said.encode()


class _Head(BaseModel):
    """The head of a template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    each: str | None = None
    languages: bool = False
    needs: str = "true"
    page: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """One file that is to be written: its path, what it is about, and how it is made."""

    path: str
    about: object
    write: Callable[[], Output]
    is_page: bool = False


def render(programme: Programme, inventory: Inventory, now: datetime) -> Iterator[Output]:
    """Write every file of the site.

    Args:
        programme: the entries.
        inventory: what library, zoo and demos hold.
        now: the clock of this build, aware.

    Raises:
        TemplateError: where a template is at fault.
    """
    for sheet in (*sheets(programme, inventory, now), *for_programs(programme, now)):
        yield sheet.write()


def for_programs(
    programme: Programme,
    now: datetime,
    comparison: Comparison | None = None,
    bundles: Bundles | None = None,
    calendars: Calendars | None = None,
) -> Iterator[Sheet]:
    """Yield what programs read: calendars, feeds, the interface, cards and captions.

    Args:
        programme: the entries.
        now: the clock of this build.
        comparison: of the programme with the ledger, where it is known already.
        bundles: what the last build wrote; what stays of it is left out.
        calendars: those of the programme, where they are known already.
    """
    comparison, bundles = comparison or compare(programme, now), bundles or Bundles()
    # Each kind by itself: what is kept for one is gone before the next begins.
    calendars = calendars or Calendars(programme, now, comparison)
    for file in calendars.files(bundles.standing):
        yield Sheet(file.path, file, partial(_text, file))
    calendars.forget()
    feeds = Feeds(programme, comparison, bundles)
    for kind in ("feeds", "data", "cards", "captions"):
        for written in getattr(feeds, kind):
            yield Sheet(written.path, written.about, partial(_text, written))


def _text(file: CalendarFile | Written) -> Output:
    return Output(file.path, file.said)


def sheets(
    programme: Programme,
    inventory: Inventory,
    now: datetime,
    templates: Path = TEMPLATES,
    without: Container[str] = (),
) -> Iterator[Sheet]:
    """Yield what a folder of templates writes, but for the bundles that stay as they are.

    Raises:
        TemplateError: where a head is wrong, a template uses what is not there, or two write the
            same file; one that is at fault in its text says so when it is written.
    """
    environment = _environment(programme, inventory, now, templates)
    names = {one: names_for(one, programme, environment, templates) for one in PREFIXES}
    owners = (programme, programme.library, Redirects(programme), inventory)
    written: dict[str, str] = {}
    for path in sorted(templates.glob("[!_]*.j2")):
        template = _Template(environment, path, names)
        for sheet in template.sheets(programme.site, owners, without):
            other = written.setdefault(sheet.path, path.name)
            if other != path.name:
                raise TemplateError(f"{path.name} and {other} both write {sheet.path}")
            yield sheet


def article(
    item: object, name: str, language: str, *, programme: Programme, inventory: Inventory,
    now: datetime,
) -> Output:  # fmt: skip
    """Write what a template writes for one item in one language, whether a site has it or not."""
    environment = _environment(programme, inventory, now, TEMPLATES)
    names = {language: names_for(language, programme, environment, TEMPLATES)}
    template = _Template(environment, TEMPLATES / name, names)
    given = names[language] | {"item": item}
    return template.output(language, given, template.path.render(given))


def _environment(
    programme: Programme, inventory: Inventory, now: datetime, templates: Path
) -> Environment:
    return environment_of(
        programme,
        templates,
        now=now,
        inventory=inventory,
        themes_of=Themes(programme, inventory).of,
        archive=archive.Archive(programme, now),
        facets=archive.facets,
    )


class _Template:
    """One template, its head's expressions compiled once for all that it writes."""

    def __init__(
        self, environment: Environment, path: Path, names: Mapping[str, dict[str, Any]]
    ) -> None:
        self.name, self.names = path.name, names
        self.head = _head(path)
        self.page = dict(self.head.page or {})
        with self.naming_faults():
            self.body = environment.get_template(path.name)
            self.path = template_of(environment, f"{self.name}: path", self.head.path)
            self.needed = environment.compile_expression(self.head.needs)
            # One template for the rest of the head: each rendering has its price.
            above = BETWEEN.join(self.page.values())
            self.above = template_of(environment, f"{self.name}: page", above)

    def sheets(
        self, site: Site, owners: Sequence[object], without: Container[str]
    ) -> Iterator[Sheet]:
        if not self.needed():
            return
        items = [one for one in self.items(owners) if bundle_of(one) not in without]
        all_languages = site.languages
        for language in all_languages if self.head.languages else all_languages[:1]:
            for item in items:
                names = self.names[language] | ({} if self.head.each is None else {"item": item})
                with self.naming_faults():
                    path = self.path.render(names)
                write = partial(self.output, language, names, path)
                yield Sheet(path, (self.name, language, item), write, is_page=bool(self.page))

    def items(self, owners: Sequence[object]) -> Sequence[object]:
        each = self.head.each
        if each is None:
            return [None]
        for owner in owners:
            if isinstance(found := getattr(owner, each, None), tuple):
                return found
        raise TemplateError(f"{self.name}: `each: {each}` is no sequence of programme or inventory")

    def output(self, language: str, names: Mapping[str, Any], path: str) -> Output:
        with self.naming_faults():
            above = self.above.render(names, here=path).split(BETWEEN) if self.page else []
            named = dict(zip(self.page, above, strict=True))
            head = PageHead(language=language, **named) if named else None
            return Output(path, self.body.render(names, here=path), head)

    @contextmanager
    def naming_faults(self) -> Iterator[None]:
        try:
            yield
        except jinja2.TemplateError as error:
            name, line = _place(error, self.name)
            raise TemplateError(f"{name}:{line}: {error.message}") from error


def _place(error: jinja2.TemplateError, template: str) -> tuple[str, int]:
    """The file and line at fault: jinja2 puts the templates' own into the traceback."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.name or template, error.lineno
    steps = [
        (Path(step.filename), step.lineno) for step in traceback.extract_tb(error.__traceback__)
    ]
    places = [(path.name, line or 1) for path, line in steps if path.suffix == ".j2"]
    return places[-1] if places else (template, 1)


def _head(path: Path) -> _Head:
    head, _ = split(path.read_text(encoding="utf-8"))
    document = reading.parse(head.replace("---", "   "), path.name)
    found = validate(_Head, document) if document.data is not None else None
    if found is None or document.faults:
        raise TemplateError("\n".join(map(str, document.faults)) or f"{path.name} has no head")
    if found.page is not None and {*found.page} - {"head"} != {"title", "description", "kind"}:
        raise TemplateError(f"{path.name}: `page:` has title, description and kind")
    return found
