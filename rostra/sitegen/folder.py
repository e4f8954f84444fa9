"""The folder `seminars/`: every entry read in its setting, all faults at once."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from rostra.sitegen import reading
from rostra.sitegen.entries import Named, Person, Series, Setting, Site, Talk
from rostra.sitegen.faults import Fault, nearest
from rostra.sitegen.fields import SLUG
from rostra.sitegen.privacy import private
from rostra.sitegen.reading import At, Document
from rostra.sitegen.validation import validate

URL = "ROSTRA_SITE_URL"  # environment variable: where the site is, instead of its `url:`
SITE, PEOPLE, SERIES = "site.yaml", "people.yaml", "series.yaml"
N = TypeVar("N", bound=Named)


@dataclass
class Contents:
    """What was read from a folder, and what is wrong with it."""

    folder: Path
    site: Site | None = None
    contact: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    talks: list[Talk] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(folder: Path) -> Contents:
    """Read all entries of a folder.

    Args:
        folder: `seminars/`; `demos/` beside it, where there is one, says which demos exist.
    """
    contents = Contents(folder)
    contents.site = _site(contents)
    # Where the site is at fault, that is said once, and not again by all that inherit from it.
    setting = Setting(zone=contents.site.zone if contents.site else ZoneInfo("UTC"))
    contents.people = _named(contents, PEOPLE, Person, setting)
    known = contents.people or None
    setting = replace(setting, people=known, demos=_demos(folder.parent / "demos"))
    contents.series = _named(contents, SERIES, Series, setting)
    for path in _talk_files(contents):
        _talk(contents, path, setting)
    contents.faults.sort()
    return contents


def _site(contents: Contents) -> Site | None:
    document = _document(contents, contents.folder / SITE)
    site = None if document.faults else validate(Site, document)
    data = document.data if isinstance(document.data, dict) else {}
    contents.contact = str(data.get("contact") or "")
    _check_privacy(document, contents.contact)
    contents.faults += document.faults
    return _elsewhere(contents, site)


def _elsewhere(contents: Contents, site: Site | None) -> Site | None:
    """The site at the address that the environment says, for a copy that is served elsewhere."""
    url = os.environ.get(URL)
    if site is None or not url:
        return site
    try:
        return Site.model_validate({**dict(site), "url": url})
    except ValidationError:
        hint = "unset it, or write where the site is published"
        contents.faults.append(
            Fault(f"${URL}", 1, 1, "url", "not an address", "https://…", f"'{url}'", hint)
        )
        return None


def _named(contents: Contents, file: str, kind: type[N], setting: Setting) -> dict[str, N]:
    """Read a file of entries under their keys; a faulty one is still known, by its key."""
    document = _document(contents, contents.folder / file)
    entries: dict[str, N] = {}
    data = document.data if isinstance(document.data, dict) else {}
    if document.data is not None and not isinstance(document.data, dict):
        document.report((), "type", "the wrong kind of value", expected="keys with values")
    for key in data:
        if not SLUG.fullmatch(key):
            expected = "a-z, 0-9 and single -"
            document.report((key,), "slug", f"'{key}' is no key", on="key", expected=expected)
        found = validate(kind, document, (key,), replace(setting, key=key))
        entries[key] = found or _placeholder(kind, key, setting)
    _check_privacy(document, contents.contact)
    contents.faults += document.faults
    return entries


def _placeholder(kind: type[N], key: str, setting: Setting) -> N:
    """Stand in for a faulty entry, so that its mistakes are reported only where they are."""
    values: dict[str, Any] = {"name": key, "zone": setting.zone}
    return cast("N", kind.model_construct(**values))


def _talk_files(contents: Contents) -> Iterator[Path]:
    for path in sorted(contents.folder.glob("*/*")):
        if path.name.startswith(".") or path.parent.name.startswith("."):
            continue
        if path.suffix == ".yaml" and not path.is_symlink():
            yield path
        elif path.suffix in (".yml", ".yaml"):
            message = "links are not followed" if path.is_symlink() else "name it .yaml"
            contents.faults.append(Fault(_name(contents, path), 1, 1, "file", message))


def _talk(contents: Contents, path: Path, setting: Setting) -> None:
    document = _document(contents, path)
    series = contents.series.get(path.parent.name)
    zone = series.zone if series else setting.zone
    here = replace(setting, key=path.stem, series=series, zone=zone)
    talk = read_talk(contents, document, here)
    if talk is not None and series is not None:
        contents.talks.append(talk)
    contents.faults += document.faults


def read_talk(contents: Contents, document: Document, setting: Setting) -> Talk | None:
    """Read one talk in its setting; what is wrong with it stands in the document's faults."""
    if setting.series is None:
        key = document.file.split("/")[-2]
        hint = nearest(key, contents.series) or f"add '{key}' to {SERIES}"
        document.report_at(0, "unknown-series", f"no series is called '{key}'", suggestion=hint)
    if not SLUG.fullmatch(setting.key):
        message = f"'{setting.key}' cannot stand in an address: rename the file"
        document.report_at(0, "slug", message, expected="a-z, 0-9 and single -")
    talk = None if _unreadable(document) else validate(Talk, document, context=setting)
    _check_privacy(document, contents.contact)
    return talk


def _unreadable(document: Document) -> bool:
    """Whether the file is no data at all; then what it lacks is not worth listing."""
    return document.data is None and bool(document.faults)


def _check_privacy(document: Document, contact: str) -> None:
    """Report what looks private anywhere in a file, comments included; the contact is public."""
    for kind, position, text in private(document.text):
        if text != contact:
            _report_private(document, position, kind)
    # A value that escapes in quotes hide from the text.
    for at, value in _texts(document.data, ()):
        for kind, _, text in private(value):
            if text != contact and text not in document.text:
                _report_private(document, document.places[at].start, kind)


def _report_private(document: Document, position: int, kind: str) -> None:
    hint = "leave it out; for the way in, write `join: !secret NAME`"
    document.report_at(position, "private", f"{kind} in a public file", suggestion=hint)


def _texts(value: object, at: At) -> Iterator[tuple[At, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*at, key))


def _demos(folder: Path) -> frozenset[str] | None:
    """The demos that talks may name; None, and nothing is checked, where no demos are at hand."""
    return frozenset(path.stem for path in folder.glob("[a-z]*.py")) or None


def _document(contents: Contents, path: Path) -> Document:
    return reading.read(path, _name(contents, path))


def _name(contents: Contents, path: Path) -> str:
    """What a fault calls the file: its path from the project's folder."""
    return path.relative_to(contents.folder.parent).as_posix()
