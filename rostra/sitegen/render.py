"""Templates over entries: every file of the site as a path and its text.

A template is a file of `templates/` with a YAML head between `---` lines: `path:` of what it
writes, `each:` sequence it is written once for, `languages: true` for once in each language, and
`page:` (title, description, kind, and `head` for more of the HTML's own head) where the text is
the article of an HTML page.
"""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from pydantic import BaseModel, ConfigDict

from rostra.sitegen import reading
from rostra.sitegen.calendars import Calendars, identifier
from rostra.sitegen.feeds import Feeds
from rostra.sitegen.feeds.citation import citation
from rostra.sitegen.feeds.structured import structured
from rostra.sitegen.filters import FILTERS
from rostra.sitegen.inventory import Inventory
from rostra.sitegen.programme import Programme
from rostra.sitegen.site import Site
from rostra.sitegen.themes import Themes
from rostra.sitegen.validation import validate

TEMPLATES = Path(__file__).parent / "templates"
ESCAPED = (".html.j2", ".xml.j2")
MACROS = "_macros.html.j2"
BETWEEN = "\x1e"  # ASCII's own separator of records: no entry may contain it
PREFIXES = {"en": "", "zh": "zh/"}


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
    """One file of the site: where it lies below the site's folder, and its text.

    `page` is there where the text is an article that a shell goes around.
    """

    path: str
    text: str
    page: PageHead | None = None


class Words:
    """The interface's words in one language: `words.next_talk`."""

    __slots__ = ("_language", "_words")

    def __init__(self, words: Mapping[str, Any], language: str) -> None:
        self._words = words
        self._language = language

    def __getitem__(self, key: str) -> str:
        word = self._words[key]
        return str(word[self._language] if isinstance(word, Mapping) else word)


class _Head(BaseModel):
    """The head of a template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    each: str | None = None
    languages: bool = False
    page: Mapping[str, str] | None = None


class _Loader(BaseLoader):
    """Reads templates without their heads, which become comments so that line numbers stay true."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        path = self.folder / template
        if not path.is_file():
            raise TemplateNotFound(template)
        head, body = _split(path.read_text(encoding="utf-8"))
        lines = "\n" * head.count("\n")
        return f"{{#{lines}-#}}{body}" if head else body, str(path), lambda: True


def render(programme: Programme, inventory: Inventory, now: datetime) -> Iterator[Output]:
    """Write every file of the site: those of the templates, and those that programs read.

    Args:
        programme: the entries.
        inventory: what library, zoo and demos hold.
        now: the clock of this build, aware.

    Raises:
        TemplateError: where a template is at fault.
    """
    yield from pages(programme, inventory, now)
    yield from for_programs(programme, now)


def for_programs(programme: Programme, now: datetime) -> Iterator[Output]:
    """Write calendars, feeds, the interface for programs, cards and captions."""
    feeds = Feeds(programme, now)
    calendars = Calendars(programme, now).calendars
    for file in calendars:
        yield Output(file.path, file.text)
    for written in (*feeds.feeds, *feeds.data, *feeds.cards, *feeds.captions):
        yield Output(written.path, written.text)


def pages(
    programme: Programme, inventory: Inventory, now: datetime, templates: Path = TEMPLATES
) -> Iterator[Output]:
    """Write what a folder of templates says; see `render`.

    Raises:
        TemplateError: where a head is wrong, a template uses what is not there, or two write the
            same file.
    """
    themes_of = Themes(programme, inventory).of
    environment = environment_of(
        programme, templates, now=now, inventory=inventory, themes_of=themes_of
    )
    names = {one: names_for(one, environment, templates) for one in PREFIXES}
    written: dict[str, str] = {}
    for path in sorted(templates.glob("[!_]*.j2")):
        template = _Template(environment, path, names)
        for output in template.outputs(programme.site, (programme, inventory)):
            other = written.setdefault(output.path, path.name)
            if other != path.name:
                raise TemplateError(f"{path.name} and {other} both write {output.path}")
            yield output


def environment_of(programme: Programme, templates: Path = TEMPLATES, **more: Any) -> Environment:
    """Make the templates' environment: filters, entries, words, and no forgiveness.

    Args:
        programme: the entries.
        templates: the folder of templates.
        **more: further names that all templates know.
    """
    environment = Environment(
        loader=_Loader(templates),
        autoescape=lambda name: (name or "").endswith(ESCAPED),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(
        programme=programme,
        site=programme.site,
        identifier=partial(identifier, programme.site),
        structured=partial(structured, site=programme.site),
        citation=citation,
        absolute=lambda path: programme.site.url.rstrip("/") + "/" + path.lstrip("/"),
        **more,
    )
    return environment


def names_in(language: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """The names whose meaning depends on the language: `lang`, `prefix`, `words`."""
    return {"lang": language, "prefix": PREFIXES[language], "words": Words(words, language)}


def names_for(language: str, environment: Environment, templates: Path) -> dict[str, Any]:
    """The names of a language, with the macros that speak it: `m.talk_list(talks)`."""
    names = names_in(language, read_words(templates))
    try:
        macros = environment.get_template(MACROS)
    except TemplateNotFound:
        return names

    @cache  # a talk stands in many lists
    def row(ref: str, hidden: bool) -> str:
        return module.talk_row(environment.globals["programme"].known[ref], hidden)

    module: Any = macros.make_module({**names, "row": row})
    return names | {"m": module}


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
            # One template for the whole head: each rendering has its price.
            above = BETWEEN.join([self.head.path, *self.page.values()])
            self.above = environment.from_string(above)

    def outputs(self, site: Site, owners: Sequence[object]) -> Iterator[Output]:
        all_languages = site.languages
        for language in all_languages if self.head.languages else all_languages[:1]:
            for item in self.items(owners):
                with self.naming_faults():
                    output = self.output(language, item)
                yield output

    def items(self, owners: Sequence[object]) -> Sequence[object]:
        each = self.head.each
        if each is None:
            return [None]
        for owner in owners:
            if isinstance(found := getattr(owner, each, None), tuple):
                return found
        raise TemplateError(f"{self.name}: `each: {each}` is no sequence of programme or inventory")

    def output(self, language: str, item: object) -> Output:
        names = self.names[language] | ({} if self.head.each is None else {"item": item})
        path, *page = self.above.render(names).split(BETWEEN)
        named = dict(zip(self.page, page, strict=True))
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
    head, _ = _split(path.read_text(encoding="utf-8"))
    document = reading.parse(head.replace("---", "   "), path.name)
    found = validate(_Head, document) if document.data is not None else None
    if found is None or document.faults:
        raise TemplateError("\n".join(map(str, document.faults)) or f"{path.name} has no head")
    if found.page is not None and {*found.page} - {"head"} != {"title", "description", "kind"}:
        raise TemplateError(f"{path.name}: `page:` has title, description and kind")
    return found


def _split(text: str) -> tuple[str, str]:
    """The head, with its two lines of dashes, and the body."""
    if not text.startswith("---\n"):
        return "", text
    head, mark, body = text[4:].partition("\n---\n")
    return ("---\n" + head + mark, body) if mark else ("", text)


def read_words(templates: Path) -> Mapping[str, Any]:
    """The interface's words: `_words.yaml`, key by key in all languages."""
    path = templates / "_words.yaml"
    if not path.exists():
        return {}
    document = reading.read(path)
    document.require()
    return document.data if isinstance(document.data, dict) else {}
