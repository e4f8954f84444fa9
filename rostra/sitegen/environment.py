"""The templates' environment: what they all know, and the interface's words in each language."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, cached_property, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    StrictUndefined,
    Template,
    TemplateNotFound,
)
from jinja2.bccache import Bucket

from rostra.sitegen import reading
from rostra.sitegen.calendars import identifier
from rostra.sitegen.feeds.citation import bibtex, citation, csl_json
from rostra.sitegen.feeds.meetings import scheduled
from rostra.sitegen.feeds.structured import structured
from rostra.sitegen.filters import FILTERS
from rostra.sitegen.programme import Programme

OURS = Path(__file__)
TEMPLATES = OURS.parent / "templates"
ESCAPED = (".html.j2", ".xml.j2")
MACROS = "_macros.html.j2"
LIBRARY = "_library.html.j2"
PREFIXES = {"en": "", "zh": "zh/"}


class Words:
    """The interface's words in one language: `words.next_talk`."""

    __slots__ = ("_language", "_words")

    def __init__(self, words: Mapping[str, Any], language: str) -> None:
        self._words = words
        self._language = language

    def __getitem__(self, key: str) -> str:
        word = self._words[key]
        return str(word[self._language] if isinstance(word, Mapping) else word)


class Compiled(BytecodeCache):
    """Templates that were compiled: in this process, or in an earlier one of the same user.

    Args:
        folder: where they are kept; by default where the library finds one that nobody else may
            write to. Without one they are compiled in each process.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}
        self._folder = folder

    @cached_property
    def _kept(self) -> BytecodeCache | None:
        """The files, named after what compiling depends on besides the template's own text."""
        try:
            return FileSystemBytecodeCache(self._folder, f"rostra-{_compiler()}-%s")
        except (OSError, RuntimeError):  # it cannot be made, or somebody else has made it
            return None

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, if the template's text is the one that was compiled."""
        key = bucket.key, bucket.checksum
        if key not in self._code and self._kept:
            try:
                self._kept.load_bytecode(bucket)
            except Exception:
                bucket.reset()
            self._code[key] = bucket.code
        bucket.code = self._code.get(key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what a bucket holds."""
        self._code[bucket.key, bucket.checksum] = bucket.code
        if self._kept:
            with suppress(OSError):  # no room, or no right to write: that costs time alone
                self._kept.dump_bytecode(bucket)


def _compiler() -> str:
    """Fingerprint of what compiles: the library, the options it is given, and the filters."""
    told = [f"{name} {version(name)}" for name in ("jinja2", "mkdocs", "mkdocs-material")]
    read = [path.read_text("utf-8") for path in (OURS, OURS.with_name("filters.py"))]
    return hashlib.sha256("\0".join((*told, *read)).encode()).hexdigest()[:16]


COMPILED = Compiled()


class _Loader(BaseLoader):
    """Reads templates without their heads, which become comments so that line numbers stay true."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        path = self.folder / template
        if template in self.texts:
            return self.texts[template], str(path), lambda: True
        if not path.is_file():
            raise TemplateNotFound(template)
        head, body = split(path.read_text(encoding="utf-8"))
        lines = "\n" * head.count("\n")
        return f"{{#{lines}-#}}{body}" if head else body, str(path), lambda: True


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
        bytecode_cache=COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(
        programme=programme,
        site=programme.site,
        identifier=partial(identifier, programme.site),
        structured=partial(structured, site=programme.site),
        scheduled=partial(scheduled, site=programme.site),
        citation=citation,
        bibtex=bibtex,
        csl_json=csl_json,
        # The calendars of a site's first language lie where they always lay.
        calendars_in=lambda language: (
            "" if language == programme.site.languages[0] else f"{language}/"
        ),
        absolute=lambda path: programme.site.address + path.lstrip("/"),
        **more,
    )
    return environment


def template_of(environment: Environment, name: str, text: str) -> Template:
    """Compile a text that is no file of its own, under a name that no other text has."""
    assert isinstance(environment.loader, _Loader)
    environment.loader.texts[name] = text
    return environment.get_template(name)


def names_in(language: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """The names whose meaning depends on the language: `lang`, `prefix`, `words`."""
    return {"lang": language, "prefix": PREFIXES[language], "words": Words(words, language)}


def names_for(
    language: str, programme: Programme, environment: Environment, templates: Path
) -> dict[str, Any]:
    """The names of a language, with the macros that speak it: `m.talk_list(talks)`."""
    names = names_in(language, read_words(templates))
    try:
        macros = environment.get_template(MACROS)
    except TemplateNotFound:
        return names

    @cache  # a talk stands in many lists
    def row(ref: str, hidden: bool, chosen: bool) -> str:
        return module.talk_row(programme.known[ref], hidden, chosen)

    module: Any = macros.make_module({**names, "row": row})
    names |= {"m": module}
    with suppress(TemplateNotFound):
        names["l"] = environment.get_template(LIBRARY).make_module(names)
    return names


def read_words(templates: Path) -> Mapping[str, Any]:
    """The interface's words: `_words.yaml`, key by key in all languages."""
    path = templates / "_words.yaml"
    if not path.exists():
        return {}
    document = reading.read_text(path)
    document.require()
    return _words(document.text, document.file)


@lru_cache(maxsize=4)  # each language asks for them, and so does what stands around the pages
def _words(text: str, name: str) -> Mapping[str, Any]:
    document = reading.parse(text, name)
    document.require()
    return document.data if isinstance(document.data, dict) else {}


def split(text: str) -> tuple[str, str]:
    """The head, with its two lines of dashes, and the body."""
    if not text.startswith("---\n"):
        return "", text
    head, mark, body = text[4:].partition("\n---\n")
    return ("---\n" + head + mark, body) if mark else ("", text)
