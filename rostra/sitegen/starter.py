"""A small working site for another group, made of the files of `starter/`.

They come with the package, and so do templates, style sheets, scripts and fonts: what is written
is only what a group changes.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from pydantic import TypeAdapter, ValidationError

from rostra.sitegen import checks, folder
from rostra.sitegen.entries import schema
from rostra.sitegen.faults import EntryError
from rostra.sitegen.fields import InkOnSlate
from rostra.sitegen.times import next_weekday

FILES = Path(__file__).parent / "starter"
AHEAD = timedelta(weeks=4)
TUESDAY = 1
DARK: TypeAdapter[str] = TypeAdapter(InkOnSlate)


class NotEmptyError(FileExistsError):
    """There is something in the folder already, and nothing is ever overwritten."""


@dataclass(frozen=True)
class Start:
    """What is known of a site before its files are written.

    Args:
        name: what the group is called.
        zone: its time zone, as Europe/Berlin.
        languages: of its pages, the first one first.
        accent: colour of links and buttons on white paper.
        accent_dark: the same in the dark; none is a lighter shade of `accent`.
        url: where the site will be published.
    """

    name: str
    zone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    accent: str = "#0a6c8f"
    accent_dark: str = ""
    url: str = "http://127.0.0.1:8000/"


def new_site(place: Path, start: Start, now: datetime | None = None) -> Path:
    """Write a site that builds as it stands, with one series, one talk and one page as samples.

    Args:
        place: its folder, which is empty or not there yet.
        start: what is known of it.
        now: the clock, for the date of the sample talk.

    Returns:
        Where it was written.

    Raises:
        NotEmptyError: if there is something in the folder.
        EntryError: if what is given would not pass the check; nothing is written then.
    """
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise NotEmptyError(f"{place} is not empty: nothing is written. Name a new folder.")
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-"))
    try:
        _write(beside, start, _names(place.resolve().name, start, now or datetime.now(UTC)))
        if found := checks.findings(folder.read(beside / "seminars", now)):
            raise EntryError(found)
        beside.chmod(0o755)
        beside.rename(place)  # whole or not at all
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def _write(place: Path, start: Start, names: Mapping[str, Any]) -> None:
    """Write every file, without the pages in languages that the site lacks."""
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["quoted"] = _quoted
    environment.globals["text"] = lambda en, zh: _text(start.languages, {"en": en, "zh": zh})
    for source in sorted(path for path in FILES.rglob("*") if path.is_file()):
        path = source.relative_to(FILES)
        if path.suffix == ".md" and _language(path) not in start.languages:
            continue
        name = {"gitignore": ".gitignore"}.get(path.name, path.name.removesuffix(".j2"))
        text = source.read_text(encoding="utf-8")
        written = environment.from_string(text).render(names) if path.suffix == ".j2" else text
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).with_name(name).write_text(written, encoding="utf-8")
    (place / "seminars" / "schema.json").write_text(schema(), encoding="utf-8")


def _names(key: str, start: Start, now: datetime) -> dict[str, Any]:
    """What the files are filled in with."""
    day = next_weekday((now + AHEAD).date(), TUESDAY)
    return vars(start) | {
        "id": re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-") or "seminar",
        "accent_dark": start.accent_dark or lighter(start.accent),
        "start": f"{day} 16:00",
    }


def lighter(accent: str) -> str:
    """Return the nearest shade of a colour that can be read in the dark.

    Examples:
        >>> lighter("#57bfe0"), lighter("#7a1fa2")
        ('#57bfe0', '#a96dc3')
    """
    channels = re.findall(r"[0-9a-fA-F]{2}", accent)
    for step in range(21):
        mixed = [round(int(one, 16) + (255 - int(one, 16)) * step / 20) for one in channels]
        try:
            return DARK.validate_python("#" + "".join(f"{one:02x}" for one in mixed))
        except ValidationError:
            continue
    return accent  # no colour, as the check of the entry will say


def _language(path: Path) -> str:
    return "zh" if path.parts[:2] == ("docs", "zh") else "en"


def _text(languages: tuple[str, ...], texts: Mapping[str, str]) -> str:
    """A text as YAML: once, or in each language of the site."""
    if len(languages) == 1:
        return _quoted(texts[languages[0]])
    return "{" + ", ".join(f"{one}: {_quoted(texts[one])}" for one in languages) + "}"


def _quoted(text: str) -> str:
    """Text in double quotes, as JSON and YAML both read it."""
    return json.dumps(text, ensure_ascii=False)
