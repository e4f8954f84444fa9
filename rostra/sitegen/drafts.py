"""A new entry, filled in as far as the programme knows, with a comment on all that is left."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rostra.sitegen import folder as folders
from rostra.sitegen import reading
from rostra.sitegen.contents import Contents
from rostra.sitegen.faults import EntryError, Fault, nearest
from rostra.sitegen.series import Series, Setting
from rostra.sitegen.talk import Talk
from rostra.sitegen.times import next_weekday

# Time enough to announce a talk.
AHEAD = timedelta(days=7)
USUAL_HOUR = "10:00"
TO_COME = "tba"


@dataclass(frozen=True)
class Draft:
    """What is known of a talk before its file is written; the rest is suggested.

    `lines` are those of further keys, as they stand in the file, instead of the comment that the
    template has for each; a comment that comes before `title:` or `start:` belongs to these.
    """

    title: str = ""
    start: str = ""
    speakers: tuple[str, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)


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
    place = series_of(contents, series)
    text = text_of(draft, draft.start or suggested(place, contents.talks, now))
    if faults := faults_of(contents, place, slug, text):
        raise EntryError(faults)
    path = folder / series / f"{slug}.yaml"
    write(path, text)
    return path


def series_of(contents: Contents, series: str) -> Series:
    """Find a series by its key.

    Raises:
        LookupError: if there is none; the message names the nearest.
    """
    if series not in contents.series:
        hint = nearest(series, contents.series) or f"there is {', '.join(contents.series)}"
        raise LookupError(f"no series is called '{series}'; {hint}")
    return contents.series[series]


def suggested(series: Series, talks: list[Talk], now: datetime | None) -> str:
    """The series' usual weekday and hour, as its latest talk had them, a week or more from now."""
    earliest = (now or datetime.now(UTC)).astimezone(series.zone) + AHEAD
    own = [talk for talk in talks if talk.series.id == series.id]
    if not own:
        return f"{earliest:%Y-%m-%d} {USUAL_HOUR}"
    latest = max(own, key=lambda talk: talk.start).start
    return f"{next_weekday(earliest.date(), latest.weekday())} {latest:%H:%M}"


def text_of(draft: Draft, start: str) -> str:
    """Write an entry: what is known, and the template's comment on all that is left."""
    title = json.dumps(draft.title, ensure_ascii=False) if draft.title else TO_COME
    told = {
        "title": f"title: {title}",
        "start": f"start: {start}",
        "speakers": f"speakers: [{', '.join(draft.speakers)}]",
    }
    return TEMPLATE.format_map(COMMENTS | told | dict(draft.lines))


def faults_of(contents: Contents, series: Series, slug: str, text: str) -> tuple[Fault, ...]:
    """Read an entry that is not written yet, as the check would."""
    document = reading.parse(text, f"{contents.folder.name}/{series.id}/{slug}.yaml")
    setting = Setting(key=slug, zone=series.zone, series=series, people=contents.people)
    folders.read_event(contents, document, setting)
    return tuple(fault for fault in document.faults if fault.severity == "error")


def write(path: Path, text: str) -> None:
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


COMMENTS = {
    "duration": "# duration: 1 h 30 min",
    "chairs": "# chairs: []",
    "panellists": "# panellists: []",
    "discussants": "# discussants: []",
    "status": "status: tentative",
    "place": "# place: {en: Room 204, zh: 204 室}",
    "format": "# format: online",
    "language": "# language: en",
    "abstract": """\
# abstract:
#   en: |
#     Between 90 and 150 words.
#   zh: |
#     一百五十到三百字。""",
    "bio": """\
# bio: |
#   Instead of what people.yaml says of the speaker.""",
    "topics": """\
# topics:
#   - {en: federated learning, zh: 联邦学习}""",
    "links": """\
# links:
#   registration: https://…
#   stream: https://…
#   recording: https://…
#   slides: https://…
#   paper: https://…
#   code: https://…""",
    "do_not_record": "# do_not_record: true",
    "join": "# join: !secret NAME",
    "demo": """\
# demo:
#   name: attack_playground
#   settings: {attack: pgd}""",
}
TEMPLATE = """\
# yaml-language-server: $schema=../schema.json
# Any text may be written once, or in both languages: {{en: …, zh: …}}; a title that is not known
# yet is `tba`. Markdown and $formulas$ are drawn. This file is public: no join link, password or
# mail address.

{title}

# By the clock of the series' zone; `zone: Europe/Berlin` on a line of its own for another.
{start}
{duration}

# Keys of people.yaml; none while the speaker is to be announced.
{speakers}
{chairs}
{panellists}
{discussants}

# confirmed (if not said), draft (nobody sees it), tentative, cancelled, postponed, or moved: then
# `moved_from:` keeps the start that was announced before.
{status}

# Where people meet. The format, if not said, is what the place and the ways in amount to.
{place}
{format}

# What it is given in, if that is not plain from the title.
{language}

# `tba` while it is not known. What is under embargo stands in the ignored seminars/secrets.yaml:
# `abstract: !secret NAME`, with `embargo: 2027-03-07 10:00` until when nobody may read it.
{abstract}

{bio}

{topics}

# Public addresses only.
{links}

{do_not_record}

# The way into the meeting is private: its value stands in the ignored seminars/secrets.yaml.
{join}

# A demo of ours that belongs to the talk, and the settings it opens with.
{demo}
"""
