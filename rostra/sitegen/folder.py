"""The folder `seminars/`: every entry read in its setting, all faults at once."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from rostra.sitegen import captions, knowledge, reading
from rostra.sitegen.contents import DEVICE, OPENINGS, Contents
from rostra.sitegen.embargo import Veil, lift
from rostra.sitegen.event import Event
from rostra.sitegen.faults import EntryError, Fault, nearest
from rostra.sitegen.fields import SLUG, Named, Tongue
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.messages import say
from rostra.sitegen.opening import Opening
from rostra.sitegen.person import Person
from rostra.sitegen.reading import Document
from rostra.sitegen.recall import Recall
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk
from rostra.sitegen.unread import columns, unread
from rostra.sitegen.validation import validate

URL = "ROSTRA_SITE_URL"  # environment variable: where the site is, instead of its `url:`
SITE, PEOPLE, SERIES = "site.yaml", "people.yaml", "series.yaml"
N = TypeVar("N", bound=Named)


def read(folder: Path, now: datetime | None = None, recall: Recall | None = None) -> Contents:
    """Read all entries of a folder.

    Args:
        folder: `seminars/`; `demos/` beside it, where there is one, says which demos exist.
        now: the clock, which ends embargoes; this machine's by default.
        recall: what files said when they were last read.
    """
    contents = Contents(folder, now or datetime.now(UTC), recall=recall or Recall())
    contents.site = _site(contents)
    contents.people = contents.named(PEOPLE, Person, Setting(zone=_zone(contents)))
    here = setting(contents)
    contents.series = contents.named(SERIES, Series, here)
    contents.recall.share(*contents.recall.texts.values(), *sorted(here.demos or ()))
    for path in _entry_files(contents):
        read_one = _opening if path.parent.name == OPENINGS else event
        read_one(contents, path, here)
    _check_redirects(contents)
    _captions(contents)
    contents.library = knowledge.read(contents, here)
    contents.faults += [fault for one in contents.documents.values() for fault in one.faults]
    contents.faults.sort()
    return contents


def setting(contents: Contents) -> Setting:
    """The setting of every entry, once the site and the people are known."""
    demos = _demos(contents.folder.parent / "demos")
    return Setting(zone=_zone(contents), people=contents.people or None, demos=demos)


def _zone(contents: Contents) -> ZoneInfo:
    # Where the site is at fault, that is said once, and not again by all that inherit from it.
    return contents.site.zone if contents.site else ZoneInfo("UTC")


def _site(contents: Contents) -> Site | None:
    document = contents.document(contents.folder / SITE)
    site = None if document.faults else validate(Site, document)
    data = document.data if isinstance(document.data, dict) else {}
    contents.contact = str(data.get("contact") or "")
    contents.check_privacy(document)
    return _elsewhere(contents, site)


def _elsewhere(contents: Contents, site: Site | None) -> Site | None:
    """The site at the address that the environment says, for a copy that is served elsewhere."""
    url = os.environ.get(URL)
    if site is None or not url:
        return site
    try:
        return site.copied(url)
    except ValidationError:
        hint = say("unset it, or write where the site is published")
        message = say("not an address")
        fault = Fault(f"${URL}", 1, 1, "url", message, "https://…", f"'{url}'", hint)
        contents.faults.append(fault)
        return None


def _entry_files(contents: Contents) -> Iterator[Path]:
    for folder in _shown(contents.folder):
        for one in _shown(folder.path) if folder.is_dir() else ():
            path, link = Path(one.path), folder.is_symlink() or one.is_symlink()
            if path.suffix == ".yaml" and not link:
                yield path
            elif path.suffix in (".yml", ".yaml"):
                message = say("links are not followed") if link else say("name it .yaml")
                contents.faults.append(Fault(contents.name(path), 1, 1, "file", message))


def _shown(folder: str | Path) -> list[os.DirEntry[str]]:
    """What is in a folder and not hidden, by name; nothing where nobody may look."""
    with suppress(OSError):
        return sorted((one for one in os.scandir(folder) if one.name[0] != "."), key=_name)
    return []


def _name(one: os.DirEntry[str]) -> str:
    return one.name


def event(contents: Contents, path: Path, setting: Setting) -> None:
    """Read the file of a talk or a meet-up; one of an unknown series is looked at, and left out."""
    document = contents.document(path)
    series = contents.series.get(path.parent.name)
    zone = series.zone if series else setting.zone
    here = replace(setting, key=path.stem, series=series, zone=zone)
    found = _recalled(contents, document, here) or read_event(contents, document, here)
    if series is None:
        return
    if isinstance(found, Talk):
        contents.talks.append(found)
    elif found is not None:
        contents.meetups.append(found)


def _recalled(contents: Contents, document: Document, setting: Setting) -> Talk | None:
    """A talk that is as it was, its entry unread."""
    known = contents.recall.columns(document)
    if known is None:
        return None
    return unread(known, setting, partial(_whole, contents, document, setting))


def _whole(contents: Contents, document: Document, setting: Setting) -> Talk:
    found = read_event(contents, document, setting)
    if not isinstance(found, Talk):
        raise EntryError(document.faults)
    return found


def read_event(contents: Contents, document: Document, setting: Setting) -> Talk | Meetup | None:
    """Read a talk or, with `repeat:`, a meet-up in its setting; faults stand in the document."""
    if setting.series is None:
        key = document.file.split("/")[-2]
        add = say("add '{key}' to {file}", key=key, file=SERIES)
        message = say("no series is called '{key}'", key=key)
        hint = nearest(key, contents.series) or add
        document.report_at(0, "unknown-series", message, suggestion=hint)
    _check_slug(document, setting)
    veil = Veil(contents.now, contents.folder, setting.zone)
    setting = replace(setting, withheld=lift(document, veil))
    recurring = isinstance(document.data, dict) and "repeat" in document.data
    event = _read(Meetup, document, setting) if recurring else _read(Talk, document, setting)
    contents.check_privacy(document)
    if isinstance(event, Talk) and not document.faults:
        contents.recall.sum_up(document, columns(event))
    return event


def _read(kind: type[N], document: Document, setting: Setting) -> N | None:
    """Read a whole file as one entry; of a file that is no data at all nothing more is said."""
    unreadable = document.data is None and bool(document.faults)
    return None if unreadable else validate(kind, document, context=setting)


def _check_slug(document: Document, setting: Setting) -> None:
    if not SLUG.fullmatch(setting.key):
        message = say("'{key}' cannot stand in an address: rename the file", key=setting.key)
        document.report_at(0, "slug", message, expected=say("a-z, 0-9 and single -"))
    elif DEVICE.fullmatch(setting.key):
        message = say("'{key}' already means something else: choose another name", key=setting.key)
        document.report_at(0, "slug", message)


def _opening(contents: Contents, path: Path, setting: Setting) -> None:
    document = contents.document(path)
    here = replace(setting, key=path.stem)
    _check_slug(document, here)
    opening = _read(Opening, document, here)
    contents.check_privacy(document)
    if opening is not None:
        contents.openings.append(opening)


def _check_redirects(contents: Contents) -> None:
    """Refuse an earlier address at which something is, or that two events claim."""
    events: tuple[Event, ...] = (*contents.talks, *contents.meetups)
    there = {one.ref for one in events}
    claimed: dict[str, str] = {}
    for one in events:
        for number, ref in enumerate(one.formerly):
            other = claimed.setdefault(ref, one.ref)
            if ref in there:
                message = say("{ref} is there: it cannot lead elsewhere", ref=ref)
            elif other != one.ref:
                message = say("{ref} leads to {other} already", ref=ref, other=other)
            else:
                continue
            contents.of(one.ref).report(("formerly", number), "redirect", message)


def _captions(contents: Contents) -> None:
    """Read the WebVTT files beside the talks: `<slug>.<language>.vtt`."""
    talks = {talk.ref: talk for talk in contents.talks}
    for path in sorted(contents.folder.glob("[!.]*/[!.]*.vtt")):
        if path.parent.is_symlink():
            continue  # its entries are reported
        slug, _, language = path.stem.partition(".")
        document = contents.keep(reading.read_text(path, contents.name(path)))
        talk = talks.get(f"{path.parent.name}/{slug}")
        if talk is None:
            expected = say("<slug of a talk>.<language>.vtt")
            message = say("captions of a talk that is not there")
            document.report_at(0, "captions", message, expected=expected)
        elif not _is_language(language):
            expected = say("<slug of a talk>.<language>.vtt")
            message = say("'{tag}' is no language", tag=language)
            document.report_at(0, "captions", message, expected=expected)
        elif cues := captions.read(document):
            talk.caption(captions.Captions(language, path.name, cues))
        contents.check_privacy(document)


def _is_language(tag: str) -> bool:
    try:
        return bool(Tongue.validate_python(tag))
    except ValidationError:
        return False


def _demos(folder: Path) -> frozenset[str] | None:
    """The demos that talks may name; None, and nothing is checked, where no demos are at hand."""
    return frozenset(path.stem for path in folder.glob("[a-z]*.py")) or None
