"""A new entry, filled in as far as the programme knows, with a comment on all that is left."""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rostra.sitegen import folder as folders
from rostra.sitegen import reading
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import EntryError, nearest
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.talk import Talk
from rostra.sitegen.times import next_weekday

# Time enough to announce a talk.
AHEAD = timedelta(days=7)
USUAL_HOUR = "10:00"
TO_COME = "tba"


@dataclass(frozen=True)
class Draft:
    """What is known of a talk before its file is written; the rest is suggested."""

    title: str = ""
    start: str = ""
    speakers: tuple[str, ...] = ()


def new_talk(
    folder: Path, series: str, slug: str, draft: Draft = Draft(), now: datetime | None = None
) -> Path:
    """Write the file of a new talk, which is in order as it stands.

    Args:
        folder: `seminars/`.
        series: the key of its series.
        slug: its file's name and the last part of its address; it never changes.
        draft: what is known of it.
        now: the clock, for the date that is suggested where none is given.

    Returns:
        Where it was written.

    Raises:
        LookupError: if there is no such series; the message names the nearest.
        FileExistsError: if there is such a talk: nothing is ever overwritten.
        EntryError: if what is given would not pass the check; nothing is written then.
    """
    contents = folders.read(folder)
    if series not in contents.series:
        hint = nearest(series, contents.series) or f"there is {', '.join(contents.series)}"
        raise LookupError(f"no series is called '{series}'; {hint}")
    place = contents.series[series]
    text = _text(draft, draft.start or _suggested(place, contents.talks, now))
    _check(contents, place, slug, text)
    path = folder / series / f"{slug}.yaml"
    _write(path, text)
    return path


def _suggested(series: Series, talks: list[Talk], now: datetime | None) -> str:
    """The series' usual weekday and hour, as its latest talk had them, a week or more from now."""
    earliest = (now or datetime.now(UTC)).astimezone(series.zone) + AHEAD
    own = [talk for talk in talks if talk.series.id == series.id]
    if not own:
        return f"{earliest:%Y-%m-%d} {USUAL_HOUR}"
    latest = max(own, key=lambda talk: talk.start).start
    return f"{next_weekday(earliest.date(), latest.weekday())} {latest:%H:%M}"


def _text(draft: Draft, start: str) -> str:
    title = json.dumps(draft.title, ensure_ascii=False) if draft.title else TO_COME
    speakers = ", ".join(draft.speakers)
    return TEMPLATE.format(title=title, start=start, speakers=speakers)


def _check(contents: Contents, series: Series, slug: str, text: str) -> None:
    document = reading.parse(text, f"{contents.folder.name}/{series.id}/{slug}.yaml")
    setting = Setting(key=slug, zone=series.zone, series=series, people=contents.people)
    folders.read_event(contents, document, setting)
    if document.faults:
        raise EntryError(document.faults)


def _write(path: Path, text: str) -> None:
    """Write beside, then link into place: complete or not at all, and never over another file."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.link(name, path)
    finally:
        os.unlink(name)


TEMPLATE = """\
# yaml-language-server: $schema=../schema.json
# Any text may be written once, or in both languages: {{en: …, zh: …}}; a title that is not known
# yet is `tba`. Markdown and $formulas$ are drawn. This file is public: no join link, password or
# mail address.

title: {title}

# By the clock of the series' zone; `zone: Europe/Berlin` on a line of its own for another.
start: {start}
# duration: 1 h 30 min

# Keys of people.yaml; none while the speaker is to be announced.
speakers: [{speakers}]
# chairs: []
# panellists: []
# discussants: []

# confirmed (if not said), draft (nobody sees it), tentative, cancelled, postponed, or moved: then
# `moved_from:` keeps the start that was announced before.
status: tentative

# If not said: what the place and the ways in amount to.
# format: online

# `tba` while it is not known. What is under embargo stands in the ignored seminars/secrets.yaml:
# `abstract: !secret NAME`, with `embargo: 2027-03-07 10:00` until when nobody may read it.
# abstract:
#   en: |
#     Between 90 and 150 words.
#   zh: |
#     一百五十到三百字。

# topics:
#   - {{en: federated learning, zh: 联邦学习}}

# Public addresses only.
# links:
#   registration: https://…
#   stream: https://…
#   recording: https://…
#   slides: https://…
#   paper: https://…
#   code: https://…

# do_not_record: true

# The way into the meeting is private: its value stands in the ignored seminars/secrets.yaml.
# join: !secret NAME

# A demo of ours that belongs to the talk, and the settings it opens with.
# demo:
#   name: attack_playground
#   settings: {{attack: pgd}}
"""
